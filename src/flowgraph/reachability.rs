//! Which blocks control can reach, and whether the graph is one at all.

use super::block::{BlockId, Graph};
use super::malformed;
use super::op_class::PUSHES_BLOCK;
use crate::diagnostics::Result;

/// Refuses a graph with a jump or an exit in the middle of a block. Mirrors CPython 3.14: `check_cfg`.
pub(super) fn check_cfg(graph: &Graph) -> Result<()> {
    // The graph's builder ends a block behind each such instruction, so that only a fault of this program is found here.
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    for id in (0..graph.blocks.len() as u32).map(BlockId) {
        if let Some((_, rest)) = graph.instrs(id).split_last()
            && rest.iter().any(|instr| graph.is_terminator(instr.op))
        {
            return Err(malformed("malformed control flow graph."));
        }
    }
    Ok(())
}

/// Puts a block on the worklist unless it was taken from there, as 3.12's `mark_reachable` does: it may be there twice.
fn visit_when_popped(graph: &mut Graph, id: BlockId, worklist: &mut Vec<BlockId>) {
    if !graph[id].visited {
        worklist.push(id);
    }
}

/// Counts each block's predecessors and empties the blocks that have none. Mirrors CPython 3.14: `remove_unreachable`.
pub(super) fn remove_unreachable(graph: &mut Graph) {
    let mut worklist = graph.start_traversal();
    for block in &mut graph.blocks {
        block.predecessors = 0;
    }
    graph[BlockId::ENTRY].predecessors = 1;
    let reach = if graph.target.features.predecessors_count_once { Graph::visit } else { visit_when_popped };
    reach(graph, BlockId::ENTRY, &mut worklist);
    while let Some(id) = worklist.pop() {
        graph[id].visited = true;
        let next = graph[id].next;
        if next.is_some() && graph.has_fallthrough(id) {
            reach(graph, next, &mut worklist);
            graph[next].predecessors += 1;
        }
        if graph[id].has(PUSHES_BLOCK) {
            for i in graph[id].range() {
                let instr = graph.code[i];
                if graph.class(instr.op) & PUSHES_BLOCK != 0 {
                    reach(graph, instr.target(), &mut worklist);
                    graph[instr.target()].predecessors += 1;
                }
            }
        }
        if let Some(target) = graph.last_jump(id) {
            reach(graph, target, &mut worklist);
            graph[target].predecessors += 1;
        }
    }
    graph.worklist = worklist;
    for block in &mut graph.blocks {
        if block.predecessors == 0 {
            block.truncate(0);
            block.except_handler = false;
        }
    }
}
