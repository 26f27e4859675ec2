//! Blocks without instructions, which up to 3.12 are unlinked.

use super::block::{BlockId, Graph};
use super::op_class::PUSHES_BLOCK;

/// Unlinks empty blocks, and lets what jumps to one jump to the block behind it.
///
/// Mirrors CPython 3.12: `eliminate_empty_basic_blocks`. The entry block is never empty.
pub(super) fn eliminate(graph: &mut Graph) {
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let next = graph.next_nonempty(graph[at].next);
        graph[at].next = next;
        at = next;
    }
    graph.layout_changed = true;
    let mut next_label = graph.next_label();
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let len = graph[at].len();
        // Without handlers only the last instruction has a target.
        let first = if graph[at].has(PUSHES_BLOCK) { 0 } else { len.saturating_sub(1) };
        for i in first..len {
            let instr = graph.instrs(at)[i];
            if !graph.has_target(instr.op) || !graph[instr.target()].is_empty() {
                continue;
            }
            let target = graph.next_nonempty(instr.target());
            if target.is_some() {
                let label = graph.label_block(target, &mut next_label);
                let jump = &mut graph.instrs_mut_but_no_nops(at)[i];
                jump.set_target(target);
                jump.set_guess(label);
            }
        }
        at = graph[at].next;
    }
}
