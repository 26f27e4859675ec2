//! A hash table of numbers, for finding out which objects are equal.

/// Numbers of objects, found by the objects' hash. Objects are added with the number that follows the last one's.
pub(super) struct Merged {
    /// A power of two long and at most half full; linear probing.
    slots: Vec<Slot>,
    count: u32,
}

#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    /// [`EMPTY`] where there is none.
    number: u32,
}

const EMPTY: u32 = u32::MAX;

impl Merged {
    /// A table with some room for so many objects, and more when it is needed.
    pub fn new(expected: usize) -> Merged {
        Merged { slots: vec![Slot { hash: 0, number: EMPTY }; expected.next_power_of_two().max(64)], count: 0 }
    }

    /// The number of an equal object, or else `number` for this one.
    #[inline]
    pub fn find_or_insert(&mut self, hash: u64, number: u32, same: impl Fn(u32) -> bool) -> u32 {
        // The lower half of what `FxHasher` gives is the well-mixed one.
        let hash = hash as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = &mut self.slots[at];
            if slot.number == EMPTY {
                *slot = Slot { hash, number };
                break;
            }
            if slot.hash == hash && same(slot.number) {
                return slot.number;
            }
            at = (at + 1) & mask;
        }
        self.count += 1;
        if self.count as usize * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    #[cold]
    fn grow(&mut self) {
        let empty = vec![Slot { hash: 0, number: EMPTY }; self.slots.len() * 2];
        let mask = empty.len() - 1;
        for slot in std::mem::replace(&mut self.slots, empty) {
            if slot.number != EMPTY {
                let mut at = slot.hash as usize & mask;
                while self.slots[at].number != EMPTY {
                    at = (at + 1) & mask;
                }
                self.slots[at] = slot;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Merged;

    #[test]
    fn equal_objects_have_one_number() {
        let (mut merged, mut objects) = (Merged::new(0), Vec::new());
        for i in (0..3000u64).chain(0..3000) {
            // Many objects have one hash, and many hashes one place.
            let object = i;
            let number = merged.find_or_insert(i / 3 * 64, objects.len() as u32, |n| objects[n as usize] == object);
            if number as usize == objects.len() {
                objects.push(object);
            }
            assert_eq!(objects[number as usize], object);
        }
        assert_eq!(objects.len(), 3000);
    }
}
