//! `NOP`s that no line needs, and pairs of instructions that undo each other.

use super::block::{BlockId, Graph, Instr};
use super::jumps;
use super::locations::Locations;
use super::op_class::{LOADS_CONST, NOP, POP_TOP, UNCONDITIONAL, pops_load};
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
    let (mut at, mut kept) = (first, first);
    let mut nops_kept = 0;
    let mut ends_with_nop = false;
    while let Some(&nop) = instrs.get(at) {
        let before = if kept > 0 { locations.line(instrs[kept - 1].location) } else { Location::NONE.line };
        if is_needed(nop, before, instrs.get_mut(at + 1), locations) {
            ends_with_nop = at + 1 == len;
            nops_kept += 1;
            instrs[kept] = nop;
            kept += 1;
        }
        // What is between two of them moves as a whole.
        at += 1;
        let run = instrs[at..].iter().position(|instr| instr.op == Op::Nop).unwrap_or(len - at);
        if kept < at {
            instrs.copy_within(at..at + run, kept);
        }
        at += run;
        kept += run;
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

/// Whether a `NOP` has a line that neither the instruction before it, on the given line, nor the next one has. A next one without
/// line takes it over.
fn is_needed(nop: Instr, before: i32, next: Option<&mut Instr>, locations: &Locations) -> bool {
    let line = locations.line(nop.location);
    if line < 0 || before == line {
        return false;
    }
    let Some(next) = next else { return true };
    let next_line = locations.line(next.location);
    if next_line < 0 {
        next.location = nop.location;
    }
    next_line >= 0 && next_line != line
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
        // The last block with instructions, if control can come to the next one from nowhere else.
        let mut before = BlockId::NONE;
        let mut at = BlockId::ENTRY;
        while at.is_some() {
            if graph[at].has(NOP) {
                remove_from_block(graph, at);
            }
            let block = &graph[at];
            let (next, labelled, has_pops) = (block.next, block.labelled, block.has(POP_TOP));
            before = if labelled { BlockId::NONE } else { before };
            if has_pops {
                done &= !remove_pairs(graph, before, at);
            }
            before = if graph[at].is_empty() { before } else { at };
            at = next;
        }
    }
}

/// Makes `NOP`s of loads and the `POP_TOP`s behind them in a block, of which the first may belong to the load before the block;
/// says whether there were any.
fn remove_pairs(graph: &mut Graph, before: BlockId, id: BlockId) -> bool {
    let classes = graph.classes();
    let range = graph[id].range();
    let is_pushed =
        |instr: &Instr| classes[instr.op as usize] & LOADS_CONST != 0 || (instr.op == Op::Copy && instr.arg == 1);
    let mut found = false;
    if before.is_some()
        && graph.first(id).is_some_and(|first| first.op == Op::PopTop)
        && graph.last(before).is_some_and(is_pushed)
    {
        // What pushes neither jumps nor leaves.
        let last = graph[before].range().end - 1;
        graph.code[last].set_nop();
        graph.code[range.start].set_nop();
        graph.note_nop(before);
        found = true;
    }
    let instrs = &mut graph.code[range];
    let (mut at, mut previous) = (0, 0);
    while let Some(run) = instrs[at..].iter().position(|instr| {
        let class = classes[instr.op as usize];
        pops_load(std::mem::replace(&mut previous, class), class)
    }) {
        // A load behind what is popped cannot be popped by the same instruction, so that the next search may start afresh.
        at += run + 1;
        if let [.., load, pop] = &mut instrs[..at]
            && is_pushed(load)
        {
            load.set_nop();
            pop.set_nop();
            found = true;
        }
    }
    if found {
        graph.note_nop(id);
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
