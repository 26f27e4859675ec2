//! What a few neighbouring instructions can be replaced by.

use super::State;
use super::block::{BlockId, Graph, Instr, is_block_push};
use super::constants::{Consts, INTRINSIC_LIST_TO_TUPLE, INTRINSIC_UNARY_POSITIVE};
use super::{jumps, swaps};
use crate::diagnostics::Result;
use crate::fold;
use crate::object::ConstCache;
use crate::target::{Op, OpInfo};

/// Says in the argument of `COMPARE_OP` that the result is wanted as a truth value.
const COMPARE_TO_BOOL: u32 = 16;

/// Loads of small integers, returns of constants, and what becomes of constants that are only tested.
///
/// Mirrors CPython 3.14: `optimize_load_const`.
pub(super) fn optimize_load_const(state: &mut State<'_, '_>) -> Result<()> {
    let mut consts = Consts::new(&mut state.metadata.consts, state.cache, state.graph.target);
    let graph = &mut state.graph;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut graph[at];
        optimize_tested_constants(block.instrs_mut(), &mut consts)?;
        at = block.next;
    }
    Ok(())
}

/// Mirrors CPython 3.14: `basicblock_optimize_load_const`.
fn optimize_tested_constants(instrs: &mut [Instr], consts: &mut Consts<'_, '_>) -> Result<()> {
    let mut load: Option<Instr> = None;
    let mut next = 0;
    while let Some(distance) =
        instrs[next..].iter().position(|i| matches!(i.op, Op::LoadConst | Op::LoadSmallInt | Op::Copy))
    {
        let i = next + distance;
        next = i + 1;
        if distance > 0 {
            load = None;
        }
        if instrs[i].op == Op::LoadConst {
            let id = consts.value(&instrs[i])?;
            consts.make_load_small_int(&mut instrs[i], id);
        }
        let instr = instrs[i];
        let copies_load = instr.op == Op::Copy && instr.arg == 1 && load.is_some_and(|load| load.op == Op::LoadConst);
        if !copies_load {
            load = Some(instr).filter(|instr| matches!(instr.op, Op::LoadConst | Op::LoadSmallInt));
        }
        if let Some(load) = load {
            optimize_tested_constant(instrs, i, &load, consts)?;
        }
        if instrs[i].op == Op::LoadConst {
            let id = consts.value(&instrs[i])?;
            consts.make_load_common_value(&mut instrs[i], id);
        }
    }
    Ok(())
}

/// What becomes of the load of a constant, or a copy of what it loads, at `i` if the next instruction tests it.
fn optimize_tested_constant(instrs: &mut [Instr], i: usize, load: &Instr, consts: &mut Consts<'_, '_>) -> Result<()> {
    let Some(next) = instrs.get(i + 1).map(|next| next.op) else { return Ok(()) };
    match next {
        Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::JumpIfFalse | Op::JumpIfTrue => {
            let value = consts.value(load)?;
            let is_true = fold::is_true(consts.cache, value);
            if matches!(next, Op::PopJumpIfFalse | Op::PopJumpIfTrue) {
                instrs[i].set_nop();
            }
            if is_true == matches!(next, Op::PopJumpIfTrue | Op::JumpIfTrue) {
                instrs[i + 1].op = Op::Jump;
            } else {
                instrs[i + 1].set_nop();
            }
        }
        Op::ReturnValue if consts.returns_const => {
            instrs[i].set_nop();
            instrs[i + 1].set(Op::ReturnConst, load.arg);
        }
        Op::IsOp if consts.value(load)? == ConstCache::NONE => test_for_none(instrs, i),
        Op::ToBool => {
            let value = consts.value(load)?;
            let id = if fold::is_true(consts.cache, value) { ConstCache::TRUE } else { ConstCache::FALSE };
            let index = consts.add(id);
            instrs[i].set_nop();
            instrs[i + 1].set(Op::LoadConst, index);
        }
        _ => {}
    }
    Ok(())
}

