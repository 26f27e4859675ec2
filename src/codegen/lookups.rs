//! Where the current unit keeps its names and constants, by their numbers, so that nothing is searched for twice.
//!
//! Units come and go, but the tables stay: what they say holds for the unit whose stamp it carries. As long as a unit has been the
//! only one to use the tables since it started, what they do not know of it is not there at all.

use super::CodeGenerator;
use super::name::KnownAccess;
use crate::object::ConstId;
use crate::source::NameId;
use crate::symtable::{Symbol, SymbolTable};
use std::cell::Cell;

/// Which entries of the tables are a unit's.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Stamps {
    /// Of places in `co_names` and `co_consts`.
    places: u32,
    /// Of how names are accessed, which changes where a comprehension is inlined.
    access: u32,
    /// No other unit has used the tables since this one started.
    pub is_alone: bool,
}

/// What is known of a name.
#[derive(Clone, Copy, Default)]
struct NameEntry {
    access_stamp: u32,
    access: KnownAccess,
    place_stamp: u32,
    /// The place in `co_names`.
    place: u32,
}

/// The place of a constant in `co_consts`.
#[derive(Clone, Copy, Default)]
struct ConstEntry {
    stamp: u32,
    place: u32,
}

/// Whether the module imports a name.
#[derive(Clone, Copy, Default)]
struct ImportEntry {
    stamp: u32,
    is_imported: bool,
}

/// The tables. They serve one module after the other.
#[derive(Default)]
pub(super) struct Lookups {
    names: Vec<NameEntry>,
    consts: Vec<ConstEntry>,
    imports: Vec<ImportEntry>,
    last_stamp: u32,
    /// The stamp of the module's import entries.
    module_stamp: u32,
}

thread_local! {
    /// The tables of the thread's last module, for the next.
    static SPARE: Cell<Option<Lookups>> = const { Cell::new(None) };
}

/// Stamps are counted anew, in new tables, when a module starts beyond this one, as are tables that have become very long.
const LAST_REUSED_STAMP: u32 = u32::MAX / 2;
const LONGEST_KEPT: usize = 1 << 16;

impl Lookups {
    /// Tables in which nothing is known.
    pub fn new() -> Lookups {
        let mut lookups = SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default();
        lookups.last_stamp += 1;
        lookups.module_stamp = lookups.last_stamp;
        lookups
    }

    /// Leaves the memory to a later module of the thread.
    pub fn recycle(self) {
        if self.last_stamp < LAST_REUSED_STAMP && self.names.len().max(self.consts.len()) < LONGEST_KEPT {
            // Where the thread is ending there is nothing to keep it for.
            let _ = SPARE.try_with(|spare| spare.set(Some(self)));
        }
    }

    /// Stamps that no entry has.
    pub fn new_stamps(&mut self) -> Stamps {
        self.last_stamp += 1;
        Stamps { places: self.last_stamp, access: self.last_stamp, is_alone: true }
    }

    /// How the unit with these stamps accesses a name, if that is remembered.
    #[inline]
    pub fn access(&self, stamps: Stamps, name: NameId) -> Option<KnownAccess> {
        self.names.get(name.index()).filter(|entry| entry.access_stamp == stamps.access).map(|entry| entry.access)
    }

    /// Makes room for so many names.
    #[inline]
    pub fn reserve_names(&mut self, count: usize) {
        if count > self.names.len() {
            grow(&mut self.names, 0, count);
        }
    }

    /// Remembers how the unit with these stamps accesses a name; there must be room for it.
    #[inline]
    pub fn set_access(&mut self, stamps: Stamps, name: NameId, access: KnownAccess) {
        let entry = &mut self.names[name.index()];
        entry.access_stamp = stamps.access;
        entry.access = access;
    }

    /// Gives local variables, or else cells, that have none yet the places from the first on.
    #[inline]
    pub fn set_places(
        &mut self,
        stamps: Stamps,
        are_cells: bool,
        names: &[NameId],
        first: usize,
        may_be_set: impl Fn(NameId) -> bool,
    ) {
        for (i, &name) in names.iter().enumerate() {
            if !may_be_set(name) {
                continue;
            }
            let known = self.access(stamps, name).and_then(|known| known.placed(are_cells, (first + i) as u32));
            if let Some(known) = known {
                self.set_access(stamps, name, known);
            }
        }
    }
}

/// An entry of a table that has one for each of `count` numbers, at least.
#[inline]
fn entry<T: Clone + Default>(table: &mut Vec<T>, index: usize, count: impl FnOnce() -> usize) -> &mut T {
    if index >= table.len() {
        grow(table, index, count());
    }
    &mut table[index]
}

