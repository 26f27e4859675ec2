//! From blocks back to a sequence of instructions, the last pseudo-instructions resolved.

use super::block::{BlockId, Graph};
use super::op_class::{JUMP, NOP, PSEUDO};
use super::{malformed, nops};
use crate::diagnostics::Result;
use crate::ir::{ExceptHandlerInfo, FinalInstruction};
use crate::target::Op;

/// Mirrors CPython 3.14: `convert_pseudo_ops`; up to 3.12 `_PyCfg_ConvertPseudoOps`, which leaves redundant jumps.
pub(super) fn convert_pseudo_ops(graph: &mut Graph) -> Result<()> {
    let classes = graph.classes();
    if graph.has(PSEUDO) {
        let Graph { blocks, code, .. } = graph;
        for block in blocks.iter_mut().filter(|block| block.has(PSEUDO)) {
            for instr in &mut code[block.range()] {
                if classes[instr.op as usize] & PSEUDO == 0 {
                    continue;
                }
                match instr.op {
                    Op::LoadClosure => instr.op = Op::LoadFast,
                    Op::StoreFastMaybeNull => instr.op = Op::StoreFast,
                    _ => instr.set_nop(),
                }
                block.classes |= NOP;
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
pub(super) fn to_final_instructions(graph: &Graph) -> Result<Vec<FinalInstruction>> {
    let mut start = vec![0u32; graph.blocks.len()];
    let mut count = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        start[at.0 as usize] = count;
        let block = &graph[at];
        count += block.len() as u32;
        at = block.next;
    }
    let guess_is_index = graph.target.features.jump_guess_is_index;
    let classes = graph.classes();
    let mut out = Vec::with_capacity(count as usize);
    // Neighbours nearly always have the same handler.
    let (mut except, mut handler) = (BlockId::NONE, None);
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        for instr in graph.instrs(at) {
            if instr.except != except {
                except = instr.except;
                handler = handler_info(graph, except, &start);
            }
            let location = graph.locations.get(instr.location);
            if classes[instr.op as usize] & JUMP == 0 {
                let (op, arg) = (instr.op, instr.arg);
                out.push(FinalInstruction { op, arg, location, handler, guess: arg });
                continue;
            }
            let arg = start[instr.target().0 as usize];
            if arg >= count {
                return Err(malformed("jump behind the end"));
            }
            let op = directed(instr.op, arg as usize > out.len());
            let guess = if guess_is_index { arg } else { instr.guess() };
            out.push(FinalInstruction { op, arg, location, handler, guess });
        }
        at = graph[at].next;
    }
    Ok(out)
}

fn directed(op: Op, forward: bool) -> Op {
    match op {
        Op::Jump if forward => Op::JumpForward,
        Op::Jump => Op::JumpBackward,
        Op::JumpNoInterrupt if forward => Op::JumpForward,
        Op::JumpNoInterrupt => Op::JumpBackwardNoInterrupt,
        _ => op,
    }
}

fn handler_info(graph: &Graph, except: BlockId, start: &[u32]) -> Option<ExceptHandlerInfo> {
    except.is_some().then(|| {
        let block = &graph[except];
        ExceptHandlerInfo {
            target: start[except.0 as usize],
            // The block starts with the exception pushed, and below it the offset where that is asked for.
            depth: (block.start_depth - 1 - block.preserve_lasti as i32).max(0) as u32,
            preserve_lasti: block.preserve_lasti,
        }
    })
}
