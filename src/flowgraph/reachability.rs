//! Which blocks control can reach, and whether the graph is one at all.

use super::block::{BlockId, Graph, View};
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

/// Counts each block's predecessors and empties the blocks that have none. Mirrors CPython 3.14: `remove_unreachable`.
pub(super) fn remove_unreachable(graph: &mut Graph) {
    if !std::mem::replace(&mut graph.flow_changed, false) {
        return;
    }
    // 3.12's `mark_reachable` marks blocks when it takes them from the list, so that they may be there twice.
    let once = graph.target.features.predecessors_count_once;
    let mut worklist = std::mem::take(&mut graph.worklist);
    worklist.clear();
    let mut view = graph.view();
    for block in view.blocks.iter_mut() {
        block.predecessors = 0;
        block.visited = false;
    }
    let reach = |view: &mut View<'_>, worklist: &mut Vec<BlockId>, id: BlockId| {
        let block = &mut view[id];
        block.predecessors += 1;
        if !block.visited {
            block.visited = once;
            worklist.push(id);
        }
    };
    reach(&mut view, &mut worklist, BlockId::ENTRY);
    while let Some(id) = worklist.pop() {
        let block = &mut view[id];
        block.visited = true;
        let (next, pushes_block) = (block.next, block.has(PUSHES_BLOCK));
        let exit = view.exit(id);
        if next.is_some() && exit.falls_through() {
            reach(&mut view, &mut worklist, next);
        }
        if pushes_block {
            for i in view[id].range() {
                let instr = view.code[i];
                if view.classes[instr.op as usize] & PUSHES_BLOCK != 0 {
                    reach(&mut view, &mut worklist, instr.target());
                }
            }
        }
        if let Some(target) = exit.jump() {
            reach(&mut view, &mut worklist, target);
        }
    }
    for block in view.blocks.iter_mut() {
        if block.predecessors == 0 {
            block.truncate(0);
            block.except_handler = false;
        }
    }
    graph.worklist = worklist;
    // Blocks that are empty now are no longer in the way of those behind them.
    graph.layout_changed = true;
}
