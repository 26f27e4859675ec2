//! From blocks back to a sequence of instructions, the last pseudo-instructions resolved.

use super::block::{Block, BlockId, Graph};
use super::locations::location_in;
use super::op_class::{MIXED_HANDLERS, NOP, PSEUDO, PUSHES_BLOCK};
use super::{malformed, nops};
use crate::diagnostics::Result;
use crate::ir::{ExceptHandlerInfo, FinalInstruction, HandlerChange, Jump, OptimizedCode};
use crate::target::Op;

/// Mirrors CPython 3.14: `convert_pseudo_ops`; up to 3.12 `_PyCfg_ConvertPseudoOps`, which leaves redundant jumps.
pub(super) fn convert_pseudo_ops(graph: &mut Graph) -> Result<()> {
    let classes = graph.classes();
    if graph.has(PSEUDO) {
        let Graph { blocks, code, all_classes, .. } = graph;
        *all_classes |= NOP;
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
                block.classes |= classes[instr.op as usize];
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
    let count = number_instructions(graph);
    let guess_is_index = graph.target.features.jump_guess_is_index;
    let has_handlers = graph.has(PUSHES_BLOCK);
    let mut code = OptimizedCode::reused();
    code.instructions.reserve(count as usize);
    let sequence = graph.locations.sequence.as_slice();
    let mut except = BlockId::NONE;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let instrs = graph.instrs(at);
        let block = &graph[at];
        let start = code.instructions.len();
        if has_handlers {
            // Where all have the same handler, the first one tells.
            let tell = if block.has(MIXED_HANDLERS) { instrs } else { &instrs[..instrs.len().min(1)] };
            for (i, instr) in tell.iter().enumerate() {
                if instr.except != except {
                    except = instr.except;
                    let handler = handler_info(&graph.blocks, except);
                    code.handlers.push(HandlerChange { at: (start + i) as u32, handler });
                }
            }
        }
        code.instructions.extend(instrs.iter().map(|instr| FinalInstruction {
            op: instr.op,
            arg: instr.arg,
            location: location_in(sequence, instr.location),
        }));
        // A jump is the last instruction, or the last but a NOT_TAKEN.
        for (i, instr) in instrs.iter().enumerate().skip(instrs.len().saturating_sub(2)) {
            if !graph.is_jump(instr.op) {
                continue;
            }
            let target = graph[instr.target()].number;
            if target >= count {
                return Err(malformed("jump behind the end"));
            }
            let jump = &mut code.instructions[start + i];
            jump.op = directed(instr.op, target as usize > start + i);
            jump.arg = if guess_is_index { target } else { instr.guess() };
            code.jumps.push(Jump { at: (start + i) as u32, target });
        }
        at = graph[at].next;
    }
    Ok(code)
}

/// Tells each block the number of its first instruction; gives the number of all.
fn number_instructions(graph: &mut Graph) -> u32 {
    let mut count = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut graph[at];
        block.number = count;
        count += block.len() as u32;
        at = block.next;
    }
    count
}

pub(super) fn directed(op: Op, forward: bool) -> Op {
    match op {
        Op::Jump if forward => Op::JumpForward,
        Op::Jump => Op::JumpBackward,
        Op::JumpNoInterrupt if forward => Op::JumpForward,
        Op::JumpNoInterrupt => Op::JumpBackwardNoInterrupt,
        _ => op,
    }
}

pub(super) fn handler_info(blocks: &[Block], except: BlockId) -> Option<ExceptHandlerInfo> {
    except.is_some().then(|| {
        let block = &blocks[except.0 as usize];
        ExceptHandlerInfo {
            target: block.number,
            // The block starts with the exception pushed, and below it the offset where that is asked for.
            depth: (block.start_depth - 1 - block.preserve_lasti as i32).max(0) as u32,
            preserve_lasti: block.preserve_lasti,
        }
    })
}
