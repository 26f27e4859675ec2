//! The first pass's machinery: the stack of open blocks, and how names get into the scopes.

use super::analyze::{AnalyzerMemory, DECLARED, analyze};
use super::{BlockType, FutureFeatures, NameScope, Scope, ScopeId, ScopeKey, ScopePart, Symbol};
use super::{SymbolMap, SymbolTable, mangle};
use crate::ast::{ExprContext, Exprs, Module, docstring};
use crate::diagnostics::{CompileError, MAX_TREE_DEPTH, Result};
use crate::ir::{CompileContext, OrderedSet};
use crate::object::flags;
use crate::source::{Interner, Location, NameId, known};
use crate::target::Target;
use bumpalo::Bump;
use std::cell::Cell;

/// Where a `global`, a `nonlocal` or an assignment expression within a comprehension speaks of a name.
pub(super) struct Directive {
    pub scope: ScopeId,
    pub name: NameId,
    pub location: Location,
}

/// A scope that is being visited, with what matters only meanwhile.
pub(super) struct OpenBlock {
    pub scope: ScopeId,
    pub block: BlockType,
    /// A comprehension's target is being visited (`ste_comp_iter_target`).
    in_comprehension_target: bool,
    /// How many iterables of comprehensions are being visited (`ste_comp_iter_expr`).
    pub comprehension_iterables: u32,
    /// A `try` statement is around (`ste_in_try_block`).
    pub is_in_try: bool,
    /// Statements that may not be executed are being visited (`ste_in_conditional_block`).
    pub is_conditional: bool,
    /// What the scope is, for errors (`ste_scope_info`).
    pub description: &'static str,
    /// Only the names in [`Builder::mangled`] are mangled here.
    pub mangles_few: bool,
    /// An annotation that is never evaluated is being visited (`ste_in_unevaluated_annotation`).
    pub in_unevaluated_annotation: bool,
    /// The scope is opened again and again, for one annotation after the other; its names are in the scope's own map.
    keeps_map: bool,
    /// The names met so far, until they get into the scope's map.
    symbols: Vec<OpenSymbol>,
}

impl OpenBlock {
    #[inline]
    const fn new(scope: ScopeId, block: BlockType, symbols: Vec<OpenSymbol>) -> OpenBlock {
        OpenBlock {
            scope,
            block,
            in_comprehension_target: false,
            comprehension_iterables: 0,
            is_in_try: false,
            is_conditional: false,
            description: "",
            mangles_few: false,
            in_unevaluated_annotation: false,
            keeps_map: false,
            symbols,
        }
    }
}

/// A name of an open block.
#[derive(Clone, Copy)]
struct OpenSymbol {
    name: NameId,
    /// What the next block further out that has the name knows of it.
    outer: Place,
}

/// What the innermost open block that has a name knows of it. Together with [`OpenSymbol::outer`] these are chains from the inside to the
/// outside.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The number of the block on the stack plus one, or 0.
    level: u32,
    flags: u32,
    /// The position among the block's names.
    at: u32,
}

/// The level of no place.
const NO_LEVEL: u32 = u32::MAX;

/// Names of scopes that are no names of Python.
pub(super) struct ScopeNames {
    pub lambda: NameId,
    pub generator: NameId,
    pub list: NameId,
    pub set: NameId,
    pub dict: NameId,
}

/// The first pass.
pub(super) struct Builder<'c, 'a> {
    pub arena: &'a Bump,
    pub table: SymbolTable<'a>,
    pub names: &'c mut Interner<'a>,
    pub target: &'static Target,
    pub future: FutureFeatures,
    /// The block that is being visited, and those around it.
    current: OpenBlock,
    stack: Vec<OpenBlock>,
    /// What [`Place::level`] is for names of the block that is being visited; [`NO_LEVEL`] where its names are not in its list, or where
    /// more is to be done for each than to note it.
    level: u32,
    /// The class that private names belong to (`st_private`).
    pub private: Option<NameId>,
    pub directives: Vec<Directive>,
    /// The names that the type parameters of the innermost generic class mangle (`ste_mangled_names`), and the scopes that
    /// share them. They get their copy when the set is complete.
    pub mangled: OrderedSet<NameId>,
    pub mangled_scopes: Vec<ScopeId>,
    pub scope_names: ScopeNames,
    pub depth: u32,
    /// Expressions that are visited when what is before them is.
    pub pending: Vec<Exprs<'a>>,
    /// By name.
    places: Vec<Place>,
    /// Memory of blocks that are closed, for others.
    spare: Vec<Vec<OpenSymbol>>,
}

