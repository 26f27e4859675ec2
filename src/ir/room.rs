//! Memory for what is as long as it turns out to be once it is written: bytecode and its tables.

use bumpalo::Bump;

/// The free end of a piece of memory. What is written at its start can be taken, and what is behind that is free again.
pub struct Room<'a> {
    free: &'a mut [u8],
    arena: &'a Bump,
}

impl<'a> Room<'a> {
    /// As much is enough for nearly every file.
    pub const USUAL: usize = 1 << 18;
    /// Pieces of the arena are at least as long.
    const PIECE: usize = 1 << 15;

    /// This memory, and when it is used up pieces of the arena.
    pub fn new(free: &'a mut [u8], arena: &'a Bump) -> Room<'a> {
        Room { free, arena }
    }

    /// The free memory: at least so many bytes behind the first `used`, which stay as they are.
    #[inline]
    pub fn reserve(&mut self, used: usize, wanted: usize) -> &mut [u8] {
        if self.free.len() - used < wanted {
            self.grow(used, wanted);
        }
        self.free
    }

    /// The free memory as it is.
    #[inline]
    pub fn free(&mut self) -> &mut [u8] {
        self.free
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, used: usize, wanted: usize) {
        let free = self.arena.alloc_slice_fill_copy((2 * used + wanted).max(Room::PIECE), 0);
        free[..used].copy_from_slice(&self.free[..used]);
        self.free = free;
    }

    /// Takes the first bytes.
    #[inline]
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, free) = std::mem::take(&mut self.free).split_at_mut(length);
        self.free = free;
        taken
    }
}
