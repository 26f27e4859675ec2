//! A sequence of instructions with labels.

use super::{Instruction, LabelId};
use crate::source::Location;
use crate::target::Op;

/// What code generation writes for one code object.
///
/// Mirrors CPython 3.14: `instruction_sequence` of instruction_sequence.c.
#[derive(Clone, Debug, Default)]
pub struct InstructionSequence {
    pub instructions: Vec<Instruction>,
    /// For each label the index of the instruction it stands before; `u32::MAX` until it is used.
    pub labels: Vec<u32>,
    /// For each label the number of instructions that there were when it was made.
    pub births: Vec<u32>,
    /// The labels that stand somewhere, in the order in which they were used.
    pub used: Vec<LabelId>,
    /// The code that sets up annotations, which the graph puts in place of `ANNOTATIONS_PLACEHOLDER`.
    pub annotations_code: Option<Box<InstructionSequence>>,
}

impl InstructionSequence {
    /// A label that stands nowhere yet.
    pub fn new_label(&mut self) -> LabelId {
        self.labels.push(u32::MAX);
        self.births.push(self.instructions.len() as u32);
        LabelId(self.labels.len() as u32 - 1)
    }

    /// Binds a label to the place of the next instruction.
    pub fn use_label(&mut self, label: LabelId) {
        self.labels[label.0 as usize] = self.instructions.len() as u32;
        self.used.push(label);
    }

    /// Whether the last instruction is a return and no label stands behind it.
    pub fn ends_with_return(&self) -> bool {
        let count = self.instructions.len() as u32;
        let is_return = self.instructions.last().is_some_and(|last| last.op == Op::ReturnValue);
        is_return && self.used.last().is_none_or(|last| self.labels[last.0 as usize] != count)
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
