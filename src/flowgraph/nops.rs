//! `NOP`s that no line needs, and pairs of instructions that undo each other.

use super::block::{BlockId, Graph, Instr};
use super::jumps;
use super::op_class::{LOADS_CONST, NOP, POP_TOP, UNCONDITIONAL};
use crate::diagnostics::Result;
use crate::source::Location;
use crate::target::Op;

/// Removes the redundant `NOP`s of one block and says how many there were.
///
/// Mirrors CPython 3.14: `basicblock_remove_redundant_nops`.
pub(super) fn remove_from_block(graph: &mut Graph, id: BlockId) -> usize {
    let Graph { blocks, code, locations, .. } = graph;
    let block = &mut blocks[id.0 as usize];
    let instrs = &mut code[block.range()];
    // What is before the first one stays where it is.
    let Some(first) = instrs.iter().position(|instr| instr.op == Op::Nop) else {
        block.classes &= !NOP;
        return 0;
    };
    let len = instrs.len();
    let mut kept = first;
    let mut nops_kept = 0;
    let mut ends_with_nop = false;
    for at in first..len {
        let instr = instrs[at];
        if instr.op == Op::Nop {
            let line = locations.line(instr.location);
            if line < 0 || (kept > 0 && locations.line(instrs[kept - 1].location) == line) {
                continue;
            }
            if let Some(next) = instrs.get_mut(at + 1) {
                let next_line = locations.line(next.location);
                if next_line == line {
                    continue;
                }
                if next_line < 0 {
                    next.location = instr.location;
                    continue;
                }
            } else {
                ends_with_nop = true;
            }
            nops_kept += 1;
        }
        instrs[kept] = instr;
        kept += 1;
    }
    if ends_with_nop {
        let line = locations.line(instrs[kept - 1].location);
        if line_after_block(graph, id) == Some(line) {
            kept -= 1;
            nops_kept -= 1;
        }
    }
    let wipes = graph.target.features.removed_instructions_are_wiped;
    let block = &mut graph[id];
    block.truncate(kept);
    graph.layout_changed |= kept == 0;
    let block = &mut graph[id];
    if nops_kept == 0 {
        block.classes &= !NOP;
    }
    if wipes {
        block.wipe_removed();
    }
    len - kept
}

/// The line of the first instruction after a block that will stay, if there is a block with instructions.
fn line_after_block(graph: &Graph, id: BlockId) -> Option<i32> {
    let next = graph.next_nonempty(graph[id].next);
    if !next.is_some() {
        return None;
    }
    let line = |location| graph.locations.line(location);
    let first = graph.instrs(next).iter().find(|instr| instr.op != Op::Nop || line(instr.location) >= 0);
    Some(first.map_or(Location::NONE.line, |instr| line(instr.location)))
}

/// Removes redundant `NOP`s everywhere. Mirrors CPython 3.14: `remove_redundant_nops`.
pub(super) fn remove_redundant_nops(graph: &mut Graph) -> usize {
    if !graph.has(NOP) {
        return 0;
    }
    let mut removed = 0;
    let mut classes = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].has(NOP) {
            removed += remove_from_block(graph, at);
            classes |= graph[at].classes;
        }
        at = graph[at].next;
    }
    if classes & NOP == 0 {
        graph.all_classes &= !NOP;
    }
    removed
}

/// Removes redundant `NOP`s, and loads whose value is popped at once.
///
/// Mirrors CPython 3.14: `remove_redundant_nops_and_pairs`.
pub(super) fn remove_redundant_nops_and_pairs(graph: &mut Graph) {
    let mut done = !graph.has(NOP | POP_TOP);
    while !done {
        done = true;
        // The last instruction before a block, where control can come from nowhere else.
        let mut before: Option<BlockId> = None;
        let mut at = BlockId::ENTRY;
        while at.is_some() {
            if graph[at].has(NOP) {
                remove_from_block(graph, at);
            }
            if graph[at].labelled {
                before = None;
            }
            if graph[at].has(POP_TOP) {
                done &= !remove_pairs(graph, before, at);
            }
            let block = &graph[at];
            if !block.is_empty() {
                let exit = graph.exit_of(block);
                before = (exit.falls_through() && exit.jump().is_none()).then_some(at);
            }
            at = block.next;
        }
    }
}

/// Makes `NOP`s of loads and the `POP_TOP`s behind them in a block, of which the first may belong to the load before the block;
/// says whether there were any.
fn remove_pairs(graph: &mut Graph, before: Option<BlockId>, id: BlockId) -> bool {
    let range = graph[id].range();
    let mut previous = before.map(|before| graph[before].range().end - 1);
    let mut found = false;
    for i in range.clone() {
        if graph.code[i].op == Op::PopTop
            && let Some(pushed) = previous
        {
            let Instr { op, arg, .. } = graph.code[pushed];
            if graph.class(op) & LOADS_CONST != 0 || (op == Op::Copy && arg == 1) {
                graph.code[pushed].set_nop();
                graph.code[i].set_nop();
                found = true;
                graph.note_nop(id);
                if let Some(before) = before.filter(|_| i == range.start) {
                    graph.note_nop(before);
                }
            }
        }
        previous = Some(i);
    }
    found
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
    (0..graph.blocks.len() as u32).map(BlockId).any(|id| {
        graph.last(id).is_some_and(|last| {
            let next = graph.next_nonempty(graph[id].next);
            graph.class(last.op) & UNCONDITIONAL != 0
                && graph.next_nonempty(last.target()) == next
                && graph
                    .first(next)
                    .is_some_and(|first| graph.locations.line(first.location) == graph.locations.line(last.location))
        })
    })
}