/// Joins a comparison by identity with `None` and the jump that depends on it.
fn test_for_none(instrs: &mut [Instr], i: usize) {
    let mut jump = i + 2;
    if instrs.get(jump).is_some_and(|instr| instr.op == Op::ToBool) {
        instrs[jump].set_nop();
        jump += 1;
    }
    let inverted = instrs[i + 1].arg != 0;
    let inverted = match instrs.get(jump).map(|instr| instr.op) {
        Some(Op::PopJumpIfFalse) => !inverted,
        Some(Op::PopJumpIfTrue) => inverted,
        _ => return,
    };
    instrs[i].set_nop();
    instrs[i + 1].set_nop();
    instrs[jump].op = if inverted { Op::PopJumpIfNotNone } else { Op::PopJumpIfNone };
}

/// Mirrors CPython 3.14: `optimize_basic_block`, on every block.
pub(super) fn optimize_basic_blocks(state: &mut State<'_, '_>) -> Result<()> {
    optimize_blocks(state, rewrite_and_fold)
}

/// Mirrors CPython 3.13: `optimize_basic_block`, on every block. The tree pass has folded nearly all that is constant.
pub(super) fn optimize_folded_blocks(state: &mut State<'_, '_>) -> Result<()> {
    optimize_blocks(state, rewrite_and_fold_tuples)
}

/// Changes the instruction with this number, and those around it.
type Rewrite = fn(&mut [Instr], usize, &mut Consts<'_, '_>) -> Result<()>;

fn optimize_blocks(state: &mut State<'_, '_>, rewrite: Rewrite) -> Result<()> {
    let mut consts = Consts::new(&mut state.metadata.consts, state.cache, state.graph.target);
    let graph = &mut state.graph;
    let mut scratch = Vec::new();
    // Jumps that go round in a circle could be threaded for ever.
    let mut budget = 64 + 16 * graph.blocks.len();
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let mut i = 0;
        let mut swaps = false;
        loop {
            let target = graph.target;
            let unchanged = |instr: &Instr| !may_be_rewritten(instr.op) && !target.op(instr.op).has(OpInfo::JUMP);
            i += graph[at].instrs()[i..].iter().take_while(|instr| unchanged(instr)).count();
            let Some(&instr) = graph[at].instrs().get(i) else { break };
            if graph.has_target(instr.op) {
                if budget > 0 && thread_jump(graph, at, i, instr) {
                    budget -= 1;
                    continue;
                }
            } else {
                rewrite(graph[at].instrs_mut(), i, &mut consts)?;
                swaps |= graph[at].instrs()[i].op == Op::Swap;
            }
            i += 1;
        }
        if swaps {
            swaps::optimize(graph[at].instrs_mut(), &mut scratch);
        }
        at = graph[at].next;
    }
    Ok(())
}

/// Whether the passes over single instructions may change this one or those after it.
fn may_be_rewritten(op: Op) -> bool {
    is_block_push(op)
        || matches!(
            op,
            Op::BuildTuple
                | Op::BuildList
                | Op::BuildSet
                | Op::StoreFast
                | Op::Swap
                | Op::LoadGlobal
                | Op::CompareOp
                | Op::ContainsOp
                | Op::IsOp
                | Op::ToBool
                | Op::UnaryNot
                | Op::UnaryInvert
                | Op::UnaryNegative
                | Op::CallIntrinsic1
                | Op::ListAppend
                | Op::SetAdd
                | Op::BinaryOp
        )
}

/// Makes a jump to a jump go where that one goes; says whether the instruction must be looked at again.
fn thread_jump(graph: &mut Graph, id: BlockId, i: usize, instr: Instr) -> bool {
    let Some(&through) = graph[instr.target].instrs().first() else { return false };
    let op = match (instr.op, through.op) {
        (
            Op::PopJumpIfNotNone
            | Op::PopJumpIfNone
            | Op::PopJumpIfFalse
            | Op::PopJumpIfTrue
            | Op::JumpIfFalse
            | Op::JumpIfTrue,
            Op::Jump,
        )
        | (Op::JumpIfFalse, Op::JumpIfFalse)
        | (Op::JumpIfTrue, Op::JumpIfTrue) => instr.op,
        (Op::JumpIfFalse, Op::JumpIfTrue) | (Op::JumpIfTrue, Op::JumpIfFalse) => {
            let next = graph[instr.target].next;
            if next.is_some() {
                graph[id].instrs_mut()[i].target = next;
            }
            return next.is_some();
        }
        (Op::Jump | Op::JumpNoInterrupt, Op::Jump) => Op::Jump,
        (Op::Jump | Op::JumpNoInterrupt, Op::JumpNoInterrupt) => instr.op,
        _ => return false,
    };
    jumps::thread(graph, id, i, through, op)
}

