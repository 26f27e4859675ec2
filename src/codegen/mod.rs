//! Code generation: from the tree and the symbol table to instruction sequences, one code object at a time.
//!
//! Each construct has a file of its own. What happens to a finished sequence (the graph's passes, the assembler) is left to the
//! `finish` function that the pipeline passes in, so that this stage knows nothing of the later ones.

mod annotations;
mod assert;
mod assignment;
mod branch;
mod call;
mod class;
mod compare;
mod comprehension;
mod display;
mod docstring;
mod emit;
mod expression;
mod frame_block;
mod fstring;
mod function;
mod import;
mod infer_type;
mod inlined_comprehension;
mod intrinsic;
mod jump;
mod lambda;
mod lookups;
mod loops;
mod match_statement;
mod module;
mod name;
mod operator;
mod pattern;
mod statement;
mod subscript;
mod super_call;
mod try_except;
mod try_finally;
mod try_star;
mod type_alias;
mod type_params;
mod unit;
mod unwind;
mod with;

pub use frame_block::{FrameBlock, FrameBlockKind};
pub use module::generate;
pub use unit::{DeferredAnnotation, ParameterCounts, ScopeType, Unit};

use crate::diagnostics::{CompileError, Result, Warning};
use crate::ir::{CodeUnit, CompileContext, InstructionSequence, LabelId};
use crate::object::{CodeObject, ConstId};
use crate::source::{Interner, Location, NameId, known};
use crate::symtable::{Scope, SymbolTable, maybe_mangle};
use crate::target::Target;
use lookups::Imports;

/// Optimises and assembles one code unit.
pub type FinishUnit<'a> = fn(&mut CodeUnit, &mut CompileContext<'_, 'a>) -> Result<&'a CodeObject<'a>>;

#[allow(clippy::vec_box, reason = "units are large and change places often")]
type Units<'a> = Vec<Box<Unit<'a>>>;

/// The state of code generation for one module (CPython's `struct _PyCompiler`).
pub struct CodeGenerator<'g, 'c, 'a> {
    pub(crate) cx: &'g mut CompileContext<'c, 'a>,
    pub(crate) table: SymbolTable<'a>,
    pub(crate) target: &'static Target,
    /// The unit that instructions go to.
    pub(crate) unit: Box<Unit<'a>>,
    /// The units around it, the module's first.
    pub(crate) outer: Units<'a>,
    /// Units that are done, whose memory the next ones get.
    spare: Units<'a>,
    imports: Imports,
    /// For tuples that are put together.
    ids: Vec<ConstId>,
    finish: FinishUnit<'a>,
    /// Instructions take the location of what is visited rather than one they are given.
    follows_cursor: bool,
    /// The same, or methods are not loaded by the instruction for attributes, or calls take two instructions.
    has_old_ways: bool,
    /// How many comprehensions are being inlined in the module's own scope, whose symbols they change for a while.
    inlined_in_module: u32,
    /// Above zero where the code is emitted a second time, so that its warnings are not (CPython's `c_disable_warning`).
    pub(crate) disable_warning: u32,
    /// How deep the walk of the tree is: see [`CodeGenerator::enter_recursion`].
    pub(crate) depth: u32,
}

/// Whether a name is one that a unit of the class `private`, if there is one, mangles, unless it mangles but a few.
#[inline]
fn is_mangled(names: &Interner<'_>, private: Option<NameId>, name: NameId) -> bool {
    private.is_some() && names.is_private(name)
}

/// Whether it may be such a name, which is quickly said of most that are not. None of the compiler's own names is.
#[inline]
fn may_be_mangled(names: &Interner<'_>, private: Option<NameId>, name: NameId) -> bool {
    private.is_some() && names.is_dunder(name) && name.index() >= known::ALL.len()
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// The scope of the current unit.
    #[inline]
    pub(crate) fn scope(&self) -> &Scope<'a> {
        self.table.scope(self.unit.scope)
    }

    /// The sequence that instructions go to.
    #[inline]
    pub(crate) fn seq(&mut self) -> &mut InstructionSequence {
        &mut self.unit.code.instructions
    }

    /// A new label, not yet placed (CPython's `NEW_JUMP_TARGET_LABEL`).
    #[inline]
    pub(crate) fn new_label(&mut self) -> LabelId {
        self.unit.code.instructions.new_label()
    }

    /// Places a label before the next instruction (CPython's `USE_LABEL`).
    #[inline]
    pub(crate) fn use_label(&mut self, label: LabelId) {
        self.unit.code.instructions.use_label(label);
    }

    /// A name as the current scope stores it.
    #[inline]
    pub(crate) fn maybe_mangle(&mut self, name: NameId) -> NameId {
        if may_be_mangled(self.cx.names, self.unit.private, name) { self.mangle_in_class(name) } else { name }
    }

    #[cold]
    #[inline(never)]
    fn mangle_in_class(&mut self, name: NameId) -> NameId {
        maybe_mangle(self.cx.names, self.unit.private, self.table.scope(self.unit.scope), name)
    }

    /// A syntax error at a place (CPython's `_PyCompile_Error`).
    #[cold]
    pub(crate) fn error<T>(&self, location: Location, message: impl Into<String>) -> Result<T> {
        Err(CompileError::syntax(location, message))
    }

    /// A `SyntaxWarning` at a place (CPython's `_PyCompile_Warn`).
    pub(crate) fn warn(&mut self, location: Location, message: impl Into<String>) {
        if self.disable_warning == 0 {
            self.cx.warnings.push(Warning { category: "SyntaxWarning", message: message.into(), location });
        }
    }
}
