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

/// In place of a block's number: nothing goes to the label.
const NO_BLOCK: u32 = u32::MAX;
/// The same: the label starts a block that is not known yet.
const TARGET: u32 = u32::MAX - 1;

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

    /// Makes the next instruction the first of a block, and gives the number of that block.
    ///
    /// Mirrors CPython 3.14: `cfg_builder_maybe_start_new_block` for a label.
    fn use_label(&mut self) -> u32 {
        if self.labelled || self.end > self.start {
            self.end_block();
        }
        self.labelled = true;
        self.graph.blocks.len() as u32
    }

    /// Appends instructions, of which none starts a block but the first may, up to one that ends a block; gives their number.
    /// `number` is that of the first.
    #[inline]
    fn fill(&mut self, instructions: &[Instruction], number: usize) -> usize {
        const STOPS: u64 = LOADS_CONST | HOLDS_PLACE | TERMINATOR;
        if self.terminated {
            self.end_block();
        }
        let classes = self.graph.classes();
        let (mut joined, mut lowest_line) = (self.classes, self.lowest_line);
        let mut count = instructions.len();
        let slots = &mut self.graph.code[self.end..self.end + count];
        for at in 0..count {
            let (instr, slot) = (&instructions[at], &mut slots[at]);
            let mut class = classes[instr.op as usize];
            let line = instr.location.line;
            let location =
                if line == Location::NONE.line { LocationId::NONE } else { LocationId((number + at) as u32) };
            *slot = Instr::new(instr.op, instr.arg, location);
            if class & STOPS != 0 {
                if class & HOLDS_PLACE != 0 {
                    count = at;
                    break;
                }
                if class & LOADS_CONST != 0 && self.consts.make_load_of_small_int(slot) {
                    class = classes[Op::LoadSmallInt as usize];
                }
            }
            joined.add(class);
            lowest_line = lowest_line.min(line);
            if class & TERMINATOR != 0 {
                self.terminated = true;
                count = at + 1;
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
            self.fill(&instructions[k..=k], number + k);
        }
        Ok(())
    }
}

/// For each label whether something goes to it: [`NO_BLOCK`] or [`TARGET`].
fn mark_labels(sequence: &InstructionSequence, graph: &mut Graph) -> Result<Vec<u32>> {
    let mut block_of = std::mem::take(&mut graph.scratch);
    block_of.clear();
    let all_start_blocks = !graph.target.features.unused_labels_start_no_block;
    block_of.resize(sequence.labels.len(), if all_start_blocks { TARGET } else { NO_BLOCK });
    for &jump in &sequence.jumps {
        let label = sequence.instructions.get(jump as usize).map_or(u32::MAX, |instr| instr.arg);
        let place = sequence.labels.get(label as usize).copied().unwrap_or(u32::MAX);
        if place as usize >= sequence.instructions.len() {
            return Err(malformed("jump to a label that stands nowhere"));
        }
        block_of[label as usize] = TARGET;
    }
    Ok(block_of)
}

/// Tells the blocks their labels. Of several for one place CPython takes the last, and its numbers begin with 1.
fn number_labels(graph: &mut Graph, block_of: &[u32]) {
    for (label, &id) in block_of.iter().enumerate() {
        if id < TARGET {
            graph.blocks[id as usize].label = label as u32 + 1;
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
    let mut block_of = mark_labels(sequence, &mut graph)?;
    write_blocks(&mut graph, consts, sequence, &mut block_of)?;
    let numbers_labels = !target.features.jump_guess_is_index;
    if numbers_labels {
        number_labels(&mut graph, &block_of);
    }
    translate_jumps(&mut graph, &block_of, numbers_labels);
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

/// Writes the instructions to blocks, whose jumps still have labels as their arguments, and notes the block of each label.
fn write_blocks(
    graph: &mut Graph,
    consts: &Consts<'_, '_>,
    sequence: &InstructionSequence,
    block_of: &mut [u32],
) -> Result<()> {
    let all = sequence.instructions.as_slice();
    let annotations = sequence.annotations_code.as_ref().map_or(&[][..], |code| &code.instructions);
    graph.end = all.len() + annotations.len() + sequence.jumps.len();
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
    let mut labels = sequence.placed.iter();
    let mut at = 0;
    // Where the last such label stands, and its block.
    let mut last = (usize::MAX, NO_BLOCK);
    loop {
        // Up to the next label that starts a block.
        let label = labels.find(|label| block_of[label.0 as usize] == TARGET);
        let end = label.map_or(all.len(), |label| sequence.labels[label.0 as usize] as usize);
        while at < end {
            at += builder.fill(&all[at..end], at);
            if at < end && all[at].op == Op::AnnotationsPlaceholder {
                builder.push_annotations(annotations, all.len())?;
                at += 1;
            }
        }
        let Some(label) = label else { break };
        // Behind all instructions there is no block.
        if at < all.len() {
            if last.0 != at {
                last = (at, builder.use_label());
            }
            block_of[label.0 as usize] = last.1;
        }
    }
    builder.end_block();
    graph.end = builder.end;
    Ok(())
}

/// Gives jumps their blocks for their labels. Without handlers only the last instruction of a block can have a target.
fn translate_jumps(graph: &mut Graph, block_of: &[u32], numbers_labels: bool) {
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
                let id = block_of[instr.arg as usize];
                instr.set_target(BlockId(id));
                if numbers_labels {
                    instr.set_guess(graph.blocks[id as usize].label);
                }
            }
        }
    }
}
