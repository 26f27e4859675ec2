//! Blocks that leave the code object: copies of them, and the lines that these get, as the passes before 3.12 find them.

use super::block::{BlockId, Graph};
use crate::source::Location;
use crate::target::Op;

/// The longest exit that is copied to a place that jumps to it.
const MAX_COPY_SIZE: usize = 4;

/// Replaces jumps to small exits without a line by these, the block made last first. Mirrors CPython 3.11: `extend_block`.
pub(super) fn extend_blocks(graph: &mut Graph) {
    for at in (0..graph.blocks.len()).rev() {
        let Some(&last) = graph.blocks[at].last() else { continue };
        if last.op != Op::Jump {
            continue;
        }
        let target = &graph[last.target];
        let has_line = target.instrs().iter().any(|instr| instr.line() > 0);
        if !target.exits_scope() || target.len() > MAX_COPY_SIZE || has_line {
            continue;
        }
        let instrs = target.instrs().to_vec();
        let block = &mut graph.blocks[at];
        if let Some(jump) = block.last_mut() {
            jump.set_nop();
        }
        block.extend_from(&instrs);
    }
}

fn is_exit_without_line(graph: &Graph, id: BlockId) -> bool {
    graph[id].exits_scope() && graph[id].has_no_line()
}

/// Gives every jump to an exit without a line a copy of that exit, which can then take the jump's line (PEP 626).
///
/// Mirrors CPython 3.11: `duplicate_exits_without_lineno`, which goes over the blocks from the one made last.
pub(super) fn duplicate_without_line(graph: &mut Graph) {
    let count = graph.blocks.len();
    for at in (0..count).rev() {
        let Some(&last) = graph.blocks[at].last() else { continue };
        if !graph.is_jump(last.op) || graph[last.target].predecessors <= 1 || !is_exit_without_line(graph, last.target)
        {
            continue;
        }
        let copy = graph.add_block();
        let instrs = graph[last.target].instrs().to_vec();
        let block = &mut graph[copy];
        block.extend_from(&instrs);
        block.instrs_mut()[0].location = last.location;
        block.predecessors = 1;
        graph[copy].next = graph[last.target].next;
        graph[last.target].next = copy;
        graph[last.target].predecessors -= 1;
        if let Some(last) = graph.blocks[at].last_mut() {
            last.target = copy;
        }
    }
    for at in 0..graph.blocks.len() {
        let mut next = graph.blocks[at].next;
        while next.is_some() && graph[next].is_empty() {
            next = graph[next].next;
        }
        graph.blocks[at].next = next;
    }
    for at in (0..graph.blocks.len()).rev() {
        let block = &graph.blocks[at];
        let next = block.next;
        if !next.is_some() || block.no_fallthrough() || !is_exit_without_line(graph, next) {
            continue;
        }
        if let Some(last) = graph.blocks[at].last() {
            let location = last.location;
            graph[next].instrs_mut()[0].location = location;
        }
    }
}

/// Mirrors CPython 3.11: `propagate_line_numbers`.
pub(super) fn propagate_lines(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut graph[at];
        let next = block.next;
        let mut previous = Location::NONE;
        for instr in block.instrs_mut() {
            if instr.line() < 0 {
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
                inherit(graph, last.target, previous);
            }
        }
        at = next;
    }
}

/// Gives the first instruction of a block its only predecessor's location, if it has none.
fn inherit(graph: &mut Graph, id: BlockId, location: Location) {
    let block = &mut graph[id];
    if block.predecessors == 1
        && let Some(first) = block.instrs_mut().first_mut()
        && first.line() < 0
    {
        first.location = location;
    }
}

/// Returns that are still without a line get that of the block before. Mirrors CPython 3.11: `guarantee_lineno_for_exits`.
pub(super) fn guarantee_lines(graph: &mut Graph, firstlineno: i32) {
    let mut line = firstlineno;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut graph[at];
        if let Some(&last) = block.last() {
            if last.line() >= 0 {
                line = last.line();
            } else if last.op == Op::ReturnValue {
                for instr in block.instrs_mut() {
                    instr.location.line = line;
                }
            }
        }
        at = block.next;
    }
}
