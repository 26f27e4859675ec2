//! From a sequence of instructions with labels to blocks.

use super::block::{Block, BlockId, Graph, Instr};
use super::constants::Consts;
use super::locations::{LocationId, Locations};
use super::malformed;
use super::op_class::{
    HAS_TARGET, HOLDS_PLACE, JUMP, Joined, LOADS_CONST, MIXED_HANDLERS, NEXT_LINE, NO_LINE, POPS_BLOCK, PUSHES_BLOCK,
    TELLS_OF_HANDLER, TERMINATOR,
};
use crate::diagnostics::Result;
use crate::ir::{Instruction, InstructionSequence};
use crate::source::Location;
use crate::target::{Op, Target};

/// In place of a block's number and one: nothing is said of the instruction.
const NO_BLOCK: u32 = 0;
/// The same: the instruction is jumped to, and its block is not known yet.
const TARGET: u32 = u32::MAX;

/// Writes one block after the other.
struct Builder<'g, 's, 'a> {
    graph: &'g mut Graph,
    consts: &'g Consts<'s, 'a>,
    /// Where the instructions of the current block start.
    start: usize,
    /// Where the next one goes.
    end: usize,
    classes: Joined,
    /// The lowest line of the block: negative if some instruction has none.
    lowest_line: i32,
    labelled: bool,
    terminated: bool,
    /// Behind a conditional jump there will be a `NOT_TAKEN`, for which room is left.
    marks_not_taken: bool,
}

impl Builder<'_, '_, '_> {
    fn end_block(&mut self) {
        let len = self.end - self.start;
        let mut classes = self.classes.of_block();
        if self.lowest_line < 0 {
            classes |= if self.lowest_line < Location::NONE.line { NO_LINE | NEXT_LINE } else { NO_LINE };
        }
        if classes & (PUSHES_BLOCK | POPS_BLOCK | TELLS_OF_HANDLER) != 0 {
            classes |= MIXED_HANDLERS;
        }
        let room = (self.marks_not_taken && classes & JUMP != 0) as usize;
        self.graph.all_classes |= classes;
        let mut block = Block::new(self.start as u32, len as u32, (len + room) as u32, classes);
        block.labelled = self.labelled;
        block.next = BlockId(self.graph.blocks.len() as u32 + 1);
        self.graph.blocks.push(block);
        self.end += room;
        self.start = self.end;
        (self.classes, self.lowest_line, self.labelled, self.terminated) = (Joined::default(), 0, false, false);
    }

    /// Makes the next instruction the first of a block, and gives the number of that block and one.
    ///
    /// Mirrors CPython 3.14: `cfg_builder_maybe_start_new_block` for a label.
    fn use_label(&mut self) -> u32 {
        if self.labelled || self.end > self.start {
            self.end_block();
        }
        self.labelled = true;
        self.graph.blocks.len() as u32 + 1
    }

    /// Appends instructions up to the next that starts a block or ends one; gives their number. `number` is that of the first.
    #[inline]
    fn fill(&mut self, instructions: &[Instruction], marks: &[u32], number: usize) -> usize {
        let classes = self.graph.classes();
        let (mut joined, mut lowest_line) = (self.classes, self.lowest_line);
        let limit = instructions.len();
        let marks = &marks[..limit];
        let slots = &mut self.graph.code[self.end..self.end + limit];
        let mut count = 0;
        while count < limit && marks[count] != TARGET {
            let instr = &instructions[count];
            let mut class = classes[instr.op as usize];
            let line = instr.location.line;
            let location =
                if line == Location::NONE.line { LocationId::NONE } else { LocationId((number + count) as u32) };
            let slot = &mut slots[count];
            *slot = Instr::new(instr.op, instr.arg, location);
            if class & LOADS_CONST != 0 && self.consts.make_load_of_small_int(slot) {
                class = classes[Op::LoadSmallInt as usize];
            }
            if class & HOLDS_PLACE != 0 {
                break;
            }
            joined.add(class);
            lowest_line = lowest_line.min(line);
            count += 1;
            if class & TERMINATOR != 0 {
                self.terminated = true;
                break;
            }
        }
        (self.classes, self.lowest_line) = (joined, lowest_line);
        self.end += count;
        count
    }

    /// Appends the code for annotations. `number` is that of its first instruction.
    fn push_annotations(&mut self, instructions: &[Instruction], number: usize) -> Result<()> {
        for (k, instr) in instructions.iter().enumerate() {
            if self.graph.class(instr.op) & HAS_TARGET != 0 {
                return Err(malformed("jump in the code for annotations"));
            }
            if self.terminated {
                self.end_block();
            }
            self.fill(&instructions[k..=k], &[NO_BLOCK], number + k);
        }
        Ok(())
    }
}

/// What is known of the places of a sequence before there are blocks.
struct Marks {
    /// For each instruction [`NO_BLOCK`], [`TARGET`], or the number of the block that it starts and one.
    block_of: Vec<u32>,
    /// How many instructions have targets.
    target_count: usize,
}