#[cold]
#[inline(never)]
fn grow<T: Clone + Default>(table: &mut Vec<T>, index: usize, count: usize) {
    table.resize((index + 1).max(count) + 64, T::default());
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// The place of a (mangled) name in `co_names`, which it gets if it has none.
    #[inline]
    pub(super) fn name_place(&mut self, name: NameId) -> u32 {
        match self.lookups.names.get(name.index()) {
            Some(entry) if entry.place_stamp == self.unit.stamps.places => entry.place,
            _ => self.add_name(name),
        }
    }

    #[inline(never)]
    fn add_name(&mut self, name: NameId) -> u32 {
        let unit = &mut *self.unit;
        let names = &*self.cx.names;
        let entry = entry(&mut self.lookups.names, name.index(), || names.len());
        let list = &mut unit.code.metadata.names;
        let place = if unit.stamps.is_alone { list.push_new(name) } else { list.insert_full(name).0 } as u32;
        entry.place_stamp = unit.stamps.places;
        entry.place = place;
        place
    }

    /// The place of a constant in `co_consts`, which it gets if it has none.
    #[inline]
    pub(super) fn const_place(&mut self, id: ConstId) -> u32 {
        match self.lookups.consts.get(id.index()) {
            Some(entry) if entry.stamp == self.unit.stamps.places => entry.place,
            _ => self.add_const(id),
        }
    }

    #[inline(never)]
    fn add_const(&mut self, id: ConstId) -> u32 {
        if self.unit.stamps.is_alone {
            return self.new_const_place(id);
        }
        let place = self.unit.code.metadata.consts.insert_full(id).0 as u32;
        self.remember_const(id, place)
    }

    /// The place in `co_consts` of a constant that has none yet.
    #[inline]
    pub(super) fn new_const_place(&mut self, id: ConstId) -> u32 {
        let place = self.unit.code.metadata.consts.push_new(id) as u32;
        self.remember_const(id, place)
    }

    fn remember_const(&mut self, id: ConstId, place: u32) -> u32 {
        let consts = &*self.cx.consts;
        let entry = entry(&mut self.lookups.consts, id.index(), || consts.len());
        *entry = ConstEntry { stamp: self.unit.stamps.places, place };
        place
    }

    /// The place of a name that is accessed for the first time: among the local variables, or in `co_names`.
    #[inline]
    pub(super) fn first_place(&mut self, name: NameId, is_local: bool) -> u32 {
        let unit = &mut *self.unit;
        let (stamps, metadata) = (unit.stamps, &mut unit.code.metadata);
        if is_local {
            let list = &mut metadata.varnames;
            // Where all accesses since the unit's start are remembered, the first is the first.
            let is_new = stamps.is_alone && stamps.access == stamps.places;
            return if is_new { list.push_new(name) } else { list.insert_full(name).0 } as u32;
        }
        let Some(entry) = self.lookups.names.get_mut(name.index()) else { return self.add_name(name) };
        if entry.place_stamp != stamps.places {
            let list = &mut metadata.names;
            entry.place = if stamps.is_alone { list.push_new(name) } else { list.insert_full(name).0 } as u32;
            entry.place_stamp = stamps.places;
        }
        entry.place
    }

    /// Remembers how the current unit accesses a name, until it accesses names in another way.
    #[inline]
    pub(super) fn remember_access(&mut self, name: NameId, access: KnownAccess) {
        let names = &*self.cx.names;
        let entry = entry(&mut self.lookups.names, name.index(), || names.len());
        entry.access_stamp = self.unit.stamps.access;
        entry.access = access;
    }

    /// Forgets how the current unit accesses names.
    pub(super) fn forget_accesses(&mut self) {
        self.lookups.last_stamp += 1;
        self.unit.stamps.access = self.lookups.last_stamp;
    }

    /// Whether a name is imported at the top of the module.
    #[inline]
    pub(super) fn is_imported(&mut self, name: NameId) -> bool {
        match self.lookups.imports.get(name.index()) {
            Some(known) if known.stamp == self.lookups.module_stamp && self.inlined_in_module == 0 => known.is_imported,
            _ => self.find_import(name),
        }
    }

    #[inline(never)]
    fn find_import(&mut self, name: NameId) -> bool {
        let found = self.table.scope(SymbolTable::MODULE).symbol(name).flags & Symbol::DEF_IMPORT != 0;
        if self.inlined_in_module == 0 {
            let names = &*self.cx.names;
            let stamp = self.lookups.module_stamp;
            *entry(&mut self.lookups.imports, name.index(), || names.len()) = ImportEntry { stamp, is_imported: found };
        }
        found
    }
}
