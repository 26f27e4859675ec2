//! What is known of a code object besides its instructions.

use super::{FinalInstruction, HandlerChange, InstructionSequence, Jump, OrderedSet};
use crate::object::ConstId;
use crate::source::{NameId, known};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::ops::{Deref, DerefMut};

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

thread_local! {
    /// The memory of units that are done, for the thread's next files.
    static SPARE_UNITS: RefCell<Vec<CodeUnit>> = const { RefCell::new(Vec::new()) };
}

/// No more units than this are kept, and none with longer lists, so that one huge file does not hold memory for ever.
const MOST_UNITS_KEPT: usize = 64;
const LONGEST_LIST_KEPT: usize = 1 << 12;

impl CodeUnit {
    /// An empty unit, with the memory of one that is done if there is any.
    pub fn new() -> CodeUnit {
        SPARE_UNITS.try_with(|spare| spare.borrow_mut().pop()).ok().flatten().unwrap_or_else(CodeUnit::without_memory)
    }

    fn without_memory() -> CodeUnit {
        CodeUnit {
            metadata: CodeUnitMetadata {
                name: known::EMPTY,
                qualname: known::EMPTY,
                consts: OrderedSet::default(),
                names: OrderedSet::default(),
                varnames: OrderedSet::default(),
                cellvars: OrderedSet::default(),
                freevars: OrderedSet::default(),
                fasthidden: FxHashMap::default(),
                argcount: 0,
                posonlyargcount: 0,
                kwonlyargcount: 0,
                firstlineno: 0,
            },
            instructions: InstructionSequence::default(),
            flags: 0,
            parameter_count: 0,
        }
    }

    /// Empties all lists; the memory is kept.
    pub fn clear(&mut self) {
        let metadata = &mut self.metadata;
        metadata.consts.clear();
        for names in [&mut metadata.names, &mut metadata.varnames, &mut metadata.cellvars, &mut metadata.freevars] {
            names.clear();
        }
        if !metadata.fasthidden.is_empty() {
            metadata.fasthidden = FxHashMap::default();
        }
        self.instructions.clear();
    }

    /// Leaves the memory to a later unit of the thread.
    pub fn recycle(mut self) {
        self.clear();
        let metadata = &self.metadata;
        let lists = [&metadata.names, &metadata.varnames, &metadata.cellvars, &metadata.freevars];
        let longest = lists.iter().map(|list| list.capacity()).fold(metadata.consts.capacity(), usize::max);
        if longest > LONGEST_LIST_KEPT || !self.instructions.is_worth_keeping() {
            return;
        }
        // Where the thread is ending there is nothing to keep it for.
        let _ = SPARE_UNITS.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < MOST_UNITS_KEPT {
                spare.push(self);
            }
        });
    }
}

impl Default for CodeUnit {
    fn default() -> Self {
        CodeUnit::new()
    }
}

/// What the graph's passes give to the assembler, besides what they change in the unit's metadata (its constants).
#[derive(Default, Debug)]
pub struct FinalCode {
    pub instructions: Vec<FinalInstruction>,
    /// All jumps, in the order of the instructions.
    pub jumps: Vec<Jump>,
    /// Where the handler changes, in the order of the instructions; before the first there is none.
    pub handlers: Vec<HandlerChange>,
    pub stack_depth: u32,
    /// The number of `co_localsplusnames`.
    pub locals_plus_count: u32,
}

/// Such code on its way, in memory that is used again.
#[derive(Default, Debug)]
pub struct OptimizedCode(Box<FinalCode>);

impl Deref for OptimizedCode {
    type Target = FinalCode;

    #[inline]
    fn deref(&self) -> &FinalCode {
        &self.0
    }
}

impl DerefMut for OptimizedCode {
    #[inline]
    fn deref_mut(&mut self) -> &mut FinalCode {
        &mut self.0
    }
}

thread_local! {
    /// The last unit's code, whose memory the next one takes.
    static SPARE_CODE: Cell<Option<OptimizedCode>> = const { Cell::new(None) };
}

/// Longer code is not kept, so that one huge unit does not hold memory for ever.
const MOST_KEPT_CODE: usize = 1 << 14;

impl OptimizedCode {
    /// Code without instructions, in the memory of the code that was put aside last.
    #[inline]
    pub fn reused() -> OptimizedCode {
        SPARE_CODE.take().unwrap_or_default()
    }

    /// Puts the memory aside for the next unit.
    #[inline]
    pub fn recycle(mut self) {
        if self.instructions.capacity() <= MOST_KEPT_CODE {
            self.instructions.clear();
            self.jumps.clear();
            self.handlers.clear();
            SPARE_CODE.set(Some(self));
        }
    }
}
