//! Entering and leaving the units of code generation: one for each code object that is being made.

use super::lookups::{DEEPEST_WITH_TABLES, Lookups};
use super::name::{KnownAccess, PlainAccesses, plain_accesses};
use super::{CodeGenerator, FrameBlock, is_mangled};
use crate::ast::Stmt;
use crate::diagnostics::Result;
use crate::ir::{CodeUnit, CodeUnitMetadata, InstructionSequence, OrderedSet};
use crate::object::{CodeObject, flags};
use crate::source::{Interner, Location, NameId, known};
use crate::symtable::{NameScope, Scope, ScopeId, ScopeKey, Symbol, SymbolTable, mangle};
use crate::target::{Features, Op};

/// What kind of code object a unit becomes (CPython's `COMPILE_SCOPE_*`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeType {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    Annotations,
}

/// An annotated assignment whose annotation goes to the scope's `__annotate__`.
#[derive(Clone, Copy, Debug)]
pub struct DeferredAnnotation<'a> {
    pub statement: &'a Stmt<'a>,
    /// Its number among those that run conditionally, or absent where it always runs.
    pub conditional_index: Option<u32>,
}

/// How many parameters a unit has, as `co_argcount` and its kin count them.
#[derive(Clone, Copy, Default, Debug)]
pub struct ParameterCounts {
    pub args: u32,
    pub posonly: u32,
    pub kwonly: u32,
}

