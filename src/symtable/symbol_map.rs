//! The names of one scope and what is known of each, in the order in which they were first met.

use super::{NameScope, Symbol};
use crate::source::{NameId, known};
use bumpalo::Bump;
use std::cell::Cell;

/// Fibonacci hashing: the upper bits of the product are the well-mixed ones.
const FACTOR: u32 = 0x9e37_79b9;

/// Up to so many entries are searched one by one.
const LINEAR: usize = 8;

/// So much more room than it needs gets a map that grows.
const SPARE_ROOM: usize = 4;

/// What stands in room that is not used.
const UNUSED: (NameId, Symbol) = (known::EMPTY, Symbol { flags: 0, scope: NameScope::Unknown });

/// A map from names to symbols that keeps the order of insertion, which decides the order of some outputs.
#[derive(Debug)]
pub struct SymbolMap<'a> {
    arena: &'a Bump,
    /// The entries, and room for more.
    room: &'a mut [(NameId, Symbol)],
    len: usize,
    /// Open addressing: the position of an entry plus one, or 0. A power of two long and at least half zeros. It is made when a name is
    /// searched for among more than [`LINEAR`] entries, which is never done in most scopes; empty until then.
    table: Cell<&'a [Cell<u32>]>,
}

impl<'a> SymbolMap<'a> {
    /// A map without names.
    #[inline]
    pub fn new(arena: &'a Bump) -> SymbolMap<'a> {
        SymbolMap { arena, room: &mut [], len: 0, table: Cell::new(&[]) }
    }

    /// A map with so many entries, to be set to names that are all different.
    #[inline]
    pub(super) fn with_room(arena: &'a Bump, len: usize) -> SymbolMap<'a> {
        SymbolMap { arena, room: arena.alloc_slice_fill_copy(len, UNUSED), len, table: Cell::new(&[]) }
    }

    /// The arena that the entries live in.
    pub(super) const fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// The names and what is known of them.
    #[inline]
    pub fn entries(&self) -> &[(NameId, Symbol)] {
        &self.room[..self.len]
    }

    /// The position of a name's entry.
    #[inline]
    fn position(&self, name: NameId) -> Option<usize> {
        if self.len <= LINEAR { self.entries().iter().position(|entry| entry.0 == name) } else { self.look_up(name) }
    }

    /// The same by the table.
    fn look_up(&self, name: NameId) -> Option<usize> {
        if self.table.get().is_empty() {
            self.make_table();
        }
        let table = self.table.get();
        let mut slot = slot_of(table, name);
        loop {
            let at = (table[slot & (table.len() - 1)].get() as usize).checked_sub(1)?;
            if self.entries()[at].0 == name {
                return Some(at);
            }
            slot += 1;
        }
    }

    fn make_table(&self) {
        let size = (self.len * 2).next_power_of_two();
        let table = &*self.arena.alloc_slice_fill_with(size, |_| Cell::new(0));
        for (at, &(name, _)) in self.entries().iter().enumerate() {
            enter(table, name, at);
        }
        self.table.set(table);
    }

    /// What is known of a name.
    #[inline]
    pub fn get(&self, name: NameId) -> Option<&Symbol> {
        self.position(name).map(|at| &self.entries()[at].1)
    }

    /// What is known of a name, to change.
    #[inline]
    pub fn get_mut(&mut self, name: NameId) -> Option<&mut Symbol> {
        self.position(name).map(|at| &mut self.entries_mut()[at].1)
    }

    /// What is known of a name, which is entered with nothing known if it is new; and whether it was there.
    #[inline]
    pub fn entry(&mut self, name: NameId) -> (&mut Symbol, bool) {
        if let Some(at) = self.position(name) {
            return (&mut self.entries_mut()[at].1, true);
        }
        (self.push(name), false)
    }

    fn push(&mut self, name: NameId) -> &mut Symbol {
        let at = self.len;
        if at == self.room.len() {
            let room = self.arena.alloc_slice_fill_copy(at + at / 2 + SPARE_ROOM, UNUSED);
            room[..at].copy_from_slice(self.room);
            self.room = room;
        }
        self.len += 1;
        let table = self.table.get();
        if self.len * 2 > table.len() {
            self.table.set(&[]);
        } else {
            enter(table, name, at);
        }
        self.room[at] = (name, UNUSED.1);
        &mut self.room[at].1
    }

    /// Sets what is known of a name.
    pub fn insert(&mut self, name: NameId, symbol: Symbol) {
        *self.entry(name).0 = symbol;
    }

    /// Removes a name; those behind it move up.
    pub fn shift_remove(&mut self, name: NameId) {
        if let Some(at) = self.position(name) {
            self.entries_mut()[at..].rotate_left(1);
            self.len -= 1;
            self.table.set(&[]);
        }
    }

    /// The names and what is known of them.
    #[inline]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (NameId, Symbol)> + '_ {
        self.entries().iter().copied()
    }

    /// The names and what is known of them, to change what is known.
    #[inline]
    pub(super) fn entries_mut(&mut self) -> &mut [(NameId, Symbol)] {
        &mut self.room[..self.len]
    }

    /// How many names there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[inline]
fn slot_of(table: &[Cell<u32>], name: NameId) -> usize {
    (name.0.wrapping_mul(FACTOR) >> (32 - table.len().trailing_zeros())) as usize
}

/// Enters the position of a name that is not in the table.
fn enter(table: &[Cell<u32>], name: NameId, at: usize) {
    let mut slot = slot_of(table, name);
    while table[slot & (table.len() - 1)].get() != 0 {
        slot += 1;
    }
    table[slot & (table.len() - 1)].set(at as u32 + 1);
}
