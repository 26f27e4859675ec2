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
    #[inline]
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    /// A scope, to change: code generation does where it inlines a comprehension.
    pub fn scope_mut(&mut self, id: ScopeId) -> &mut Scope {
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
pub fn build<'a>(module: &Module<'a>, cx: &mut CompileContext<'_, 'a>) -> Result<SymbolTable> {
    let future = future_features(module, cx.names, cx.target)?;
    build::build(module, cx, future)
}
