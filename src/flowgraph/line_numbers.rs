//! Locations for instructions that have none: from the instruction before, where only one can be before.

use super::block::{Block, BlockId, Graph, View};
use super::locations::LocationId;
use super::op_class::{EVAL_BREAK, EXITS, JUMP, NEXT_LINE, NO_LINE};
use crate::source::Location;
use crate::target::Op;

/// Mirrors CPython 3.14: `resolve_line_numbers`.
pub(super) fn resolve(graph: &mut Graph) {
    if graph.has(NO_LINE) {
        duplicate_exits_without_line(graph);
        propagate_line_numbers(graph);
    }
}

/// Gives exits that still have no line that of the block before, or the first of the code.
///
/// Mirrors CPython 3.12 and 3.11: `guarantee_lineno_for_exits`, which knows one instruction of those that return.
pub(super) fn guarantee_for_exits(graph: &mut Graph, first_line: i32) {
    let mut line = first_line;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if let Some(&last) = graph.last(at) {
            let last_line = graph.locations.line(last.location);
            if last_line >= 0 {
                line = last_line;
            } else if last.op == Op::ReturnValue {
                let Graph { blocks, code, locations, .. } = graph;
                for instr in &mut code[blocks[at.0 as usize].range()] {
                    let location = locations.get(instr.location);
                    instr.location = locations.add(Location { line, ..location });
                }
            }
        }
        at = graph[at].next;
    }
}

fn is_exit_or_eval_check_without_line(graph: &Graph, id: BlockId) -> bool {
    let checks_count = graph.target.features.lines_are_resolved_first;
    graph[id].has(NO_LINE)
        && graph.has_no_line(id)
        && (graph.exits_scope(id) || (checks_count && graph.has_eval_break(id)))
}

/// Gives every jump to an exit without a line a copy of that exit, which can then take the jump's line (PEP 626).
///
/// Mirrors CPython 3.14: `duplicate_exits_without_lineno`.
fn duplicate_exits_without_line(graph: &mut Graph) {
    let is_shared_exit = |block: &Block| lacks_line_of_exit(block) & (block.predecessors > 1);
    if graph.has(JUMP) && graph.blocks.iter().any(is_shared_exit) {
        let mut at = BlockId::ENTRY;
        while at.is_some() {
            if graph[at].has(JUMP)
                && let Some(target) = graph.exit(at).jump()
            {
                let target = graph.next_nonempty(target);
                if target.is_some()
                    && is_shared_exit(&graph[target])
                    && is_exit_or_eval_check_without_line(graph, target)
                {
                    duplicate(graph, at, target);
                }
            }
            at = graph[at].next;
        }
    }
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let next = graph[at].next;
        if next.is_some()
            && lacks_line_of_exit(&graph[next])
            && graph.has_fallthrough(at)
            && is_exit_or_eval_check_without_line(graph, next)
            && let Some(&last) = graph.last(at)
            && let Some(first) = graph.instrs_mut_but_no_nops(next).first_mut()
        {
            first.location = last.location;
        }
        at = next;
    }
}

/// Whether [`is_exit_or_eval_check_without_line`] may be true of a block.
#[inline(always)]
fn lacks_line_of_exit(block: &Block) -> bool {
    block.has(NO_LINE) & block.has(EXITS | EVAL_BREAK)
}

/// Makes the jump at the end of a block go to a copy of its target.
fn duplicate(graph: &mut Graph, id: BlockId, target: BlockId) {
    let Some(&jump) = graph.last(id) else { return };
    let copy = graph.add_block();
    graph.append_block(copy, target);
    graph.instrs_mut_but_no_nops(copy)[0].location = jump.location;
    if let Some(jump) = graph.last_mut(id) {
        jump.set_target(copy);
    }
    graph[target].predecessors -= 1;
    graph[copy].predecessors = 1;
    graph[copy].next = graph[target].next;
    graph[copy].labelled = true;
    graph[target].next = copy;
}

/// Mirrors CPython 3.14: `propagate_line_numbers`.
fn propagate_line_numbers(graph: &mut Graph) {
    let passes_empty_blocks = graph.target.features.lines_pass_empty_blocks;
    graph.all_classes &= !NO_LINE;
    let hands_on = graph.blocks.iter().any(lacks_only);
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].has(NO_LINE) {
            fill_lines(graph, at);
        }
        if !hands_on {
            at = graph[at].next;
            continue;
        }
        let mut view = graph.view();
        let (next, exit) = (view[at].next, view.exit(at));
        // By now the last instruction has the location that is handed on.
        if next.is_some()
            && lacks_only(&view[next]) & exit.falls_through()
            && let Some(last) = view.instrs(at).last()
        {
            let location = last.location;
            inherit(&mut view, next, location);
        }
        let target = &view[exit.target_or(at)];
        let hands_on = lacks_only(target) | (target.is_empty() & passes_empty_blocks);
        if exit.jumps() & hands_on
            && let (Some(mut target), Some(last)) = (exit.jump(), view.instrs(at).last())
        {
            let location = last.location;
            if passes_empty_blocks {
                while view[target].is_empty() && view[target].predecessors == 1 && view[target].next.is_some() {
                    target = view[target].next;
                }
            }
            inherit(&mut view, target, location);
        }
        at = next;
    }
}

/// Whether a block may lack lines and has one predecessor, from which it would take them. A handler is reached by exceptions.
#[inline(always)]
fn lacks_only(block: &Block) -> bool {
    block.has(NO_LINE) & (block.predecessors == 1) & !block.except_handler
}

/// Gives each instruction of a block without a line the location of the one before.
fn fill_lines(graph: &mut Graph, id: BlockId) {
    let Graph { blocks, code, .. } = graph;
    let block = &mut blocks[id.0 as usize];
    let instrs = &mut code[block.range()];
    let mut previous = LocationId::NONE;
    for instr in instrs.iter_mut() {
        previous = if instr.location == LocationId::NONE { previous } else { instr.location };
        instr.location = previous;
    }
    let lacks_line = instrs.first().is_some_and(|first| first.location == LocationId::NONE);
    if lacks_line || block.has(NEXT_LINE) {
        graph.all_classes |= NO_LINE;
    } else {
        block.classes &= !NO_LINE;
    }
}

/// Gives the first instruction of a block its only predecessor's location, if it has none.
#[inline]
fn inherit(view: &mut View<'_>, id: BlockId, location: LocationId) {
    if lacks_only(&view[id])
        && let Some(first) = view.instrs_mut(id).first_mut()
        && first.location == LocationId::NONE
    {
        first.location = location;
    }
}
