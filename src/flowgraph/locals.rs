//! Loads of local variables that may have no value yet, which must check.

use super::block::{BlockId, Graph, Instr, View};
use super::op_class::{Classes, LOCAL, MIXED_HANDLERS, PUSHES_BLOCK, UNBINDS};
use crate::target::Op;

/// How many variables are followed from block to block; each is a bit of a word.
pub(super) const TRACKED: usize = 64;

/// What a block does to the variables that may be unbound.
#[derive(Clone, Copy, Default)]
pub(super) struct Transfer {
    /// Those that may be unbound at the end, whatever is before.
    unbound: u64,
    /// Those that have values at the end unless they are in `unbound`.
    bound: u64,
    /// Those that are loaded before anything else is done to them.
    loaded: u64,
    /// Where its entries in the list of [`Told`] start, and how many there are.
    first_told: u32,
    told_count: u32,
}

/// What a handler learns of a run of instructions that it is the handler of.
pub(super) struct Told {
    handler: BlockId,
    /// Those that have values at the start of the run, whatever is before.
    bound: u64,
    /// Those that may be unbound somewhere before the last instruction of the run, whatever is before.
    unbound: u64,
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
    let has_handlers = graph.has(PUSHES_BLOCK);
    let mut worklist = graph.start_traversal();
    let mut start = 0u64;
    for i in parameter_count..local_count.min(TRACKED) {
        start |= 1 << i;
    }
    let (mut transfers, mut told) = (std::mem::take(&mut graph.lists.transfers), std::mem::take(&mut graph.lists.told));
    transfers.clear();
    transfers.resize(graph.blocks.len(), Transfer::default());
    told.clear();
    let transfer = if graph.has(UNBINDS) { transfer::<true> } else { transfer::<false> };
    let mut view = graph.view();
    add_unsafe(&mut view, BlockId::ENTRY, start, &mut worklist);
    // A DELETE_FAST may be anywhere, so that each block is looked at once at least.
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &view[at];
        if has_handlers || block.has(LOCAL) {
            transfers[at.0 as usize] = transfer(&mut view, at, has_handlers, &mut told);
        }
        // Where it is on the list already, there is no more to look at for now.
        view[at].visited = false;
        scan_block(&mut view, at, &transfers[at.0 as usize], &told, &mut worklist);
        at = view[at].next;
    }
    while let Some(id) = worklist.pop() {
        if !std::mem::replace(&mut view[id].visited, false) {
            continue;
        }
        scan_block(&mut view, id, &transfers[id.0 as usize], &told, &mut worklist);
    }
    for (i, t) in transfers.iter().enumerate() {
        if view.blocks[i].unsafe_locals & t.loaded != 0 {
            check_loads(&mut view, BlockId(i as u32));
        }
    }
    (graph.lists.transfers, graph.lists.told) = (transfers, told);
    graph.worklist = worklist;
}

/// Adds to what may be unbound on entry of a block; the block is looked at again if that is news.
#[inline(always)]
fn add_unsafe(view: &mut View<'_>, id: BlockId, mask: u64, worklist: &mut Vec<BlockId>) {
    let block = &mut view[id];
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
///
/// Which instructions are about variables nobody could foretell, so that none is asked. `UNBOUND` says whether some may unbind one.
fn transfer<const UNBOUND: bool>(
    view: &mut View<'_>,
    id: BlockId,
    has_handlers: bool,
    told: &mut Vec<Told>,
) -> Transfer {
    let classes = view.classes;
    let first_told = told.len() as u32;
    let is_mixed = has_handlers && view[id].has(MIXED_HANDLERS);
    let has_locals = view[id].has(LOCAL);
    let instrs = view.instrs_mut(id);
    let mut handler = BlockId::NONE;
    if let (true, Some(first)) = (has_handlers, instrs.first()) {
        handler = first.except;
    }
    let (mut bound, mut unbound, mut loaded, mut seen_unbound, mut bound_before) = (0u64, 0u64, 0u64, 0u64, 0u64);
    if is_mixed || has_locals {
        for instr in instrs {
            if is_mixed && instr.except != handler {
                if handler.is_some() {
                    told.push(Told { handler, bound: bound_before, unbound: seen_unbound });
                }
                (handler, bound_before, seen_unbound) = (instr.except, bound, 0);
            }
            let class = classes[instr.op as usize];
            let is_local = class & LOCAL != 0 && instr.arg < TRACKED as u32;
            let bit = (is_local as u64).wrapping_shl(instr.arg);
            let is_load = instr.op == Op::LoadFast;
            if UNBOUND {
                seen_unbound |= unbound;
                if is_load && unbound & bit != 0 {
                    instr.op = Op::LoadFastCheck;
                }
            }
            loaded |= if is_load { bit & !(bound | unbound) } else { 0 };
            if UNBOUND && class & UNBINDS != 0 {
                unbound |= bit;
            } else {
                unbound &= !bit;
                bound |= bit;
            }
        }
    }
    if handler.is_some() {
        told.push(Told { handler, bound: bound_before, unbound: seen_unbound });
    }
    Transfer { unbound, bound, loaded, first_told, told_count: told.len() as u32 - first_told }
}

/// Turns the loads of what may be unbound in code that is one block. `unbound` has the variables without value at its start.
pub(super) fn check_loads_of_block(block: &mut [Instr], classes: &Classes, mut unbound: u64) {
    for instr in block {
        let class = classes[instr.op as usize];
        if class & LOCAL == 0 || instr.arg >= TRACKED as u32 {
            continue;
        }
        let bit = 1u64 << instr.arg;
        if instr.op == Op::LoadFast && unbound & bit != 0 {
            instr.op = Op::LoadFastCheck;
        }
        unbound = if class & UNBINDS != 0 { unbound | bit } else { unbound & !bit };
    }
}

/// Turns the loads of what may be unbound on entry of a block, up to the first thing done to each variable.
fn check_loads(view: &mut View<'_>, id: BlockId) {
    let classes = view.classes;
    let mut mask = view[id].unsafe_locals;
    for instr in view.instrs_mut(id) {
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
#[inline(always)]
fn scan_block(view: &mut View<'_>, id: BlockId, t: &Transfer, told: &[Told], worklist: &mut Vec<BlockId>) {
    let before = view[id].unsafe_locals;
    for told in &told[t.first_told as usize..][..t.told_count as usize] {
        add_unsafe(view, told.handler, (before & !told.bound) | told.unbound, worklist);
    }
    let mask = (before & !t.bound) | t.unbound;
    let (next, exit) = (view[id].next, view.exit(id));
    if next.is_some() && exit.falls_through() {
        add_unsafe(view, next, mask, worklist);
    }
    if let Some(target) = exit.jump() {
        add_unsafe(view, target, mask, worklist);
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
