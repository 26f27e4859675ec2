//! Jumps: blocks copied to where they are jumped to, redundant jumps, jumps to jumps, and their final shape.

use super::block::{BlockId, Graph, Instr};
use super::malformed;
use super::op_class::{JUMP, KEEPS_CONDITION, NO_LINE, UNCONDITIONAL};
use crate::diagnostics::Result;
use crate::target::Op;

/// The longest exit that is copied to a place that jumps to it.
const MAX_COPY_SIZE: usize = 4;

/// Replaces jumps to small exits, and to blocks without lines, by what they jump to.
///
/// Mirrors CPython 3.14: `inline_small_or_no_lineno_blocks`.
pub(super) fn inline_small_or_no_lineno_blocks(graph: &mut Graph) -> Result<()> {
    if !graph.has(UNCONDITIONAL) {
        return Ok(());
    }
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
    if !graph[id].has(UNCONDITIONAL) {
        return false;
    }
    let Some(&last) = graph.last(id) else { return false };
    if graph.class(last.op) & UNCONDITIONAL == 0 || last.target() == id {
        return false;
    }
    let target = last.target();
    let small_exit = graph[target].len() <= MAX_COPY_SIZE && graph.exits_scope(target);
    let no_line = graph[target].has(NO_LINE) && graph.no_fallthrough(target) && graph.has_no_line(target);
    if !small_exit && !no_line {
        return false;
    }
    graph.set_last_nop(id);
    graph.append_block(id, target);
    // A jump that checks for signals must not become one that does not.
    let classes = graph.classes();
    if no_line
        && last.op == Op::Jump
        && let Some(end) = graph.last_mut(id)
        && classes[end.op as usize] & UNCONDITIONAL != 0
    {
        end.op = Op::Jump;
    }
    graph[target].predecessors -= 1;
    true
}

/// Replaces jumps to small exits by these, once for each block. Mirrors CPython 3.12: `inline_small_exit_blocks`.
pub(super) fn inline_small_exits(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if let Some(&last) = graph.last(at)
            && graph.class(last.op) & UNCONDITIONAL != 0
            && graph[last.target()].len() <= MAX_COPY_SIZE
            && graph.exits_scope(last.target())
        {
            graph.set_last_nop(at);
            graph.append_block(at, last.target());
        }
        at = graph[at].next;
    }
}

/// Turns jumps to the next instruction to `NOP`s and says how many. Mirrors CPython 3.14: `remove_redundant_jumps`.
pub(super) fn remove_redundant_jumps(graph: &mut Graph) -> Result<usize> {
    let mut removed = 0;
    if !std::mem::replace(&mut graph.layout_changed, false) || !graph.has(UNCONDITIONAL) {
        return Ok(0);
    }
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].has(UNCONDITIONAL)
            && let Some(target) = graph.exit(at).unconditional_jump()
        {
            let target = graph.next_nonempty(target);
            if !target.is_some() {
                return Err(malformed("jump with NULL target"));
            }
            if target == graph.next_nonempty(graph[at].next) {
                removed += 1;
                graph.set_last_nop(at);
            }
        }
        at = graph[at].next;
    }
    Ok(removed)
}

/// Makes the jump that ends a block go where the jump that it goes to goes. Mirrors CPython 3.14: `jump_thread`.
pub(super) fn thread(graph: &mut Graph, id: BlockId, index: usize, through: Instr, op: Op) -> bool {
    let jump = &mut graph.instrs_mut(id)[index];
    if jump.target() == through.target() {
        return false;
    }
    let except = jump.except;
    jump.set_nop();
    graph.flow_changed = true;
    graph.layout_changed = true;
    graph.push(id, Instr::jump(op, through.target(), through.location));
    if graph.target.features.added_jumps_keep_handler
        && let Some(added) = graph.last_mut(id)
    {
        added.except = except;
    }
    true
}

/// The same where the instruction itself is changed, and only if no line is lost. Mirrors CPython 3.12: `jump_thread`.
pub(super) fn thread_in_place(graph: &mut Graph, id: BlockId, index: usize, through: Instr) -> bool {
    let line = graph.locations.line(through.location);
    let jump = graph.instrs(id)[index];
    let same_line = line < 0 || graph.locations.line(jump.location) == line;
    if !same_line || jump.target() == through.target() {
        return false;
    }
    graph.instrs_mut_but_no_nops(id)[index].set_target(through.target());
    graph.flow_changed = true;
    graph.layout_changed = true;
    true
}

/// Writes out the jumps that leave their condition on the stack.
///
/// Mirrors CPython 3.14: `convert_pseudo_conditional_jumps`.
pub(super) fn convert_pseudo_conditional_jumps(graph: &mut Graph) {
    if !graph.has(KEEPS_CONDITION) {
        return;
    }
    for id in (0..graph.blocks.len() as u32).map(BlockId) {
        if !graph[id].has(KEEPS_CONDITION) {
            continue;
        }
        let Some(last) = graph.last_mut(id) else { continue };
        last.op = match last.op {
            Op::JumpIfFalse => Op::PopJumpIfFalse,
            Op::JumpIfTrue => Op::PopJumpIfTrue,
            _ => continue,
        };
        let (location, except) = (last.location, last.except);
        graph.insert_before_last(id, Instr::new(Op::Copy, 1, location).with_handler(except));
        graph.insert_before_last(id, Instr::new(Op::ToBool, 0, location).with_handler(except));
    }
}

pub(super) fn reversed(op: Op) -> Option<Op> {
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
    if !graph.has(JUMP) {
        return;
    }
    for block in &mut graph.blocks {
        block.visited = false;
    }
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        graph[at].visited = true;
        if graph[at].has(JUMP)
            && let Some(&last) = graph.last(at)
            && let Some(reverse) = reversed(last.op)
        {
            normalize(graph, at, last, reverse);
        }
        at = graph[at].next;
    }
}

fn normalize(graph: &mut Graph, id: BlockId, last: Instr, reverse: Op) {
    let marks_not_taken = graph.target.has(Op::NotTaken);
    let target = last.target();
    if !graph[target].visited {
        if marks_not_taken {
            graph.push(id, Instr::new(Op::NotTaken, 0, last.location));
            inherit_handler(graph, id, last);
        }
        return;
    }
    let back = graph.add_block();
    let next = graph[id].next;
    if marks_not_taken {
        graph.push(back, Instr::new(Op::NotTaken, 0, last.location));
    }
    let (start_depth, label, cold) = (graph[target].start_depth, graph[target].label, graph[id].cold);
    let mut jump = Instr::jump(Op::Jump, target, last.location);
    jump.set_guess(label);
    graph.push(back, jump);
    let block = &mut graph[back];
    block.start_depth = start_depth;
    block.cold = cold;
    block.next = next;
    inherit_handler(graph, back, last);
    graph[id].next = back;
    if let Some(jump) = graph.last_mut(id) {
        jump.op = reverse;
        jump.set_target(next);
    }
}

/// Gives what stands behind a conditional jump its handler, in releases that do so.
fn inherit_handler(graph: &mut Graph, id: BlockId, jump: Instr) {
    if graph.target.features.added_jumps_keep_handler {
        let instrs = graph.instrs_mut_but_no_nops(id);
        let start = instrs.iter().rposition(|instr| instr.op == Op::NotTaken).unwrap_or(0);
        for instr in &mut instrs[start..] {
            instr.except = jump.except;
        }
    }
}
