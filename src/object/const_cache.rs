//! Constants merged: equal values of one compilation are one object, known by its [`ConstId`].

use super::{CodeObject, Constant, Int, PyStr};
use crate::source::{Interner, NameId};
use bumpalo::Bump;
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

    fn hash(&self) -> u32 {
        let mut h = FxHasher::default();
        match self {
            Const::None | Const::False | Const::True | Const::Ellipsis => {}
            Const::Int(Int::Small(small)) => return hash_int(*small),
            Const::Int(big) => big.hash(&mut h),
            Const::Float(f) => f.to_bits().hash(&mut h),
            Const::Complex { real, imag } => (real.to_bits(), imag.to_bits()).hash(&mut h),
            Const::Str(s) => return hash_bytes(s.as_bytes()),
            Const::Bytes(b) => return hash_bytes(b),
            Const::Tuple(ids) => return hash_ids(ids),
            Const::FrozenSet(ids) => ids.hash(&mut h),
            Const::Slice(ids) => ids.hash(&mut h),
            Const::Code(code) => return hash_code(code),
        }
        h.finish() as u32
    }
}

#[inline]
fn hash_int(value: i64) -> u32 {
    let mut h = FxHasher::default();
    h.write_i64(value);
    h.finish() as u32
}

#[inline]
fn hash_code(code: &CodeObject<'_>) -> u32 {
    let mut h = FxHasher::default();
    h.write_u32(code.name.0);
    h.write_i32(code.firstlineno);
    h.write_usize(code.code.len());
    h.finish() as u32
}

#[inline]
fn hash_bytes(bytes: &[u8]) -> u32 {
    let mut h = FxHasher::default();
    h.write(bytes);
    h.finish() as u32
}

/// Whether two texts are the same. Most are short: these are compared by two words.
#[inline]
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    if (8..=16).contains(&a.len()) {
        return a.first_chunk::<8>() == b.first_chunk() && a.last_chunk::<8>() == b.last_chunk();
    }
    if (4..8).contains(&a.len()) {
        return a.first_chunk::<4>() == b.first_chunk() && a.last_chunk::<4>() == b.last_chunk();
    }
    a == b
}

#[inline]
fn hash_ids(ids: &[ConstId]) -> u32 {
    let mut h = FxHasher::default();
    ids.iter().for_each(|id| h.write_u32(id.0));
    h.finish() as u32
}

/// One place of the hash table: a constant's hash above its number plus one, or zero.
#[derive(Clone, Copy)]
struct Slot(u64);

impl Slot {
    #[inline]
    fn new(hash: u32, id: ConstId) -> Slot {
        Slot((hash as u64) << 32 | (id.0 as u64 + 1))
    }

