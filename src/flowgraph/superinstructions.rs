//! Pairs of loads and stores of local variables joined to one instruction.

use super::block::{BlockId, Graph, Instr};
use super::locations::Locations;
use super::nops;
use super::op_class::{LOCAL, NOP};
use crate::target::Op;

/// Mirrors CPython 3.14: `insert_superinstructions`, whose `make_super_instruction` gives each variable four bits of the argument.
pub(super) fn insert(graph: &mut Graph) {
    if !graph.has(LOCAL) {
        return;
    }
    let Graph { blocks, code, locations, all_classes, .. } = graph;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut blocks[at.0 as usize];
        at = block.next;
        if block.has(LOCAL) && join_pairs(&mut code[block.range()], locations) {
            block.classes |= NOP;
            *all_classes |= NOP;
        }
    }
    nops::remove_redundant_nops(graph);
}

/// What does the work of two instructions.
#[inline(always)]
pub(super) fn joined(first: Op, second: Op) -> Option<Op> {
    match (first, second) {
        (Op::LoadFast, Op::LoadFast) => Some(Op::LoadFastLoadFast),
        (Op::StoreFast, Op::LoadFast) => Some(Op::StoreFastLoadFast),
        (Op::StoreFast, Op::StoreFast) => Some(Op::StoreFastStoreFast),
        _ => None,
    }
}

/// Joins what can be joined; says whether there was anything.
fn join_pairs(instrs: &mut [Instr], locations: &Locations) -> bool {
    let mut joins = false;
    let mut previous = Op::Nop;
    for i in 0..instrs.len() {
        let op = instrs[i].op;
        let before = std::mem::replace(&mut previous, op);
        if !matches!(op, Op::LoadFast | Op::StoreFast) {
            continue;
        }
        let Some(joined) = joined(before, op) else { continue };
        let [first, second] = &mut instrs[i - 1..=i] else { continue };
        let (a, b) = (locations.line(first.location), locations.line(second.location));
        if (a >= 0 && b >= 0 && a != b) || first.arg >= 16 || second.arg >= 16 {
            continue;
        }
        first.set(joined, first.arg << 4 | second.arg);
        second.set_nop();
        previous = Op::Nop;
        joins = true;
    }
    joins
}
