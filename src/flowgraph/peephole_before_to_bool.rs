//! What a few neighbouring instructions can be replaced by, as the one pass for that up to 3.12 finds it.
//!
//! The pass comes to loads of constants, pairs and `SWAP`s in one walk over a block, so that what is done to `SWAP`s does not see
//! yet what becomes of the instructions behind them.

use super::block::{BlockId, Graph, Instr};
use super::code_blocks::skip_empty_target;
use super::constants::Consts;
use super::op_class::{JUMP, REWRITTEN, TESTS_CONST};
use super::peephole::optimize_tested_constant;
use super::{State, jumps, redundancy, swaps};
use crate::diagnostics::Result;
use crate::fold;
use crate::object::ConstCache;
use crate::target::Op;

/// Mirrors CPython 3.11: `optimize_basic_block` and `clean_basic_block`, on every block.
pub(super) fn optimize(state: &mut State<'_, '_>) -> Result<()> {
    let mut consts = Consts::new(&mut state.metadata.consts, state.cache, state.graph.target);
    let graph = &mut state.graph;
    let mut scratch = Vec::new();
    // Jumps that go round in a circle could be threaded for ever.
    let mut budget = 64 + 16 * graph.blocks.len();
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let mut i = 0;
        while i < graph[at].len() {
            let instr = graph.instrs(at)[i];
            if graph.has_target(instr.op) {
                let target = skip_empty_target(graph, at, i)?;
                if budget > 0 && thread(graph, at, i, instr.op, target) {
                    budget -= 1;
                    continue;
                }
            } else if instr.op == Op::Swap && instr.arg != 1 {
                let Graph { blocks, code, locations, .. } = &mut *graph;
                i = swaps::optimize_run(&mut code[blocks[at.0 as usize].range()], i, locations, &mut scratch);
            } else {
                rewrite(graph.instrs_mut(at), i, &mut consts)?;
            }
            i += 1;
        }
        graph.classify_again(at);
        redundancy::clean(graph, at);
        at = graph[at].next;
    }
    Ok(())
}

/// Mirrors CPython 3.12: `optimize_basic_block`, on every block.
pub(super) fn optimize_by_line(state: &mut State<'_, '_>) -> Result<()> {
    let graph = &mut state.graph;
    if !graph.has(REWRITTEN | TESTS_CONST | JUMP) {
        return Ok(());
    }
    let mut consts = Consts::new(&mut state.metadata.consts, state.cache, graph.target);
    let mut scratch = Vec::new();
    // Jumps that go round in a circle could be threaded for ever.
    let mut budget = 64 + 16 * graph.blocks.len();
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].has(REWRITTEN | TESTS_CONST) {
            let before = graph.last(at).map(|last| last.op);
            rewrite_by_line(graph, at, &mut consts, &mut scratch)?;
            graph.classify_again(at);
            graph.note_nop(at);
            if graph.last(at).map(|last| last.op) != before {
                graph.flow_changed = true;
                graph.layout_changed = true;
            }
        }
        while let Some(&last) = graph.last(at)
            && graph.is_jump(last.op)
            && budget > 0
            && thread_by_line(graph, at, graph[at].len() - 1, last)
        {
            budget -= 1;
        }
        at = graph[at].next;
    }
    Ok(())
}

/// Rewrites the instructions of a block, but for the jump at its end.
fn rewrite_by_line(graph: &mut Graph, id: BlockId, consts: &mut Consts<'_, '_>, scratch: &mut Vec<u32>) -> Result<()> {
    let (range, classes) = (graph[id].range(), graph.classes());
    let Graph { code, locations, .. } = graph;
    let instrs = &mut code[range];
    // What the instruction before this one loads, if it is a constant; a copy of it counts as a load.
    let mut load: Option<Instr> = None;
    let mut i = 0;
    while let Some(&instr) = instrs.get(i) {
        match instr.op {
            Op::Copy if instr.arg == 1 => {}
            Op::LoadConst => load = Some(instr),
            _ => load = None,
        }
        if let Some(load) = load {
            optimize_tested_constant(instrs, i, &load, consts)?;
        } else if instr.op == Op::Swap && instr.arg != 1 {
            i = swaps::optimize_run(instrs, i, locations, scratch);
        } else if classes[instr.op as usize] & REWRITTEN != 0 {
            rewrite_tuples_and_nulls(instrs, i, consts)?;
        }
        i += 1;
    }
    Ok(())
}

/// Looks whether the jump that ends a block may go further without losing a line; says whether to look again.
fn thread_by_line(graph: &mut Graph, id: BlockId, i: usize, instr: Instr) -> bool {
    match (instr.op, graph.first(instr.target())) {
        (
            Op::PopJumpIfNotNone | Op::PopJumpIfNone | Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::Jump,
            Some(&through),
        ) if through.op == Op::Jump => jumps::thread_in_place(graph, id, i, through),
        _ => false,
    }
}

