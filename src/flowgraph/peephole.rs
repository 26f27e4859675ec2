//! What a few neighbouring instructions can be replaced by.

use super::State;
use super::block::{BlockId, Graph, Instr};
use super::constants::{Consts, INTRINSIC_LIST_TO_TUPLE, INTRINSIC_UNARY_POSITIVE};
use super::locations::Locations;
use super::op_class::{
    Classes, JUMP, KEEPS_CONDITION, LOADS_CONST, NOTHING, PAIR, POP_TOP, REWRITTEN, TESTS_CONST, UNCONDITIONAL,
    is_candidate,
};
use super::{jumps, swaps};
use crate::diagnostics::Result;
use crate::fold;
use crate::object::ConstCache;
use crate::target::{Op, Target};

/// Says in the argument of `COMPARE_OP` that the result is wanted as a truth value.
const COMPARE_TO_BOOL: u32 = 16;

/// Loads of small integers, returns of constants, and what becomes of constants that are only tested.
///
/// Mirrors CPython 3.14: `optimize_load_const`.
pub(super) fn optimize_load_const(state: &mut State<'_, '_>) -> Result<()> {
    let graph = &mut state.graph;
    // Small integers have their instruction already, so that only what tests constants can change, but for common ones.
    let concerned = if graph.target.features.common_values { LOADS_CONST } else { TESTS_CONST };
    if !graph.has(concerned) {
        return Ok(());
    }
    let mut consts = Consts::new(&mut state.metadata.consts, state.cache, graph.target);
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].has(concerned) {
            if graph[at].has(TESTS_CONST) {
                let before = graph.last(at).map(|last| last.op);
                optimize_tested_constants(graph.instrs_mut(at), &mut consts)?;
                graph.classify_again(at);
                if graph.last(at).map(|last| last.op) != before {
                    graph.flow_changed = true;
                    graph.layout_changed = true;
                }
            } else {
                for instr in graph.instrs_mut_but_no_nops(at) {
                    if instr.op == Op::LoadConst {
                        consts.make_load_short(instr)?;
                    }
                }
            }
        }
        at = graph[at].next;
    }
    Ok(())
}

/// Mirrors CPython 3.14: `basicblock_optimize_load_const`.
pub(super) fn optimize_tested_constants(instrs: &mut [Instr], consts: &mut Consts<'_, '_>) -> Result<()> {
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
pub(super) fn optimize_tested_constant(
    instrs: &mut [Instr],
    i: usize,
    load: &Instr,
    consts: &mut Consts<'_, '_>,
) -> Result<()> {
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

/// Changes the instruction with this number, and those around it.
pub(super) type Rewrite = fn(&mut [Instr], usize, &mut Consts<'_, '_>, &Locations) -> Result<()>;

/// What a release does to one instruction. Up to 3.13 the tree pass has folded nearly all that is constant.
pub(super) fn rewrite_of(target: &Target) -> Rewrite {
    if target.features.fold_in_flowgraph { rewrite_and_fold } else { rewrite_and_fold_tuples }
}

/// Mirrors CPython 3.14 and 3.13: `optimize_basic_block`, on every block.
pub(super) fn optimize_basic_blocks(state: &mut State<'_, '_>) -> Result<()> {
    let graph = &mut state.graph;
    let rewrite = rewrite_of(graph.target);
    if !graph.has(REWRITTEN | PAIR | JUMP) {
        return Ok(());
    }
    let mut consts = Consts::new(&mut state.metadata.consts, state.cache, graph.target);
    let mut scratch = Vec::new();
    // Jumps that go round in a circle could be threaded for ever.
    let mut budget = 64 + 16 * graph.blocks.len();
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let swaps = graph[at].has(REWRITTEN | PAIR) && rewrite_block(graph, at, rewrite, &mut consts)?;
        while graph[at].has(JUMP)
            && let Some(&last) = graph.last(at)
            && graph.is_jump(last.op)
            && graph[last.target()].has(UNCONDITIONAL | KEEPS_CONDITION)
            && budget > 0
            && thread_jump(graph, at, graph[at].len() - 1, last)
        {
            budget -= 1;
        }
        if swaps {
            let Graph { blocks, code, locations, .. } = &mut *graph;
            let block = &blocks[at.0 as usize];
            swaps::optimize(&mut code[block.range()], locations, &mut scratch);
            graph.note_nop(at);
        }
        at = graph[at].next;
    }
    Ok(())
}

/// The first instruction from `start` on that may be rewritten, alone or with the one behind it.
fn next_candidate(instrs: &[Instr], start: usize, classes: &Classes) -> Option<usize> {
    let (first, rest) = instrs.get(start..)?.split_first()?;
    let mut class = classes[first.op as usize];
    for (distance, instr) in rest.iter().enumerate() {
        let next = classes[instr.op as usize];
        if is_candidate(class, next) {
            return Some(start + distance);
        }
        class = next;
    }
    is_candidate(class, NOTHING).then_some(instrs.len() - 1)
}

/// Rewrites what can be in a block; says whether there are `SWAP`s.
fn rewrite_block(graph: &mut Graph, id: BlockId, rewrite: Rewrite, consts: &mut Consts<'_, '_>) -> Result<bool> {
    let classes = graph.classes();
    let range = graph[id].range();
    let Graph { code, locations, .. } = &mut *graph;
    let instrs = &mut code[range];
    let (mut swaps, mut folds, mut joins) = (false, false, false);
    let mut start = 0;
    while let Some(i) = next_candidate(instrs, start, classes) {
        folds |= classes[instrs[i].op as usize] & REWRITTEN != 0;
        rewrite(instrs, i, consts, locations)?;
        swaps |= instrs[i].op == Op::Swap;
        joins = true;
        start = i + 1;
    }
    if folds {
        graph.classify_again(id);
    } else if joins {
        // Of two stores to one variable the first becomes a POP_TOP.
        graph[id].classes |= POP_TOP;
        graph.all_classes |= POP_TOP;
        graph.note_nop(id);
    }
    Ok(swaps)
}

/// Makes a jump to a jump go where that one goes; says whether the instruction must be looked at again.
fn thread_jump(graph: &mut Graph, id: BlockId, i: usize, instr: Instr) -> bool {
    let Some(&through) = graph.first(instr.target()) else { return false };
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
            let next = graph[instr.target()].next;
            if next.is_some() {
                graph.instrs_mut_but_no_nops(id)[i].set_target(next);
                graph.flow_changed = true;
                graph.layout_changed = true;
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
fn rewrite_and_fold(instrs: &mut [Instr], i: usize, consts: &mut Consts<'_, '_>, locations: &Locations) -> Result<()> {
    if rewrite_pair(instrs, i, locations) {
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
fn rewrite_and_fold_tuples(
    instrs: &mut [Instr],
    i: usize,
    consts: &mut Consts<'_, '_>,
    locations: &Locations,
) -> Result<()> {
    if !rewrite_pair(instrs, i, locations) && instrs[i].op == Op::BuildTuple {
        consts.fold_adjacent_tuple(instrs, i)?;
    }
    Ok(())
}

/// Replaces an instruction and the one behind it by less, and says whether it did.
fn rewrite_pair(instrs: &mut [Instr], i: usize, locations: &Locations) -> bool {
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
        (Op::StoreFast, Op::StoreFast)
            if arg == next_arg && locations.line(instrs[i].location) == locations.line(instrs[i + 1].location) =>
        {
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
