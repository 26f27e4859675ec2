//! From blocks back to a sequence of instructions, the last pseudo-instructions resolved.

use super::block::{BlockId, Graph, is_block_push};
use super::{malformed, nops};
use crate::diagnostics::Result;
use crate::ir::{ExceptHandlerInfo, FinalInstruction};
use crate::target::Op;

/// Mirrors CPython 3.14: `convert_pseudo_ops`.
pub(super) fn convert_pseudo_ops(graph: &mut Graph) -> Result<()> {
    for block in &mut graph.blocks {
        for instr in block.instrs_mut() {
            match instr.op {
                Op::LoadClosure => instr.op = Op::LoadFast,
                Op::StoreFastMaybeNull => instr.op = Op::StoreFast,
                op if is_block_push(op) => instr.set_nop(),
                _ => {}
            }
        }
    }
    nops::remove_redundant_nops_and_jumps(graph)
}

/// Writes the blocks one after the other; jumps and handlers become indices, and jumps get their direction.
///
/// Mirrors CPython 3.14: `_PyCfg_ToInstructionSequence`, then `resolve_unconditional_jumps` of assemble.c.
pub(super) fn to_final_instructions(graph: &mut Graph) -> Result<Vec<FinalInstruction>> {
    let mut start = vec![0u32; graph.blocks.len()];
    let mut count = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        start[at.0 as usize] = count;
        count += graph[at].len() as u32;
        at = graph[at].next;
    }
    let mut out = Vec::with_capacity(count as usize);
    // Neighbours nearly always have the same handler.
    let (mut except, mut handler) = (BlockId::NONE, None);
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        for instr in graph[at].instrs() {
            let (mut op, mut arg) = (instr.op, instr.arg);
            if graph.is_jump(op) {
                arg = start[instr.target.0 as usize];
                if arg >= count {
                    return Err(malformed("jump behind the end"));
                }
                let forward = arg as usize > out.len();
                op = match op {
                    Op::Jump if forward => Op::JumpForward,
                    Op::Jump => Op::JumpBackward,
                    Op::JumpNoInterrupt if forward => Op::JumpForward,
                    Op::JumpNoInterrupt => Op::JumpBackwardNoInterrupt,
                    _ => op,
                };
            }
            if instr.except != except {
                except = instr.except;
                handler = except.is_some().then(|| {
                    let block = &graph[except];
                    ExceptHandlerInfo {
                        target: start[except.0 as usize],
                        // The block starts with the exception pushed, and below it the offset where that is asked for.
                        depth: (block.start_depth - 1 - block.preserve_lasti as i32).max(0) as u32,
                        preserve_lasti: block.preserve_lasti,
                    }
                });
            }
            out.push(FinalInstruction { op, arg, location: instr.location, handler });
        }
        at = graph[at].next;
    }
    Ok(out)
}
