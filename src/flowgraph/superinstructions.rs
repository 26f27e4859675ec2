//! Pairs of loads and stores of local variables joined to one instruction.

use super::block::{BlockId, Graph};
use super::nops;
use super::op_class::{LOCAL, NOP};
use crate::target::Op;

/// Mirrors CPython 3.14: `insert_superinstructions`, whose `make_super_instruction` gives each variable four bits of the argument.
pub(super) fn insert(graph: &mut Graph) {
    let Graph { blocks, code, locations, .. } = graph;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut blocks[at.0 as usize];
        at = block.next;
        if !block.has(LOCAL) {
            continue;
        }
        let mut joins = false;
        let instrs = &mut code[block.range()];
        for i in 1..instrs.len() {
            let (first, second) = (instrs[i - 1], instrs[i]);
            let joined = match (first.op, second.op) {
                (Op::LoadFast, Op::LoadFast) => Op::LoadFastLoadFast,
                (Op::StoreFast, Op::LoadFast) => Op::StoreFastLoadFast,
                (Op::StoreFast, Op::StoreFast) => Op::StoreFastStoreFast,
                _ => continue,
            };
            let (a, b) = (locations.line(first.location), locations.line(second.location));
            if (a >= 0 && b >= 0 && a != b) || first.arg >= 16 || second.arg >= 16 {
                continue;
            }
            instrs[i - 1].set(joined, first.arg << 4 | second.arg);
            instrs[i].set_nop();
            joins = true;
        }
        if joins {
            block.classes |= NOP;
        }
    }
    nops::remove_redundant_nops(graph);
}
