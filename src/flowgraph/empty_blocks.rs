//! Blocks without instructions, which up to 3.12 are unlinked.

use super::block::{BlockId, Graph};

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
    let mut next_label = graph.next_label();
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        for i in 0..graph[at].len() {
            let instr = graph[at].instrs()[i];
            if !graph.has_target(instr.op) || !graph[instr.target].is_empty() {
                continue;
            }
            let target = graph.next_nonempty(instr.target);
            if target.is_some() {
                let label = graph.label_block(target, &mut next_label);
                let jump = &mut graph[at].instrs_mut()[i];
                jump.target = target;
                jump.arg = label;
            }
        }
        at = graph[at].next;
    }
}
