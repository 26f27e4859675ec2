//! Jumps: blocks copied to where they are jumped to, redundant jumps, jumps to jumps, and their final shape.

use super::block::{BlockId, Graph, Instr, is_unconditional_jump};
use super::malformed;
use crate::diagnostics::Result;
use crate::target::Op;

/// The longest exit that is copied to a place that jumps to it.
const MAX_COPY_SIZE: usize = 4;

/// Replaces jumps to small exits, and to blocks without lines, by what they jump to.
///
/// Mirrors CPython 3.14: `inline_small_or_no_lineno_blocks`.
pub(super) fn inline_small_or_no_lineno_blocks(graph: &mut Graph) -> Result<()> {
    // Blocks without a line that jump in a circle would be copied for ever; code generation does not write such.
    let mut budget = 64 + 16 * graph.blocks.len();
    loop {
        let mut changed = false;
        let mut at = BlockId::ENTRY;
        while at.is_some() {
            if inline_target(graph, at) {
                changed = true;
                budget -= 1;
                if budget == 0 {
                    return Err(malformed("endless loop without a line"));
                }
            }
            at = graph[at].next;
        }
        if !changed {
            return Ok(());
        }
    }
}

fn inline_target(graph: &mut Graph, id: BlockId) -> bool {
    let Some(&last) = graph[id].last() else { return false };
    if !is_unconditional_jump(last.op) || last.target == id {
        return false;
    }
    let target = &graph[last.target];
    let small_exit = target.exits_scope() && target.len() <= MAX_COPY_SIZE;
    let no_line = target.no_fallthrough() && target.has_no_line();
    if !small_exit && !no_line {
        return false;
    }
    let instrs = target.instrs().to_vec();
    let block = &mut graph[id];
    if let Some(jump) = block.last_mut() {
        jump.set_nop();
    }
    block.extend_from(&instrs);
    // A jump that checks for signals must not become one that does not.
    if no_line
        && last.op == Op::Jump
        && let Some(end) = block.last_mut()
        && is_unconditional_jump(end.op)
    {
        end.op = Op::Jump;
    }
    graph[last.target].predecessors -= 1;
    true
}

/// Replaces jumps to small exits by these, once for each block. Mirrors CPython 3.12: `inline_small_exit_blocks`.
pub(super) fn inline_small_exits(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if let Some(&last) = graph[at].last()
            && is_unconditional_jump(last.op)
            && graph[last.target].exits_scope()
            && graph[last.target].len() <= MAX_COPY_SIZE
        {
            let instrs = graph[last.target].instrs().to_vec();
            let block = &mut graph[at];
            if let Some(jump) = block.last_mut() {
                jump.set_nop();
            }
            block.extend_from(&instrs);
        }
        at = graph[at].next;
    }
}

/// Turns jumps to the next instruction to `NOP`s and says how many. Mirrors CPython 3.14: `remove_redundant_jumps`.
pub(super) fn remove_redundant_jumps(graph: &mut Graph) -> Result<usize> {
    let mut removed = 0;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if let Some(&last) = graph[at].last()
            && is_unconditional_jump(last.op)
        {
            let target = graph.next_nonempty(last.target);
            if !target.is_some() {
                return Err(malformed("jump with NULL target"));
            }
            if target == graph.next_nonempty(graph[at].next) {
                removed += 1;
                if let Some(jump) = graph[at].last_mut() {
                    jump.set_nop();
                }
            }
        }
        at = graph[at].next;
    }
    Ok(removed)
}

/// Makes the jump that ends a block go where the jump that it goes to goes. Mirrors CPython 3.14: `jump_thread`.
pub(super) fn thread(graph: &mut Graph, id: BlockId, index: usize, through: Instr, op: Op) -> bool {
    let jump = &mut graph[id].instrs_mut()[index];
    if jump.target == through.target {
        return false;
    }
    let except = jump.except;
    jump.set_nop();
    graph[id].push(op, 0, through.location, through.target);
    if graph.target.features.added_jumps_keep_handler
        && let Some(added) = graph[id].last_mut()
    {
        added.except = except;
    }
    true
}

