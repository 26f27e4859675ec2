//! Constants that no instruction loads are taken from the list.

use super::State;
use super::block::BlockId;
use crate::diagnostics::Result;
use crate::target::OpInfo;

/// Mirrors CPython 3.14: `remove_unused_consts`, which keeps the first constant, as it may be a docstring.
pub(super) fn remove_unused_consts(state: &mut State<'_, '_>) -> Result<()> {
    const UNUSED: u32 = u32::MAX;
    let consts = &mut state.metadata.consts;
    if consts.is_empty() {
        return Ok(());
    }
    let graph = &mut state.graph;
    let mut new_index = vec![UNUSED; consts.len()];
    new_index[0] = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        for instr in graph[at].instrs() {
            if graph.info(instr.op).has(OpInfo::CONST) {
                new_index[instr.arg as usize] = 0;
            }
        }
        at = graph[at].next;
    }
    if !new_index.contains(&UNUSED) {
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
    let target = graph.target;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut graph[at];
        for instr in block.instrs_mut_but_no_nops() {
            if target.op(instr.op).has(OpInfo::CONST) {
                instr.arg = new_index[instr.arg as usize];
            }
        }
        at = block.next;
    }
    Ok(())
}
