//! The second pass: where each name lives.
//!
//! CPython 3.14's `analyze_block` copies sets of names for each scope. Here the names that are visible from outside are bits in
//! an array by [`NameId`], changed on the way into a scope and set back on the way out, and the set of explicit globals is left
//! out, as a name that is not bound in a function is a global whether or not a scope around it said so.

use super::build::Directive;
use super::{
    BlockType, CLASS_CELLS, ComprehensionType, NameScope, Scope, ScopeId, Symbol, SymbolMap, SymbolTable, is_class_cell,
};
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::source::{Interner, NameId, known};
use crate::target::Target;

/// Bound in a function around (CPython's set `bound`).
const BOUND: u8 = 1;
/// A type parameter of a scope around (CPython's set `type_params`).
const TYPE_PARAM: u8 = 2;

/// Ends a list of children.
const NO_CHILD: ScopeId = SymbolTable::MODULE;

/// Declared global or nonlocal.
pub(super) const DECLARED: u32 = Symbol::DEF_GLOBAL | Symbol::DEF_NONLOCAL;

struct Analyzer<'t, 'n, 'a> {
    scopes: &'t mut Vec<Scope<'a>>,
    directives: &'t [Directive],
    names: &'n Interner<'a>,
    target: &'static Target,
    visible: Vec<u8>,
    undo: Vec<(NameId, u8)>,
    /// The names that scopes need from outside: those of the scope at hand on top of those of its neighbours.
    free: Vec<NameId>,
    /// Which use of the marks a name was last marked for: sets of names that need no clearing.
    marks: Vec<u32>,
    last_mark: u32,
}

/// The memory of an analysis for the next one: what is visible, which is nothing, and the marks.
#[derive(Default)]
pub(super) struct AnalyzerMemory {
    visible: Vec<u8>,
    undo: Vec<(NameId, u8)>,
    free: Vec<NameId>,
    marks: Vec<u32>,
    last_mark: u32,
}

/// Marks are counted anew beyond this one.
const LAST_REUSED_MARK: u32 = u32::MAX / 2;

/// Resolves the names of all scopes. Mirrors CPython 3.14: `symtable_analyze`.
pub(super) fn analyze<'a>(
    scopes: &mut Vec<Scope<'a>>,
    directives: &[Directive],
    names: &Interner<'a>,
    target: &'static Target,
    memory: &mut AnalyzerMemory,
) -> Result<()> {
    let AnalyzerMemory { visible, undo, free, marks, last_mark } = std::mem::take(memory);
    let mut analyzer = Analyzer { scopes, directives, names, target, visible, undo, free, marks, last_mark };
    if names.len() > analyzer.visible.len() {
        analyzer.visible.resize(names.len(), 0);
        analyzer.marks.resize(names.len(), 0);
    }
    // After an error the memory is not used again.
    analyzer.analyze_block(SymbolTable::MODULE, None)?;
    let Analyzer { visible, undo, mut free, marks, last_mark, .. } = analyzer;
    free.clear();
    if last_mark < LAST_REUSED_MARK {
        *memory = AnalyzerMemory { visible, undo, free, marks, last_mark };
    }
    Ok(())
}

