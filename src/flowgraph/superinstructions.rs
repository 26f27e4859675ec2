//! Pairs of loads and stores of local variables joined to one instruction.

use super::block::{Block, BlockId, Graph, Instr};
use super::locations::Locations;
use super::nops;
use super::op_class::{Classes, LOCAL, NO_LINE, NOP, joins_fast};
use crate::ir::FinalInstruction;
use crate::target::Op;

/// Mirrors CPython 3.14: `insert_superinstructions`, whose `make_super_instruction` gives each variable four bits of the argument.
pub(super) fn insert(graph: &mut Graph) {
    if !graph.has(LOCAL) {
        return;
    }
    let classes = graph.classes();
    let wipes = graph.target.features.removed_instructions_are_wiped;
    let Graph { blocks, code, locations, all_classes, .. } = graph;
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        let block = &mut blocks[at.0 as usize];
        at = block.next;
        if !block.has(LOCAL) {
            continue;
        }
        let joins = join_pairs(&mut code[block.range()], classes, locations);
        if joins.leaves_nops {
            block.classes |= NOP;
            *all_classes |= NOP;
        }
        if joins.len < block.len() {
            block.truncate(joins.len);
            if wipes {
                block.wipe_removed();
            }
        }
    }
    nops::remove_redundant_nops(graph);
}

/// Whether two instructions that can be joined stand in a block where some have no line, so that it may matter when they get one.
pub(super) fn may_depend_on_lines(graph: &Graph) -> bool {
    let concerned = |block: &Block| block.has(NO_LINE) && block.has(LOCAL);
    graph.has(NO_LINE)
        && graph.has(LOCAL)
        && graph.blocks.iter().filter(|block| concerned(block)).any(|block| {
            let mut previous = 0;
            graph.code[block.range()].iter().any(|instr| {
                let class = graph.class(instr.op);
                joins_fast(std::mem::replace(&mut previous, class), class)
            })
        })
}

/// What does the work of two instructions.
#[inline(always)]
fn joined(first: Op, second: Op) -> Option<Op> {
    match (first, second) {
        (Op::LoadFast, Op::LoadFast) => Some(Op::LoadFastLoadFast),
        (Op::StoreFast, Op::LoadFast) => Some(Op::StoreFastLoadFast),
        (Op::StoreFast, Op::StoreFast) => Some(Op::StoreFastStoreFast),
        _ => None,
    }
}

/// Joins an instruction to the last one that was written, if both are on one line; says whether it did.
#[inline(always)]
pub(super) fn join_to_last(code: &mut [FinalInstruction], op: Op, arg: u32, line: i32) -> bool {
    if let Some(first) = code.last_mut()
        && let Some(joined) = joined(first.op, op)
        && first.location.line == line
        && first.arg < 16
        && arg < 16
    {
        (first.op, first.arg) = (joined, first.arg << 4 | arg);
        return true;
    }
    false
}

/// What has become of a block.
pub(super) struct Joins {
    pub len: usize,
    leaves_nops: bool,
}

/// Joins what can be joined. The second of two is removed at once where no line needs a `NOP` in its place.
pub(super) fn join_pairs(instrs: &mut [Instr], classes: &Classes, locations: &Locations) -> Joins {
    let mut leaves_nops = false;
    let mut class_before = 0;
    let first_pair = instrs.iter().position(|instr| {
        let class = classes[instr.op as usize];
        joins_fast(std::mem::replace(&mut class_before, class), class)
    });
    let Some(first_pair) = first_pair else { return Joins { len: instrs.len(), leaves_nops } };
    let mut kept = first_pair;
    let mut previous = instrs[kept - 1].op;
    for at in first_pair..instrs.len() {
        let instr = instrs[at];
        let before = std::mem::replace(&mut previous, instr.op);
        if let Some(joined) = joined(before, instr.op)
            && let Some(first) = instrs.get_mut(kept.wrapping_sub(1))
        {
            let (a, b) = (locations.line(first.location), locations.line(instr.location));
            if (a == b || a < 0 || b < 0) && first.arg < 16 && instr.arg < 16 {
                first.set(joined, first.arg << 4 | instr.arg);
                previous = Op::Nop;
                if a == b || b < 0 {
                    continue;
                }
                leaves_nops = true;
                instrs[kept] = instr;
                instrs[kept].set_nop();
                kept += 1;
                continue;
            }
        }
        instrs[kept] = instr;
        kept += 1;
    }
    Joins { len: kept, leaves_nops }
}
