//! Loads of local variables that may have no value yet, which must check.

use super::block::{BlockId, Graph};
use crate::target::Op;

/// How many variables are followed from block to block; each is a bit of a word.
const TRACKED: usize = 64;

/// Turns `LOAD_FAST` to `LOAD_FAST_CHECK` where the variable may be unbound.
///
/// Mirrors CPython 3.14: `add_checks_for_loads_of_uninitialized_variables`.
pub(super) fn add_checks(graph: &mut Graph, local_count: usize, parameter_count: usize) {
    if local_count == 0 {
        return;
    }
    if local_count > TRACKED {
        scan_many_locals(graph, local_count);
    }
    // Parameters have values, so that without other variables only an instruction that takes one away can matter.
    if parameter_count >= local_count && local_count <= TRACKED && !graph.unbinds_locals {
        return;
    }
    let mut worklist = graph.start_traversal();
    let mut start = 0u64;
    for i in parameter_count..local_count.min(TRACKED) {
        start |= 1 << i;
    }
    add_unsafe(graph, BlockId::ENTRY, start, &mut worklist);
    // A DELETE_FAST may be anywhere, so that each block is looked at once at least.
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        scan_block(graph, at, &mut worklist);
        at = graph[at].next;
    }
    while let Some(id) = worklist.pop() {
        graph[id].visited = false;
        scan_block(graph, id, &mut worklist);
    }
    graph.worklist = worklist;
}

/// Adds to what may be unbound on entry of a block; the block is looked at again if that is news.
fn add_unsafe(graph: &mut Graph, id: BlockId, mask: u64, worklist: &mut Vec<BlockId>) {
    let block = &mut graph[id];
    let both = block.unsafe_locals | mask;
    if block.unsafe_locals != both {
        block.unsafe_locals = both;
        if !block.visited {
            block.visited = true;
            worklist.push(id);
        }
    }
}

/// Mirrors CPython 3.14: `scan_block_for_locals`.
fn scan_block(graph: &mut Graph, id: BlockId, worklist: &mut Vec<BlockId>) {
    if !graph.has_set_ups {
        return scan_plain_block(graph, id, worklist);
    }
    let mut mask = graph[id].unsafe_locals;
    // The handler and the mask that were last told of, so that runs of instructions tell once.
    let mut told = (BlockId::NONE, 0);
    for i in 0..graph[id].len() {
        let instr = graph[id].instrs()[i];
        if instr.except.is_some() && told != (instr.except, mask) {
            told = (instr.except, mask);
            add_unsafe(graph, instr.except, mask, worklist);
        }
        if instr.arg >= TRACKED as u32 {
            continue;
        }
        let bit = 1u64 << instr.arg;
        match instr.op {
            Op::DeleteFast | Op::LoadFastAndClear | Op::StoreFastMaybeNull => mask |= bit,
            Op::StoreFast | Op::LoadFastCheck => mask &= !bit,
            Op::LoadFast => {
                if mask & bit != 0 {
                    graph[id].instrs_mut_but_no_nops()[i].op = Op::LoadFastCheck;
                }
                mask &= !bit;
            }
            _ => {}
        }
    }
    leave_block(graph, id, mask, worklist);
}

/// The same where no instruction has a handler.
fn scan_plain_block(graph: &mut Graph, id: BlockId, worklist: &mut Vec<BlockId>) {
    let block = &mut graph[id];
    let mut mask = block.unsafe_locals;
    for instr in block.instrs_mut_but_no_nops() {
        if !matches!(
            instr.op,
            Op::DeleteFast
                | Op::LoadFastAndClear
                | Op::StoreFastMaybeNull
                | Op::StoreFast
                | Op::LoadFastCheck
                | Op::LoadFast
        ) || instr.arg >= TRACKED as u32
        {
            continue;
        }
        let bit = 1u64 << instr.arg;
        match instr.op {
            Op::DeleteFast | Op::LoadFastAndClear | Op::StoreFastMaybeNull => mask |= bit,
            Op::LoadFast if mask & bit != 0 => {
                instr.op = Op::LoadFastCheck;
                mask &= !bit;
            }
            _ => mask &= !bit,
        }
    }
    leave_block(graph, id, mask, worklist);
}

/// Tells the blocks that come after one what may be unbound at its end.
fn leave_block(graph: &mut Graph, id: BlockId, mask: u64, worklist: &mut Vec<BlockId>) {
    let next = graph[id].next;
    if next.is_some() && graph[id].has_fallthrough() {
        add_unsafe(graph, next, mask, worklist);
    }
    if let Some(target) = graph.last_jump(id) {
        add_unsafe(graph, target, mask, worklist);
    }
}

/// The variables beyond those that are tracked: known within one block only.
///
/// Mirrors CPython 3.14: `fast_scan_many_locals`.
fn scan_many_locals(graph: &mut Graph, local_count: usize) {
    let mut bound_in = vec![0u32; local_count - TRACKED];
    let mut number = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        number += 1;
        let block = &mut graph[at];
        for instr in block.instrs_mut_but_no_nops() {
            let Some(state) = (instr.arg as usize).checked_sub(TRACKED).and_then(|i| bound_in.get_mut(i)) else {
                continue;
            };
            match instr.op {
                Op::DeleteFast | Op::LoadFastAndClear | Op::StoreFastMaybeNull => *state = number - 1,
                Op::StoreFast => *state = number,
                Op::LoadFast => {
                    if *state != number {
                        instr.op = Op::LoadFastCheck;
                    }
                    *state = number;
                }
                _ => {}
            }
        }
        at = block.next;
    }
}
