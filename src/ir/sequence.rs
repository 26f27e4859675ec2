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
    /// The labels that stand somewhere, in the order of their places.
    pub placed: Vec<LabelId>,
    /// The places of the instructions whose arguments are labels, in no order.
    pub jumps: Vec<u32>,
    /// For each label the number of instructions that there were when it was made, where that is recorded.
    pub births: Option<Vec<u32>>,
    /// The code that sets up annotations, which the graph puts in place of `ANNOTATIONS_PLACEHOLDER`.
    pub annotations_code: Option<Box<InstructionSequence>>,
}

/// The memory of sequences that are done, for the next ones of the thread: most are short and each grows from nothing otherwise.
#[derive(Default)]
struct Spare {
    instructions: Vec<Vec<Instruction>>,
    labels: Vec<Vec<u32>>,
    placed: Vec<Vec<LabelId>>,
    jumps: Vec<Vec<u32>>,
}

thread_local! {
    static SPARE: RefCell<Spare> = RefCell::default();
}

/// Longer lists are not kept, so that one huge sequence does not hold memory for ever.
const MOST_KEPT: usize = 1 << 14;

impl Default for InstructionSequence {
    fn default() -> Self {
        let (instructions, labels, placed, jumps) = SPARE
            .try_with(|spare| {
                let mut spare = spare.borrow_mut();
                let Spare { instructions, labels, placed, jumps } = &mut *spare;
                (
                    instructions.pop().unwrap_or_default(),
                    labels.pop().unwrap_or_default(),
                    placed.pop().unwrap_or_default(),
                    jumps.pop().unwrap_or_default(),
                )
            })
            .unwrap_or_default();
        InstructionSequence { instructions, labels, placed, jumps, births: None, annotations_code: None }
    }
}

impl Drop for InstructionSequence {
    fn drop(&mut self) {
        if !self.is_worth_keeping() {
            return;
        }
        let (mut instructions, mut labels) = (std::mem::take(&mut self.instructions), std::mem::take(&mut self.labels));
        let (mut placed, mut jumps) = (std::mem::take(&mut self.placed), std::mem::take(&mut self.jumps));
        instructions.clear();
        labels.clear();
        placed.clear();
        jumps.clear();
        // Where the thread is ending there is nothing to keep them for.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.instructions.len() < MOST_KEPT {
                spare.instructions.push(instructions);
                spare.labels.push(labels);
                spare.placed.push(placed);
                spare.jumps.push(jumps);
            }
        });
    }
}

impl InstructionSequence {
    /// Removes everything; the memory is kept.
    pub fn clear(&mut self) {
        self.instructions.clear();
        self.labels.clear();
        self.placed.clear();
        self.jumps.clear();
        self.births = None;
        self.annotations_code = None;
    }

    /// Whether it has memory for later sequences, but not too much.
    pub(super) fn is_worth_keeping(&self) -> bool {
        (1..=MOST_KEPT).contains(&self.instructions.capacity())
    }

    /// A label that stands nowhere yet.
    #[inline]
    pub fn new_label(&mut self) -> LabelId {
        self.labels.push(u32::MAX);
        if let Some(births) = &mut self.births {
            births.push(self.instructions.len() as u32);
        }
        LabelId(self.labels.len() as u32 - 1)
    }

    /// Binds a label to the place of the next instruction.
    #[inline]
    pub fn use_label(&mut self, label: LabelId) {
        self.labels[label.0 as usize] = self.instructions.len() as u32;
        self.placed.push(label);
    }

    /// Whether the last instruction is a return and no label stands behind it.
    pub fn ends_with_return(&self) -> bool {
        let count = self.instructions.len() as u32;
        let is_return = self.instructions.last().is_some_and(|last| last.op == Op::ReturnValue);
        is_return && self.placed.last().is_none_or(|last| self.labels[last.0 as usize] != count)
    }

    /// From here on records when labels are made.
    pub fn record_births(&mut self) {
        self.births = Some(Vec::new());
    }

    /// Appends an instruction.
    #[inline]
    pub fn push(&mut self, op: Op, arg: u32, location: Location) {
        self.push_at(op, arg, &location);
    }

    /// The same with the location where it is, which need not be put elsewhere to be handed on.
    #[inline]
    pub fn push_at(&mut self, op: Op, arg: u32, location: &Location) {
        // With growth out of the way the functions that emit need not save registers for it.
        if self.instructions.len() == self.instructions.capacity() {
            return self.push_with_growth(op, arg, location);
        }
        // SAFETY: that the two differ was just seen, and a vector is never longer than its capacity.
        unsafe { std::hint::assert_unchecked(self.instructions.len() < self.instructions.capacity()) };
        self.instructions.push(Instruction { op, arg, location: *location });
    }

    #[cold]
    #[inline(never)]
    fn push_with_growth(&mut self, op: Op, arg: u32, location: &Location) {
        self.instructions.push(Instruction { op, arg, location: *location });
    }

    /// Inserts an instruction and moves the labels behind it (CPython: `_PyInstructionSequence_InsertInstruction`).
    pub fn insert(&mut self, index: usize, op: Op, arg: u32, location: Location) {
        self.instructions.insert(index, Instruction { op, arg, location });
        for label in &mut self.labels {
            if *label != u32::MAX && *label >= index as u32 {
                *label += 1;
            }
        }
        for jump in &mut self.jumps {
            *jump += (*jump >= index as u32) as u32;
        }
    }

    /// The same for a jump, or the set-up of a handler.
    pub fn insert_jump(&mut self, index: usize, op: Op, target: LabelId, location: Location) {
        self.insert(index, op, target.0, location);
        self.jumps.push(index as u32);
    }
}
