//! The symbol table: which scopes there are and where each name of a scope lives.
//!
//! Two passes, as in CPython's `symtable.c`: the tree is walked once and each scope collects what is done with its names
//! (`build` and its neighbours, one file a kind of node), then the scopes are walked and each name is resolved (`analyze`).

mod analyze;
mod annotation;
mod build;
mod expression;
mod future;
mod mangle;
mod scope;
mod statement;
mod symbol_map;

pub use future::{FutureFeatures, future_features};
pub use mangle::{mangle, maybe_mangle};
pub use scope::{BlockType, ComprehensionType, NameScope, Scope, ScopeId, ScopeKey, ScopePart, Symbol};
pub use symbol_map::SymbolMap;

use crate::ast::Module;
use crate::diagnostics::Result;
use crate::ir::CompileContext;
use crate::source::{NameId, known};
use crate::target::Target;

/// All scopes of a module. The first is the module's own.
#[derive(Debug)]
pub struct SymbolTable<'a> {
    scopes: Vec<Scope<'a>>,
    /// Open addressing by [`ScopeKey`]: the number of a scope plus one, or 0. A power of two long and at least half zeros. It is made when
    /// a scope is not where it is expected; empty until then.
    by_key: Vec<u32>,
    /// The scope behind the one that was asked for last. Code generation asks for most in the order in which they were made.
    expected: u32,
    /// `co_flags` of the `from __future__` imports.
    pub future_flags: u32,
}

/// The names of the cells that a class has without binding them.
const CLASS_CELLS: [NameId; 3] = [known::CLASS, known::CLASSDICT, known::CONDITIONAL_ANNOTATIONS];

/// Whether a name is one of the cells that the release's classes have without binding them.
pub fn is_class_cell(name: NameId, target: &Target) -> bool {
    match name {
        known::CLASS => true,
        known::CLASSDICT => target.features.type_parameters,
        known::CONDITIONAL_ANNOTATIONS => target.features.deferred_annotations,
        _ => false,
    }
}

impl<'a> SymbolTable<'a> {
    /// The scope of the module.
    pub const MODULE: ScopeId = ScopeId(0);

    /// The scope that a node opens, where it opens one.
    #[inline]
    pub fn lookup(&mut self, key: ScopeKey) -> Option<ScopeId> {
        // There may be one in between that is not asked for.
        let is_it = |id: &u32| self.scopes.get(*id as usize).is_some_and(|scope| scope.key == key);
        match [self.expected, self.expected + 1].into_iter().find(is_it) {
            Some(id) => {
                self.expected = id + 1;
                Some(ScopeId(id))
            }
            None => self.look_up(key),
        }
    }

    /// The same for a scope that is not where it is expected.
    #[inline(never)]
    fn look_up(&mut self, key: ScopeKey) -> Option<ScopeId> {
        if self.by_key.is_empty() {
            self.index();
        }
        let mask = self.by_key.len() - 1;
        let mut slot = self.slot_of(key);
        loop {
            let id = self.by_key[slot & mask].checked_sub(1)?;
            if self.scopes[id as usize].key == key {
                self.expected = id + 1;
                return Some(ScopeId(id));
            }
            slot += 1;
        }
    }

    #[inline]
    fn slot_of(&self, key: ScopeKey) -> usize {
        (key.hash() >> (64 - self.by_key.len().trailing_zeros())) as usize
    }

    /// Makes the scopes known by their keys.
    fn index(&mut self) {
        self.by_key.resize((self.scopes.len() * 2).next_power_of_two(), 0);
        let mask = self.by_key.len() - 1;
        for (id, scope) in self.scopes.iter().enumerate().filter(|(_, scope)| scope.key != ScopeKey::default()) {
            let mut slot = self.slot_of(scope.key);
            while self.by_key[slot & mask] != 0 {
                slot += 1;
            }
            self.by_key[slot & mask] = id as u32 + 1;
        }
    }

    /// A scope.
    #[inline]
    pub fn scope(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id.0 as usize]
    }

    /// A scope, to change: code generation does where it inlines a comprehension.
    pub fn scope_mut(&mut self, id: ScopeId) -> &mut Scope<'a> {
        &mut self.scopes[id.0 as usize]
    }

    /// How many scopes there are.
    pub fn len(&self) -> usize {
        self.scopes.len()
    }

    /// Whether there are none, which is so only before a table is built.
    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }
}

/// The symbol table of a module that the tree pass has been over. Mirrors CPython 3.14: `_PySymtable_Build`.
pub fn build<'a>(module: &Module<'a>, cx: &mut CompileContext<'_, 'a>) -> Result<SymbolTable<'a>> {
    let future = future_features(module, cx.names, cx.target)?;
    build::build(module, cx, future)
}