/// Marks the places that jumps go to and handlers start at.
fn mark_targets(sequence: &InstructionSequence, graph: &mut Graph) -> Result<Marks> {
    let mut marks = Marks { block_of: std::mem::take(&mut graph.scratch), target_count: 0 };
    marks.block_of.clear();
    marks.block_of.resize(sequence.instructions.len(), NO_BLOCK);
    marks.target_count = sequence.jumps.len();
    for &jump in &sequence.jumps {
        let label = sequence.instructions.get(jump as usize).map_or(u32::MAX, |instr| instr.arg);
        let place = sequence.labels.get(label as usize).copied().unwrap_or(u32::MAX);
        match marks.block_of.get_mut(place as usize) {
            Some(mark) => *mark = TARGET,
            None => return Err(malformed("jump to a label that stands nowhere")),
        }
    }
    if !graph.target.features.unused_labels_start_no_block {
        for &place in &sequence.labels {
            if let Some(mark) = marks.block_of.get_mut(place as usize) {
                *mark = TARGET;
            }
        }
    }
    Ok(marks)
}

/// Tells the blocks their labels. Of several for one place CPython takes the last, and its numbers begin with 1.
fn number_labels(graph: &mut Graph, sequence: &InstructionSequence, block_of: &[u32]) {
    for (label, &place) in sequence.labels.iter().enumerate() {
        if let Some(&id) = block_of.get(place as usize)
            && (1..TARGET).contains(&id)
        {
            graph.blocks[id as usize - 1].label = label as u32 + 1;
        }
    }
}

/// Builds the graph of a sequence, with the code for annotations in its place and jumps that know their blocks.
///
/// Loads of small integers are what they will be from the start: this part of `optimize_load_const` does not depend on the rest.
/// The sequence's instructions go to the graph, which knows their locations by them: see [`Locations`].
///
/// Mirrors CPython 3.14: `_PyCfg_FromInstructionSequence` and `translate_jump_labels_to_targets`.
pub(super) fn from_instruction_sequence(
    sequence: &mut InstructionSequence,
    consts: &Consts<'_, '_>,
    target: &'static Target,
) -> Result<Graph> {
    let mut graph = Graph::new(target, Locations::default());
    let Marks { mut block_of, target_count } = mark_targets(sequence, &mut graph)?;
    write_blocks(&mut graph, consts, sequence, &mut block_of, target_count)?;
    let numbers_labels = !target.features.jump_guess_is_index;
    if numbers_labels {
        number_labels(&mut graph, sequence, &block_of);
    }
    translate_jumps(&mut graph, sequence, &block_of, numbers_labels);
    if graph[BlockId::ENTRY].is_empty() {
        return Err(malformed("code without instructions"));
    }
    if let Some(last) = graph.blocks.last_mut() {
        last.next = BlockId::NONE;
    }
    graph.scratch = block_of;
    graph.locations.sequence = std::mem::take(&mut sequence.instructions);
    if let Some(annotations) = &sequence.annotations_code {
        graph.locations.sequence.extend_from_slice(&annotations.instructions);
    }
    Ok(graph)
}

/// Writes the instructions to blocks, whose jumps still have labels as their arguments, and notes the block of each label's place.
fn write_blocks(
    graph: &mut Graph,
    consts: &Consts<'_, '_>,
    sequence: &InstructionSequence,
    block_of: &mut [u32],
    target_count: usize,
) -> Result<()> {
    let all = sequence.instructions.as_slice();
    let annotations = sequence.annotations_code.as_ref().map_or(&[][..], |code| &code.instructions);
    let room = all.len() + annotations.len() + target_count;
    graph.end = room;
    graph.make_room();
    let marks_not_taken = graph.target.has(Op::NotTaken);
    let mut builder = Builder {
        graph,
        consts,
        start: 0,
        end: 0,
        classes: Joined::default(),
        lowest_line: 0,
        labelled: false,
        terminated: false,
        marks_not_taken,
    };
    let mut i = 0;
    while i < all.len() {
        if all[i].op == Op::AnnotationsPlaceholder && block_of[i] != TARGET {
            builder.push_annotations(annotations, all.len())?;
            i += 1;
            continue;
        }
        match block_of[i] {
            TARGET => block_of[i] = builder.use_label(),
            _ if builder.terminated => builder.end_block(),
            _ => {}
        }
        i += builder.fill(&all[i..], &block_of[i..], i);
    }
    builder.end_block();
    graph.end = builder.end;
    Ok(())
}

/// Gives jumps their blocks for their labels. Without handlers only the last instruction of a block can have a target.
fn translate_jumps(graph: &mut Graph, sequence: &InstructionSequence, block_of: &[u32], numbers_labels: bool) {
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
                let id = block_of[sequence.labels[instr.arg as usize] as usize] - 1;
                instr.set_target(BlockId(id));
                if numbers_labels {
                    instr.set_guess(graph.blocks[id as usize].label);
                }
            }
        }
    }
}
