//! Constants merged: equal values of one compilation are one object, known by its [`ConstId`].

use super::{CodeObject, Constant, Int, PyStr};
use crate::source::{Interner, NameId};
use bumpalo::Bump;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// The number of a constant in a compilation's [`ConstCache`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ConstId(pub u32);

impl ConstId {
    /// The number as an index.
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A constant whose parts are merged already, so that equality is shallow.
#[derive(Clone, Copy, Debug)]
pub enum Const<'a> {
    None,
    False,
    True,
    Ellipsis,
    Int(Int<'a>),
    Float(f64),
    Complex {
        real: f64,
        imag: f64,
    },
    Str(&'a PyStr),
    Bytes(&'a [u8]),
    Tuple(&'a [ConstId]),
    /// The elements in ascending order of their numbers, each once.
    FrozenSet(&'a [ConstId]),
    /// `slice(start, stop, step)`.
    Slice([ConstId; 3]),
    Code(&'a CodeObject<'a>),
}

impl Const<'_> {
    fn same(&self, other: &Const<'_>) -> bool {
        use Const::*;
        match (self, other) {
            (None, None) | (False, False) | (True, True) | (Ellipsis, Ellipsis) => true,
            (Int(a), Int(b)) => a == b,
            // A NaN equals nothing, itself included, so that each is a constant of its own.
            (Float(a), Float(b)) => a == b && a.to_bits() == b.to_bits(),
            (Complex { real: a, imag: b }, Complex { real: c, imag: d }) => {
                a == c && b == d && a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits()
            }
            (Str(a), Str(b)) => a == b,
            (Bytes(a), Bytes(b)) => a == b,
            (Tuple(a), Tuple(b)) | (FrozenSet(a), FrozenSet(b)) => a == b,
            (Slice(a), Slice(b)) => a == b,
            (Code(a), Code(b)) => a.equals(b),
            _ => false,
        }
    }

    fn hash(&self) -> u64 {
        let mut h = FxHasher::default();
        std::mem::discriminant(self).hash(&mut h);
        match self {
            Const::None | Const::False | Const::True | Const::Ellipsis => {}
            Const::Int(i) => i.hash(&mut h),
            Const::Float(f) => f.to_bits().hash(&mut h),
            Const::Complex { real, imag } => (real.to_bits(), imag.to_bits()).hash(&mut h),
            Const::Str(s) => h.write(s.as_bytes()),
            Const::Bytes(b) => h.write(b),
            Const::Tuple(ids) | Const::FrozenSet(ids) => ids.hash(&mut h),
            Const::Slice(ids) => ids.hash(&mut h),
            Const::Code(c) => (c.name, c.firstlineno, c.code.len()).hash(&mut h),
        }
        h.finish()
    }
}

/// All constants of one compilation (one file, one target, one optimisation level), each once.
///
/// Mirrors CPython's `c_const_cache` and `merge_consts_recursive`.
pub struct ConstCache<'a> {
    arena: &'a Bump,
    values: Vec<Const<'a>>,
    table: HashTable<ConstId>,
}

impl<'a> ConstCache<'a> {
    /// The number of `None` in every cache.
    pub const NONE: ConstId = ConstId(0);
    /// The number of `False` in every cache.
    pub const FALSE: ConstId = ConstId(1);
    /// The number of `True` in every cache.
    pub const TRUE: ConstId = ConstId(2);
    /// The number of `...` in every cache.
    pub const ELLIPSIS: ConstId = ConstId(3);

    /// A cache that holds the four singletons.
    pub fn new(arena: &'a Bump) -> ConstCache<'a> {
        let mut cache = ConstCache { arena, values: Vec::with_capacity(128), table: HashTable::with_capacity(128) };
        for value in [Const::None, Const::False, Const::True, Const::Ellipsis] {
            cache.add(value);
        }
        cache
    }

    /// The arena that the constants live in.
    pub fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// The number of a constant, given one if no equal constant has one.
    pub fn add(&mut self, value: Const<'a>) -> ConstId {
        let hashed = value.hash();
        let values = &mut self.values;
        if let Some(&id) = self.table.find(hashed, |&id| values[id.index()].same(&value)) {
            return id;
        }
        let id = ConstId(values.len() as u32);
        values.push(value);
        self.table.insert_unique(hashed, id, |&id| values[id.index()].hash());
        id
    }

    /// A number of its own for a constant, whatever equals it: a NaN that is computed is not equal to any other.
    pub fn add_distinct(&mut self, value: Const<'a>) -> ConstId {
        let id = ConstId(self.values.len() as u32);
        self.values.push(value);
        id
    }

    /// The number of a value of the tree, merged all the way down.
    pub fn add_constant(&mut self, value: &Constant<'a>) -> ConstId {
        let merged = match *value {
            Constant::None => return Self::NONE,
            Constant::False => return Self::FALSE,
            Constant::True => return Self::TRUE,
            Constant::Ellipsis => return Self::ELLIPSIS,
            Constant::Int(i) => Const::Int(i),
            Constant::Float(f) => Const::Float(f),
            Constant::Complex { real, imag } => Const::Complex { real, imag },
            Constant::Str(s) => Const::Str(s),
            Constant::Bytes(b) => Const::Bytes(b),
            Constant::Tuple(items) => Const::Tuple(self.add_all(items)),
            Constant::FrozenSet(items) => {
                let ids: Vec<ConstId> = items.iter().map(|item| self.add_constant(item)).collect();
                return self.add_frozen_set(ids);
            }
        };
        self.add(merged)
    }

    fn add_all(&mut self, items: &[Constant<'a>]) -> &'a [ConstId] {
        let ids: Vec<ConstId> = items.iter().map(|item| self.add_constant(item)).collect();
        self.arena.alloc_slice_copy(&ids)
    }

    /// The string of a name, which is the name's own object: a class body's `__qualname__`, a keyword of a call.
    ///
    /// The text keeps the interner's address, by which marshal knows it from an equal literal: CPython interns names, but not
    /// literals with other characters than letters, digits and underscores. As there, whichever is added first is kept.
    pub fn add_name(&mut self, names: &Interner<'a>, name: NameId) -> ConstId {
        self.add(Const::Str(PyStr::new(names.text(name))))
    }

    /// The tuple of these constants.
    pub fn add_tuple(&mut self, items: &[ConstId]) -> ConstId {
        let items = self.arena.alloc_slice_copy(items);
        self.add(Const::Tuple(items))
    }

    /// The frozenset of these constants, in whatever order.
    pub fn add_frozen_set(&mut self, mut items: Vec<ConstId>) -> ConstId {
        items.sort_unstable();
        items.dedup();
        let items = self.arena.alloc_slice_copy(&items);
        self.add(Const::FrozenSet(items))
    }

    /// A constant's value.
    #[inline]
    pub fn get(&self, id: ConstId) -> Const<'a> {
        self.values[id.index()]
    }

    /// How many constants there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none; never true, as the singletons are always there.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
