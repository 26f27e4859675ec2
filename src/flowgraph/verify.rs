//! Checks of the graph between passes, for debug builds: a fault is found by the pass that makes it.

use super::block::{BlockId, Graph};
use super::nops;
use super::op_class::{HAS_TARGET, PASSES};
use crate::target::Op;

/// Panics, in debug builds, where the graph is not one.
pub(super) fn verify(graph: &Graph, pass: &str) {
    let mut linked = vec![false; graph.blocks.len()];
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        debug_assert!(!linked[at.0 as usize], "after {pass}: block {} is linked twice", at.0);
        linked[at.0 as usize] = true;
        at = graph[at].next;
    }
    at = BlockId::ENTRY;
    while at.is_some() {
        let instrs = graph.instrs(at);
        for (i, instr) in instrs.iter().enumerate() {
            debug_assert!(graph.info(instr.op).exists(), "after {pass}: the release has no {:?}", instr.op);
            let last = i + 1 == instrs.len() || pass == "normalize_jumps" || pass == "optimize_load_fast";
            debug_assert!(last || !graph.is_terminator(instr.op), "after {pass}: {:?} within a block", instr.op);
            let class = graph.class(instr.op);
            debug_assert!(
                class & PASSES & !graph[at].classes == 0,
                "after {pass}: the block does not know of its {:?}",
                instr.op
            );
            if class & HAS_TARGET != 0 {
                debug_assert!(
                    instr.target().is_some() && linked[instr.target().0 as usize],
                    "after {pass}: {:?} goes to a block that is not there",
                    instr.op
                );
            }
        }
        at = graph[at].next;
    }
    if pass == "remove_redundant_nops_and_jumps" {
        debug_assert!(!nops::has_redundant_jump(graph), "after {pass}: a jump to the next instruction");
    }
    if pass == "optimize_load_fast" {
        let pseudo = |op: Op| graph.info(op).is_pseudo() && !matches!(op, Op::Jump | Op::JumpNoInterrupt);
        let left =
            (0..graph.blocks.len() as u32).flat_map(|id| graph.instrs(BlockId(id))).find(|instr| pseudo(instr.op));
        debug_assert!(left.is_none(), "after {pass}: {left:?} is left");
    }
}
