//! Blocks that leave the code object: copies of them, and the lines that these get, as the passes before 3.12 find them.

use super::block::{BlockId, Graph};
use super::locations::LocationId;
use crate::target::Op;

/// The longest exit that is copied to a place that jumps to it.
const MAX_COPY_SIZE: usize = 4;

/// Replaces jumps to small exits without a line by these, the block made last first. Mirrors CPython 3.11: `extend_block`.
pub(super) fn extend_blocks(graph: &mut Graph) {
    for at in (0..graph.blocks.len() as u32).rev() {
        let at = BlockId(at);
        let Some(&last) = graph.last(at) else { continue };
        if last.op != Op::Jump {
            continue;
        }
        let target = last.target();
        let has_line = graph.instrs(target).iter().any(|instr| graph.locations.line(instr.location) > 0);
        if !graph.exits_scope(target) || graph[target].len() > MAX_COPY_SIZE || has_line {
            continue;
        }
        graph.set_last_nop(at);
        graph.append_block(at, target);
    }
}

fn is_exit_without_line(graph: &Graph, id: BlockId) -> bool {
    graph.exits_scope(id) && graph.has_no_line(id)
}

/// Gives every jump to an exit without a line a copy of that exit, which can then take the jump's line (PEP 626).
///
/// Mirrors CPython 3.11: `duplicate_exits_without_lineno`, which goes over the blocks from the one made last.
pub(super) fn duplicate_without_line(graph: &mut Graph) {
    for at in (0..graph.blocks.len() as u32).rev() {
        let at = BlockId(at);
        let Some(&last) = graph.last(at) else { continue };
        let target = last.target();
        if !graph.is_jump(last.op) || graph[target].predecessors <= 1 || !is_exit_without_line(graph, target) {
            continue;
        }
        let copy = graph.add_block();
        graph.append_block(copy, target);
        graph.instrs_mut_but_no_nops(copy)[0].location = last.location;
        graph[copy].predecessors = 1;
        graph[copy].next = graph[target].next;
        graph[target].next = copy;
        graph[target].predecessors -= 1;
        if let Some(last) = graph.last_mut(at) {
            last.set_target(copy);
        }
    }
    for at in 0..graph.blocks.len() {
        graph.blocks[at].next = graph.next_nonempty(graph.blocks[at].next);
    }
    for at in (0..graph.blocks.len() as u32).rev() {
        let at = BlockId(at);
        let next = graph[at].next;
        if !next.is_some() || graph.no_fallthrough(at) || !is_exit_without_line(graph, next) {
            continue;
        }
        if let Some(&last) = graph.last(at) {
            graph.instrs_mut_but_no_nops(next)[0].location = last.location;
        }
    }
}

/// Mirrors CPython 3.11: `propagate_line_numbers`.
pub(super) fn propagate_lines(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let Graph { blocks, code, locations, .. } = graph;
        let mut previous = LocationId::NONE;
        for instr in &mut code[blocks[at.0 as usize].range()] {
            if locations.line(instr.location) < 0 {
                instr.location = previous;
            } else {
                previous = instr.location;
            }
        }
        let next = graph[at].next;
        if let Some(&last) = graph.last(at) {
            if next.is_some() && graph.has_fallthrough(at) {
                inherit(graph, next, previous);
            }
            if graph.is_jump(last.op) {
                inherit(graph, last.target(), previous);
            }
        }
        at = next;
    }
}

/// Gives the first instruction of a block its only predecessor's location, if it has none.
fn inherit(graph: &mut Graph, id: BlockId, location: LocationId) {
    if graph[id].predecessors == 1
        && let Some(first) = graph.first(id)
        && graph.locations.line(first.location) < 0
    {
        graph.instrs_mut_but_no_nops(id)[0].location = location;
    }
}
