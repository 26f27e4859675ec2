//! Blocks that only exceptions reach go to the end of the code.

use super::block::{BlockId, Graph};
use super::nops;
use crate::diagnostics::Result;
use crate::source::Location;
use crate::target::Op;

/// Mirrors CPython 3.14: `push_cold_blocks_to_end`.
pub(super) fn push_to_end(graph: &mut Graph) -> Result<()> {
    if !graph[BlockId::ENTRY].next.is_some() {
        return Ok(());
    }
    mark_warm(graph);
    mark_cold(graph);
    make_fallthrough_explicit(graph);
    if move_cold(graph) {
        nops::remove_redundant_nops_and_jumps(graph)?;
    }
    Ok(())
}

fn mark_warm(graph: &mut Graph) {
    let mut worklist = graph.start_traversal();
    graph.visit(BlockId::ENTRY, &mut worklist);
    while let Some(id) = worklist.pop() {
        graph[id].warm = true;
        let next = graph[id].next;
        if next.is_some() && graph[id].has_fallthrough() {
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
        if next.is_some() && graph[id].has_fallthrough() && !graph[next].warm {
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
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let next = graph[at].next;
        if next.is_some() && graph[at].cold && graph[next].warm && graph[at].has_fallthrough() {
            graph[next].labelled = true;
            let jump = graph.add_block();
            let block = &mut graph[jump];
            block.push(Op::JumpNoInterrupt, 0, Location::NONE, next);
            block.cold = true;
            block.next = next;
            block.predecessors = 1;
            graph[at].next = jump;
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
