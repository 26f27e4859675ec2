//! Unreachable code, redundant `NOP`s and jumps, and the empty blocks that these leave, as the passes before 3.12 deal with them.

use super::block::{BlockId, Graph, is_block_push};
use crate::target::Op;

/// Removes the redundant `NOP`s of a block. Mirrors CPython 3.11: `clean_basic_block`.
pub(super) fn clean(graph: &mut Graph, id: BlockId) {
    if !graph[id].instrs().iter().any(|instr| instr.op == Op::Nop) {
        return;
    }
    let next = graph.next_nonempty(graph[id].next);
    let following_line = next.is_some().then(|| graph[next].instrs()[0].line());
    let block = &mut graph[id];
    let instrs = block.instrs_mut();
    let mut kept = 0;
    let mut previous_line = -1;
    for at in 0..instrs.len() {
        let instr = instrs[at];
        let line = instr.line();
        if instr.op == Op::Nop {
            if line < 0 || previous_line == line {
                continue;
            }
            match instrs.get_mut(at + 1) {
                Some(next) if next.line() == line => continue,
                Some(next) if next.line() < 0 => {
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
        if next.is_some() && graph[id].has_fallthrough() {
            reach(graph, next, &mut worklist);
        }
        for i in 0..graph[id].len() {
            let instr = graph[id].instrs()[i];
            if graph.is_jump(instr.op) || is_block_push(instr.op) {
                reach(graph, instr.target, &mut worklist);
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
        if let Some(&last) = graph[at].last()
            && graph.is_jump(last.op)
        {
            let target = graph.next_nonempty(last.target);
            if target.is_some()
                && let Some(last) = graph[at].last_mut()
            {
                last.target = target;
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
        if let Some(last) = graph[at].last_mut()
            && matches!(last.op, Op::Jump | Op::JumpNoInterrupt)
            && last.target == next
        {
            last.set_nop();
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
    for block in &mut graph.blocks {
        for instr in block.instrs_mut() {
            if is_block_push(instr.op) || instr.op == Op::PopBlock {
                instr.set_nop();
            }
        }
    }
    clean_all(graph);
}
