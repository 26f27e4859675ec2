//! The tokens of a file: how they are written, and how a parser goes through them.

use super::token::Pair;
use super::{Token, TokenKind};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// What stands around the tokens of a file, so that whoever is at one of them may look at its neighbours.
const GUARD: Token = Token::new(TokenKind::EndMarker, Pair::new(1, 1), Pair::new(0, 0), Pair::new(0, 0));
/// How many guards stand before the first token.
const BEFORE: usize = 1;
/// How many stand behind the last: one where a [`Cursor`] stops at the latest, and that one's neighbour.
const BEHIND: usize = 2;

/// The tokens of a file. The last one, and no other, is a [`TokenKind::EndMarker`] or a [`TokenKind::Error`].
pub struct TokenList {
    /// The tokens between guards.
    guarded: Vec<Token>,
}

impl TokenList {
    /// The place of the first token.
    pub fn cursor(&self) -> Cursor<'_> {
        Cursor { next: &raw const self.guarded[BEFORE], list: PhantomData }
    }
}

impl Deref for TokenList {
    type Target = [Token];

    #[inline]
    fn deref(&self) -> &[Token] {
        &self.guarded[BEFORE..self.guarded.len() - BEHIND]
    }
}

impl DerefMut for TokenList {
    fn deref_mut(&mut self) -> &mut [Token] {
        let end = self.guarded.len() - BEHIND;
        &mut self.guarded[BEFORE..end]
    }
}

/// A place in a file's tokens. To move it takes one instruction, and the parser does little else.
#[derive(Clone, Copy)]
pub struct Cursor<'s> {
    /// The next token of the list, or the first guard behind the last one.
    next: *const Token,
    list: PhantomData<&'s TokenList>,
}

impl<'s> Cursor<'s> {
    /// The next token.
    #[inline(always)]
    pub fn token(self) -> &'s Token {
        // SAFETY: a cursor starts at the first token, or the guard behind where there is none. `advance` stops at a guard, `go_to`
        // within the list. So there always is something to see, with a neighbour on each side.
        unsafe { &*self.next }
    }

    /// The token before it, or a guard.
    #[inline(always)]
    pub fn previous(self) -> &'s Token {
        // SAFETY: as in `token`.
        unsafe { &*self.next.sub(1) }
    }

    /// The token behind it, or a guard.
    #[inline(always)]
    pub fn following(self) -> &'s Token {
        // SAFETY: as in `token`.
        unsafe { &*self.next.add(1) }
    }

    /// Takes the next token, unless it is the last one.
    #[inline(always)]
    pub fn advance(&mut self) {
        if !self.token().kind.is_last() {
            // SAFETY: as in `token`; the guards are last ones.
            self.next = unsafe { self.next.add(1) };
        }
    }

    /// Index of the next token in its list.
    #[inline]
    pub fn index(self, list: &'s TokenList) -> usize {
        (self.next.addr() - list.as_ptr().addr()) / size_of::<Token>()
    }

    /// Goes to the token with an index, if there is one.
    pub fn go_to(&mut self, list: &'s TokenList, index: usize) {
        if index < list.len() {
            self.next = &raw const list.guarded[BEFORE + index];
        }
    }
}

/// Where a lexer writes tokens.
pub(super) struct TokenWriter {
    /// Has as many tokens, guards among them, as `next` says once it is told.
    guarded: Vec<Token>,
    /// Where the next token goes.
    next: *mut Token,
    /// Behind the last one that there is room for, besides the guards.
    end: *mut Token,
}

impl TokenWriter {
    /// A writer with room for so many tokens, or a few more.
    pub fn with_capacity(capacity: usize) -> TokenWriter {
        let mut guarded = Vec::with_capacity(capacity + BEFORE + BEHIND);
        guarded.push(GUARD);
        let mut writer = TokenWriter { guarded, next: std::ptr::null_mut(), end: std::ptr::null_mut() };
        writer.find_room();
        writer
    }

    /// Sets the places to those that the vector's length says.
    fn find_room(&mut self) {
        let room = self.guarded.spare_capacity_mut();
        let places = room.len().saturating_sub(BEHIND);
        let room = room[..places].as_mut_ptr_range();
        (self.next, self.end) = (room.start.cast(), room.end.cast());
    }

    /// How many tokens are written.
    #[inline(always)]
    pub fn len(&self) -> usize {
        (self.next.addr() - self.guarded.as_ptr().addr()) / size_of::<Token>() - BEFORE
    }

    /// Sees to it that there is room for another token. To look for that before the token is there, and in a function of its own, leaves
    /// the token in registers.
    #[inline(always)]
    pub fn reserve_one(&mut self) {
        if self.next == self.end {
            self.make_room();
        }
    }

    /// Adds a token.
    ///
    /// # Safety
    ///
    /// [`TokenWriter::reserve_one`] must have been called for it.
    #[inline(always)]
    pub unsafe fn push(&mut self, token: Token) {
        // SAFETY: there is room for one more.
        unsafe {
            self.next.write(token);
            self.next = self.next.add(1);
        }
    }

    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        self.settle();
        self.guarded.reserve(1 + BEHIND);
        self.find_room();
    }

    /// Tells the vector what has been written.
    fn settle(&mut self) {
        let length = BEFORE + self.len();
        // SAFETY: as many are written.
        unsafe { self.guarded.set_len(length) };
    }

    /// All tokens.
    pub fn finish(mut self) -> TokenList {
        self.settle();
        self.guarded.extend([GUARD; BEHIND]);
        TokenList { guarded: self.guarded }
    }
}
