//! The stack depth on entry of each block, and the greatest depth.

use super::block::{BlockId, Graph, is_block_push, is_scope_exit, is_unconditional_jump};
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::target::Op;

fn invalid(message: &str) -> Box<CompileError> {
    CompileError::new(ErrorKind::ValueError, None, message)
}

fn enter(graph: &mut Graph, id: BlockId, depth: i32, worklist: &mut Vec<BlockId>) -> Result<()> {
    let block = &mut graph[id];
    if block.start_depth >= 0 && block.start_depth != depth {
        return Err(invalid("Invalid CFG, inconsistent stackdepth"));
    }
    if block.start_depth < depth && block.start_depth < 100 {
        block.start_depth = depth;
        worklist.push(id);
    }
    Ok(())
}

/// Follows a block in which only the last instruction may have a target.
fn follow(graph: &mut Graph, id: BlockId, greatest: &mut i32, worklist: &mut Vec<BlockId>) -> Result<()> {
    let target = graph.target;
    let block = &graph[id];
    let (mut before, mut depth) = (block.start_depth, block.start_depth);
    let mut lowest = 0;
    for instr in block.instrs() {
        before = depth;
        *greatest = before.max(*greatest);
        depth += target.op(instr.op).stack_effect(instr.arg, false);
        lowest = depth.min(lowest);
    }
    if lowest < 0 {
        return Err(invalid("Invalid CFG, stack underflow"));
    }
    let mut next = block.next;
    if let Some(&last) = block.last() {
        if graph.is_jump(last.op) && last.op != Op::EndAsyncFor {
            let depth_there = before + target.op(last.op).stack_effect(last.arg, true);
            enter(graph, last.target, depth_there, worklist)?;
        }
        if is_unconditional_jump(last.op) || is_scope_exit(last.op) {
            next = BlockId::NONE;
        }
    }
    if next.is_some() { enter(graph, next, depth, worklist) } else { Ok(()) }
}

/// Mirrors CPython 3.14: `calculate_stackdepth`, which looks at the depth before each instruction only.
pub(super) fn calculate(graph: &mut Graph) -> Result<u32> {
    let mut worklist = graph.start_traversal();
    for block in &mut graph.blocks {
        block.start_depth = i32::MIN;
    }
    let mut greatest = 0;
    enter(graph, BlockId::ENTRY, 0, &mut worklist)?;
    while let Some(id) = worklist.pop() {
        let mut depth = graph[id].start_depth;
        let mut next = graph[id].next;
        if !graph[id].has_set_ups {
            follow(graph, id, &mut greatest, &mut worklist)?;
            continue;
        }
        for i in 0..graph[id].len() {
            let instr = graph[id].instrs()[i];
            let info = graph.info(instr.op);
            let pushes_block = is_block_push(instr.op);
            let after = if pushes_block { depth } else { depth + info.stack_effect(instr.arg, false) };
            if after < 0 {
                return Err(invalid("Invalid CFG, stack underflow"));
            }
            greatest = greatest.max(depth);
            if (pushes_block || graph.is_jump(instr.op)) && instr.op != Op::EndAsyncFor {
                let depth_there = depth + info.stack_effect(instr.arg, true);
                enter(graph, instr.target, depth_there, &mut worklist)?;
            }
            depth = after;
            if is_unconditional_jump(instr.op) || is_scope_exit(instr.op) {
                next = BlockId::NONE;
                break;
            }
        }
        if next.is_some() {
            enter(graph, next, depth, &mut worklist)?;
        }
    }
    graph.worklist = worklist;
    Ok(greatest as u32)
}
