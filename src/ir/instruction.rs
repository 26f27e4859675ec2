//! Instructions as code generation emits them.

use crate::source::Location;
use crate::target::Op;

/// The target of a jump before addresses are known: a number that [`super::InstructionSequence::use_label`] binds to a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LabelId(pub u32);

impl LabelId {
    /// No label (CPython's `NO_LABEL`).
    pub const NONE: LabelId = LabelId(u32::MAX);
}

/// An instruction or pseudo-instruction. Where it jumps, or sets up a handler, `arg` is the number of a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instruction {
    pub op: Op,
    pub arg: u32,
    pub location: Location,
}

/// The handler that an instruction's exceptions go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExceptHandlerInfo {
    /// The index of the handler's first instruction.
    pub target: u32,
    /// The stack depth to unwind to.
    pub depth: u32,
    /// Whether the offset of the raising instruction is pushed.
    pub preserve_lasti: bool,
}

/// An instruction after the passes of the graph, as the assembler takes it. Pseudo-instructions are gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FinalInstruction {
    pub op: Op,
    /// The argument; for a jump the index of the instruction it goes to.
    pub arg: u32,
    pub location: Location,
    pub handler: Option<ExceptHandlerInfo>,
    /// What the argument of a jump is taken for before offsets are known.
    pub guess: u32,
}
