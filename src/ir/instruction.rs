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

/// The handler that instructions' exceptions go to.
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
    /// The argument; for a jump what it is taken for before offsets are known.
    pub arg: u32,
    pub location: Location,
}

/// Where one of the final instructions jumps to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Jump {
    /// The index of the jump.
    pub at: u32,
    /// The index of the instruction that it goes to.
    pub target: u32,
}

/// From this final instruction on another handler takes exceptions, or none does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HandlerChange {
    /// The index of the instruction.
    pub at: u32,
    pub handler: Option<ExceptHandlerInfo>,
}
