//! `NOP`s that no line needs, and pairs of instructions that undo each other.

use super::block::{BlockId, Graph, is_unconditional_jump, loads_const};
use super::jumps;
use crate::diagnostics::Result;
use crate::source::Location;
use crate::target::Op;

/// Removes the redundant `NOP`s of one block and says how many there were.
///
/// Mirrors CPython 3.14: `basicblock_remove_redundant_nops`.
fn remove_from_block(graph: &mut Graph, id: BlockId) -> usize {
    if !graph[id].find_nops() {
        return 0;
    }
    let wipes = graph.target.features.removed_instructions_are_wiped;
    let following_line = line_after_block(graph, id);
    let block = &mut graph[id];
    let instrs = block.instrs_mut();
    // What is before the first one stays where it is.
    let first = instrs.iter().position(|instr| instr.op == Op::Nop).unwrap_or(instrs.len());
    let mut kept = first;
    let mut previous_line = if first > 0 { instrs[first - 1].line() } else { -1 };
    for at in first..instrs.len() {
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
    let removed = instrs.len() - kept;
    block.truncate(kept);
    if wipes {
        block.wipe_removed();
    }
    removed
}

/// The line of the first instruction after a block that will stay, if there is a block with instructions.
fn line_after_block(graph: &Graph, id: BlockId) -> Option<i32> {
    let next = graph.next_nonempty(graph[id].next);
    if !next.is_some() {
        return None;
    }
    let first = graph[next].instrs().iter().find(|instr| instr.op != Op::Nop || instr.line() >= 0);
    Some(first.map_or(Location::NONE.line, |instr| instr.line()))
}

/// Removes redundant `NOP`s everywhere. Mirrors CPython 3.14: `remove_redundant_nops`.
pub(super) fn remove_redundant_nops(graph: &mut Graph) -> usize {
    let mut removed = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        removed += remove_from_block(graph, at);
        at = graph[at].next;
    }
    removed
}

/// Removes redundant `NOP`s, and loads whose value is popped at once.
///
/// Mirrors CPython 3.14: `remove_redundant_nops_and_pairs`.
pub(super) fn remove_redundant_nops_and_pairs(graph: &mut Graph) {
    let mut done = false;
    while !done {
        done = true;
        let mut current: Option<(BlockId, usize)> = None;
        let mut at = BlockId::ENTRY;
        while at.is_some() {
            remove_from_block(graph, at);
            if graph[at].labelled {
                current = None;
            }
            let (before, len) = (current, graph[at].len());
            if len > 0 {
                current = Some((at, len - 1));
            }
            let mut from = 0;
            while let Some(distance) = graph[at].instrs()[from..].iter().position(|instr| instr.op == Op::PopTop) {
                let i = from + distance;
                from = i + 1;
                let previous = if i > 0 { Some((at, i - 1)) } else { before };
                let Some((block, index)) = previous else { continue };
                let target = graph.target;
                let pushed = &mut graph[block].instrs_mut()[index];
                if loads_const(target, pushed.op) || (pushed.op == Op::Copy && pushed.arg == 1) {
                    pushed.set_nop();
                    graph[at].instrs_mut()[i].set_nop();
                    done = false;
                }
            }
            let jumps = current.is_some_and(|(block, index)| graph.is_jump(graph[block].instrs()[index].op));
            if jumps || graph[at].no_fallthrough() {
                current = None;
            }
            at = graph[at].next;
        }
    }
}

/// Mirrors CPython 3.14: `remove_redundant_nops_and_jumps`.
pub(super) fn remove_redundant_nops_and_jumps(graph: &mut Graph) -> Result<()> {
    loop {
        let nops = remove_redundant_nops(graph);
        let jumps = jumps::remove_redundant_jumps(graph)?;
        if nops + jumps == 0 {
            return Ok(());
        }
    }
}

/// Whether some block ends with a jump to the block that follows anyway, on the same line; for the verifier.
pub(super) fn has_redundant_jump(graph: &Graph) -> bool {
    graph.blocks.iter().any(|block| {
        block.last().is_some_and(|last| {
            let next = graph.next_nonempty(block.next);
            is_unconditional_jump(last.op)
                && next.is_some()
                && graph.next_nonempty(last.target) == next
                && graph[next].instrs()[0].line() == last.line()
        })
    })
}
