//! The symbol table: which scopes there are and where each name of a scope lives.

mod mangle;
mod scope;

pub use mangle::{mangle, maybe_mangle};
pub use scope::{BlockType, ComprehensionType, NameScope, Scope, ScopeId, ScopeKey, ScopePart, Symbol};

use rustc_hash::FxHashMap;

/// All scopes of a module. The first is the module's own.
#[derive(Debug, Default)]
pub struct SymbolTable {
    scopes: Vec<Scope>,
    by_key: FxHashMap<ScopeKey, ScopeId>,
    /// `co_flags` of the `from __future__` imports.
    pub future_flags: u32,
}

impl SymbolTable {
    /// The scope of the module.
    pub const MODULE: ScopeId = ScopeId(0);

    /// The scope that a node opens, where it opens one.
    pub fn lookup(&self, key: ScopeKey) -> Option<ScopeId> {
        self.by_key.get(&key).copied()
    }

    /// A scope.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    /// A scope, to change: code generation does where it inlines a comprehension.
    pub fn scope_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes[id.0 as usize]
    }
}
