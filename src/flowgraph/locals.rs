//! Loads of local variables that may have no value yet, which must check.

use super::block::{BlockId, Graph};
use super::op_class::{LOCAL, MIXED_HANDLERS, PUSHES_BLOCK, UNBINDS};
use crate::target::Op;

/// How many variables are followed from block to block; each is a bit of a word.
const TRACKED: usize = 64;

/// What a block does to the variables that may be unbound, where all its instructions have the same handler.
#[derive(Clone, Copy, Default)]
struct Transfer {
    /// Those that may be unbound at the end, whatever is before.
    unbound: u64,
    /// Those that have values at the end unless they are in `unbound`.
    bound: u64,
    /// Those that are loaded before anything else is done to them.
    loaded: u64,
    /// Those that may be unbound somewhere before the last instruction, whatever is before: what a handler learns.
    seen_unbound: u64,
}

/// Turns `LOAD_FAST` to `LOAD_FAST_CHECK` where the variable may be unbound.
///
/// Mirrors CPython 3.14: `add_checks_for_loads_of_uninitialized_variables`. What may be unbound only grows while blocks are
/// looked at again, so that loads can be changed once all is known.
pub(super) fn add_checks(graph: &mut Graph, local_count: usize, parameter_count: usize) {
    if local_count == 0 {
        return;
    }
    if local_count > TRACKED {
        scan_many_locals(graph, local_count);
    }
    // Parameters have values, so that without other variables only an instruction that takes one away can matter.
    if parameter_count >= local_count && local_count <= TRACKED && !graph.has(UNBINDS) {
        return;
    }
    let mut worklist = graph.start_traversal();
    let mut start = 0u64;
    for i in parameter_count..local_count.min(TRACKED) {
        start |= 1 << i;
    }
    let mut transfers = vec![Transfer::default(); graph.blocks.len()];
    add_unsafe(graph, BlockId::ENTRY, start, &mut worklist);
    // A DELETE_FAST may be anywhere, so that each block is looked at once at least.
    let has_handlers = graph.has(PUSHES_BLOCK);
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].has(LOCAL) && !(has_handlers && graph[at].has(MIXED_HANDLERS)) {
            transfers[at.0 as usize] = transfer(graph, at);
        }
        scan_block(graph, at, has_handlers, &transfers, &mut worklist);
        at = graph[at].next;
    }
    while let Some(id) = worklist.pop() {
        graph[id].visited = false;
        scan_block(graph, id, has_handlers, &transfers, &mut worklist);
    }
    graph.worklist = worklist;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &graph[at];
        let next = block.next;
        if block.unsafe_locals & transfers[at.0 as usize].loaded != 0 {
            check_loads(graph, at);
        }
        at = next;
    }
}

/// Adds to what may be unbound on entry of a block; the block is looked at again if that is news.
#[inline]
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

/// What a block does to the variables. Loads behind what unbinds their variable in the same block get their check at once.
fn transfer(graph: &mut Graph, id: BlockId) -> Transfer {
    let classes = graph.classes();
    let mut t = Transfer::default();
    for instr in graph.instrs_mut_but_no_nops(id) {
        t.seen_unbound |= t.unbound;
        if classes[instr.op as usize] & LOCAL == 0 || instr.arg >= TRACKED as u32 {
            continue;
        }
        let bit = 1u64 << instr.arg;
        match instr.op {
            Op::DeleteFast | Op::LoadFastAndClear | Op::StoreFastMaybeNull => t.unbound |= bit,
            Op::LoadFast => {
                if t.unbound & bit != 0 {
                    instr.op = Op::LoadFastCheck;
                }
                t.loaded |= bit & !(t.bound | t.unbound);
                t.unbound &= !bit;
                t.bound |= bit;
            }
            _ => {
                t.unbound &= !bit;
                t.bound |= bit;
            }
        }
    }
    t
}

/// Turns the loads of what may be unbound on entry of a block, up to the first thing done to each variable.
fn check_loads(graph: &mut Graph, id: BlockId) {
    let classes = graph.classes();
    let mut mask = graph[id].unsafe_locals;
    for instr in graph.instrs_mut_but_no_nops(id) {
        if classes[instr.op as usize] & LOCAL != 0 && instr.arg < TRACKED as u32 {
            let bit = 1u64 << instr.arg;
            if instr.op == Op::LoadFast && mask & bit != 0 {
                instr.op = Op::LoadFastCheck;
            }
            mask &= !bit;
        }
    }
}

/// Tells those that may run after a block, or because of an exception in it, what may be unbound then.
///
/// Mirrors CPython 3.14: `scan_block_for_locals`.
fn scan_block(graph: &mut Graph, id: BlockId, has_handlers: bool, transfers: &[Transfer], worklist: &mut Vec<BlockId>) {
    let mask = if has_handlers && graph[id].has(MIXED_HANDLERS) {
        scan_mixed_block(graph, id, worklist)
    } else {
        let before = graph[id].unsafe_locals;
        let t = &transfers[id.0 as usize];
        if has_handlers
            && let Some(first) = graph.first(id)
            && first.except.is_some()
        {
            let except = first.except;
            add_unsafe(graph, except, before | t.seen_unbound, worklist);
        }
        (before & !t.bound) | t.unbound
    };
    let (next, exit) = (graph[id].next, graph.exit(id));
    if next.is_some() && exit.falls_through() {
        add_unsafe(graph, next, mask, worklist);
    }
    if let Some(target) = exit.jump() {
        add_unsafe(graph, target, mask, worklist);
    }
}

/// Follows a block whose instructions need not have the same handler; gives what may be unbound at its end.
fn scan_mixed_block(graph: &mut Graph, id: BlockId, worklist: &mut Vec<BlockId>) -> u64 {
    let mut mask = graph[id].unsafe_locals;
    // The handler and the mask that were last told of, so that runs of instructions tell once.
    let mut told = (BlockId::NONE, 0);
    for i in graph[id].range() {
        let instr = graph.code[i];
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
                    graph.code[i].op = Op::LoadFastCheck;
                }
                mask &= !bit;
            }
            _ => {}
        }
    }
    mask
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
        for instr in graph.instrs_mut_but_no_nops(at) {
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
        at = graph[at].next;
    }
}
