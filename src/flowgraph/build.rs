//! From a sequence of instructions with labels to blocks.

use super::block::{Block, BlockId, Graph, Instr};
use super::locations::{LocationId, Locations};
use super::malformed;
use super::op_class::{
    HAS_TARGET, Joined, MIXED_HANDLERS, NO_LINE, PLACEHOLDER, POPS_BLOCK, PUSHES_BLOCK, TELLS_OF_HANDLER, TERMINATOR,
};
use crate::diagnostics::Result;
use crate::ir::{Instruction, InstructionSequence};
use crate::source::Location;
use crate::target::{Op, Target};

const NO_BLOCK: u32 = u32::MAX;
/// Marks an instruction that is jumped to and whose block is not known yet.
const TARGET: u32 = u32::MAX - 1;

/// Writes one block after the other.
struct Builder<'g> {
    graph: &'g mut Graph,
    /// Where the instructions of the current block start.
    start: usize,
    classes: Joined,
    /// Negative if some instruction of the block has no line.
    lines: i32,
    labelled: bool,
    terminated: bool,
    /// Behind a conditional jump there will be a `NOT_TAKEN`, for which room is left.
    marks_not_taken: bool,
}

impl Builder<'_> {
    fn end_block(&mut self) {
        let len = self.graph.code.len() - self.start;
        let mut classes = self.classes.of_block();
        if self.lines < 0 {
            classes |= NO_LINE;
        }
        if classes & (PUSHES_BLOCK | POPS_BLOCK | TELLS_OF_HANDLER) != 0 {
            classes |= MIXED_HANDLERS;
        }
        let mut capacity = len as u32;
        if self.marks_not_taken
            && self.graph.code.last().is_some_and(|last| self.graph.class(last.op) & HAS_TARGET != 0)
        {
            self.graph.code.push(Instr::new(Op::Nop, 0, LocationId::NONE));
            capacity += 1;
        }
        self.graph.all_classes |= classes;
        let mut block = Block::new(self.start as u32, len as u32, capacity, classes);
        block.labelled = self.labelled;
        self.graph.blocks.push(block);
        self.start = self.graph.code.len();
        (self.classes, self.lines, self.labelled, self.terminated) = (Joined::default(), 0, false, false);
    }

    /// Makes the next instruction the first of a block, and gives that block.
    ///
    /// Mirrors CPython 3.14: `cfg_builder_maybe_start_new_block` for a label.
    fn use_label(&mut self) -> u32 {
        if self.labelled || self.graph.code.len() > self.start {
            self.end_block();
        }
        self.labelled = true;
        self.graph.blocks.len() as u32
    }

    /// Appends instructions of which at most the last one ends a block. `number` is that of the first.
    #[inline]
    fn fill(&mut self, instructions: &[Instruction], number: usize) {
        self.graph.code.extend(instructions.iter().enumerate().map(|(k, instr)| {
            let has_line = instr.location.line != Location::NONE.line;
            let location = if has_line { LocationId((number + k) as u32) } else { LocationId::NONE };
            Instr::new(instr.op, instr.arg, location)
        }));
    }

    /// Appends the code for annotations. `number` is that of its first instruction.
    fn push_annotations(&mut self, instructions: &[Instruction], number: usize) -> Result<()> {
        for (k, instr) in instructions.iter().enumerate() {
            let class = self.graph.class(instr.op);
            if class & HAS_TARGET != 0 {
                return Err(malformed("jump in the code for annotations"));
            }
            if self.terminated {
                self.end_block();
            }
            self.classes.add(class);
            self.lines |= instr.location.line;
            self.terminated = class & TERMINATOR != 0;
            self.fill(&instructions[k..=k], number + k);
        }
        Ok(())
    }
}

/// Marks the places that jumps go to and handlers start at.
fn mark_targets(sequence: &InstructionSequence, graph: &Graph) -> Result<Vec<u32>> {
    let mut block_of = vec![NO_BLOCK; sequence.instructions.len()];
    let classes = graph.classes();
    for instr in &sequence.instructions {
        if classes[instr.op as usize] & HAS_TARGET != 0 {
            let place = sequence.labels.get(instr.arg as usize).copied().unwrap_or(u32::MAX);
            let Some(mark) = block_of.get_mut(place as usize) else {
                return Err(malformed("jump to a label that stands nowhere"));
            };
            *mark = TARGET;
        }
    }
    if !graph.target.features.unused_labels_start_no_block {
        for &place in &sequence.labels {
            if let Some(mark) = block_of.get_mut(place as usize) {
                *mark = TARGET;
            }
        }
    }
    Ok(block_of)
}

