//! Where the nodes of a tree and their lists are put.

use bumpalo::Bump;
use std::alloc::Layout;
use std::mem::MaybeUninit;

/// How much is taken from the arena at once.
const PIECE: usize = 8 << 10;
/// What everything starts at a multiple of.
const ALIGNMENT: usize = 8;

/// Room taken from the arena in pieces. To put something there takes less than in the arena itself, as everything is aligned alike.
pub(super) struct Room<'a> {
    arena: &'a Bump,
    /// What is free of the last piece.
    next: *mut u8,
    end: *mut u8,
}

impl<'a> Room<'a> {
    /// No room yet.
    pub fn new(arena: &'a Bump) -> Room<'a> {
        let nowhere = std::ptr::without_provenance_mut(ALIGNMENT);
        Room { arena, next: nowhere, end: nowhere }
    }

    /// The place for a node.
    #[inline(always)]
    pub fn place<T: Copy>(&mut self) -> &'a mut MaybeUninit<T> {
        const { assert!(align_of::<T>() <= ALIGNMENT) };
        let place = self.take(size_of::<T>());
        // SAFETY: the place is large enough, as aligned as asked for, given once, and lives as long as the arena.
        unsafe { &mut *place.cast() }
    }

    /// Puts a node.
    #[inline(always)]
    pub fn put<T: Copy>(&mut self, node: T) -> &'a T {
        self.place().write(node)
    }

    /// Puts a list.
    pub fn put_list<T: Copy>(&mut self, items: &[T]) -> &'a [T] {
        const { assert!(align_of::<T>() <= ALIGNMENT) };
        let place: *mut T = self.take(size_of_val(items)).cast();
        // SAFETY: as in `place`, for as many items as there are.
        unsafe {
            place.copy_from_nonoverlapping(items.as_ptr(), items.len());
            std::slice::from_raw_parts(place, items.len())
        }
    }

    /// Puts a list that is short, if the last piece has room for it. To copy it takes less than to call what copies any list.
    #[inline(always)]
    pub fn put_short_list<T: Copy>(&mut self, items: &[T]) -> Option<&'a [T]> {
        const { assert!(align_of::<T>() <= ALIGNMENT) };
        let size = size_of_val(items);
        let place = self.next;
        let next = place.wrapping_add(size.next_multiple_of(ALIGNMENT));
        if next.addr() > self.end.addr() || !(size == 8 || (16..=64).contains(&size)) {
            return None;
        }
        self.next = next;
        let from: *const u8 = items.as_ptr().cast();
        // SAFETY: as in `place`. Each copy starts, or ends, so many bytes from the start or the end of the list that it is within it;
        // those of lists that are not twice as long overlap.
        unsafe {
            let copy = |at: usize| place.add(at).copy_from_nonoverlapping(from.add(at), 16);
            if size == 8 {
                place.copy_from_nonoverlapping(from, 8);
            } else {
                copy(0);
                copy(size - 16);
                if size > 32 {
                    copy(16);
                    copy(size - 32);
                }
            }
            Some(std::slice::from_raw_parts(place.cast(), items.len()))
        }
    }

    /// A place of some size.
    #[inline(always)]
    fn take(&mut self, size: usize) -> *mut u8 {
        let place = self.next;
        let next = place.wrapping_add(size.next_multiple_of(ALIGNMENT));
        if next.addr() > self.end.addr() {
            return self.take_anew(size.next_multiple_of(ALIGNMENT));
        }
        self.next = next;
        place
    }

    /// The same where the last piece has not got as much: from another, or by itself if it is large.
    #[cold]
    #[inline(never)]
    fn take_anew(&mut self, size: usize) -> *mut u8 {
        let is_large = size > PIECE / 4;
        let Ok(layout) = Layout::from_size_align(if is_large { size } else { PIECE }, ALIGNMENT) else {
            // No list is as long as that.
            std::process::abort()
        };
        let place = self.arena.alloc_layout(layout).as_ptr();
        if !is_large {
            // SAFETY: both are within the piece or behind it.
            (self.next, self.end) = unsafe { (place.add(size), place.add(PIECE)) };
        }
        place
    }
}