/// Folds what is constant, or does the work of [`rewrite_pair`].
fn rewrite_and_fold(instrs: &mut [Instr], i: usize, consts: &mut Consts<'_, '_>) -> Result<()> {
    if rewrite_pair(instrs, i) {
        return Ok(());
    }
    let Instr { op, arg, .. } = instrs[i];
    let next = instrs.get(i + 1).map(|next| next.op);
    match op {
        Op::BuildTuple => consts.fold_tuple(instrs, i)?,
        Op::BuildList | Op::BuildSet => consts.optimize_display(instrs, i, next)?,
        Op::ContainsOp | Op::IsOp if next == Some(Op::UnaryNot) => {
            instrs[i].set_nop();
            instrs[i + 1].set(op, arg ^ 1);
        }
        Op::UnaryNot | Op::UnaryInvert | Op::UnaryNegative => consts.fold_unary(instrs, i)?,
        Op::CallIntrinsic1 if arg == INTRINSIC_LIST_TO_TUPLE => {
            consts.fold_sequence(instrs, i)?;
            if instrs[i].op == Op::CallIntrinsic1 && next == Some(Op::GetIter) {
                instrs[i].set_nop();
            }
        }
        Op::CallIntrinsic1 if arg == INTRINSIC_UNARY_POSITIVE => consts.fold_unary(instrs, i)?,
        Op::ListAppend | Op::SetAdd if arg == 1 && matches!(next, Some(Op::GetIter | Op::ContainsOp)) => {
            consts.fold_sequence(instrs, i)?;
        }
        Op::BinaryOp => consts.fold_binary(instrs, i)?,
        _ => {}
    }
    Ok(())
}

/// The same where the tree pass has folded but for tuples that codegen makes.
fn rewrite_and_fold_tuples(instrs: &mut [Instr], i: usize, consts: &mut Consts<'_, '_>) -> Result<()> {
    if !rewrite_pair(instrs, i) && instrs[i].op == Op::BuildTuple {
        consts.fold_adjacent_tuple(instrs, i)?;
    }
    Ok(())
}

/// Replaces an instruction and the one behind it by less, and says whether it did.
fn rewrite_pair(instrs: &mut [Instr], i: usize) -> bool {
    let [Instr { op, arg, .. }, Instr { op: next, arg: next_arg, .. }, ..] = instrs[i..] else {
        if let Some(Instr { op: Op::Swap, arg: 1, .. }) = instrs.get(i) {
            instrs[i].set_nop();
            return true;
        }
        return false;
    };
    match (op, next) {
        (Op::BuildTuple, Op::UnpackSequence) if arg == next_arg && (1..=3).contains(&arg) => {
            instrs[i].set_nop();
            if arg == 1 {
                instrs[i + 1].set_nop();
            } else {
                instrs[i + 1].op = Op::Swap;
            }
        }
        (Op::StoreFast, Op::StoreFast) if arg == next_arg && instrs[i].line() == instrs[i + 1].line() => {
            instrs[i].set(Op::PopTop, 0);
        }
        (Op::Swap, _) if arg == 1 => instrs[i].set_nop(),
        (Op::LoadGlobal, Op::PushNull) if arg & 1 == 0 => {
            instrs[i].arg = arg | 1;
            instrs[i + 1].set_nop();
        }
        (Op::CompareOp, Op::ToBool) => {
            instrs[i].set_nop();
            instrs[i + 1].set(Op::CompareOp, arg | COMPARE_TO_BOOL);
        }
        (Op::ContainsOp | Op::IsOp, Op::ToBool) => {
            instrs[i].set_nop();
            instrs[i + 1].set(op, arg);
        }
        (Op::ToBool, Op::ToBool) => instrs[i].set_nop(),
        (Op::UnaryNot, Op::ToBool) => {
            instrs[i].set_nop();
            instrs[i + 1].set(Op::UnaryNot, 0);
        }
        (Op::UnaryNot, Op::UnaryNot) => {
            instrs[i].set_nop();
            instrs[i + 1].set_nop();
        }
        _ => return false,
    }
    true
}
