//! Locations for instructions that have none: from the instruction before, where only one can be before.

use super::block::{BlockId, Graph};
use super::locations::LocationId;
use super::op_class::NO_LINE;
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
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if let Some(&last) = graph.last(at)
            && graph.is_jump(last.op)
        {
            let target = graph.next_nonempty(last.target());
            if target.is_some() && graph[target].predecessors > 1 && is_exit_or_eval_check_without_line(graph, target) {
                let copy = graph.add_block();
                graph.append_block(copy, target);
                graph.instrs_mut_but_no_nops(copy)[0].location = last.location;
                if let Some(last) = graph.last_mut(at) {
                    last.set_target(copy);
                }
                graph[target].predecessors -= 1;
                graph[copy].predecessors = 1;
                graph[copy].next = graph[target].next;
                graph[copy].labelled = true;
                graph[target].next = copy;
            }
        }
        at = graph[at].next;
    }
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let next = graph[at].next;
        if next.is_some()
            && graph[next].has(NO_LINE)
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

/// Mirrors CPython 3.14: `propagate_line_numbers`.
fn propagate_line_numbers(graph: &mut Graph) {
    let passes_empty_blocks = graph.target.features.lines_pass_empty_blocks;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if graph[at].has(NO_LINE) {
            let Graph { blocks, code, .. } = graph;
            let mut previous = LocationId::NONE;
            for instr in &mut code[blocks[at.0 as usize].range()] {
                if instr.location == LocationId::NONE {
                    instr.location = previous;
                } else {
                    previous = instr.location;
                }
            }
        }
        let next = graph[at].next;
        // By now the last instruction has the location that is handed on.
        if let Some(&last) = graph.last(at) {
            if next.is_some() && graph[next].has(NO_LINE) && graph.has_fallthrough(at) {
                inherit(graph, next, last.location);
            }
            if graph.is_jump(last.op) {
                let mut target = last.target();
                if passes_empty_blocks {
                    while graph[target].is_empty() && graph[target].predecessors == 1 && graph[target].next.is_some() {
                        target = graph[target].next;
                    }
                }
                inherit(graph, target, last.location);
            }
        }
        at = next;
    }
}

/// Gives the first instruction of a block its only predecessor's location, if it has none.
fn inherit(graph: &mut Graph, id: BlockId, location: LocationId) {
    if graph[id].predecessors == 1
        && graph[id].has(NO_LINE)
        && let Some(first) = graph.instrs_mut_but_no_nops(id).first_mut()
        && first.location == LocationId::NONE
    {
        first.location = location;
    }
}
