//! The form between code generation and the assembler: instructions, sequences of them and what is known of their unit.

mod context;
mod instruction;
mod ordered_set;
mod room;
mod sequence;
mod unit;

pub use context::CompileContext;
pub use instruction::{ExceptHandlerInfo, FinalInstruction, HandlerChange, Instruction, Jump, LabelId};
pub use ordered_set::{OrderedSet, SmallId};
pub use room::Room;
pub use sequence::InstructionSequence;
pub use unit::{CodeUnit, CodeUnitMetadata, FinalCode, OptimizedCode};
