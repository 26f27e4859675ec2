//! Blocks as code generation made them, where it did: every label that is used starts one, and so does what follows a jump.

use super::block::{Block, BlockId, Graph, Instr};
use super::locations::{LocationId, Locations};
use super::malformed;
use super::op_class::{HAS_TARGET, Joined, MIXED_HANDLERS};
use crate::diagnostics::Result;
use crate::ir::InstructionSequence;
use crate::source::Location;
use crate::target::{Op, Target};

/// When a block was made: at which instruction, for a label or not, for which label.
type Birth = (u32, bool, u32);

/// A block before the order in which the blocks were made is known.
struct Draft {
    birth: Birth,
    label: Option<u32>,
    start: usize,
    end: usize,
}

/// Builds the graph. Blocks are numbered in the order in which they were made, which some passes follow backwards.
///
/// Mirrors CPython 3.11: `compiler_new_block`, `compiler_use_next_block` and `compiler_use_new_implicit_block_if_needed`.
pub(super) fn from_instruction_sequence(sequence: &mut InstructionSequence, target: &'static Target) -> Result<Graph> {
    let mut graph = Graph::new(target, Locations::default());
    let drafts = drafts(sequence, &graph);
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_unstable_by_key(|&i| drafts[i].birth);
    let mut ids = vec![BlockId::NONE; drafts.len()];
    let mut block_of_label = vec![BlockId::NONE; sequence.labels.len()];
    for (number, &i) in order.iter().enumerate() {
        ids[i] = BlockId(number as u32);
        if let Some(label) = drafts[i].label {
            block_of_label[label as usize] = ids[i];
        }
    }
    graph.code.clear();
    for &i in &order {
        let draft = &drafts[i];
        let start = graph.code.len();
        let mut classes = Joined::default();
        for (k, instr) in sequence.instructions[draft.start..draft.end].iter().enumerate() {
            let class = graph.class(instr.op);
            classes.add(class);
            let location =
                if instr.location == Location::NONE { LocationId::NONE } else { LocationId((draft.start + k) as u32) };
            let mut arg = instr.arg;
            if class & HAS_TARGET != 0 {
                let goal = block_of_label.get(arg as usize).copied().unwrap_or(BlockId::NONE);
                if !goal.is_some() {
                    return Err(malformed("jump to a label that stands nowhere"));
                }
                arg = goal.0;
            }
            graph.code.push(Instr::new(instr.op, arg, location));
        }
        let len = (draft.end - draft.start) as u32;
        let mut block = Block::new(start as u32, len, len, classes.of_block() | MIXED_HANDLERS);
        block.labelled = draft.label.is_some();
        block.next = ids.get(i + 1).copied().unwrap_or(BlockId::NONE);
        graph.all_classes |= block.classes;
        graph.blocks.push(block);
    }
    graph.end = graph.code.len();
    graph.locations.sequence = std::mem::take(&mut sequence.instructions);
    Ok(graph)
}

fn drafts(sequence: &InstructionSequence, graph: &Graph) -> Vec<Draft> {
    let mut drafts = vec![Draft { birth: (0, false, 0), label: None, start: 0, end: 0 }];
    let Some(births) = &sequence.births else { return drafts };
    let mut used = sequence.placed.iter().peekable();
    let mut ended = false;
    for i in 0..=sequence.instructions.len() {
        while let Some(label) = used.next_if(|label| sequence.labels[label.0 as usize] as usize == i) {
            let birth = (births[label.0 as usize], false, label.0 + 1);
            drafts.push(Draft { birth, label: Some(label.0), start: i, end: i });
            ended = false;
        }
        let Some(instr) = sequence.instructions.get(i) else { break };
        if ended {
            drafts.push(Draft { birth: (i as u32, true, 0), label: None, start: i, end: i });
        }
        if let Some(draft) = drafts.last_mut() {
            draft.end = i + 1;
        }
        ended = graph.is_terminator(instr.op);
    }
    drafts
}

/// Makes jumps to empty blocks go to what follows these. Mirrors CPython 3.11: `normalize_basic_block`.
pub(super) fn normalize(graph: &mut Graph) -> Result<()> {
    for at in 0..graph.blocks.len() as u32 {
        let id = BlockId(at);
        let len = graph[id].len();
        for i in 0..len {
            let op = graph.instrs(id)[i].op;
            // What is sent to is looked at by the passes that follow.
            if graph.is_jump(op) && op != Op::Send {
                if i + 1 != len {
                    return Err(malformed("malformed control flow graph."));
                }
                skip_empty_target(graph, id, i)?;
            }
        }
    }
    Ok(())
}

/// Makes one instruction's target a block that is not empty.
pub(super) fn skip_empty_target(graph: &mut Graph, block: BlockId, index: usize) -> Result<BlockId> {
    let target = graph.next_nonempty(graph.instrs(block)[index].target());
    if !target.is_some() {
        return Err(malformed("jump with NULL target"));
    }
    graph.instrs_mut_but_no_nops(block)[index].set_target(target);
    Ok(target)
}

/// Gives conditional jumps their direction. Mirrors CPython 3.11: `normalize_jumps`.
pub(super) fn direct_jumps(graph: &mut Graph) -> Result<()> {
    for block in &mut graph.blocks {
        block.visited = false;
    }
    let mut at = BlockId::ENTRY;
    while at.is_some() {
        graph[at].visited = true;
        if let Some(&last) = graph.last(at)
            && graph.is_jump(last.op)
        {
            let forward = !graph[last.target()].visited;
            let op = directed(last.op, forward);
            if !forward && matches!(op, Op::JumpIfFalseOrPop | Op::JumpIfTrueOrPop) {
                return Err(malformed("a jump that keeps its value goes backwards"));
            }
            if let Some(last) = graph.last_mut(at) {
                last.op = op;
            }
        }
        at = graph[at].next;
    }
    Ok(())
}

fn directed(op: Op, forward: bool) -> Op {
    match (op, forward) {
        (Op::Jump | Op::JumpNoInterrupt, true) => Op::JumpForward,
        (Op::Jump, false) => Op::JumpBackward,
        (Op::JumpNoInterrupt, false) => Op::JumpBackwardNoInterrupt,
        (Op::PopJumpIfFalse, true) => Op::PopJumpForwardIfFalse,
        (Op::PopJumpIfFalse, false) => Op::PopJumpBackwardIfFalse,
        (Op::PopJumpIfTrue, true) => Op::PopJumpForwardIfTrue,
        (Op::PopJumpIfTrue, false) => Op::PopJumpBackwardIfTrue,
        (Op::PopJumpIfNone, true) => Op::PopJumpForwardIfNone,
        (Op::PopJumpIfNone, false) => Op::PopJumpBackwardIfNone,
        (Op::PopJumpIfNotNone, true) => Op::PopJumpForwardIfNotNone,
        (Op::PopJumpIfNotNone, false) => Op::PopJumpBackwardIfNotNone,
        (op, _) => op,
    }
}