/// The memory of the passes over one module, for those over the next one of the thread.
#[derive(Default)]
struct Memory {
    stack: Vec<OpenBlock>,
    directives: Vec<Directive>,
    /// None of them says anything.
    places: Vec<Place>,
    spare: Vec<Vec<OpenSymbol>>,
    analyzer: AnalyzerMemory,
}

thread_local! {
    static MEMORY: Cell<Option<Box<Memory>>> = const { Cell::new(None) };
}

/// Nothing is kept of what a file with more names needed.
const MOST_NAMES_KEPT: usize = 1 << 16;

/// Both passes over a module.
pub(super) fn build<'a>(
    module: &Module<'a>,
    cx: &mut CompileContext<'_, 'a>,
    future: FutureFeatures,
) -> Result<SymbolTable<'a>> {
    let scope_names = ScopeNames {
        lambda: cx.names.intern_borrowed("lambda"),
        generator: cx.names.intern_borrowed("genexpr"),
        list: cx.names.intern_borrowed("listcomp"),
        set: cx.names.intern_borrowed("setcomp"),
        dict: cx.names.intern_borrowed("dictcomp"),
    };
    let mut memory: Box<Memory> = MEMORY.try_with(Cell::take).ok().flatten().unwrap_or_default();
    let Memory { stack, directives, places, mut spare, mut analyzer } = std::mem::take(&mut *memory);
    let current = OpenBlock::new(SymbolTable::MODULE, BlockType::Module, spare.pop().unwrap_or_default());
    let mut builder = Builder {
        arena: cx.arena,
        table: SymbolTable {
            future_flags: future.flags,
            scopes: Vec::with_capacity(256),
            by_key: Vec::new(),
            expected: 1,
        },
        names: cx.names,
        target: cx.target,
        future,
        current,
        stack,
        level: 1,
        private: None,
        directives,
        mangled: OrderedSet::default(),
        mangled_scopes: Vec::new(),
        scope_names,
        depth: 0,
        pending: Vec::with_capacity(32),
        places,
        spare,
    };
    builder.make_places();
    let key = ScopeKey::new(module, ScopePart::Body);
    let location = Location::new(0, 0, 0, 0);
    builder.table.scopes.push(Scope::new(cx.arena, key, known::TOP, BlockType::Module, location));
    builder.scope().has_docstring = docstring(module.body).is_some();
    // After an error the memory, in which blocks are open, is not used again.
    builder.visit_stmts(module.body)?;
    builder.exit_block();
    let Builder { mut table, current, stack, mut directives, names, target, places, mut spare, .. } = builder;
    analyze(&mut table.scopes, &directives, names, target, &mut analyzer)?;
    if names.len() <= MOST_NAMES_KEPT {
        directives.clear();
        spare.push(current.symbols);
        *memory = Memory { stack, directives, places, spare, analyzer };
        // Where the thread is ending there is nothing to keep it for.
        let _ = MEMORY.try_with(|kept| kept.set(Some(memory)));
    }
    Ok(table)
}

