//! Constants that no instruction loads are taken from the list.

use super::State;
use super::block::{Block, BlockId, Graph, Instr};
use super::op_class::{CONST, Classes};
use crate::diagnostics::Result;
use crate::ir::OrderedSet;
use crate::object::ConstId;

/// In place of a constant's new place.
const UNUSED: u32 = u32::MAX;

/// Mirrors CPython 3.14: `remove_unused_consts`, which keeps the first constant, as it may be a docstring.
pub(super) fn remove_unused_consts(state: &mut State<'_, '_>) -> Result<()> {
    let consts = &mut state.metadata.consts;
    // The first is always kept.
    if consts.len() <= 1 {
        return Ok(());
    }
    let graph = &mut state.graph;
    if consts.len() <= u64::BITS as usize {
        remove_unused_of_few(consts, graph);
        return Ok(());
    }
    let classes = graph.classes();
    let mut new_index = std::mem::take(&mut graph.scratch);
    new_index.clear();
    new_index.resize(consts.len(), UNUSED);
    new_index[0] = 0;
    let view = graph.view();
    let concerned = |block: &Block| block.has(CONST);
    for block in view.blocks.iter().filter(|block| concerned(block)) {
        for instr in &view.code[block.range()] {
            if classes[instr.op as usize] & CONST != 0 {
                new_index[instr.arg as usize] = 0;
            }
        }
    }
    if !new_index.contains(&UNUSED) {
        graph.scratch = new_index;
        return Ok(());
    }
    number_used(consts, &mut new_index);
    for block in view.blocks.iter().filter(|block| concerned(block)) {
        for instr in &mut view.code[block.range()] {
            if classes[instr.op as usize] & CONST != 0 {
                instr.arg = new_index[instr.arg as usize];
            }
        }
    }
    graph.scratch = new_index;
    Ok(())
}

/// The same where a word has a bit for each constant.
fn remove_unused_of_few(consts: &mut OrderedSet<ConstId>, graph: &mut Graph) {
    let classes = graph.classes();
    let view = graph.view();
    let mut used = 1;
    for block in view.blocks.iter().filter(|block| block.has(CONST)) {
        used |= used_by(&view.code[block.range()], classes);
    }
    if keep_used(consts, used) {
        for block in view.blocks.iter().filter(|block| block.has(CONST)) {
            renumber(&mut view.code[block.range()], classes, used);
        }
    }
}

/// A bit for each constant that these instructions use. Which of them do nobody could foretell, so that none is asked.
fn used_by(instrs: &[Instr], classes: &Classes) -> u64 {
    instrs.iter().fold(0, |used, instr| {
        let uses_const = (classes[instr.op as usize] & CONST != 0) as u64;
        used | uses_const.wrapping_shl(instr.arg)
    })
}

fn renumber(instrs: &mut [Instr], classes: &Classes, used: u64) {
    for instr in instrs {
        let uses_const = classes[instr.op as usize] & CONST != 0;
        instr.arg = if uses_const { place_among(used, instr.arg) } else { instr.arg };
    }
}

/// The same for code that is one block.
pub(super) fn remove_unused_by_block(
    consts: &mut OrderedSet<ConstId>,
    block: &mut [Instr],
    classes: &Classes,
    memory: &mut Vec<u32>,
) {
    if consts.len() > u64::BITS as usize {
        let uses = block.iter().enumerate().filter(|(_, instr)| classes[instr.op as usize] & CONST != 0);
        let uses: Vec<u32> = uses.map(|(at, _)| at as u32).collect();
        remove_unused_of_many(consts, block, &uses, memory);
    } else if consts.len() > 1 {
        let used = 1 | used_by(block, classes);
        if keep_used(consts, used) {
            renumber(block, classes, used);
        }
    }
}

/// Takes the unused ones of at most 64 constants from the list; says whether there are any.
fn keep_used(consts: &mut OrderedSet<ConstId>, used: u64) -> bool {
    if used == u64::MAX >> (u64::BITS as usize - consts.len()) {
        return false;
    }
    let mut old = 0;
    consts.retain(|_| {
        old += 1;
        used >> (old - 1) & 1 != 0
    });
    true
}

/// The place of a constant in a list of those that are used.
#[inline(always)]
const fn place_among(used: u64, index: u32) -> u32 {
    (used & !u64::MAX.wrapping_shl(index)).count_ones()
}

/// The same where the instructions that load constants are known: those with these places.
pub(super) fn remove_unused_by(
    consts: &mut OrderedSet<ConstId>,
    instructions: &mut [Instr],
    loads: &[u32],
    memory: &mut Vec<u32>,
) {
    // The first is always kept.
    if consts.len() <= 1 {
        return;
    }
    if consts.len() > u64::BITS as usize {
        return remove_unused_of_many(consts, instructions, loads, memory);
    }
    let mut used = 1u64;
    for &at in loads {
        used |= 1u64.wrapping_shl(instructions[at as usize].arg);
    }
    if keep_used(consts, used) {
        for &at in loads {
            let arg = &mut instructions[at as usize].arg;
            *arg = place_among(used, *arg);
        }
    }
}

fn remove_unused_of_many(
    consts: &mut OrderedSet<ConstId>,
    instructions: &mut [Instr],
    loads: &[u32],
    new_index: &mut Vec<u32>,
) {
    new_index.clear();
    new_index.resize(consts.len(), UNUSED);
    new_index[0] = 0;
    for &at in loads {
        new_index[instructions[at as usize].arg as usize] = 0;
    }
    if !new_index.contains(&UNUSED) {
        return;
    }
    number_used(consts, new_index);
    for &at in loads {
        let arg = &mut instructions[at as usize].arg;
        *arg = new_index[*arg as usize];
    }
}

/// Takes the unused constants from the list and gives the others their new places.
fn number_used(consts: &mut OrderedSet<ConstId>, new_index: &mut [u32]) {
    let mut used = 0;
    for index in new_index.iter_mut() {
        if *index != UNUSED {
            *index = used;
            used += 1;
        }
    }
    let mut old = 0;
    consts.retain(|_| {
        old += 1;
        new_index[old - 1] != UNUSED
    });
}

/// Removes the unused constants at the end of the list. Mirrors CPython 3.11: `trim_unused_consts`.
pub(super) fn trim(state: &mut State<'_, '_>) {
    let graph = &state.graph;
    let mut greatest = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        for instr in graph.instrs(at) {
            if graph.class(instr.op) & CONST != 0 {
                greatest = greatest.max(instr.arg as usize);
            }
        }
        at = graph[at].next;
    }
    let mut index = 0;
    state.metadata.consts.retain(|_| {
        index += 1;
        index <= greatest + 1
    });
}
