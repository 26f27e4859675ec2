//! Pairs of loads and stores of local variables joined to one instruction.

use super::block::{BlockId, Graph, Instr};
use super::nops;
use crate::target::Op;

/// Mirrors CPython 3.14: `insert_superinstructions`.
pub(super) fn insert(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let instrs = graph[at].instrs_mut();
        for i in 1..instrs.len() {
            let joined = match (instrs[i - 1].op, instrs[i].op) {
                (Op::LoadFast, Op::LoadFast) => Op::LoadFastLoadFast,
                (Op::StoreFast, Op::LoadFast) => Op::StoreFastLoadFast,
                (Op::StoreFast, Op::StoreFast) => Op::StoreFastStoreFast,
                _ => continue,
            };
            let (first, second) = instrs.split_at_mut(i);
            join(&mut first[i - 1], &mut second[0], joined);
        }
        at = graph[at].next;
    }
    nops::remove_redundant_nops(graph);
}

/// Mirrors CPython 3.14: `make_super_instruction`, whose argument has four bits for each variable.
fn join(first: &mut Instr, second: &mut Instr, op: Op) {
    let (a, b) = (first.line(), second.line());
    if (a >= 0 && b >= 0 && a != b) || first.arg >= 16 || second.arg >= 16 {
        return;
    }
    first.set(op, first.arg << 4 | second.arg);
    second.set_nop();
}
