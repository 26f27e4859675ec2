//! Unreachable code, redundant `NOP`s and jumps, and the empty blocks that these leave, as the passes before 3.12 deal with them.

use super::block::{BlockId, Graph};
use super::op_class::{POPS_BLOCK, PUSHES_BLOCK};
use crate::target::Op;

/// Removes the redundant `NOP`s of a block. Mirrors CPython 3.11: `clean_basic_block`.
pub(super) fn clean(graph: &mut Graph, id: BlockId) {
    if !graph.instrs(id).iter().any(|instr| instr.op == Op::Nop) {
        return;
    }
    let next = graph.next_nonempty(graph[id].next);
    let following_line = next.is_some().then(|| graph.first(next)).flatten();
    let following_line = following_line.map(|first| graph.locations.line(first.location));
    let Graph { blocks, code, locations, .. } = graph;
    let block = &mut blocks[id.0 as usize];
    let instrs = &mut code[block.range()];
    let mut kept = 0;
    let mut previous_line = -1;
    for at in 0..instrs.len() {
        let instr = instrs[at];
        let line = locations.line(instr.location);
        if instr.op == Op::Nop {
            if line < 0 || previous_line == line {
                continue;
            }
            match instrs.get_mut(at + 1) {
                Some(next) if locations.line(next.location) == line => continue,
                Some(next) if locations.line(next.location) < 0 => {
                    next.location = instr.location;
                    continue;
                }
                Some(_) => {}
                None if following_line == Some(line) => continue,
                None => {}
            }
        }
        instrs[kept] = instr;
        kept += 1;
        previous_line = line;
    }
    block.truncate(kept);
    block.wipe_removed();
}

/// Removes the redundant `NOP`s of all blocks, in the order of control flow.
pub(super) fn clean_all(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        clean(graph, at);
        at = graph[at].next;
    }
}

/// Counts each block's predecessors. Mirrors CPython 3.11: `mark_reachable`.
fn mark_reachable(graph: &mut Graph) {
    for block in &mut graph.blocks {
        block.predecessors = 0;
    }
    graph[BlockId::ENTRY].predecessors = 1;
    let mut worklist = vec![BlockId::ENTRY];
    while let Some(id) = worklist.pop() {
        let next = graph[id].next;
        if next.is_some() && graph.has_fallthrough(id) {
            reach(graph, next, &mut worklist);
        }
        for i in graph[id].range() {
            let instr = graph.code[i];
            if graph.has_target(instr.op) {
                reach(graph, instr.target(), &mut worklist);
            }
        }
    }
}

fn reach(graph: &mut Graph, id: BlockId, worklist: &mut Vec<BlockId>) {
    if graph[id].predecessors == 0 {
        worklist.push(id);
    }
    graph[id].predecessors += 1;
}

/// Leaves empty blocks out of the order of control flow, and jumps go past them.
///
/// Mirrors CPython 3.11: `eliminate_empty_basic_blocks`.
fn eliminate_empty(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let mut next = graph[at].next;
        while next.is_some() && graph[next].is_empty() && graph[next].next.is_some() {
            next = graph[next].next;
        }
        graph[at].next = next;
        at = next;
    }
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if let Some(target) = graph.last_jump(at) {
            let target = graph.next_nonempty(target);
            if target.is_some()
                && let Some(last) = graph.last_mut(at)
            {
                last.set_target(target);
            }
        }
        at = graph[at].next;
    }
}

/// Empties unreachable blocks, then removes jumps to what follows anyway. Mirrors CPython 3.11: the end of `optimize_cfg`.
pub(super) fn remove_unreachable_and_redundant(graph: &mut Graph) {
    mark_reachable(graph);
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].predecessors == 0 {
            graph[at].truncate(0);
            graph[at].wipe_removed();
        }
        at = graph[at].next;
    }
    eliminate_empty(graph);
    clean_all(graph);
    let mut removed = false;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let next = graph[at].next;
        if let Some(last) = graph.last(at)
            && matches!(last.op, Op::Jump | Op::JumpNoInterrupt)
            && last.target() == next
        {
            graph.set_last_nop(at);
            removed = true;
        }
        at = next;
    }
    if removed {
        eliminate_empty(graph);
    }
}

/// Forgets the set-up of handlers, once every instruction has its handler.
///
/// Mirrors CPython 3.11: `convert_exception_handlers_to_nops`.
pub(super) fn forget_handlers(graph: &mut Graph) {
    for id in (0..graph.blocks.len() as u32).map(BlockId) {
        let classes = graph.classes();
        for instr in graph.instrs_mut(id) {
            if classes[instr.op as usize] & (PUSHES_BLOCK | POPS_BLOCK) != 0 {
                instr.set_nop();
            }
        }
    }
    clean_all(graph);
}
