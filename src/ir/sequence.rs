//! A sequence of instructions with labels.

use super::{Instruction, LabelId};
use crate::source::Location;
use crate::target::Op;
use std::cell::RefCell;

/// What code generation writes for one code object.
///
/// Mirrors CPython 3.14: `instruction_sequence` of instruction_sequence.c.
#[derive(Clone, Debug)]
pub struct InstructionSequence {
    pub instructions: Vec<Instruction>,
    /// For each label the index of the instruction it stands before; `u32::MAX` until it is used.
    pub labels: Vec<u32>,
    /// The code that sets up annotations, which the graph puts in place of `ANNOTATIONS_PLACEHOLDER`.
    pub annotations_code: Option<Box<InstructionSequence>>,
}

/// The memory of sequences that are done, for the next ones of the thread: most are short and each grows from nothing otherwise.
#[derive(Default)]
struct Spare {
    instructions: Vec<Vec<Instruction>>,
    labels: Vec<Vec<u32>>,
}

thread_local! {
    static SPARE: RefCell<Spare> = RefCell::default();
}

/// Longer lists are not kept, so that one huge sequence does not hold memory for ever.
const MOST_KEPT: usize = 1 << 14;

impl Default for InstructionSequence {
    fn default() -> Self {
        let (instructions, labels) = SPARE
            .try_with(|spare| {
                let mut spare = spare.borrow_mut();
                (spare.instructions.pop().unwrap_or_default(), spare.labels.pop().unwrap_or_default())
            })
            .unwrap_or_default();
        InstructionSequence { instructions, labels, annotations_code: None }
    }
}

impl Drop for InstructionSequence {
    fn drop(&mut self) {
        let (mut instructions, mut labels) = (std::mem::take(&mut self.instructions), std::mem::take(&mut self.labels));
        if !(1..=MOST_KEPT).contains(&instructions.capacity()) {
            return;
        }
        instructions.clear();
        labels.clear();
        // Where the thread is ending there is nothing to keep them for.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.instructions.len() < MOST_KEPT {
                spare.instructions.push(instructions);
                spare.labels.push(labels);
            }
        });
    }
}

impl InstructionSequence {
    /// A label that stands nowhere yet.
    pub fn new_label(&mut self) -> LabelId {
        self.labels.push(u32::MAX);
        LabelId(self.labels.len() as u32 - 1)
    }

    /// Binds a label to the place of the next instruction.
    pub fn use_label(&mut self, label: LabelId) {
        self.labels[label.0 as usize] = self.instructions.len() as u32;
    }

    /// Appends an instruction.
    #[inline]
    pub fn push(&mut self, op: Op, arg: u32, location: Location) {
        self.instructions.push(Instruction { op, arg, location });
    }

    /// Inserts an instruction and moves the labels behind it (CPython: `_PyInstructionSequence_InsertInstruction`).
    pub fn insert(&mut self, index: usize, op: Op, arg: u32, location: Location) {
        self.instructions.insert(index, Instruction { op, arg, location });
        for label in &mut self.labels {
            if *label != u32::MAX && *label >= index as u32 {
                *label += 1;
            }
        }
    }
}