impl<'a> Builder<'_, 'a> {
    /// The scope that is being visited.
    #[inline]
    pub fn scope(&mut self) -> &mut Scope<'a> {
        &mut self.table.scopes[self.current.scope.0 as usize]
    }

    /// The block that is being visited. The module's stays open for the whole pass.
    #[inline]
    pub fn block(&mut self) -> &mut OpenBlock {
        &mut self.current
    }

    /// Whether annotations become strings.
    pub fn has_future_annotations(&self) -> bool {
        self.future.flags & flags::FUTURE_ANNOTATIONS != 0
    }

    /// Guards one step down the tree; [`Builder::leave`] follows unless there is an error.
    #[inline]
    pub fn descend(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_TREE_DEPTH { Err(CompileError::too_deep()) } else { Ok(()) }
    }

    /// Ends what [`Builder::descend`] began.
    #[inline]
    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// A new scope, not yet open. Mirrors CPython 3.14: `ste_new`.
    #[inline]
    pub fn new_scope(&mut self, name: NameId, block: BlockType, key: ScopeKey, location: Location) -> ScopeId {
        let outer = &self.table.scopes[self.current.scope.0 as usize];
        let mut scope = Scope::new(self.arena, key, name, block, location);
        scope.is_nested = outer.is_nested || outer.is_function_like();
        scope.is_method = outer.block == BlockType::Class && block == BlockType::Function;
        let id = ScopeId(self.table.scopes.len() as u32);
        self.table.scopes.push(scope);
        id
    }

    /// Opens a scope. Mirrors CPython 3.14: `symtable_enter_existing_block`.
    pub fn enter_scope(&mut self, scope: ScopeId, add_to_children: bool) {
        let block = self.table.scopes[scope.0 as usize].block;
        let mut open = OpenBlock::new(scope, block, self.spare.pop().unwrap_or_default());
        let outer = &self.current;
        // An assignment expression is refused anywhere within an iterable, in a nested lambda as well (bpo-37757).
        open.comprehension_iterables = outer.comprehension_iterables;
        // A class body mangles all names.
        open.mangles_few = outer.mangles_few && block != BlockType::Class;
        // Annotations that become strings are visited for their errors only, so nobody learns of their scope.
        let is_hidden = block == BlockType::Annotation && self.has_future_annotations();
        if add_to_children && !is_hidden {
            self.add_child(self.current.scope, scope);
        }
        if open.mangles_few {
            self.mangled_scopes.push(scope);
        }
        self.stack.push(std::mem::replace(&mut self.current, open));
        self.set_level();
    }

    fn add_child(&mut self, outer: ScopeId, child: ScopeId) {
        let scope = &mut self.table.scopes[outer.0 as usize];
        match std::mem::replace(&mut scope.last_child, child) {
            SymbolTable::MODULE => scope.first_child = child,
            last => self.table.scopes[last.0 as usize].next_sibling = child,
        }
    }

    /// Notes which names can be noted without looking at the block: see [`Builder::level`].
    #[inline]
    fn set_level(&mut self) {
        let is_plain = !self.current.keeps_map && !self.current.in_comprehension_target;
        self.level = if is_plain { self.stack.len() as u32 + 1 } else { NO_LEVEL };
    }

    /// Says whether a comprehension's target is being visited.
    pub fn set_in_comprehension_target(&mut self, is_in_target: bool) {
        self.current.in_comprehension_target = is_in_target;
        self.set_level();
    }

    /// From here on the block's names go to its scope's own map.
    pub fn keep_map(&mut self) {
        self.current.keeps_map = true;
        self.set_level();
    }

    /// Creates and opens a scope. Mirrors CPython 3.14: `symtable_enter_block`.
    pub fn enter_block(
        &mut self,
        name: NameId,
        block: BlockType,
        key: ScopeKey,
        location: Location,
    ) -> Result<ScopeId> {
        let id = self.new_scope(name, block, key, location);
        self.enter_scope(id, true);
        if matches!(block, BlockType::Annotation | BlockType::TypeVariable | BlockType::TypeAlias) {
            self.enter_format_parameter(location)?;
        }
        Ok(id)
    }

    /// Adds the parameter whose check code generation inserts.
    pub fn enter_format_parameter(&mut self, location: Location) -> Result<()> {
        if self.target.features.deferred_annotations {
            self.add_def(known::DOT_FORMAT, Symbol::DEF_PARAM, location)?;
            self.add_def(known::DOT_FORMAT, Symbol::USE, location)?;
        }
        Ok(())
    }

    /// Opens a scope once more, for another annotation.
    pub fn reenter_scope(&mut self, scope: ScopeId) {
        self.enter_scope(scope, false);
        self.keep_map();
    }

    /// Closes the scope that is being visited. The module's is the last.
    pub fn exit_block(&mut self) {
        let scope = &mut self.table.scopes[self.current.scope.0 as usize];
        if self.current.keeps_map {
            // The only parameter is there when the scope is closed for the first time; it may be closed very often.
            if scope.parameter_count == 0 {
                let is_parameter = |entry: &&(NameId, Symbol)| entry.1.flags & Symbol::DEF_PARAM != 0;
                scope.parameter_count = scope.symbols.entries().iter().filter(is_parameter).count() as u32;
            }
            scope.any_flags = u32::MAX;
        } else {
            let (mut parameter_count, mut any_flags) = (0, 0);
            let symbols = self.current.symbols.iter();
            scope.symbols = SymbolMap::with_room(self.arena, symbols.len());
            for (entry, &OpenSymbol { name, outer }) in scope.symbols.entries_mut().iter_mut().zip(symbols) {
                let place = &mut self.places[name.index()];
                let flags = place.flags;
                *place = outer;
                parameter_count += flags & Symbol::DEF_PARAM;
                any_flags |= flags;
                // What most scopes make of their names: see `is_settled`.
                let is_bound = flags & Symbol::DEF_BOUND != 0;
                let scope = if is_bound { NameScope::Local } else { NameScope::GlobalImplicit };
                *entry = (name, Symbol { flags, scope });
            }
            scope.parameter_count = parameter_count / Symbol::DEF_PARAM;
            scope.any_flags = any_flags;
            let is_usual = matches!(scope.block, BlockType::Function | BlockType::Class | BlockType::Module);
            scope.has_plain_names = is_usual && any_flags & DECLARED == 0;
            self.current.symbols.clear();
        }
        if let Some(outer) = self.stack.pop() {
            let closed = std::mem::replace(&mut self.current, outer);
            self.spare.push(closed.symbols);
            self.set_level();
        }
    }

    /// How many blocks are around the one that is being visited, which is its number for [`Builder::open`].
    #[inline]
    pub fn innermost(&self) -> usize {
        self.stack.len()
    }

    /// An open block by its number, counted from the module's.
    #[inline]
    pub fn open(&self, block: usize) -> &OpenBlock {
        self.stack.get(block).unwrap_or(&self.current)
    }

    #[inline]
    fn open_mut(&mut self, block: usize) -> &mut OpenBlock {
        self.stack.get_mut(block).unwrap_or(&mut self.current)
    }

    /// The flags of a (mangled) name in an open block, if it is there.
    pub fn find_in(&self, block: usize, name: NameId) -> Option<u32> {
        let open = self.open(block);
        if open.keeps_map {
            return self.table.scopes[open.scope.0 as usize].symbols.get(name).map(|symbol| symbol.flags);
        }
        let place = self.place_up_to(block, name)?;
        (place.level as usize == block + 1).then_some(place.flags)
    }

    /// Makes a place for each name there is.
    fn make_places(&mut self) {
        let count = self.names.len() + 64;
        if count > self.places.len() {
            self.places.resize(count, Place::default());
        }
    }

    /// What is known of a name by the innermost block that has it and is not within the block of this number.
    fn place_up_to(&self, block: usize, name: NameId) -> Option<&Place> {
        let mut place = self.places.get(name.index())?;
        while place.level as usize > block + 1 {
            place = &self.open(place.level as usize - 1).symbols[place.at as usize].outer;
        }
        Some(place)
    }

    /// The flags of a (mangled) name in an open block, where it is entered if need be.
    #[inline]
    fn flags_in(&mut self, block: usize, name: NameId) -> &mut u32 {
        match self.places.get_mut(name.index()) {
            Some(place) if place.level as usize == block + 1 => &mut self.places[name.index()].flags,
            _ => self.enter_in(block, name),
        }
    }

    /// The same where the block may not have the name, or not as the innermost.
    #[inline(never)]
    fn enter_in(&mut self, block: usize, name: NameId) -> &mut u32 {
        if self.open(block).keeps_map {
            let scope = self.open(block).scope;
            return &mut self.table.scopes[scope.0 as usize].symbols.entry(name).0.flags;
        }
        if name.index() >= self.places.len() {
            self.make_places();
        }
        let level = block as u32 + 1;
        // The block further in that has the name, if one has, and its position there.
        let mut inner = None;
        let mut outer = self.places[name.index()];
        while outer.level > level {
            inner = Some((outer.level as usize - 1, outer.at as usize));
            outer = self.open(outer.level as usize - 1).symbols[outer.at as usize].outer;
        }
        let is_new = outer.level != level;
        let mut new = Place::default();
        if is_new {
            let symbols = &mut self.open_mut(block).symbols;
            new = Place { level, flags: 0, at: symbols.len() as u32 };
            symbols.push(OpenSymbol { name, outer });
        }
        let place = match inner {
            Some((within, at)) => &mut self.open_mut(within).symbols[at].outer,
            None => &mut self.places[name.index()],
        };
        if is_new {
            *place = new;
        }
        &mut place.flags
    }

    /// A name as an open block stores it. Mirrors CPython 3.14: `_Py_MaybeMangle`.
    #[inline]
    fn mangle_for(&mut self, block: usize, name: NameId) -> NameId {
        if self.private.is_none() || !self.names.is_private(name) {
            return name;
        }
        self.mangle_private_for(block, name)
    }

    fn mangle_private_for(&mut self, block: usize, name: NameId) -> NameId {
        if self.open(block).mangles_few && !self.mangled.contains(&name) {
            return name;
        }
        mangle(self.names, self.private, name)
    }

    /// The flags of a name in an open block. Mirrors CPython 3.14: `symtable_lookup_entry`.
    pub fn lookup_in(&mut self, block: usize, name: NameId) -> u32 {
        let mangled = self.mangle_for(block, name);
        self.find_in(block, mangled).unwrap_or(0)
    }

    /// The flags of a name in the scope that is being visited. Mirrors CPython 3.14: `symtable_lookup`.
    pub fn lookup(&mut self, name: NameId) -> u32 {
        self.lookup_in(self.innermost(), name)
    }

    /// Remembers where a name was declared. Mirrors CPython 3.14: `symtable_record_directive`.
    pub fn record_directive(&mut self, name: NameId, location: Location) {
        let name = self.mangle_for(self.innermost(), name);
        let scope = self.block().scope;
        self.directives.push(Directive { scope, name, location });
    }

    /// Notes that a name is read or bound in the scope that is being visited, if the scope has the name and nothing else is to be done.
    #[inline]
    pub fn try_note(&mut self, name: NameId, flag: u32) -> bool {
        // How a block mangles a name does not change while it is open, and what mangling makes of a name cannot be mangled: what the block
        // has under this name is what is meant.
        match self.places.get_mut(name.index()) {
            Some(place) if place.level == self.level && !is_special(name) => {
                place.flags |= flag;
                true
            }
            _ => false,
        }
    }

    /// Enters a name with its first flag in the scope that is being visited, if the scope has it not and nothing else is to be done.
    #[inline]
    pub fn try_enter(&mut self, name: NameId, flag: u32) -> bool {
        let may_be_mangled = self.private.is_some() && self.names.is_dunder(name);
        !may_be_mangled && self.try_enter_mangled(name, flag)
    }

    /// The same for a name that mangling does not change.
    #[inline]
    fn try_enter_mangled(&mut self, name: NameId, flag: u32) -> bool {
        let level = self.level;
        match self.places.get_mut(name.index()) {
            // Where the level is none, it is not that of any place either.
            // Where there is no room for it the long way makes some.
            Some(place)
                if place.level != level
                    && level != NO_LEVEL
                    && !is_special(name)
                    && self.current.symbols.len() < self.current.symbols.capacity() =>
            {
                let at = self.current.symbols.len() as u32;
                let outer = std::mem::replace(place, Place { level, flags: flag, at });
                self.current.symbols.push(OpenSymbol { name, outer });
                true
            }
            _ => false,
        }
    }

    /// Adds the flag of a parameter or of another binding, of which a name has only one of a kind.
    #[inline]
    pub fn add_parameter(&mut self, name: NameId, location: &Location) -> Result<()> {
        if self.try_enter(name, Symbol::DEF_PARAM) {
            return Ok(());
        }
        self.add_def(name, Symbol::DEF_PARAM, *location)
    }

    /// Adds the flag of a binding that may be repeated, `DEF_LOCAL` or `DEF_IMPORT`, as [`Builder::add_def`] does.
    #[inline]
    pub fn add_binding(&mut self, name: NameId, flag: u32, location: Location) -> Result<()> {
        if self.try_note(name, flag) || self.try_enter(name, flag) {
            return Ok(());
        }
        self.add_def(name, flag, location)
    }

    /// Adds flags to a name of the scope that is being visited. Mirrors CPython 3.14: `symtable_add_def`.
    #[inline(never)]
    pub fn add_def(&mut self, name: NameId, flag: u32, location: Location) -> Result<()> {
        const AT_ONCE: u32 = Symbol::DEF_PARAM | Symbol::DEF_LOCAL | Symbol::DEF_IMPORT | Symbol::USE;
        if flag & !AT_ONCE == 0 && !self.names.is_private(name) && self.try_enter_mangled(name, flag) {
            return Ok(());
        }
        let ctx = if flag == Symbol::USE { ExprContext::Load } else { ExprContext::Store };
        self.add_def_ctx(name, flag, location, ctx)
    }

    /// The same for a name of which the context is known. Mirrors CPython 3.14: `symtable_add_def_ctx`.
    #[inline]
    pub fn add_def_ctx(&mut self, name: NameId, flag: u32, location: Location, ctx: ExprContext) -> Result<()> {
        const WRITES: u32 = Symbol::DEF_PARAM | Symbol::DEF_LOCAL | Symbol::DEF_IMPORT;
        if flag & WRITES != 0 {
            check_name(name, location, ctx)?;
        }
        if flag & Symbol::DEF_TYPE_PARAM != 0 && self.block().mangles_few {
            self.mangled.insert(name);
        }
        self.add_def_in(self.innermost(), name, flag, location)
    }

    /// The same for any open block. Mirrors CPython 3.14: `symtable_add_def_helper`.
    pub fn add_def_in(&mut self, block: usize, name: NameId, flag: u32, location: Location) -> Result<()> {
        // The name is mangled as the innermost block does, whichever block it goes to.
        let mangled = self.mangle_for(self.innermost(), name);
        let open = self.open(block);
        let in_target = open.in_comprehension_target;
        if is_special(mangled) {
            let scope = open.scope;
            self.table.scopes[scope.0 as usize].has_special_names = true;
        }
        let flags = self.flags_in(block, mangled);
        let is_repeated = flag & *flags & (Symbol::DEF_PARAM | Symbol::DEF_TYPE_PARAM) != 0;
        if is_repeated || (in_target && (flag | *flags) & (Symbol::DEF_GLOBAL | Symbol::DEF_NONLOCAL) != 0) {
            let flags = *flags;
            return Err(self.refuse_def(name, flag, flags, location));
        }
        *flags |= flag;
        if in_target {
            *flags |= Symbol::DEF_COMP_ITER;
        }
        if flag & Symbol::DEF_GLOBAL != 0 {
            // The module is the outermost block.
            *self.flags_in(0, mangled) |= flag;
        }
        Ok(())
    }
}