/// The same where the instruction itself is changed, and only if no line is lost. Mirrors CPython 3.12: `jump_thread`.
pub(super) fn thread_in_place(graph: &mut Graph, id: BlockId, index: usize, through: Instr) -> bool {
    let jump = &mut graph[id].instrs_mut()[index];
    let same_line = jump.line() == through.line() || through.line() < 0;
    if !same_line || jump.target == through.target {
        return false;
    }
    jump.target = through.target;
    true
}

/// Writes out the jumps that leave their condition on the stack.
///
/// Mirrors CPython 3.14: `convert_pseudo_conditional_jumps`.
pub(super) fn convert_pseudo_conditional_jumps(graph: &mut Graph) {
    for block in &mut graph.blocks {
        let end = block.len();
        let Some(last) = block.last_mut() else { continue };
        last.op = match last.op {
            Op::JumpIfFalse => Op::PopJumpIfFalse,
            Op::JumpIfTrue => Op::PopJumpIfTrue,
            _ => continue,
        };
        let (location, except) = (last.location, last.except);
        block.insert(end - 1, Instr { except, ..Instr::new(Op::Copy, 1, location) });
        block.insert(end, Instr { except, ..Instr::new(Op::ToBool, 0, location) });
    }
}

fn reversed(op: Op) -> Option<Op> {
    Some(match op {
        Op::PopJumpIfNotNone => Op::PopJumpIfNone,
        Op::PopJumpIfNone => Op::PopJumpIfNotNone,
        Op::PopJumpIfFalse => Op::PopJumpIfTrue,
        Op::PopJumpIfTrue => Op::PopJumpIfFalse,
        _ => return None,
    })
}

/// Makes every conditional jump go forward, with a jump back behind it where it went back.
///
/// Mirrors CPython 3.14: `normalize_jumps`.
pub(super) fn normalize_jumps(graph: &mut Graph) {
    for block in &mut graph.blocks {
        block.visited = false;
    }
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        graph[at].visited = true;
        if let Some(&last) = graph[at].last()
            && let Some(reverse) = reversed(last.op)
        {
            normalize(graph, at, last, reverse);
        }
        at = graph[at].next;
    }
}

fn normalize(graph: &mut Graph, id: BlockId, last: Instr, reverse: Op) {
    let marks_not_taken = graph.target.has(Op::NotTaken);
    if !graph[last.target].visited {
        if marks_not_taken {
            graph[id].push(Op::NotTaken, 0, last.location, BlockId::NONE);
            inherit_handler(graph, id, last);
        }
        return;
    }
    let back = graph.add_block();
    let next = graph[id].next;
    let (start_depth, label, cold) = (graph[last.target].start_depth, graph[last.target].label, graph[id].cold);
    let block = &mut graph[back];
    if marks_not_taken {
        block.push(Op::NotTaken, 0, last.location, BlockId::NONE);
    }
    block.push(Op::Jump, label, last.location, last.target);
    block.start_depth = start_depth;
    block.cold = cold;
    block.next = next;
    inherit_handler(graph, back, last);
    let block = &mut graph[id];
    block.next = back;
    if let Some(jump) = block.last_mut() {
        jump.op = reverse;
        jump.target = next;
    }
}

/// Gives what stands behind a conditional jump its handler, in releases that do so.
fn inherit_handler(graph: &mut Graph, id: BlockId, jump: Instr) {
    if graph.target.features.added_jumps_keep_handler {
        let instrs = graph[id].instrs_mut();
        let start = instrs.iter().rposition(|instr| instr.op == Op::NotTaken).unwrap_or(0);
        for instr in &mut instrs[start..] {
            instr.except = jump.except;
        }
    }
}
