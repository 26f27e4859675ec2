//! Where a unit keeps its names and constants, by their numbers, so that nothing is searched for twice.
//!
//! Each unit that is open has tables of its own, which later units take over: what they say holds for the unit whose stamp it
//! carries. What the tables do not know of a unit is not there at all.

use super::CodeGenerator;
use super::may_be_mangled;
use super::name::KnownAccess;
use crate::object::ConstId;
use crate::source::NameId;
use crate::symtable::{Scope, Symbol, SymbolTable};
use std::cell::{Cell, RefCell};

/// What is known of a name.
#[derive(Clone, Copy, Default, Debug)]
struct NameEntry {
    access_stamp: u32,
    access: KnownAccess,
    place_stamp: u32,
    /// The place in `co_names` of what mangling makes of the name.
    place: u32,
}

/// The place of a constant in `co_consts`.
#[derive(Clone, Copy, Default, Debug)]
struct ConstEntry {
    stamp: u32,
    place: u32,
}

/// The tables of a unit.
#[derive(Default, Debug)]
pub(super) struct Lookups {
    names: Vec<NameEntry>,
    consts: Vec<ConstEntry>,
    last_stamp: u32,
    /// The stamp of places in `co_names` and `co_consts`.
    places: u32,
    /// The stamp of how names are accessed, which changes where a comprehension is inlined.
    access: u32,
    /// Whether the tables are used for the unit.
    is_used: bool,
    /// They have names under what they were before they were mangled.
    pub has_mangled: bool,
    /// How names are accessed that the tables do not have.
    others: KnownAccess,
}

thread_local! {
    /// The tables of the thread's last module, for the next.
    static SPARE: RefCell<Vec<Lookups>> = const { RefCell::new(Vec::new()) };
}

/// Stamps are counted anew, in new tables, for units beyond this one, as are tables that have become very long.
const LAST_REUSED_STAMP: u32 = u32::MAX / 2;
const LONGEST_KEPT: usize = 1 << 16;
const MOST_KEPT: usize = 8;

/// Units that are nested deeper than this do without tables, so that the tables of those that are open remain small together.
pub(super) const DEEPEST_WITH_TABLES: usize = 7;

impl Lookups {
    /// Tables in which nothing is known.
    pub fn new() -> Lookups {
        SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten().unwrap_or_default()
    }

    /// Leaves the memory to a later module of the thread.
    pub fn recycle(self) {
        if self.last_stamp < LAST_REUSED_STAMP && self.names.len().max(self.consts.len()) < LONGEST_KEPT {
            // Where the thread is ending there is nothing to keep it for.
            let _ = SPARE.try_with(|spare| {
                let mut spare = spare.borrow_mut();
                if spare.len() < MOST_KEPT {
                    spare.push(self);
                }
            });
        }
    }

    /// Forgets all, for a new unit. `is_used` says whether the tables are to be used for it; there are so many names, and `others` is how
    /// those are accessed of which nothing will be said.
    pub fn start(&mut self, is_used: bool, name_count: usize, others: KnownAccess) {
        self.last_stamp += 1;
        self.places = self.last_stamp;
        self.access = self.last_stamp;
        self.is_used = is_used;
        self.has_mangled = false;
        self.others = if is_used { others } else { KnownAccess::IS_SPECIAL };
        if is_used && name_count > self.names.len() {
            grow(&mut self.names, 0, name_count);
        }
    }

    /// How the unit accesses a name, if that is remembered.
    #[inline]
    pub fn access(&self, name: NameId) -> Option<KnownAccess> {
        self.names.get(name.index()).filter(|entry| entry.access_stamp == self.access).map(|entry| entry.access)
    }

    /// Remembers how the unit, which starts, accesses a name.
    #[inline]
    pub fn set_access(&mut self, name: NameId, access: KnownAccess) {
        if self.is_used
            && let Some(entry) = self.names.get_mut(name.index())
        {
            entry.access_stamp = self.access;
            entry.access = access;
        }
    }