/// What becomes of single instructions and pairs, but for loads of constants and `SWAP`s that swap something.
fn rewrite_tuples_and_nulls(instrs: &mut [Instr], i: usize, consts: &mut Consts<'_, '_>) -> Result<()> {
    let Instr { op, arg, .. } = instrs[i];
    let next = instrs.get(i + 1).map(|next| (next.op, next.arg));
    match (op, next) {
        (Op::BuildTuple, Some((Op::UnpackSequence, count))) if arg == count && (1..=3).contains(&arg) => {
            instrs[i].set_nop();
            if arg == 1 {
                instrs[i + 1].set_nop();
            } else {
                instrs[i + 1].op = Op::Swap;
            }
        }
        (Op::BuildTuple, _) => consts.fold_adjacent_tuple(instrs, i)?,
        (Op::Swap, _) if arg == 1 => instrs[i].set_nop(),
        (Op::PushNull, Some((Op::LoadGlobal, name))) if name & 1 == 0 => {
            instrs[i].set_nop();
            instrs[i + 1].arg = name | 1;
        }
        _ => {}
    }
    Ok(())
}

/// Makes a jump to a jump on the same line go where that one goes; says whether the instruction must be looked at again.
fn thread(graph: &mut Graph, id: BlockId, i: usize, op: Op, target: BlockId) -> bool {
    let Some(&through) = graph.first(target) else { return false };
    let jump = graph.instrs(id)[i];
    let same_line = graph.locations.line(jump.location) == graph.locations.line(through.location);
    let threaded = match (op, through.op) {
        (Op::JumpIfFalseOrPop, Op::PopJumpIfFalse) => Op::PopJumpIfFalse,
        (Op::JumpIfTrueOrPop, Op::PopJumpIfTrue) => Op::PopJumpIfTrue,
        (Op::JumpIfFalseOrPop, Op::Jump | Op::JumpIfFalseOrPop)
        | (Op::JumpIfTrueOrPop, Op::Jump | Op::JumpIfTrueOrPop) => op,
        (Op::JumpIfFalseOrPop, Op::JumpIfTrueOrPop | Op::PopJumpIfTrue)
        | (Op::JumpIfTrueOrPop, Op::JumpIfFalseOrPop | Op::PopJumpIfFalse) => {
            // The second test comes out the other way, so that control goes on behind it.
            let next = graph[target].next;
            if !same_line || !next.is_some() {
                return false;
            }
            let jump = &mut graph.instrs_mut_but_no_nops(id)[i];
            jump.op = if op == Op::JumpIfFalseOrPop { Op::PopJumpIfFalse } else { Op::PopJumpIfTrue };
            jump.set_target(next);
            return true;
        }
        (Op::PopJumpIfNone | Op::PopJumpIfNotNone | Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::Jump, Op::Jump) => op,
        _ => return false,
    };
    if !same_line || jump.target() == through.target() {
        return false;
    }
    let jump = &mut graph.instrs_mut_but_no_nops(id)[i];
    jump.set_target(through.target());
    jump.op = threaded;
    true
}

fn rewrite(instrs: &mut [Instr], i: usize, consts: &mut Consts<'_, '_>) -> Result<()> {
    if instrs[i].op != Op::LoadConst {
        return rewrite_tuples_and_nulls(instrs, i, consts);
    }
    let next = instrs.get(i + 1).map(|next| (next.op, next.arg));
    next.map_or(Ok(()), |(test, test_arg)| rewrite_tested_constant(instrs, i, test, test_arg, consts))
}

/// What becomes of a constant that the next instruction tests.
fn rewrite_tested_constant(
    instrs: &mut [Instr],
    i: usize,
    test: Op,
    test_arg: u32,
    consts: &mut Consts<'_, '_>,
) -> Result<()> {
    match test {
        Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::JumpIfFalseOrPop | Op::JumpIfTrueOrPop => {
            let value = consts.value(&instrs[i])?;
            let is_true = fold::is_true(consts.cache, value);
            let pops = matches!(test, Op::PopJumpIfFalse | Op::PopJumpIfTrue);
            let jumps = is_true == matches!(test, Op::PopJumpIfTrue | Op::JumpIfTrueOrPop);
            if pops || !jumps {
                instrs[i].set_nop();
            }
            if jumps {
                instrs[i + 1].op = Op::Jump;
            } else {
                instrs[i + 1].set_nop();
            }
        }
        Op::IsOp if consts.value(&instrs[i])? == ConstCache::NONE => {
            let jump = match instrs.get(i + 2).map(|jump| jump.op) {
                Some(Op::PopJumpIfFalse) => test_arg == 0,
                Some(Op::PopJumpIfTrue) => test_arg != 0,
                _ => return Ok(()),
            };
            instrs[i].set_nop();
            instrs[i + 1].set_nop();
            instrs[i + 2].op = if jump { Op::PopJumpIfNotNone } else { Op::PopJumpIfNone };
        }
        _ => {}
    }
    Ok(())
}