    #[inline]
    fn hash(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The constant in it, if there is one.
    #[inline]
    fn id(self) -> Option<ConstId> {
        (self.0 as u32).checked_sub(1).map(ConstId)
    }
}

/// Of the integers from the first to the last of these the number of each is kept, so that it need not be searched for.
const SMALL_INTS: std::ops::RangeInclusive<i64> = -5..=256;

/// All constants of one compilation (one file, one target, one optimisation level), each once.
///
/// Mirrors CPython's `c_const_cache` and `merge_consts_recursive`.
pub struct ConstCache<'a> {
    arena: &'a Bump,
    values: Vec<Const<'a>>,
    /// Open addressing, of [`Slot`]s; a power of two long and never more than half full.
    table: Vec<u64>,
    /// By name: the number plus one of the constant that is its text, or 0.
    names: Vec<u32>,
    /// The same for each of [`SMALL_INTS`].
    small_ints: Vec<u32>,
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
        let mut cache = ConstCache {
            arena,
            values: Vec::with_capacity(256),
            table: vec![0; 512],
            names: Vec::new(),
            small_ints: Vec::new(),
        };
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
        self.find_or_add(value.hash(), |known| known.same(&value), || value)
    }

    /// The number of the constant with this hash that `is_it` knows, else that of what `make` makes.
    #[inline]
    fn find_or_add(
        &mut self,
        hash: u32,
        is_it: impl Fn(&Const<'a>) -> bool,
        make: impl FnOnce() -> Const<'a>,
    ) -> ConstId {
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = Slot(self.table[at]);
            let Some(known) = slot.id() else { break };
            if slot.hash() == hash && is_it(&self.values[known.index()]) {
                return known;
            }
            at = (at + 1) & mask;
        }
        self.add_at(at, hash, make())
    }

    /// A number of its own for a constant, which gets this free place of the table.
    #[inline]
    fn add_at(&mut self, at: usize, hash: u32, value: Const<'a>) -> ConstId {
        let id = ConstId(self.values.len() as u32);
        self.table[at] = Slot::new(hash, id).0;
        if self.values.len() == self.values.capacity() || self.values.len() * 2 >= self.table.len() {
            return self.push_and_grow(&value);
        }
        self.values.push(value);
        id
    }

    /// Enters the value of the last constant in the table, in which there is little room left, or none for values.
    #[cold]
    #[inline(never)]
    fn push_and_grow(&mut self, value: &Const<'a>) -> ConstId {
        let id = self.add_distinct(*value);
        if self.values.len() * 2 > self.table.len() {
            self.grow();
        }
        id
    }

    #[cold]
    fn grow(&mut self) {
        let len = self.table.len() * 4;
        let old = std::mem::replace(&mut self.table, vec![0; len]);
        for &slot in old.iter().filter(|&&slot| slot != 0) {
            let mut at = Slot(slot).hash() as usize & (len - 1);
            while self.table[at] != 0 {
                at = (at + 1) & (len - 1);
            }
            self.table[at] = slot;
        }
    }

    /// The number of an integer.
    #[inline]
    pub fn add_int(&mut self, value: Int<'a>) -> ConstId {
        if let Int::Small(small) = value
            && let Some(&number @ 1..) = self.small_ints.get(small.wrapping_sub(*SMALL_INTS.start()) as usize)
        {
            return ConstId(number - 1);
        }
        self.add_other_int(value)
    }

    /// The same for an integer that has no number or is not small.
    #[inline(never)]
    fn add_other_int(&mut self, value: Int<'a>) -> ConstId {
        let Int::Small(small) = value else { return self.add(Const::Int(value)) };
        let is_it = |known: &Const<'a>| matches!(known, Const::Int(Int::Small(other)) if *other == small);
        let id = self.find_or_add(hash_int(small), is_it, || Const::Int(value));
        if SMALL_INTS.contains(&small) {
            self.small_ints.resize((SMALL_INTS.end() - SMALL_INTS.start() + 1) as usize, 0);
            self.small_ints[(small - SMALL_INTS.start()) as usize] = id.0 + 1;
        }
        id
    }

    /// The number of a code object.
    pub fn add_code(&mut self, code: &'a CodeObject<'a>) -> ConstId {
        let is_it = |known: &Const<'a>| matches!(known, Const::Code(other) if other.equals(code));
        self.find_or_add(hash_code(code), is_it, || Const::Code(code))
    }

    /// The number of a string.
    pub fn add_str(&mut self, value: &'a PyStr) -> ConstId {
        let hash = hash_bytes(value.as_bytes());
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = Slot(self.table[at]);
            let Some(known) = slot.id() else { return self.add_at(at, hash, Const::Str(value)) };
            if slot.hash() == hash {
                return self.add_similar_str(known, hash, value);
            }
            at = (at + 1) & mask;
        }
    }

    /// The same for a string that most likely is this one, the first constant of the same hash.
    #[inline(never)]
    fn add_similar_str(&mut self, known: ConstId, hash: u32, value: &'a PyStr) -> ConstId {
        if self.is_str(known, value) { known } else { self.add_other_str(hash, value) }
    }

    #[inline]
    fn is_str(&self, id: ConstId, value: &PyStr) -> bool {
        matches!(self.values[id.index()], Const::Str(text) if same_bytes(text.as_bytes(), value.as_bytes()))
    }

    #[cold]
    fn add_other_str(&mut self, hash: u32, value: &'a PyStr) -> ConstId {
        self.find_or_add(hash, |known| known.same(&Const::Str(value)), || Const::Str(value))
    }

    /// A number of its own for a constant, whatever equals it: a NaN that is computed is not equal to any other.
    pub fn add_distinct(&mut self, value: Const<'a>) -> ConstId {
        let id = ConstId(self.values.len() as u32);
        self.values.push(value);
        id
    }

    /// The number of a value of the tree, merged all the way down.
    #[inline]
    pub fn add_constant(&mut self, value: &Constant<'a>) -> ConstId {
        match *value {
            Constant::Str(s) => self.add_str(s),
            Constant::None => Self::NONE,
            Constant::False => Self::FALSE,
            Constant::True => Self::TRUE,
            Constant::Int(i) => self.add_int(i),
            _ => self.add_rare_constant(value),
        }
    }

    #[inline(never)]
    fn add_rare_constant(&mut self, value: &Constant<'a>) -> ConstId {
        let merged = match *value {
            Constant::None => return Self::NONE,
            Constant::False => return Self::FALSE,
            Constant::True => return Self::TRUE,
            Constant::Ellipsis => return Self::ELLIPSIS,
            Constant::Int(i) => return self.add_int(i),
            Constant::Float(f) => Const::Float(f),
            Constant::Complex { real, imag } => Const::Complex { real, imag },
            Constant::Str(s) => return self.add_str(s),
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
        if let Some(&number @ 1..) = self.names.get(name.index()) {
            return ConstId(number - 1);
        }
        let id = self.add_str(PyStr::new(names.text(name)));
        if name.index() >= self.names.len() {
            self.names.resize(names.len(), 0);
        }
        self.names[name.index()] = id.0 + 1;
        id
    }

    /// The tuple of these constants.
    pub fn add_tuple(&mut self, items: &[ConstId]) -> ConstId {
        let arena = self.arena;
        let is_it = |known: &Const<'a>| matches!(known, Const::Tuple(ids) if *ids == items);
        self.find_or_add(hash_ids(items), is_it, || Const::Tuple(arena.alloc_slice_copy(items)))
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

    /// The same where it is.
    #[inline]
    pub fn get_ref(&self, id: ConstId) -> &Const<'a> {
        &self.values[id.index()]
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