    /// Remembers how the unit accesses a name, until it accesses names in another way.
    pub fn remember_access(&mut self, name: NameId, access: KnownAccess, name_count: usize) {
        if self.is_used {
            let entry = entry(&mut self.names, name.index(), name_count);
            entry.access_stamp = self.access;
            entry.access = access;
        }
    }

    /// The place of a name in `co_names`, after mangling, if it is known.
    #[inline]
    pub fn place(&self, name: NameId) -> Option<u32> {
        self.names.get(name.index()).filter(|entry| entry.place_stamp == self.places).map(|entry| entry.place)
    }

    /// Remembers the place in `co_names` of what mangling makes of a name.
    pub fn remember_place(&mut self, name: NameId, place: u32, name_count: usize) {
        if self.is_used {
            let entry = entry(&mut self.names, name.index(), name_count);
            entry.place_stamp = self.places;
            entry.place = place;
        }
    }

    /// Gives those of these cells or free variables the places from the first on that are accessed as such.
    pub fn set_cell_places(&mut self, names: &[NameId], first: usize, may_be_set: impl Fn(NameId) -> bool) {
        for (i, &name) in names.iter().enumerate() {
            let known = self.access(name).and_then(|known| known.placed_cell((first + i) as u32));
            if let Some(known) = known.filter(|_| may_be_set(name)) {
                self.set_access(name, known);
            }
        }
    }

    /// Forgets how the unit accesses a name, which is its own.
    pub fn forget_access(&mut self, name: NameId) {
        self.set_access(name, KnownAccess::IS_SPECIAL);
    }

    /// Forgets how the unit accesses names.
    pub fn forget_accesses(&mut self) {
        self.last_stamp += 1;
        self.access = self.last_stamp;
        self.others = KnownAccess::IS_SPECIAL;
    }
}

/// An entry of a table that has one for each of `count` numbers, at least.
#[inline]
fn entry<T: Clone + Default>(table: &mut Vec<T>, index: usize, count: usize) -> &mut T {
    if index >= table.len() {
        grow(table, index, count);
    }
    &mut table[index]
}

