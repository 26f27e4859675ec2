//! Names, keywords and the prefixes of strings.

use super::chunk::{CHUNK, Chunk};
use super::core::{Lexed, Lexer};
use super::keyword::name_kind;
use super::{ForbiddenName, TokenKind};
use crate::source::{NameKey, is_identifier_continue, is_identifier_start, is_printable};
use unicode_normalization::UnicodeNormalization;

/// Which bytes may stand in an identifier, as far as a byte can tell.
pub(super) static IDENTIFIER_BYTE: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = i >= 128 || (i as u8).is_ascii_alphanumeric() || i as u8 == b'_';
        i += 1;
    }
    table
};

/// The bytes before which a word of letters, digits and underscores is whole and no prefix: not those that an identifier may go on
/// with, nor quotes.
static ENDS_WORD: [bool; 256] = {
    let mut table = IDENTIFIER_BYTE;
    let mut i = 0;
    while i < 256 {
        table[i] = !table[i] && !matches!(i as u8, b'"' | b'\'');
        i += 1;
    }
    table
};

impl Lexer<'_, '_> {
    /// Reads a name or a keyword and gives where that ends, unless it is long, not ASCII, or may be the prefix of a string.
    #[inline(always)]
    pub(super) fn identifier(&mut self, start: usize, bytes: &[u8; CHUNK + 1]) -> Option<usize> {
        let bytes = bytes.first_chunk()?;
        let length = (!Chunk::new(bytes).words()).trailing_zeros() as usize;
        // What follows, unless the name is longer.
        let next = *bytes.get(length)?;
        if !ENDS_WORD[next as usize] {
            return None;
        }
        let end = start + length;
        let key = NameKey::short(bytes, length);
        let name = match self.names.find_short(key) {
            Ok(name) => name,
            Err(slot) => self.names.add_short(key, slot, &self.text[start..end]),
        };
        Some(self.add_name(name_kind(name), name, start, end))
    }

    /// Reads a name that is long and nothing else, or what else starts like an identifier. Gives where it ends.
    #[inline(never)]
    pub(super) fn long_identifier(&mut self, start: usize) -> Lexed<usize> {
        let mut end = start;
        loop {
            let length = (!self.chunk(end).words()).trailing_zeros() as usize;
            end += length;
            if length < CHUNK {
                break;
            }
        }
        let [next] = *self.window(end);
        if !ENDS_WORD[next as usize] {
            return self.other_identifier(start);
        }
        let name = self.names.intern_borrowed(&self.text[start..end]);
        Ok(self.add_name(name_kind(name), name, start, end))
    }

    /// What starts like an identifier, but may have other characters or be the prefix of a string. Gives where it ends.
    #[inline(never)]
    fn other_identifier(&mut self, start: usize) -> Lexed<usize> {
        let (mut end, mut others) = (start, 0);
        loop {
            let chunk = self.chunk(end);
            let found = chunk.not_ascii();
            let length = (!(chunk.words() | found)).trailing_zeros();
            others |= found & ((1 << length) - 1);
            end += length as usize;
            if (length as usize) < CHUNK {
                break;
            }
        }
        if matches!(self.at(end), b'"' | b'\'') && self.at_prefixed_string(start, end) {
            return self.prefixed_string(start, end);
        }
        if others != 0 {
            return self.unicode_identifier(start, end);
        }
        let name = self.names.intern_borrowed(&self.text[start..end]);
        Ok(self.add_name(name_kind(name), name, start, end))
    }

    /// Whether the letters before a quote belong to the string.
    fn at_prefixed_string(&self, start: usize, end: usize) -> bool {
        if end - start > Prefix::MAX_LENGTH {
            return false;
        }
        let prefix = Prefix::of(&self.bytes[start..end]);
        prefix.is_prefix && (self.features.string_prefix_errors || !prefix.clashes())
    }

    /// A name with characters outside ASCII: it must follow PEP 3131 and is normalised to NFKC.
    ///
    /// CPython 3.14: `verify_identifier`, `_PyPegen_new_identifier`.
    #[cold]
    fn unicode_identifier(&mut self, start: usize, end: usize) -> Lexed<usize> {
        let text = &self.text[start..end];
        for (i, c) in text.char_indices() {
            let valid =
                if i == 0 { is_identifier_start(c, self.version) } else { is_identifier_continue(c, self.version) };
            if !valid {
                let message = if is_printable(c, self.version) {
                    format!("invalid character '{c}' (U+{:04X})", c as u32)
                } else {
                    format!("invalid non-printable character U+{:04X}", c as u32)
                };
                return Err(self.fail(start + i + c.len_utf8(), message));
            }
        }
        let normalised: String = text.nfkc().collect();
        let name = self.names.intern(&normalised);
        if let Some(constant) = ["None", "True", "False"].into_iter().find(|constant| *constant == normalised) {
            self.forbidden_name.get_or_insert(ForbiddenName { token: self.tokens.len(), constant });
        }
        Ok(self.add_name(TokenKind::Name, name, start, end))
    }

    fn prefixed_string(&mut self, start: usize, quote: usize) -> Lexed<usize> {
        // CPython 3.14: `maybe_raise_syntax_error_for_string_prefixes`.
        let Prefix { b, r, u, f, t, .. } = Prefix::of(&self.bytes[start..quote]);
        let clashes = [
            (u && b, 'u', 'b'),
            (u && r, 'u', 'r'),
            (u && f, 'u', 'f'),
            (u && t, 'u', 't'),
            (b && f, 'b', 'f'),
            (b && t, 'b', 't'),
            (f && t, 'f', 't'),
        ];
        if let Some((_, one, other)) = clashes.into_iter().find(|clash| clash.0) {
            self.pos = quote + 1;
            let message = format!("'{one}' and '{other}' prefixes are incompatible");
            return Err(self.fail_range(start, quote, message));
        }
        let has_tokens = t || f && self.features.fstring_tokens;
        if has_tokens { self.fstring_start(start, quote, r, t) } else { self.string(start, quote) }
    }
}

/// The letters before a quote.
#[derive(Clone, Copy, Default)]
struct Prefix {
    /// Whether they are letters of prefixes only, each at most once.
    is_prefix: bool,
    b: bool,
    r: bool,
    u: bool,
    f: bool,
    t: bool,
}

impl Prefix {
    /// There are five letters of prefixes.
    const MAX_LENGTH: usize = 5;

    /// Whether releases before 3.14 take the letters for a name.
    fn clashes(&self) -> bool {
        self.t || (self.u && (self.b || self.r || self.f)) || (self.b && self.f)
    }

    fn of(text: &[u8]) -> Prefix {
        let mut prefix = Prefix { is_prefix: true, ..Prefix::default() };
        for byte in text {
            let seen = match byte.to_ascii_lowercase() {
                b'b' => &mut prefix.b,
                b'r' => &mut prefix.r,
                b'u' => &mut prefix.u,
                b'f' => &mut prefix.f,
                b't' => &mut prefix.t,
                _ => return Prefix::default(),
            };
            if *seen {
                return Prefix::default();
            }
            *seen = true;
        }
        prefix
    }
}