impl<'a> Analyzer<'_, '_, 'a> {
    #[inline]
    fn scope(&mut self, id: ScopeId) -> &mut Scope<'a> {
        &mut self.scopes[id.0 as usize]
    }

    fn new_mark(&mut self) -> u32 {
        self.last_mark += 1;
        self.last_mark
    }

    fn set_visible(&mut self, name: NameId, value: u8) {
        let slot = &mut self.visible[name.index()];
        if *slot != value {
            self.undo.push((name, *slot));
            *slot = value;
        }
    }

    fn restore(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some((name, value)) = self.undo.pop() {
                self.visible[name.index()] = value;
            }
        }
    }

    /// Resolves the names of a scope and of the scopes within it, and adds to `free` the names that must come from outside.
    ///
    /// `class_entry` is the class that an annotation scope or the like looks names up in. Mirrors CPython 3.14:
    /// `analyze_block`.
    fn analyze_block(&mut self, id: ScopeId, class_entry: Option<ScopeId>) -> Result<()> {
        let is_nested = id != SymbolTable::MODULE;
        let undo_mark = self.undo.len();
        let scope = self.scope(id);
        let block = scope.block;
        let is_class = block == BlockType::Class;
        let can_see_class_scope = scope.can_see_class_scope;

        // What no scope within sees need not be noted.
        let has_children = scope.first_child != NO_CHILD;
        if matches!(block, BlockType::Class | BlockType::Module) && is_plain(scope, class_entry) && is_settled(scope) {
            // Nor is what a class or module binds.
        } else {
            self.analyze_names(id, block, class_entry, has_children)?;
        }
        let scope = self.scope(id);
        if scope.has_unannotated_functions {
            // As `analyze_name` has it for a name that such a function's annotations would look up.
            let flags = scope.symbol(known::CLASSDICT).flags;
            let is_own = flags & Symbol::DEF_BOUND != 0 && flags & Symbol::DEF_NONLOCAL == 0;
            scope.needs_classdict |= flags & Symbol::DEF_GLOBAL == 0 && !is_own;
        }
        if !has_children {
            self.restore(undo_mark);
            return Ok(());
        }
        if is_class {
            for name in CLASS_CELLS.into_iter().filter(|&name| is_class_cell(name, self.target)) {
                let value = self.visible[name.index()] | BOUND;
                self.set_visible(name, value);
            }
        }

        let new_free = self.free.len();
        let mut inlined_cells = Vec::new();
        let mut any_inlined = false;
        let mut next = self.scope(id).first_child;
        while next != NO_CHILD {
            let child = next;
            let start = self.free.len();
            let entry = self.scope(child);
            next = entry.next_sibling;
            // Comprehensions are inlined but for generator expressions and those of annotation scopes within classes.
            let is_inlined =
                entry.comprehension != ComprehensionType::None && !entry.is_generator && !can_see_class_scope;
            let child_class = match entry.can_see_class_scope {
                true if is_class => Some(id),
                true => class_entry,
                false => None,
            };
            if is_plain_leaf(entry, child_class) {
                if !is_settled(entry) {
                    self.analyze_plain_leaf(child);
                }
            } else {
                self.analyze_block(child, child_class)?;
            }
            if is_inlined && self.target.features.inline_comprehensions {
                self.inline_comprehension(id, child, start, &mut inlined_cells);
                self.scope(child).is_inlined_comprehension = true;
                any_inlined = true;
            }
        }
        if any_inlined {
            self.splice_children(id);
        }

        self.restore(undo_mark);
        self.resolve_free(id, is_nested, new_free, &inlined_cells);
        Ok(())
    }

    /// Resolves the names of a scope and notes what the scopes within it see.
    fn analyze_names(
        &mut self,
        id: ScopeId,
        block: BlockType,
        class_entry: Option<ScopeId>,
        has_children: bool,
    ) -> Result<()> {
        let scope = self.scope(id);
        let empty = SymbolMap::new(scope.symbols.arena());
        let mut symbols = std::mem::replace(&mut scope.symbols, empty);
        let mut has_free = false;
        for (name, symbol) in symbols.entries_mut() {
            if !has_children && symbol.flags & Symbol::DEF_BOUND != 0 && symbol.flags & DECLARED == 0 {
                symbol.scope = NameScope::Local;
                continue;
            }
            symbol.scope = self.analyze_name(id, block, class_entry, *name, symbol.flags)?;
            if symbol.scope == NameScope::Free {
                self.free.push(*name);
                has_free = true;
            }
        }
        let scope = self.scope(id);
        scope.symbols = symbols;
        scope.has_plain_names &= !has_free;
        Ok(())
    }

    /// Resolves the names of a scope that [`is_plain_leaf`] is true of. Mirrors CPython 3.14: `analyze_name`, for what it does there.
    fn analyze_plain_leaf(&mut self, id: ScopeId) {
        let Analyzer { scopes, visible, free, .. } = self;
        let scope = &mut scopes[id.0 as usize];
        let start = free.len();
        for (name, symbol) in scope.symbols.entries_mut() {
            symbol.scope = if symbol.flags & Symbol::DEF_BOUND != 0 {
                NameScope::Local
            } else if visible[name.index()] & BOUND != 0 {
                free.push(*name);
                NameScope::Free
            } else {
                NameScope::GlobalImplicit
            };
        }
        scope.has_plain_names &= free.len() == start;
    }

    /// Mirrors CPython 3.14: `analyze_name`. No name's answer depends on another name of the same scope, so that the sets
    /// for the scopes within can be changed at once.
    #[inline]
    fn analyze_name(
        &mut self,
        id: ScopeId,
        block: BlockType,
        class_entry: Option<ScopeId>,
        name: NameId,
        flags: u32,
    ) -> Result<NameScope> {
        if flags & DECLARED != 0 {
            return self.analyze_declared_name(id, block, name, flags);
        }
        let seen = self.visible[name.index()];
        if flags & Symbol::DEF_BOUND != 0 {
            let mut value = if flags & Symbol::DEF_TYPE_PARAM != 0 { seen | TYPE_PARAM } else { seen & !TYPE_PARAM };
            if !matches!(block, BlockType::Class | BlockType::Module) {
                value |= BOUND;
            }
            self.set_visible(name, value);
            return Ok(NameScope::Local);
        }
        // A name of the class around is looked up there and among the globals at run time, even if a function further out
        // binds it too.
        if let Some(class_entry) = class_entry {
            let class_flags = self.scope(class_entry).symbol(name).flags;
            if class_flags & Symbol::DEF_GLOBAL != 0 {
                return Ok(NameScope::GlobalExplicit);
            }
            if class_flags & Symbol::DEF_BOUND != 0 && class_flags & Symbol::DEF_NONLOCAL == 0 {
                return Ok(NameScope::GlobalImplicit);
            }
        }
        Ok(if seen & BOUND != 0 { NameScope::Free } else { NameScope::GlobalImplicit })
    }

    /// The same for a name that is declared global or nonlocal.
    fn analyze_declared_name(&mut self, id: ScopeId, block: BlockType, name: NameId, flags: u32) -> Result<NameScope> {
        let seen = self.visible[name.index()];
        if flags & Symbol::DEF_GLOBAL != 0 {
            if flags & Symbol::DEF_NONLOCAL != 0 {
                let message = format!("name '{}' is nonlocal and global", self.names.text(name));
                return Err(self.error_at_directive(id, name, message));
            }
            // What a class binds or declares has no effect on the functions within it.
            if block != BlockType::Class {
                self.set_visible(name, seen & !BOUND);
            }
            return Ok(NameScope::GlobalExplicit);
        }
        let message = if block == BlockType::Module {
            "nonlocal declaration not allowed at module level".to_owned()
        } else if seen & BOUND == 0 {
            format!("no binding for nonlocal '{}' found", self.names.text(name))
        } else if seen & TYPE_PARAM != 0 {
            format!("nonlocal binding not allowed for type parameter '{}'", self.names.text(name))
        } else {
            return Ok(NameScope::Free);
        };
        Err(self.error_at_directive(id, name, message))
    }

    /// Mirrors CPython 3.14: `error_at_directive`.
    fn error_at_directive(&self, id: ScopeId, name: NameId, message: String) -> Box<CompileError> {
        match self.directives.iter().find(|directive| directive.scope == id && directive.name == name) {
            Some(directive) => CompileError::syntax(directive.location, message),
            None => CompileError::new(ErrorKind::SystemError, None, "BUG: internal directive bookkeeping broken"),
        }
    }

    /// Merges the names of a comprehension into the scope `id` that it is inlined into. The comprehension's free names are
    /// `free[start..]`. Mirrors CPython 3.14: `inline_comprehension`.
    fn inline_comprehension(
        &mut self,
        id: ScopeId,
        comprehension: ScopeId,
        start: usize,
        inlined_cells: &mut Vec<NameId>,
    ) {
        let free_in_child = self.mark_free_in_children(comprehension);
        let discarded = self.new_mark();
        let mut any_discarded = false;
        let is_class = self.scope(id).block == BlockType::Class;
        self.scope(id).has_plain_names = false;
        let mut removed = Vec::new();
        for at in 0..self.scope(comprehension).symbols.len() {
            let (name, symbol) = self.scope(comprehension).symbols.entries_mut()[at];
            if symbol.flags & Symbol::DEF_PARAM != 0 {
                continue;
            }
            let mut scope = symbol.scope;
            if scope == NameScope::Cell || symbol.flags & Symbol::DEF_COMP_CELL != 0 {
                inlined_cells.push(name);
            }
            let is_free_in_child = self.marks[name.index()] == free_in_child;
            let mut discard = false;
            // These are not free through a class unless a scope within the comprehension needs them.
            if scope == NameScope::Free
                && is_class
                && CLASS_CELLS.contains(&name)
                && (name == known::CLASS || self.target.features.all_class_cells_stay_in_comprehensions)
            {
                scope = NameScope::GlobalImplicit;
                discard = !(is_free_in_child && self.target.features.class_cells_reach_through_comprehensions);
                removed.push(name);
            }
            match self.scope(id).symbols.entry(name) {
                (entry, false) => *entry = Symbol { flags: symbol.flags, scope },
                // A local of the scope around need not be free any more, unless a scope within the comprehension uses it.
                (entry, true) => {
                    if entry.flags & Symbol::DEF_BOUND != 0 && !is_class {
                        discard |= !is_free_in_child;
                    }
                }
            }
            if discard {
                self.marks[name.index()] = discarded;
                any_discarded = true;
            }
        }
        for name in removed {
            self.scope(comprehension).symbols.shift_remove(name);
        }
        if any_discarded {
            let marks = &self.marks;
            retain_from(&mut self.free, start, |name| marks[name.index()] != discarded);
        }
    }

    /// Marks the names that are free in a child of a scope, for `is_free_in_any_child`.
    fn mark_free_in_children(&mut self, id: ScopeId) -> u32 {
        let mark = self.new_mark();
        let mut next = self.scope(id).first_child;
        while next != NO_CHILD {
            let child = &self.scopes[next.0 as usize];
            next = child.next_sibling;
            for (name, symbol) in child.symbols.iter() {
                if symbol.scope == NameScope::Free {
                    self.marks[name.index()] = mark;
                }
            }
        }
        mark
    }

    /// Puts the children of inlined comprehensions in their place.
    fn splice_children(&mut self, id: ScopeId) {
        let mut next = self.scope(id).first_child;
        let mut last = NO_CHILD;
        self.scope(id).first_child = NO_CHILD;
        while next != NO_CHILD {
            let child = self.scope(next);
            let is_inlined = child.is_inlined_comprehension;
            let (first, end) = if is_inlined { (child.first_child, child.last_child) } else { (next, next) };
            next = child.next_sibling;
            if first == NO_CHILD {
                continue;
            }
            match last {
                NO_CHILD => self.scope(id).first_child = first,
                last => self.scope(last).next_sibling = first,
            }
            last = end;
        }
        if last != NO_CHILD {
            self.scope(last).next_sibling = NO_CHILD;
        }
        self.scope(id).last_child = last;
    }

    /// Decides which of the names that the scopes within need, `free[start..]`, are provided here, and enters the others as free.
    ///
    /// Mirrors CPython 3.14: `analyze_cells`, `drop_class_free`, `update_symbols`.
    fn resolve_free(&mut self, id: ScopeId, is_nested: bool, start: usize, inlined_cells: &[NameId]) {
        if inlined_cells.is_empty() && start == self.free.len() {
            return;
        }
        let mark = self.new_mark();
        let Analyzer { scopes, marks, visible, free, target, .. } = self;
        let scope = &mut scopes[id.0 as usize];
        scope.has_plain_names &= inlined_cells.is_empty();
        let is_function_like = scope.is_function_like();
        let is_class = scope.block == BlockType::Class;
        let sees_class = is_class || scope.can_see_class_scope;
        for &name in inlined_cells {
            if let Some(symbol) = scope.symbols.get_mut(name) {
                symbol.flags |= Symbol::DEF_COMP_CELL;
                if is_function_like && symbol.scope == NameScope::Local {
                    symbol.scope = NameScope::Cell;
                }
            }
        }
        retain_from(free, start, |name| {
            if std::mem::replace(&mut marks[name.index()], mark) == mark {
                return false;
            }
            if is_class && is_class_cell(name, target) {
                match name {
                    known::CLASS => scope.needs_class_closure = true,
                    known::CLASSDICT => scope.needs_classdict = true,
                    known::CONDITIONAL_ANNOTATIONS => scope.has_conditional_annotations = true,
                    _ => {}
                }
                return false;
            }
            scope.has_plain_names = false;
            match scope.symbols.get_mut(name) {
                Some(symbol) => {
                    if is_function_like && matches!(symbol.scope, NameScope::Local) {
                        symbol.scope = NameScope::Cell;
                        return false;
                    }
                    // Set by an inlined comprehension's cell, which provides the name as well.
                    if is_function_like && symbol.scope == NameScope::Cell {
                        return false;
                    }
                    if sees_class {
                        symbol.flags |= Symbol::DEF_FREE_CLASS;
                    }
                }
                None => {
                    if !is_nested || visible[name.index()] & BOUND != 0 {
                        scope.symbols.insert(name, Symbol { flags: 0, scope: NameScope::Free });
                    }
                }
            }
            true
        });
    }
}

/// Whether no name of a scope is declared global or nonlocal, and none is looked up in a class.
fn is_plain(scope: &Scope<'_>, class_entry: Option<ScopeId>) -> bool {
    class_entry.is_none() && scope.any_flags & DECLARED == 0
}

/// Whether a plain scope, as nearly all are, has no others in it.
fn is_plain_leaf(scope: &Scope<'_>, class_entry: Option<ScopeId>) -> bool {
    scope.first_child == NO_CHILD && is_plain(scope, class_entry)
}

/// Whether each name of a plain scope lives where the first pass has put it: what no function around binds is global, unless it is one of
/// those that classes have without binding them.
fn is_settled(scope: &Scope<'_>) -> bool {
    !scope.is_nested && !scope.has_special_names
}

/// Keeps only those of the names from `start` on that `keep` is true of.
fn retain_from(names: &mut Vec<NameId>, start: usize, mut keep: impl FnMut(NameId) -> bool) {
    let mut kept = start;
    for at in start..names.len() {
        let name = names[at];
        if keep(name) {
            names[kept] = name;
            kept += 1;
        }
    }
    names.truncate(kept);
}