#[cold]
#[inline(never)]
fn grow<T: Clone + Default>(table: &mut Vec<T>, index: usize, count: usize) {
    table.resize((index + 1).max(count) + 64, T::default());
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// The place of a name in `co_names`, after mangling, which it gets if it has none; absent where that takes more than a glance.
    #[inline]
    pub(super) fn name_place_at_once(&mut self, name: NameId) -> Option<u32> {
        let unit = &mut *self.unit;
        let Lookups { names, places, is_used: true, .. } = &mut unit.lookups else { return None };
        let entry = names.get_mut(name.index())?;
        if entry.place_stamp != *places {
            if may_be_mangled(self.cx.names, unit.private, name) {
                return None;
            }
            entry.place = unit.code.metadata.names.push_in_room(name)? as u32;
            entry.place_stamp = *places;
        }
        Some(entry.place)
    }

    /// The place of a mangled name in `co_names`, which it gets if it has none.
    pub(super) fn name_place(&mut self, name: NameId) -> u32 {
        let unit = &mut *self.unit;
        if let Some(place) = unit.lookups.place(name) {
            return place;
        }
        // What the tables do not have is new.
        let place = match unit.lookups.is_used {
            true => unit.code.metadata.names.push_new(name),
            false => unit.code.metadata.names.insert_full(name).0,
        };
        unit.lookups.remember_place(name, place as u32, self.cx.names.len());
        place as u32
    }

    /// The place of a constant in `co_consts`, which it gets if it has none; absent where that takes more than a glance.
    #[inline]
    pub(super) fn const_place_at_once(&mut self, id: ConstId) -> Option<u32> {
        let unit = &mut *self.unit;
        let Lookups { consts, places, is_used: true, .. } = &mut unit.lookups else { return None };
        let entry = consts.get_mut(id.index())?;
        if entry.stamp != *places {
            *entry = ConstEntry { stamp: *places, place: unit.code.metadata.consts.push_in_room(id)? as u32 };
        }
        Some(entry.place)
    }

    /// The place of a constant in `co_consts`, which it gets if it has none.
    pub(super) fn const_place(&mut self, id: ConstId) -> u32 {
        if let Some(place) = self.const_place_at_once(id) {
            return place;
        }
        let unit = &mut *self.unit;
        let lookups = &mut unit.lookups;
        // What the tables do not have is new.
        let place = match lookups.is_used {
            true => unit.code.metadata.consts.push_new(id),
            false => unit.code.metadata.consts.insert_full(id).0,
        };
        let place = place as u32;
        if lookups.is_used {
            let entry = entry(&mut lookups.consts, id.index(), self.cx.consts.len());
            *entry = ConstEntry { stamp: lookups.places, place };
        }
        place
    }

    /// How a name is accessed that has no place yet, and the place that it gets; absent where that takes a look at the scope.
    #[inline]
    pub(super) fn first_access(&mut self, name: NameId) -> Option<KnownAccess> {
        if may_be_mangled(self.cx.names, self.unit.private, name) { None } else { self.first_mangled_access(name) }
    }

    /// The same for a name that mangling does not change.
    #[inline]
    pub(super) fn first_mangled_access(&mut self, name: NameId) -> Option<KnownAccess> {
        let unit = &mut *self.unit;
        let lookups = &mut unit.lookups;
        let entry = lookups.names.get_mut(name.index())?;
        let known = if entry.access_stamp == lookups.access { entry.access } else { lookups.others };
        let metadata = &mut unit.code.metadata;
        let place = if known.is_to_local() {
            metadata.varnames.push_in_room(name)? as u32
        } else if known.is_by_name() {
            if entry.place_stamp != lookups.places {
                entry.place = metadata.names.push_in_room(name)? as u32;
                entry.place_stamp = lookups.places;
            }
            entry.place
        } else {
            return None;
        };
        entry.access_stamp = lookups.access;
        entry.access = known.with_place(place);
        Some(entry.access)
    }
}

/// Which names a module imports. The table serves one module after the other.
#[derive(Default)]
pub(super) struct Imports {
    /// For each name the last module that imports it.
    names: Vec<u32>,
    /// The number of the module.
    stamp: u32,
}

thread_local! {
    /// The table of the thread's last module, for the next.
    static SPARE_IMPORTS: Cell<Option<Imports>> = const { Cell::new(None) };
}

impl Imports {
    /// The imports of a module.
    pub fn of(module: &Scope<'_>) -> Imports {
        let Imports { mut names, mut stamp } = SPARE_IMPORTS.try_with(Cell::take).ok().flatten().unwrap_or_default();
        stamp += 1;
        for &(name, symbol) in module.symbols.entries() {
            if symbol.flags & Symbol::DEF_IMPORT != 0 {
                *entry(&mut names, name.index(), 0) = stamp;
            }
        }
        Imports { names, stamp }
    }

    /// Leaves the memory to a later module of the thread.
    pub fn recycle(self) {
        if self.stamp < LAST_REUSED_STAMP && self.names.len() < LONGEST_KEPT {
            // Where the thread is ending there is nothing to keep it for.
            let _ = SPARE_IMPORTS.try_with(|spare| spare.set(Some(self)));
        }
    }
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Whether a name is imported at the top of the module.
    #[inline]
    pub(super) fn is_imported(&mut self, name: NameId) -> bool {
        if self.inlined_in_module > 0 {
            return self.table.scope(SymbolTable::MODULE).symbol(name).flags & Symbol::DEF_IMPORT != 0;
        }
        self.imports.names.get(name.index()) == Some(&self.imports.stamp)
    }
}
