//! Checks of the graph between passes, and of the short way round it, for debug builds: a fault is found by what makes it.

use super::block::{BlockId, Graph};
use super::nops;
use super::op_class::{HAS_TARGET, PASSES};
use crate::ir::{CodeUnitMetadata, OptimizedCode};
use crate::object::{Const, ConstCache, ConstId};
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

/// Checks that what did the work of passes came to what these come to.
pub(super) fn verify_short_way(
    code: &OptimizedCode,
    by_passes: &OptimizedCode,
    metadata: &CodeUnitMetadata,
    other: &CodeUnitMetadata,
    consts: &ConstCache<'_>,
) {
    assert_eq!(code.instructions, by_passes.instructions);
    assert_eq!((&code.jumps, &code.handlers), (&by_passes.jumps, &by_passes.handlers));
    assert_eq!(code.stack_depth, by_passes.stack_depth);
    assert_eq!(code.locals_plus_count, by_passes.locals_plus_count);
    assert_eq!(metadata.consts.len(), other.consts.len());
    assert!(metadata.consts.iter().zip(other.consts.iter()).all(|(&a, &b)| is_same(consts, a, b)));
    assert_eq!(metadata.names.as_slice(), other.names.as_slice());
}

/// Whether two constants are the same, but for a NaN in them: one that is computed twice is two constants.
fn is_same(consts: &ConstCache<'_>, a: ConstId, b: ConstId) -> bool {
    let both_same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
    match (consts.get(a), consts.get(b)) {
        _ if a == b => true,
        (Const::Float(a), Const::Float(b)) => both_same(a, b),
        (Const::Complex { real: a, imag: b }, Const::Complex { real: c, imag: d }) => {
            both_same(a, c) && both_same(b, d)
        }
        (Const::Slice(a), Const::Slice(b)) => a.iter().zip(&b).all(|(&a, &b)| is_same(consts, a, b)),
        (Const::Tuple(a), Const::Tuple(b)) | (Const::FrozenSet(a), Const::FrozenSet(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(&a, &b)| is_same(consts, a, b))
        }
        _ => false,
    }
}
