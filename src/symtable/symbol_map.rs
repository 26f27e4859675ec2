//! The names of one scope and what is known of each, in the order in which they were first met.

use super::{NameScope, Symbol};
use crate::ir::OrderedSet;
use crate::source::NameId;

/// A map from names to symbols that keeps the order of insertion, which decides the order of some outputs.
#[derive(Clone, Debug, Default)]
pub struct SymbolMap {
    names: OrderedSet<NameId>,
    symbols: Vec<Symbol>,
}

impl SymbolMap {
    /// What is known of a name.
    #[inline]
    pub fn get(&self, name: NameId) -> Option<&Symbol> {
        self.names.get_index_of(&name).map(|at| &self.symbols[at])
    }

    /// What is known of a name, to change.
    #[inline]
    pub fn get_mut(&mut self, name: NameId) -> Option<&mut Symbol> {
        self.names.get_index_of(&name).map(|at| &mut self.symbols[at])
    }

    /// What is known of a name, which is entered with nothing known if it is new; and whether it was there.
    #[inline]
    pub fn entry(&mut self, name: NameId) -> (&mut Symbol, bool) {
        let (at, is_new) = self.names.insert_full(name);
        if is_new {
            if at == 0 {
                self.symbols.reserve_exact(8);
            }
            self.symbols.push(Symbol { flags: 0, scope: NameScope::Unknown });
        }
        (&mut self.symbols[at], !is_new)
    }

    /// Sets what is known of a name.
    pub fn insert(&mut self, name: NameId, symbol: Symbol) {
        *self.entry(name).0 = symbol;
    }

    /// Removes a name; those behind it move up.
    pub fn shift_remove(&mut self, name: NameId) {
        if let Some(at) = self.names.get_index_of(&name) {
            self.names.remove_index(at);
            self.symbols.remove(at);
        }
    }

    /// The names and what is known of them.
    pub fn iter(&self) -> impl Iterator<Item = (NameId, Symbol)> + '_ {
        self.names.iter().zip(&self.symbols).map(|(&name, &symbol)| (name, symbol))
    }

    /// The names and what is known of them, to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (NameId, &mut Symbol)> + '_ {
        self.names.iter().copied().zip(&mut self.symbols)
    }

    /// How many names there are.
    pub const fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