/// CPython's `struct compiler_unit`.
#[derive(Debug)]
pub struct Unit<'a> {
    pub scope: ScopeId,
    pub scope_type: ScopeType,
    /// The class whose name mangles private names.
    pub private: Option<NameId>,
    /// In a class: the names `x` of each `self.x = ...` in its functions.
    pub static_attributes: OrderedSet<NameId>,
    /// What the qualified names of units directly within begin with, once there is one.
    child_prefix: String,
    pub deferred_annotations: Vec<DeferredAnnotation<'a>>,
    pub next_conditional_annotation_index: u32,
    /// The unit's own sequence while the set-up of annotations is written to that of `code`.
    pub stashed_instructions: Option<InstructionSequence>,
    pub frame_blocks: Vec<FrameBlock<'a>>,
    pub in_inlined_comprehension: u32,
    pub in_conditional_block: u32,
    /// The location of what is visited, where instructions take that one.
    pub cursor: Location,
    /// What is known of names and constants.
    pub(super) lookups: Lookups,
    pub code: CodeUnit,
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Starts a unit and its sequence. Mirrors CPython 3.14: `codegen_enter_scope`, `_PyCompile_EnterScope`.
    ///
    /// `private` is absent where the unit inherits the class around it.
    pub(crate) fn enter_scope(
        &mut self,
        name: NameId,
        scope_type: ScopeType,
        key: ScopeKey,
        line: i32,
        private: Option<NameId>,
        counts: ParameterCounts,
    ) -> Result<()> {
        let Some(scope) = self.table.lookup(key) else {
            return self.internal_error("a scope is missing from the symbol table");
        };
        self.enter_scope_id(name, scope_type, scope, line, private, counts, None);
        Ok(())
    }

    /// The same for a scope that is known by its number. `annotated` is the function whose annotations the scope evaluates.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn enter_scope_id(
        &mut self,
        name: NameId,
        scope_type: ScopeType,
        scope: ScopeId,
        line: i32,
        private: Option<NameId>,
        counts: ParameterCounts,
        annotated: Option<NameId>,
    ) {
        let private = private.or(self.unit.private);
        let unit = self.spare.pop().unwrap_or_else(Unit::boxed);
        self.outer.push(std::mem::replace(&mut self.unit, unit));
        self.start_unit(scope, name, scope_type, line, private, counts);
        let features = &self.target.features;
        self.set_qualname(annotated.filter(|_| features.annotate_is_named_after_function));
        if features.generators_start_in_codegen && (self.scope().is_coroutine || self.scope().is_generator) {
            let location = Location::new(line, line, -1, -1);
            self.emit(Op::ReturnGenerator, location);
            self.emit(Op::PopTop, location);
        }
        self.emit_arg(Op::Resume, 0, Location::new(line, line, 0, 0));
    }

    /// Makes the current unit a code object and returns to the one around it.
    ///
    /// Mirrors CPython 3.14: `_PyCompile_OptimizeAndAssemble`, `_PyCompile_ExitScope`.
    pub(crate) fn exit_scope(&mut self, add_none: bool) -> Result<&'a CodeObject<'a>> {
        let code = self.finish_unit(add_none)?;
        let Some(outer) = self.outer.pop() else {
            return self.internal_error("the module's unit is left like an inner one");
        };
        self.spare.push(std::mem::replace(&mut self.unit, outer));
        Ok(code)
    }

    /// Makes the current unit one without instructions whose qualified name is its name.
    pub(super) fn start_unit(
        &mut self,
        scope: ScopeId,
        name: NameId,
        scope_type: ScopeType,
        line: i32,
        private: Option<NameId>,
        counts: ParameterCounts,
    ) {
        let unit = &mut *self.unit;
        unit.clear();
        unit.scope = scope;
        unit.scope_type = scope_type;
        unit.private = private;
        unit.cursor = Location::new(line, line, 0, 0);
        let symbols = self.table.scope(scope);
        // Most names are global, or are looked up where a class or module has its own.
        let accesses = plain_accesses(symbols);
        let others = accesses[NameScope::GlobalImplicit as usize];
        unit.lookups.start(self.outer.len() <= DEEPEST_WITH_TABLES, self.cx.names.len(), others);
        let metadata = &mut unit.code.metadata;
        metadata.name = name;
        metadata.qualname = name;
        metadata.argcount = counts.args;
        metadata.posonlyargcount = counts.posonly;
        metadata.kwonlyargcount = counts.kwonly;
        metadata.firstlineno = line;
        enter_symbols(&mut unit.lookups, accesses, self.cx.names, symbols, private, metadata);
        unit.code.flags = code_flags(symbols, &self.target.features) | self.table.future_flags;
        unit.code.parameter_count = symbols.parameter_count;
        if !self.target.features.blocks_come_of_instructions {
            unit.code.instructions.record_births();
        }
    }

    /// Ends the current unit with a return and hands it to the later stages.
    pub(super) fn finish_unit(&mut self, add_none: bool) -> Result<&'a CodeObject<'a>> {
        self.add_return_at_end(add_none);
        (self.finish)(&mut self.unit.code, self.cx)
    }

    /// Mirrors CPython 3.14: `_PyCodegen_AddReturnAtEnd`.
    pub(crate) fn add_return_at_end(&mut self, add_none: bool) {
        let features = &self.target.features;
        if !features.blocks_come_of_instructions && self.seq().ends_with_return() {
            return;
        }
        if add_none {
            self.emit_none(Location::NONE);
        }
        self.emit(Op::ReturnValue, Location::NONE);
    }

    /// Mirrors CPython 3.15: `compiler_set_qualname`. `annotated` stands before the name if given.
    fn set_qualname(&mut self, annotated: Option<NameId>) {
        let name = self.unit.code.metadata.name;
        let mut parent = self.outer.len() - 1;
        if parent > 0 && self.outer[parent].scope_type == ScopeType::Annotations {
            // The parent is an annotation scope, which qualified names leave out.
            if parent == 1 {
                return;
            }
            parent -= 1;
        }
        // Directly below the module there is no base.
        let has_base = parent > 0 && !self.is_explicit_global(parent, name);
        if !has_base && annotated.is_none() {
            return;
        }
        let names = &mut *self.cx.names;
        let Unit { scope_type, code, child_prefix: text, .. } = &mut *self.outer[parent];
        if text.is_empty() {
            text.push_str(names.text(code.metadata.qualname));
            if matches!(scope_type, ScopeType::Function | ScopeType::AsyncFunction | ScopeType::Lambda) {
                text.push_str(".<locals>");
            }
            text.push('.');
        }
        let prefix = text.len();
        if let Some(function) = annotated {
            text.push_str(names.text(function));
            text.push('.');
        }
        text.push_str(names.text(name));
        let start = if has_base { 0 } else { prefix };
        self.unit.code.metadata.qualname = names.intern(&text[start..]);
        text.truncate(prefix);
    }

    /// Whether what the current unit defines is a name of the module because the scope of the unit `parent` says so.
    #[inline]
    fn is_explicit_global(&mut self, parent: usize, name: NameId) -> bool {
        let parent = &self.outer[parent];
        let scope = self.table.scope(parent.scope);
        matches!(self.unit.scope_type, ScopeType::Function | ScopeType::AsyncFunction | ScopeType::Class)
            && scope.may_have_explicit_globals()
            && scope.scope_of(mangle(self.cx.names, parent.private, name)) == NameScope::GlobalExplicit
    }

    /// Remembers `self.x = ...` for the class around. Mirrors CPython 3.14: `_PyCompile_MaybeAddStaticAttributeToClass`.
    pub(crate) fn add_static_attribute(&mut self, attribute: NameId) {
        if let Some(class) = self.outer.iter_mut().rev().find(|unit| unit.scope_type == ScopeType::Class) {
            class.static_attributes.insert(attribute);
        }
    }

    /// Registers an annotation for the scope's `__annotate__` and gives its number if it runs conditionally.
    ///
    /// Mirrors CPython 3.14: `_PyCompile_AddDeferredAnnotation`.
    pub(crate) fn add_deferred_annotation(&mut self, statement: &'a Stmt<'a>) -> Option<u32> {
        let unit = &mut self.unit;
        let conditional = unit.scope_type == ScopeType::Module || unit.in_conditional_block > 0;
        let conditional_index = conditional.then_some(unit.next_conditional_annotation_index);
        unit.next_conditional_annotation_index += conditional as u32;
        unit.deferred_annotations.push(DeferredAnnotation { statement, conditional_index });
        conditional_index
    }

    /// Writes to a sequence of its own until [`Self::end_annotation_setup`].
    pub(crate) fn start_annotation_setup(&mut self) {
        self.unit.stashed_instructions = Some(std::mem::take(&mut self.unit.code.instructions));
    }

    /// Returns to the unit's sequence, which takes what was written since as its annotations' code.
    pub(crate) fn end_annotation_setup(&mut self) {
        if let Some(own) = self.unit.stashed_instructions.take() {
            let annotations = std::mem::replace(&mut self.unit.code.instructions, own);
            self.unit.code.instructions.annotations_code = Some(Box::new(annotations));
        }
    }
}

