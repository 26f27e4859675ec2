//! Blocks that only exceptions reach go to the end of the code.

use super::block::{BlockId, Graph, Instr};
use super::locations::LocationId;
use super::op_class::{NO_LINE, PUSHES_BLOCK};
use super::{jumps, nops};
use crate::diagnostics::Result;
use crate::target::Op;

/// Mirrors CPython 3.14: `push_cold_blocks_to_end`.
pub(super) fn push_to_end(graph: &mut Graph) -> Result<()> {
    // Only what handlers are reached by is cold.
    if !graph[BlockId::ENTRY].next.is_some() || !graph.has(PUSHES_BLOCK) {
        return Ok(());
    }
    mark_warm(graph);
    mark_cold(graph);
    make_fallthrough_explicit(graph);
    if move_cold(graph) {
        graph.layout_changed = true;
        if graph.target.features.lines_are_resolved_first {
            nops::remove_redundant_nops_and_jumps(graph)?;
        } else {
            jumps::remove_redundant_jumps(graph)?;
        }
    }
    Ok(())
}

fn mark_warm(graph: &mut Graph) {
    let mut worklist = graph.start_traversal();
    graph.visit(BlockId::ENTRY, &mut worklist);
    while let Some(id) = worklist.pop() {
        graph[id].warm = true;
        let next = graph[id].next;
        if next.is_some() && graph.has_fallthrough(id) {
            graph.visit(next, &mut worklist);
        }
        if let Some(target) = graph.last_jump(id) {
            graph.visit(target, &mut worklist);
        }
    }
    graph.worklist = worklist;
}

fn mark_cold(graph: &mut Graph) {
    let mut worklist = graph.start_traversal();
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].except_handler {
            worklist.push(at);
            graph[at].visited = true;
        }
        at = graph[at].next;
    }
    while let Some(id) = worklist.pop() {
        graph[id].cold = true;
        let next = graph[id].next;
        if next.is_some() && graph.has_fallthrough(id) && !graph[next].warm {
            graph.visit(next, &mut worklist);
        }
        if let Some(target) = graph.last_jump(id)
            && !graph[target].warm
        {
            graph.visit(target, &mut worklist);
        }
    }
    graph.worklist = worklist;
}

/// Gives each cold block that falls through to a warm one a jump, as it will stand elsewhere.
fn make_fallthrough_explicit(graph: &mut Graph) {
    let op = if graph.target.features.inner_jumps_ignore_signals { Op::JumpNoInterrupt } else { Op::Jump };
    // Up to 3.12 nothing counts the predecessors of the new block.
    let predecessors = graph.target.features.lines_are_resolved_first as i32;
    let mut next_label = graph.next_label();
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let next = graph[at].next;
        if next.is_some() && graph[at].cold && graph[next].warm && graph.has_fallthrough(at) {
            let label = graph.label_block(next, &mut next_label);
            let jump = graph.add_block();
            let mut instr = Instr::jump(op, next, LocationId::NONE);
            instr.set_guess(label);
            graph.push(jump, instr);
            let block = &mut graph[jump];
            block.classes |= NO_LINE;
            block.cold = true;
            block.next = next;
            block.predecessors = predecessors;
            graph[at].next = jump;
            graph.all_classes |= NO_LINE;
        }
        at = graph[at].next;
    }
}

/// Links the cold blocks behind the others, in their order, and says whether there are any.
fn move_cold(graph: &mut Graph) -> bool {
    let (mut first_cold, mut last_cold) = (BlockId::NONE, BlockId::NONE);
    let mut last_warm = BlockId::ENTRY;
    let mut at = graph[BlockId::ENTRY].next;
    while at.is_some() {
        if !graph[at].cold {
            graph[last_warm].next = at;
            last_warm = at;
        } else if first_cold.is_some() {
            graph[last_cold].next = at;
            last_cold = at;
        } else {
            (first_cold, last_cold) = (at, at);
        }
        at = graph[at].next;
    }
    graph[last_warm].next = first_cold;
    if last_cold.is_some() {
        graph[last_cold].next = BlockId::NONE;
    }
    first_cold.is_some()
}
