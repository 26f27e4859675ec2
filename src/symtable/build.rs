//! The first pass's machinery: the stack of open blocks, and how names get into the scopes.

use super::{BlockType, ComprehensionType, FutureFeatures, Scope, ScopeId, ScopeKey, ScopePart, Symbol, SymbolTable};
use super::{analyze, mangle};
use crate::ast::{ExprContext, Module, docstring};
use crate::diagnostics::{CompileError, MAX_TREE_DEPTH, Result};
use crate::ir::{CompileContext, OrderedSet};
use crate::object::flags;
use crate::source::{Interner, Location, NameId, known};
use crate::target::Target;

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
    pub in_comprehension_target: bool,
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
}

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
    pub table: SymbolTable,
    pub names: &'c mut Interner<'a>,
    pub target: &'static Target,
    pub future: FutureFeatures,
    pub stack: Vec<OpenBlock>,
    /// The class that private names belong to (`st_private`).
    pub private: Option<NameId>,
    pub directives: Vec<Directive>,
    /// The names that the type parameters of the innermost generic class mangle (`ste_mangled_names`), and the scopes that
    /// share them. They get their copy when the set is complete.
    pub mangled: OrderedSet<NameId>,
    pub mangled_scopes: Vec<ScopeId>,
    pub scope_names: ScopeNames,
    depth: u32,
}

/// Both passes over a module.
pub(super) fn build<'a>(
    module: &Module<'a>,
    cx: &mut CompileContext<'_, 'a>,
    future: FutureFeatures,
) -> Result<SymbolTable> {
    let scope_names = ScopeNames {
        lambda: cx.names.intern_borrowed("lambda"),
        generator: cx.names.intern_borrowed("genexpr"),
        list: cx.names.intern_borrowed("listcomp"),
        set: cx.names.intern_borrowed("setcomp"),
        dict: cx.names.intern_borrowed("dictcomp"),
    };
    let mut builder = Builder {
        table: SymbolTable { future_flags: future.flags, ..SymbolTable::default() },
        names: cx.names,
        target: cx.target,
        future,
        stack: Vec::with_capacity(16),
        private: None,
        directives: Vec::new(),
        mangled: OrderedSet::default(),
        mangled_scopes: Vec::new(),
        scope_names,
        depth: 0,
    };
    let id = builder.enter_block(
        known::TOP,
        BlockType::Module,
        Some(ScopeKey::new(module, ScopePart::Body)),
        Location::new(0, 0, 0, 0),
    )?;
    debug_assert_eq!(id, SymbolTable::MODULE);
    builder.scope().has_docstring = docstring(module.body).is_some();
    builder.visit_stmts(module.body)?;
    builder.exit_block();
    let Builder { mut table, directives, names, target, .. } = builder;
    analyze::analyze(&mut table.scopes, &directives, names, target)?;
    Ok(table)
}

