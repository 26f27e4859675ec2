//! The names of one scope and what is known of each, in the order in which they were first met.

use super::{NameScope, Symbol};
use crate::source::NameId;
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// Fibonacci hashing: the upper bits of the product are the well-mixed ones.
const FACTOR: u32 = 0x9e37_79b9;

/// Up to so many entries are searched one by one.
const LINEAR: usize = 8;

/// A map from names to symbols that keeps the order of insertion, which decides the order of some outputs.
#[derive(Debug)]
pub struct SymbolMap<'a> {
    entries: BumpVec<'a, (NameId, Symbol)>,
    /// Open addressing: the position of an entry plus one, or 0. A power of two long and at least half zeros; empty as long as there are so
    /// few entries that they are searched one by one.
    table: BumpVec<'a, u32>,
}

impl<'a> SymbolMap<'a> {
    /// A map without names.
    pub fn new(arena: &'a Bump) -> SymbolMap<'a> {
        SymbolMap { entries: BumpVec::new_in(arena), table: BumpVec::new_in(arena) }
    }

    /// The map of names that are all different.
    pub fn of_distinct(arena: &'a Bump, symbols: impl ExactSizeIterator<Item = (NameId, Symbol)>) -> SymbolMap<'a> {
        let mut entries = BumpVec::with_capacity_in(symbols.len(), arena);
        entries.extend(symbols);
        let mut map = SymbolMap { entries, table: BumpVec::new_in(arena) };
        map.rebuild();
        map
    }

    /// The position of a name's entry.
    #[inline]
    fn position(&self, name: NameId) -> Option<usize> {
        let Some(mask) = self.table.len().checked_sub(1) else {
            return self.entries.iter().position(|entry| entry.0 == name);
        };
        let mut slot = self.slot_of(name);
        loop {
            let at = (self.table[slot & mask] as usize).checked_sub(1)?;
            if self.entries[at].0 == name {
                return Some(at);
            }
            slot += 1;
        }
    }

    #[inline]
    fn slot_of(&self, name: NameId) -> usize {
        (name.0.wrapping_mul(FACTOR) >> (32 - self.table.len().trailing_zeros())) as usize
    }

    fn enter(&mut self, at: usize) {
        let mask = self.table.len() - 1;
        let mut slot = self.slot_of(self.entries[at].0);
        while self.table[slot & mask] != 0 {
            slot += 1;
        }
        self.table[slot & mask] = at as u32 + 1;
    }

    fn rebuild(&mut self) {
        self.table.clear();
        if self.entries.len() <= LINEAR {
            return;
        }
        const ZEROS: [u32; 32] = [0; 32];
        let size = (self.entries.len() * 2).next_power_of_two();
        self.table.reserve_exact(size);
        while self.table.len() < size {
            self.table.extend_from_slice_copy(&ZEROS[..ZEROS.len().min(size - self.table.len())]);
        }
        let table = self.table.as_mut_slice();
        let (mask, shift) = (size - 1, 32 - size.trailing_zeros());
        for (at, (name, _)) in self.entries.iter().enumerate() {
            let mut slot = (name.0.wrapping_mul(FACTOR) >> shift) as usize;
            while table[slot & mask] != 0 {
                slot += 1;
            }
            table[slot & mask] = at as u32 + 1;
        }
    }

    /// What is known of a name.
    #[inline]
    pub fn get(&self, name: NameId) -> Option<&Symbol> {
        self.position(name).map(|at| &self.entries[at].1)
    }

    /// What is known of a name, to change.
    #[inline]
    pub fn get_mut(&mut self, name: NameId) -> Option<&mut Symbol> {
        self.position(name).map(|at| &mut self.entries[at].1)
    }

    /// What is known of a name, which is entered with nothing known if it is new; and whether it was there.
    #[inline]
    pub fn entry(&mut self, name: NameId) -> (&mut Symbol, bool) {
        if let Some(at) = self.position(name) {
            return (&mut self.entries[at].1, true);
        }
        (self.push(name), false)
    }

    fn push(&mut self, name: NameId) -> &mut Symbol {
        let at = self.entries.len();
        self.entries.push((name, Symbol { flags: 0, scope: NameScope::Unknown }));
        if self.entries.len() * 2 > self.table.len() {
            self.rebuild();
        } else if !self.table.is_empty() {
            self.enter(at);
        }
        &mut self.entries[at].1
    }

    /// Sets what is known of a name.
    pub fn insert(&mut self, name: NameId, symbol: Symbol) {
        *self.entry(name).0 = symbol;
    }

    /// Removes a name; those behind it move up.
    pub fn shift_remove(&mut self, name: NameId) {
        if let Some(at) = self.position(name) {
            self.entries.remove(at);
            self.rebuild();
        }
    }

    /// The names and what is known of them.
    #[inline]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (NameId, Symbol)> + '_ {
        self.entries.iter().copied()
    }

    /// The names and what is known of them, to change what is known.
    #[inline]
    pub(super) fn entries_mut(&mut self) -> &mut [(NameId, Symbol)] {
        &mut self.entries
    }

    /// How many names there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
