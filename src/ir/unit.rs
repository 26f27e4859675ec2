//! What is known of a code object besides its instructions.

use super::{FinalInstruction, HandlerChange, InstructionSequence, Jump, OrderedSet};
use crate::object::ConstId;
use crate::source::NameId;
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// CPython's `_PyCompile_CodeUnitMetadata`.
#[derive(Clone, Debug)]
pub struct CodeUnitMetadata {
    pub name: NameId,
    pub qualname: NameId,
    pub consts: OrderedSet<ConstId>,
    pub names: OrderedSet<NameId>,
    pub varnames: OrderedSet<NameId>,
    /// Sorted by text, then the implicit cells; positions count from 0.
    pub cellvars: OrderedSet<NameId>,
    /// Sorted by text; the argument of an instruction is the position plus the number of cells.
    pub freevars: OrderedSet<NameId>,
    /// Names that are fast locals within an inlined comprehension: true while it is compiled, false after.
    pub fasthidden: FxHashMap<NameId, bool>,
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub firstlineno: i32,
}

/// A code object on its way from code generation to the assembler.
#[derive(Clone, Debug)]
pub struct CodeUnit {
    pub metadata: CodeUnitMetadata,
    pub instructions: InstructionSequence,
    /// `co_flags`.
    pub flags: u32,
    /// Parameters of every kind, which are the first of the local variables.
    pub parameter_count: u32,
}

/// What the graph's passes give to the assembler, besides what they change in the unit's metadata (its constants).
#[derive(Default, Debug)]
pub struct OptimizedCode {
    pub instructions: Vec<FinalInstruction>,
    /// All jumps, in the order of the instructions.
    pub jumps: Vec<Jump>,
    /// Where the handler changes, in the order of the instructions; before the first there is none.
    pub handlers: Vec<HandlerChange>,
    pub stack_depth: u32,
    /// The number of `co_localsplusnames`.
    pub locals_plus_count: u32,
}

thread_local! {
    /// The last unit's code, whose memory the next one takes.
    static SPARE: RefCell<OptimizedCode> = RefCell::default();
}

/// Longer code is not kept, so that one huge unit does not hold memory for ever.
const MOST_KEPT: usize = 1 << 14;

impl OptimizedCode {
    /// Code without instructions, in the memory of the code that was put aside last.
    pub fn reused() -> OptimizedCode {
        SPARE.take()
    }

    /// Puts the memory aside for the next unit.
    pub fn recycle(mut self) {
        if self.instructions.capacity() <= MOST_KEPT {
            self.instructions.clear();
            self.jumps.clear();
            self.handlers.clear();
            SPARE.set(self);
        }
    }
}
