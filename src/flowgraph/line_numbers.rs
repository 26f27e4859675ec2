//! Locations for instructions that have none: from the instruction before, where only one can be before.

use super::block::{BlockId, Graph};
use crate::source::Location;

/// Mirrors CPython 3.14: `resolve_line_numbers`.
pub(super) fn resolve(graph: &mut Graph) {
    duplicate_exits_without_line(graph);
    propagate_line_numbers(graph);
}

fn is_exit_or_eval_check_without_line(graph: &Graph, id: BlockId) -> bool {
    let block = &graph[id];
    block.has_no_line() && (block.exits_scope() || block.has_eval_break())
}

/// Gives every jump to an exit without a line a copy of that exit, which can then take the jump's line (PEP 626).
///
/// Mirrors CPython 3.14: `duplicate_exits_without_lineno`.
fn duplicate_exits_without_line(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        if let Some(&last) = graph[at].last()
            && graph.is_jump(last.op)
        {
            let target = graph.next_nonempty(last.target);
            if target.is_some() && graph[target].predecessors > 1 && is_exit_or_eval_check_without_line(graph, target) {
                let copy = graph.add_block();
                let instrs = graph[target].instrs().to_vec();
                graph[copy].extend_from(&instrs);
                graph[copy].instrs_mut_but_no_nops()[0].location = last.location;
                if let Some(last) = graph[at].last_mut() {
                    last.target = copy;
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
            && graph[at].has_fallthrough()
            && let Some(last) = graph[at].last()
        {
            let location = last.location;
            if is_exit_or_eval_check_without_line(graph, next)
                && let Some(first) = graph[next].instrs_mut_but_no_nops().first_mut()
            {
                first.location = location;
            }
        }
        at = next;
    }
}

/// Mirrors CPython 3.14: `propagate_line_numbers`.
fn propagate_line_numbers(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut graph[at];
        let next = block.next;
        let mut previous = Location::NONE;
        for instr in block.instrs_mut_but_no_nops() {
            if instr.line() == Location::NONE.line {
                instr.location = previous;
            } else {
                previous = instr.location;
            }
        }
        if let Some(&last) = graph[at].last() {
            if next.is_some() && graph[at].has_fallthrough() {
                inherit(graph, next, previous);
            }
            if graph.is_jump(last.op) {
                let mut target = last.target;
                if graph.target.features.lines_pass_empty_blocks {
                    while graph[target].is_empty() && graph[target].predecessors == 1 && graph[target].next.is_some() {
                        target = graph[target].next;
                    }
                }
                inherit(graph, target, previous);
            }
        }
        at = next;
    }
}

/// Gives the first instruction of a block its only predecessor's location, if it has none.
fn inherit(graph: &mut Graph, id: BlockId, location: Location) {
    let block = &mut graph[id];
    if block.predecessors == 1
        && let Some(first) = block.instrs_mut_but_no_nops().first_mut()
        && first.line() == Location::NONE.line
    {
        first.location = location;
    }
}
