//! Sets of small numbers that keep the order of insertion.
//!
//! A code unit has several, nearly all of them with a handful of elements, so that a short list is searched from its start; only
//! a long one gets a hash table. Elements that are known to be new are entered in it when somebody next asks for one.

use crate::object::ConstId;
use crate::source::NameId;
use std::ops::Index;

/// A number that stands for something.
pub trait SmallId: Copy + Eq {
    /// The number.
    fn number(self) -> u32;
}

impl SmallId for NameId {
    #[inline]
    fn number(self) -> u32 {
        self.0
    }
}

impl SmallId for ConstId {
    #[inline]
    fn number(self) -> u32 {
        self.0
    }
}

/// Up to so many elements are searched one by one.
const LINEAR: usize = 12;

/// Names or constants in the order in which they were first asked for; the position is the instruction's argument.
#[derive(Clone, Debug)]
pub struct OrderedSet<T> {
    items: Vec<T>,
    /// Open addressing: the position plus one, or 0; empty as long as `items` is short, else a power of two long.
    table: Vec<u32>,
    /// So many of the elements, from the first on, are in the table.
    entered: usize,
}

impl<T> Default for OrderedSet<T> {
    fn default() -> Self {
        OrderedSet { items: Vec::new(), table: Vec::new(), entered: 0 }
    }
}

impl<T: SmallId> OrderedSet<T> {
    #[inline]
    fn slot_of(&self, item: T) -> usize {
        // Fibonacci hashing: the upper bits of the product are the well-mixed ones.
        (item.number().wrapping_mul(0x9e37_79b9) >> (32 - self.table.len().trailing_zeros())) as usize
    }

    /// The position of an element.
    #[inline]
    pub fn get_index_of(&self, item: &T) -> Option<usize> {
        if self.entered > 0
            && let Some(at) = self.find_entered(*item)
        {
            return Some(at);
        }
        let at = self.items[self.entered..].iter().position(|known| known == item)?;
        Some(self.entered + at)
    }

    /// The position of an element, if it is in the table.
    #[inline]
    fn find_entered(&self, item: T) -> Option<usize> {
        let mut slot = self.slot_of(item);
        loop {
            match self.table[slot] {
                0 => return None,
                at if self.items[at as usize - 1] == item => return Some(at as usize - 1),
                _ => slot = (slot + 1) & (self.table.len() - 1),
            }
        }
    }

    /// Adds an element unless it is there; its position, and whether it is new.
    pub fn insert_full(&mut self, item: T) -> (usize, bool) {
        if self.items.len() > LINEAR {
            self.enter_all();
        }
        if let Some(at) = self.get_index_of(&item) {
            return (at, false);
        }
        (self.push_new(item), true)
    }

    /// Adds an element that is known not to be there; its position.
    #[inline]
    pub fn push_new(&mut self, item: T) -> usize {
        // A long list would have to be searched from its start.
        debug_assert!(self.items.len() > LINEAR || !self.contains(&item));
        let at = self.items.len();
        if at == self.items.capacity() {
            self.grow();
        }
        // SAFETY: there is room now, or there was, and a vector is never longer than its capacity.
        unsafe { std::hint::assert_unchecked(self.items.len() == at && at < self.items.capacity()) };
        self.items.push(item);
        at
    }

    /// Adds elements to a set without any; they are known to be all different.
    pub fn extend_with_new(&mut self, items: impl ExactSizeIterator<Item = T>) {
        debug_assert!(self.items.is_empty());
        if items.len() > self.items.capacity() {
            self.items.reserve(items.len() + LINEAR);
        }
        self.items.extend(items);
    }

    /// The same if there is room for it.
    #[inline]
    pub fn push_in_room(&mut self, item: T) -> Option<usize> {
        (self.items.len() < self.items.capacity()).then(|| self.push_new(item))
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.items.reserve(LINEAR);
    }

    /// Enters all elements in the table.
    fn enter_all(&mut self) {
        if self.items.len() * 2 > self.table.len() {
            self.table.clear();
            self.table.resize((self.items.len() * 4).next_power_of_two(), 0);
            self.entered = 0;
        }
        for at in self.entered..self.items.len() {
            self.enter(at);
        }
        self.entered = self.items.len();
    }

    fn enter(&mut self, at: usize) {
        let mut slot = self.slot_of(self.items[at]);
        while self.table[slot] != 0 {
            slot = (slot + 1) & (self.table.len() - 1);
        }
        self.table[slot] = at as u32 + 1;
    }

    fn rebuild(&mut self) {
        self.table.clear();
        self.entered = 0;
        if self.items.len() > LINEAR {
            self.enter_all();
        }
    }

    /// Adds an element; whether it is new.
    #[inline]
    pub fn insert(&mut self, item: T) -> bool {
        self.insert_full(item).1
    }

    /// Whether an element is there.
    #[inline]
    pub fn contains(&self, item: &T) -> bool {
        self.get_index_of(item).is_some()
    }

    /// Keeps only the elements that `keep` is true of.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.items.retain(keep);
        self.rebuild();
    }

    /// Removes all elements; the memory is kept.
    pub fn clear(&mut self) {
        self.items.clear();
        self.table.clear();
        self.entered = 0;
    }

    /// Puts the elements in the order of what `key` gives for each.
    pub fn sort_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        self.items.sort_unstable_by_key(key);
        self.rebuild();
    }

    /// How many elements there is memory for.
    pub fn capacity(&self) -> usize {
        self.items.capacity()
    }

    /// Removes one element; those behind it move up.
    pub fn remove_index(&mut self, at: usize) {
        self.items.remove(at);
        self.rebuild();
    }
}

impl<T> OrderedSet<T> {
    /// How many elements there are.
    #[inline]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The elements, in order.
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The elements, in order.
    #[inline]
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// The first element.
    #[inline]
    pub fn first(&self) -> Option<&T> {
        self.items.first()
    }

    /// The element at a position.
    #[inline]
    pub fn get_index(&self, at: usize) -> Option<&T> {
        self.items.get(at)
    }
}

impl<T> Index<usize> for OrderedSet<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.items[at]
    }
}

impl<T: SmallId> Extend<T> for OrderedSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T: SmallId> FromIterator<T> for OrderedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = OrderedSet::default();
        set.extend(items);
        set
    }
}

impl<'s, T> IntoIterator for &'s OrderedSet<T> {
    type Item = &'s T;
    type IntoIter = std::slice::Iter<'s, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::OrderedSet;
    use crate::source::NameId;

    #[test]
    fn keeps_the_order_and_finds_every_element() {
        let mut set = OrderedSet::default();
        for round in 0..2 {
            for i in 0..1000u32 {
                let item = NameId(i * 7919 % 100_003);
                assert_eq!(set.insert_full(item), (i as usize, round == 0));
            }
        }
        set.retain(|item| item.0 % 2 == 0);
        let even: Vec<_> = (0..1000u32).map(|i| i * 7919 % 100_003).filter(|i| i % 2 == 0).collect();
        assert_eq!(set.iter().map(|item| item.0).collect::<Vec<_>>(), even);
        assert!(even.iter().enumerate().all(|(at, &i)| set.get_index_of(&NameId(i)) == Some(at)));
        assert!(!set.contains(&NameId(1)));
    }
}
