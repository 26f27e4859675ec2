//! From blocks back to a sequence of instructions, the last pseudo-instructions resolved.

use super::block::{BlockId, Graph, is_block_push};
use super::{malformed, nops};
use crate::diagnostics::Result;
use crate::ir::{ExceptHandlerInfo, FinalInstruction, HandlerChange, Jump, OptimizedCode};
use crate::target::Op;

/// Mirrors CPython 3.14: `convert_pseudo_ops`; up to 3.12 `_PyCfg_ConvertPseudoOps`, which leaves redundant jumps.
pub(super) fn convert_pseudo_ops(graph: &mut Graph) -> Result<()> {
    let closure_is_pseudo = graph.info(Op::LoadClosure).is_pseudo();
    for block in &mut graph.blocks {
        for instr in block.instrs_mut() {
            match instr.op {
                Op::LoadClosure if closure_is_pseudo => instr.op = Op::LoadFast,
                Op::StoreFastMaybeNull => instr.op = Op::StoreFast,
                Op::PopBlock => instr.set_nop(),
                op if is_block_push(op) => instr.set_nop(),
                _ => {}
            }
        }
    }
    if !graph.target.features.lines_are_resolved_first {
        nops::remove_redundant_nops(graph);
        return Ok(());
    }
    nops::remove_redundant_nops_and_jumps(graph)
}

/// Writes the blocks one after the other; jumps and handlers become indices, and jumps get their direction.
///
/// Mirrors CPython 3.14: `_PyCfg_ToInstructionSequence`, then `resolve_unconditional_jumps` of assemble.c.
pub(super) fn to_final_instructions(graph: &mut Graph) -> Result<OptimizedCode> {
    let mut start = vec![0u32; graph.blocks.len()];
    let mut count = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        start[at.0 as usize] = count;
        count += graph[at].len() as u32;
        at = graph[at].next;
    }
    let guess_is_index = graph.target.features.jump_guess_is_index;
    let mut code = OptimizedCode::reused();
    let out = &mut code.instructions;
    out.reserve(count as usize);
    // Neighbours nearly always have the same handler.
    let mut except = BlockId::NONE;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        for instr in graph[at].instrs() {
            let (mut op, mut arg) = (instr.op, instr.arg);
            if graph.is_jump(op) {
                let target = start[instr.target.0 as usize];
                if guess_is_index {
                    arg = target;
                }
                if target >= count {
                    return Err(malformed("jump behind the end"));
                }
                let forward = target as usize > out.len();
                op = match op {
                    Op::Jump if forward => Op::JumpForward,
                    Op::Jump => Op::JumpBackward,
                    Op::JumpNoInterrupt if forward => Op::JumpForward,
                    Op::JumpNoInterrupt => Op::JumpBackwardNoInterrupt,
                    _ => op,
                };
                code.jumps.push(Jump { at: out.len() as u32, target });
            }
            if instr.except != except {
                except = instr.except;
                let handler = except.is_some().then(|| {
                    let block = &graph[except];
                    ExceptHandlerInfo {
                        target: start[except.0 as usize],
                        // The block starts with the exception pushed, and below it the offset where that is asked for.
                        depth: (block.start_depth - 1 - block.preserve_lasti as i32).max(0) as u32,
                        preserve_lasti: block.preserve_lasti,
                    }
                });
                code.handlers.push(HandlerChange { at: out.len() as u32, handler });
            }
            out.push(FinalInstruction { op, arg, location: instr.location });
        }
        at = graph[at].next;
    }
    Ok(code)
}