/// Tells the blocks their labels. Of several for one place CPython takes the last, and its numbers begin with 1.
fn number_labels(graph: &mut Graph, sequence: &InstructionSequence, block_of: &[u32]) {
    for (label, &place) in sequence.labels.iter().enumerate() {
        if let Some(&id) = block_of.get(place as usize)
            && id < TARGET
        {
            graph.blocks[id as usize].label = label as u32 + 1;
        }
    }
}

/// Builds the graph of a sequence, with the code for annotations in its place and jumps that know their blocks.
///
/// The sequence's instructions go to the graph, which knows their locations by them: see [`Locations`].
///
/// Mirrors CPython 3.14: `_PyCfg_FromInstructionSequence` and `translate_jump_labels_to_targets`.
pub(super) fn from_instruction_sequence(sequence: &mut InstructionSequence, target: &'static Target) -> Result<Graph> {
    let mut graph = Graph::new(target, Locations::default());
    let mut block_of = mark_targets(sequence, &graph)?;
    write_blocks(&mut graph, sequence, &mut block_of)?;
    let numbers_labels = !target.features.jump_guess_is_index;
    if numbers_labels {
        number_labels(&mut graph, sequence, &block_of);
    }
    translate_jumps(&mut graph, sequence, &block_of, numbers_labels)?;
    if graph[BlockId::ENTRY].is_empty() {
        return Err(malformed("code without instructions"));
    }
    let last = graph.blocks.len() - 1;
    for (i, block) in graph.blocks.iter_mut().enumerate() {
        block.next = if i < last { BlockId(i as u32 + 1) } else { BlockId::NONE };
    }
    graph.locations.sequence = std::mem::take(&mut sequence.instructions);
    if let Some(annotations) = &sequence.annotations_code {
        graph.locations.sequence.extend_from_slice(&annotations.instructions);
    }
    Ok(graph)
}

/// Writes the instructions to blocks, whose jumps still have labels as their arguments, and notes the block of each label's place.
fn write_blocks(graph: &mut Graph, sequence: &InstructionSequence, block_of: &mut [u32]) -> Result<()> {
    let classes = graph.classes();
    let marks_not_taken = graph.target.has(Op::NotTaken);
    let all = sequence.instructions.as_slice();
    graph.code.reserve(all.len() + all.len() / 4 + 8);
    let mut builder = Builder {
        graph,
        start: 0,
        classes: Joined::default(),
        lines: 0,
        labelled: false,
        terminated: false,
        marks_not_taken,
    };
    let mut i = 0;
    while i < all.len() {
        if all[i].op == Op::AnnotationsPlaceholder {
            if let Some(annotations) = &sequence.annotations_code {
                builder.push_annotations(&annotations.instructions, all.len())?;
            }
            i += 1;
            continue;
        }
        if block_of[i] == TARGET {
            block_of[i] = builder.use_label();
        } else if builder.terminated {
            builder.end_block();
        }
        // All up to the next label or terminator goes to the same block.
        let first = i;
        let (mut joined, mut lines) = (builder.classes, builder.lines);
        for (instr, &mark) in all[first..].iter().zip(&block_of[first..]) {
            let class = classes[instr.op as usize];
            if mark == TARGET || class & PLACEHOLDER != 0 {
                break;
            }
            joined.add(class);
            lines |= instr.location.line;
            i += 1;
            if class & TERMINATOR != 0 {
                builder.terminated = true;
                break;
            }
        }
        (builder.classes, builder.lines) = (joined, lines);
        builder.fill(&all[first..i], first);
    }
    builder.end_block();
    Ok(())
}

/// Gives jumps their blocks for their labels. Without handlers only the last instruction of a block can have a target.
fn translate_jumps(
    graph: &mut Graph,
    sequence: &InstructionSequence,
    block_of: &[u32],
    numbers_labels: bool,
) -> Result<()> {
    let classes = graph.classes();
    for at in 0..graph.blocks.len() {
        let range = graph.blocks[at].range();
        if !graph.blocks[at].has(HAS_TARGET) {
            continue;
        }
        let first = if graph.blocks[at].has(PUSHES_BLOCK) { range.start } else { range.end - 1 };
        for i in first..range.end {
            let instr = &mut graph.code[i];
            if classes[instr.op as usize] & HAS_TARGET != 0 {
                let id = block_of[sequence.labels[instr.arg as usize] as usize];
                if id == TARGET {
                    return Err(malformed("jump to the place of the annotations"));
                }
                instr.set_target(BlockId(id));
                if numbers_labels {
                    instr.set_guess(graph.blocks[id as usize].label);
                }
            }
        }
    }
    Ok(())
}