impl<'a> Builder<'_, 'a> {
    /// The scope that is being visited.
    #[inline]
    pub fn scope(&mut self) -> &mut Scope {
        let id = self.block().scope;
        &mut self.table.scopes[id.0 as usize]
    }

    /// The block that is being visited. The module's stays open for the whole pass.
    #[inline]
    pub fn block(&mut self) -> &mut OpenBlock {
        let top = self.stack.len() - 1;
        &mut self.stack[top]
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
    pub fn new_scope(&mut self, name: NameId, block: BlockType, key: Option<ScopeKey>, location: Location) -> ScopeId {
        let (is_nested, is_method) = match self.stack.last() {
            Some(outer) => {
                let scope = &self.table.scopes[outer.scope.0 as usize];
                (
                    scope.is_nested || scope.is_function_like(),
                    outer.block == BlockType::Class && block == BlockType::Function,
                )
            }
            None => (false, false),
        };
        let id = ScopeId(self.table.scopes.len() as u32);
        self.table.scopes.push(Scope {
            name,
            block,
            comprehension: ComprehensionType::None,
            symbols: Default::default(),
            varnames: Vec::new(),
            children: Vec::new(),
            mangled_names: None,
            annotation_block: None,
            location,
            is_nested,
            is_generator: false,
            is_coroutine: false,
            annotations_used: false,
            has_varargs: false,
            has_varkeywords: false,
            returns_value: false,
            needs_class_closure: false,
            needs_classdict: false,
            is_inlined_comprehension: false,
            can_see_class_scope: false,
            has_docstring: false,
            is_method,
            has_conditional_annotations: false,
            in_unevaluated_annotation: false,
        });
        if let Some(key) = key {
            self.table.by_key.insert(key, id);
        }
        id
    }

    /// Opens a scope. Mirrors CPython 3.14: `symtable_enter_existing_block`.
    pub fn enter_scope(&mut self, scope: ScopeId, add_to_children: bool) {
        let block = self.table.scopes[scope.0 as usize].block;
        let mut open = OpenBlock {
            scope,
            block,
            in_comprehension_target: false,
            comprehension_iterables: 0,
            is_in_try: false,
            is_conditional: false,
            description: "",
            mangles_few: false,
        };
        // Annotations that become strings are visited for their errors only, so nobody learns of their scope.
        let is_hidden = block == BlockType::Annotation && self.has_future_annotations();
        if let Some(outer) = self.stack.last() {
            // An assignment expression is refused anywhere within an iterable, in a nested lambda as well (bpo-37757).
            open.comprehension_iterables = outer.comprehension_iterables;
            // A class body mangles all names.
            open.mangles_few = outer.mangles_few && block != BlockType::Class;
            if add_to_children && !is_hidden {
                self.table.scopes[outer.scope.0 as usize].children.push(scope);
            }
        }
        if open.mangles_few {
            self.mangled_scopes.push(scope);
        }
        self.stack.push(open);
    }

    /// Creates and opens a scope. Mirrors CPython 3.14: `symtable_enter_block`.
    pub fn enter_block(
        &mut self,
        name: NameId,
        block: BlockType,
        key: Option<ScopeKey>,
        location: Location,
    ) -> Result<ScopeId> {
        let id = self.new_scope(name, block, key, location);
        self.enter_scope(id, true);
        if self.target.features.deferred_annotations
            && matches!(block, BlockType::Annotation | BlockType::TypeVariable | BlockType::TypeAlias)
        {
            // Code generation inserts the check of this parameter.
            self.add_def(known::DOT_FORMAT, Symbol::DEF_PARAM, location)?;
            self.add_def(known::DOT_FORMAT, Symbol::USE, location)?;
        }
        Ok(id)
    }

    /// Closes the scope that is being visited.
    pub fn exit_block(&mut self) {
        self.stack.pop();
    }

    /// A name as an open block stores it. Mirrors CPython 3.14: `_Py_MaybeMangle`.
    #[inline]
    fn mangle_for(&mut self, block: usize, name: NameId) -> NameId {
        if self.private.is_none() || (self.stack[block].mangles_few && !self.mangled.contains(&name)) {
            return name;
        }
        mangle(self.names, self.private, name)
    }

    /// The flags of a name in an open block. Mirrors CPython 3.14: `symtable_lookup_entry`.
    pub fn lookup_in(&mut self, block: usize, name: NameId) -> u32 {
        let mangled = self.mangle_for(block, name);
        self.table.scopes[self.stack[block].scope.0 as usize].symbol(mangled).flags
    }

    /// The flags of a name in the scope that is being visited. Mirrors CPython 3.14: `symtable_lookup`.
    pub fn lookup(&mut self, name: NameId) -> u32 {
        self.lookup_in(self.stack.len() - 1, name)
    }

    /// Remembers where a name was declared. Mirrors CPython 3.14: `symtable_record_directive`.
    pub fn record_directive(&mut self, name: NameId, location: Location) {
        let name = self.mangle_for(self.stack.len() - 1, name);
        let scope = self.block().scope;
        self.directives.push(Directive { scope, name, location });
    }

    /// Adds flags to a name of the scope that is being visited. Mirrors CPython 3.14: `symtable_add_def`.
    pub fn add_def(&mut self, name: NameId, flag: u32, location: Location) -> Result<()> {
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
        self.add_def_in(self.stack.len() - 1, name, flag, location)
    }

    /// The same for any open block. Mirrors CPython 3.14: `symtable_add_def_helper`.
    pub fn add_def_in(&mut self, block: usize, name: NameId, flag: u32, location: Location) -> Result<()> {
        // The name is mangled as the innermost block does, whichever block it goes to.
        let mangled = self.mangle_for(self.stack.len() - 1, name);
        let open = &self.stack[block];
        let scope = &mut self.table.scopes[open.scope.0 as usize];
        let (symbol, _) = scope.symbols.entry(mangled);
        let mut flags = symbol.flags;
        if flag & flags & Symbol::DEF_PARAM != 0 {
            let name = self.names.text(name);
            let what = if self.target.features.says_duplicate_parameter { "parameter" } else { "argument" };
            return Err(CompileError::syntax(location, format!("duplicate {what} '{name}' in function definition")));
        }
        if flag & flags & Symbol::DEF_TYPE_PARAM != 0 {
            let name = self.names.text(name);
            return Err(CompileError::syntax(location, format!("duplicate type parameter '{name}'")));
        }
        flags |= flag;
        if open.in_comprehension_target {
            if flags & (Symbol::DEF_GLOBAL | Symbol::DEF_NONLOCAL) != 0 {
                let name = self.names.text(name);
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{name}'");
                return Err(CompileError::syntax(location, message));
            }
            flags |= Symbol::DEF_COMP_ITER;
        }
        symbol.flags = flags;
        if flag & Symbol::DEF_PARAM != 0 {
            scope.varnames.push(mangled);
        } else if flag & Symbol::DEF_GLOBAL != 0 {
            let module = &mut self.table.scopes[SymbolTable::MODULE.0 as usize];
            module.symbols.entry(mangled).0.flags |= flag;
        }
        Ok(())
    }
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