impl Unit<'_> {
    #[cold]
    #[inline(never)]
    fn boxed() -> Box<Self> {
        Box::new(Unit::new())
    }

    /// A unit that is nothing yet.
    pub(super) fn new() -> Self {
        Unit {
            scope: SymbolTable::MODULE,
            scope_type: ScopeType::Module,
            private: None,
            static_attributes: OrderedSet::default(),
            child_prefix: String::new(),
            deferred_annotations: Vec::new(),
            next_conditional_annotation_index: 0,
            stashed_instructions: None,
            frame_blocks: Vec::new(),
            in_inlined_comprehension: 0,
            in_conditional_block: 0,
            cursor: Location::NONE,
            lookups: Lookups::new(),
            code: CodeUnit::new(),
        }
    }

    /// Empties it; the memory is kept.
    fn clear(&mut self) {
        self.static_attributes.clear();
        self.child_prefix.clear();
        self.deferred_annotations.clear();
        self.next_conditional_annotation_index = 0;
        self.stashed_instructions = None;
        self.frame_blocks.clear();
        self.in_inlined_comprehension = 0;
        self.in_conditional_block = 0;
        self.code.clear();
    }
}

/// Fills the lists of parameters, cells and free variables and notes how the unit accesses the names of its scope.
fn enter_symbols(
    lookups: &mut Lookups,
    accesses: &PlainAccesses,
    names: &Interner<'_>,
    scope: &Scope,
    private: Option<NameId>,
    metadata: &mut CodeUnitMetadata,
) {
    const LISTED: u32 = Symbol::DEF_PARAM | Symbol::DEF_COMP_CELL | Symbol::DEF_FREE_CLASS;
    if scope.has_plain_names() {
        // In a module or class there is one way to access them all.
        if scope.is_function_like() {
            enter_plain_symbols(lookups, accesses, names, scope, private, metadata);
        }
        if scope.needs_cells() {
            enter_cells(lookups, names, scope, private, metadata);
        }
        return;
    }
    let mut any_cells = scope.needs_cells();
    for &(name, symbol) in scope.symbols.entries() {
        let mut access = accesses[symbol.scope as usize];
        if symbol.flags & LISTED != 0 || matches!(symbol.scope, NameScope::Free | NameScope::Cell) {
            any_cells |= enter_listed(metadata, name, symbol);
            let is_parameter = symbol.flags & Symbol::DEF_PARAM != 0;
            if is_parameter && access.is_to_local() && !is_mangled(names, private, name) {
                access = access.with_place(metadata.varnames.len() as u32 - 1);
            }
        }
        lookups.set_access(name, access);
    }
    if any_cells {
        enter_cells(lookups, names, scope, private, metadata);
    }
}

