//! The stack depth on entry of each block, and the greatest depth.

use super::block::{BlockId, Graph, Instr};
use super::op_class::{HAS_TARGET, JUMP, NO_FALLTHROUGH, PUSHES_BLOCK, VARIABLE_EFFECT, depth_effect};
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::object::flags;
use crate::target::Op;

fn invalid(message: &str) -> Box<CompileError> {
    CompileError::new(ErrorKind::ValueError, None, message)
}

#[inline]
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
    let (mut depth, mut next) = (block.start_depth, block.next);
    let (mut lowest, mut highest) = (0, *greatest);
    let classes = graph.classes();
    let effect = |instr: &Instr| {
        let class = classes[instr.op as usize];
        if class & VARIABLE_EFFECT == 0 {
            depth_effect(class)
        } else {
            target.op(instr.op).stack_effect(instr.arg, false)
        }
    };
    for instr in graph.instrs(id) {
        highest = depth.max(highest);
        depth += effect(instr);
        lowest = depth.min(lowest);
    }
    *greatest = highest;
    if lowest < 0 {
        return Err(invalid("Invalid CFG, stack underflow"));
    }
    if let Some(&last) = graph.last(id) {
        let class = graph.class(last.op);
        if class & JUMP != 0 && last.op != Op::EndAsyncFor {
            let depth_there = depth - effect(&last) + target.op(last.op).stack_effect(last.arg, true);
            enter(graph, last.target(), depth_there, worklist)?;
        }
        if class & NO_FALLTHROUGH != 0 {
            next = BlockId::NONE;
        }
    }
    if next.is_some() { enter(graph, next, depth, worklist) } else { Ok(()) }
}

/// Mirrors CPython 3.14: `calculate_stackdepth`, which looks at the depth before each instruction only, and 3.12's
/// `_PyCfg_Stackdepth`, which looks at the depth after it and where it jumps.
pub(super) fn calculate(graph: &mut Graph, entry_depth: i32) -> Result<u32> {
    let mut worklist = graph.start_traversal();
    for block in &mut graph.blocks {
        block.start_depth = i32::MIN;
    }
    let counts_before = graph.target.features.stack_depth_counts_before;
    let mut greatest = 0;
    enter(graph, BlockId::ENTRY, entry_depth, &mut worklist)?;
    while let Some(id) = worklist.pop() {
        if counts_before && !graph[id].has(PUSHES_BLOCK) {
            follow(graph, id, &mut greatest, &mut worklist)?;
            continue;
        }
        let mut depth = graph[id].start_depth;
        let mut next = graph[id].next;
        for i in graph[id].range() {
            let instr = graph.code[i];
            let (info, class) = (graph.info(instr.op), graph.class(instr.op));
            let after = if class & PUSHES_BLOCK != 0 { depth } else { depth + info.stack_effect(instr.arg, false) };
            if after < 0 {
                return Err(invalid("Invalid CFG, stack underflow"));
            }
            greatest = greatest.max(if counts_before { depth } else { after });
            if class & HAS_TARGET != 0 && instr.op != Op::EndAsyncFor {
                let depth_there = depth + info.stack_effect(instr.arg, true);
                if !counts_before {
                    greatest = greatest.max(depth_there);
                }
                enter(graph, instr.target(), depth_there, &mut worklist)?;
            }
            depth = after;
            if class & NO_FALLTHROUGH != 0 {
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

/// Mirrors CPython 3.11: `stackdepth`, which looks at the depth behind each instruction, and where it jumps.
pub(super) fn calculate_greatest(graph: &mut Graph, code_flags: u32) -> u32 {
    for block in &mut graph.blocks {
        block.start_depth = i32::MIN;
    }
    let is_generator = code_flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0;
    let mut worklist = Vec::new();
    let mut greatest = 0;
    deepen(graph, BlockId::ENTRY, is_generator as i32, &mut worklist);
    while let Some(id) = worklist.pop() {
        let mut depth = graph[id].start_depth;
        for i in graph[id].range() {
            let instr = graph.code[i];
            let info = graph.info(instr.op);
            let after = depth + info.stack_effect(instr.arg, false);
            greatest = greatest.max(after);
            if graph.has_target(instr.op) {
                let depth_there = depth + info.stack_effect(instr.arg, true);
                greatest = greatest.max(depth_there);
                deepen(graph, instr.target(), depth_there, &mut worklist);
            }
            depth = after;
        }
        let next = graph[id].next;
        if next.is_some() && graph.has_fallthrough(id) {
            deepen(graph, next, depth, &mut worklist);
        }
    }
    greatest as u32
}

fn deepen(graph: &mut Graph, id: BlockId, depth: i32, worklist: &mut Vec<BlockId>) {
    let block = &mut graph[id];
    if block.start_depth < depth && block.start_depth < 100 {
        block.start_depth = depth;
        worklist.push(id);
    }
}
