//! Constants that no instruction loads are taken from the list.

use super::State;
use super::block::{Block, BlockId};
use super::op_class::CONST;
use crate::diagnostics::Result;

/// Mirrors CPython 3.14: `remove_unused_consts`, which keeps the first constant, as it may be a docstring.
pub(super) fn remove_unused_consts(state: &mut State<'_, '_>) -> Result<()> {
    const UNUSED: u32 = u32::MAX;
    let consts = &mut state.metadata.consts;
    if consts.is_empty() {
        return Ok(());
    }
    let graph = &mut state.graph;
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
    let mut used = 0;
    for index in &mut new_index {
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