/// The same for a function without cells and free variables, where parameters come first.
fn enter_plain_symbols(
    lookups: &mut Lookups,
    accesses: &PlainAccesses,
    names: &Interner<'_>,
    scope: &Scope,
    private: Option<NameId>,
    metadata: &mut CodeUnitMetadata,
) {
    let (parameters, others) = scope.symbols.entries().split_at(scope.parameter_count as usize);
    metadata.varnames.extend_with_new(parameters.iter().map(|entry| entry.0));
    for (place, &(name, _)) in parameters.iter().enumerate() {
        let is_usual = !is_mangled(names, private, name);
        lookups.set_access(
            name,
            if is_usual { KnownAccess::to_local(place as u32) } else { accesses[NameScope::Local as usize] },
        );
    }
    for &(name, symbol) in others {
        lookups.set_access(name, accesses[symbol.scope as usize]);
    }
}

/// Enters a name in the lists that it belongs to, and says whether that is one of cells or free variables.
#[inline]
fn enter_listed(metadata: &mut CodeUnitMetadata, name: NameId, symbol: Symbol) -> bool {
    if symbol.flags & Symbol::DEF_PARAM != 0 {
        metadata.varnames.push_new(name);
    }
    let is_cell = symbol.scope == NameScope::Cell || symbol.flags & Symbol::DEF_COMP_CELL != 0;
    if is_cell {
        metadata.cellvars.push_new(name);
    }
    let is_free = symbol.scope == NameScope::Free || symbol.flags & Symbol::DEF_FREE_CLASS != 0;
    if is_free {
        metadata.freevars.push_new(name);
    }
    is_cell | is_free
}

/// Sorts the lists of cells and of free variables by text as Python compares strings, by code point, as Rust compares UTF-8, and
/// notes their places.
///
/// Mirrors CPython 3.14: `dictbytype`.
#[inline(never)]
fn enter_cells(
    lookups: &mut Lookups,
    names: &Interner<'_>,
    scope: &Scope,
    private: Option<NameId>,
    metadata: &mut CodeUnitMetadata,
) {
    let CodeUnitMetadata { cellvars, freevars, .. } = metadata;
    for list in [&mut *cellvars, &mut *freevars] {
        if list.len() > 1 {
            list.sort_by_key(|&name| names.text(name));
        }
    }
    // The implicit cells come behind the others.
    for (is_needed, name) in [
        (scope.needs_class_closure, known::CLASS),
        (scope.needs_classdict, known::CLASSDICT),
        (scope.has_conditional_annotations, known::CONDITIONAL_ANNOTATIONS),
    ] {
        if is_needed {
            cellvars.insert(name);
        }
    }
    // Names that may be mangled wait for their first access: not all scopes of a class mangle all of them.
    let is_usual = |name| !is_mangled(names, private, name);
    // What is free is found there, even if it is a cell within an inlined comprehension.
    lookups.set_cell_places(freevars.as_slice(), cellvars.len(), is_usual);
    lookups.set_cell_places(cellvars.as_slice(), 0, is_usual);
}

/// Mirrors CPython 3.14: `compute_code_flags`.
fn code_flags(scope: &Scope, features: &Features) -> u32 {
    let mut found = 0;
    let mut set = |flag, is_set| found |= if is_set { flag } else { 0 };
    if scope.is_function_like() {
        set(flags::NEWLOCALS | flags::OPTIMIZED, true);
        set(flags::NESTED, scope.is_nested);
        set(flags::GENERATOR, scope.is_generator && !scope.is_coroutine);
        set(flags::ASYNC_GENERATOR, scope.is_generator && scope.is_coroutine);
        set(flags::VARARGS, scope.has_varargs);
        set(flags::VARKEYWORDS, scope.has_varkeywords);
        set(flags::HAS_DOCSTRING, scope.has_docstring && features.docstring_flag);
        set(flags::METHOD, scope.is_method && features.method_flag);
    }
    if scope.is_coroutine && !scope.is_generator && (scope.is_function_like() || features.symtable_refuses_async) {
        found |= flags::COROUTINE;
    }
    found
}