impl Builder<'_, '_> {
    /// Why a name that has `flags` cannot get `flag`.
    #[cold]
    fn refuse_def(&self, name: NameId, flag: u32, flags: u32, location: Location) -> Box<CompileError> {
        let name = self.names.text(name);
        let message = if flag & flags & Symbol::DEF_PARAM != 0 {
            let what = if self.target.features.says_duplicate_parameter { "parameter" } else { "argument" };
            format!("duplicate {what} '{name}' in function definition")
        } else if flag & flags & Symbol::DEF_TYPE_PARAM != 0 {
            format!("duplicate type parameter '{name}'")
        } else {
            format!("comprehension inner loop cannot rebind assignment expression target '{name}'")
        };
        CompileError::syntax(location, message)
    }
}

/// Whether more depends on a name than whether it is there: on `__debug__` and `super`, and for simplicity those before them, none of which
/// is frequent in sources.
#[inline]
fn is_special(name: NameId) -> bool {
    const { assert!(known::DEBUG.0 <= known::SUPER.0) };
    name <= known::SUPER
}

/// Refuses to bind `__debug__`. Mirrors CPython 3.14: `check_name`.
#[inline]
pub(super) fn check_name(name: NameId, location: Location, ctx: ExprContext) -> Result<()> {
    if name == known::DEBUG {
        match ctx {
            ExprContext::Store => return Err(CompileError::syntax(location, "cannot assign to __debug__")),
            ExprContext::Del => return Err(CompileError::syntax(location, "cannot delete __debug__")),
            ExprContext::Load => {}
        }
    }
    Ok(())
}
