//! The text of a Python `str`, which may hold lone surrogates.

use std::fmt;

/// A Python string as UTF-8 in which surrogates are written like any other code point (CPython's "surrogatepass").
///
/// The bytes are what marshal stores. A pair of surrogates stays a pair: it is never joined to one character.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct PyStr([u8]);

/// See [`PyStr::unshared_percent`], which is the first byte; the second keeps the linker from merging it with a literal.
static UNSHARED_PERCENT: [u8; 2] = *b"%\0";

impl PyStr {
    /// The text `%` as folding makes it of `%%` in `'...%%...' % (...)`.
    ///
    /// CPython's `parse_literal` takes it from `PyUnicode_Replace`, the one way to a string of one character that is not the
    /// interpreter's only string of that character; marshal shows the difference. It is told by its address.
    pub fn unshared_percent() -> &'static PyStr {
        PyStr::from_bytes(&UNSHARED_PERCENT[..1])
    }

    /// Whether this is [`PyStr::unshared_percent`] itself.
    pub fn is_unshared_percent(&self) -> bool {
        std::ptr::eq(self.0.as_ptr(), UNSHARED_PERCENT.as_ptr())
    }

    /// Wraps ordinary text.
    #[inline]
    pub const fn new(text: &str) -> &PyStr {
        PyStr::from_bytes(text.as_bytes())
    }

    /// Wraps bytes that the caller knows to be UTF-8 but for surrogates.
    #[inline]
    pub const fn from_bytes(bytes: &[u8]) -> &PyStr {
        // SAFETY: PyStr is a transparent wrapper of [u8], so the two have the same layout.
        unsafe { &*(std::ptr::from_ref::<[u8]>(bytes) as *const PyStr) }
    }

    /// The encoded bytes.
    #[inline]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, unless it holds surrogates.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Length in bytes.
    #[inline]
    pub const fn byte_len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is the empty string.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every character is below 128.
    #[inline]
    pub const fn is_ascii(&self) -> bool {
        self.0.is_ascii()
    }

    /// The number of code points, which is what `len()` gives in Python.
    pub fn char_len(&self) -> usize {
        self.0.iter().filter(|&&b| b & 0xc0 != 0x80).count()
    }

    /// The code points, surrogates included.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        let bytes = &self.0;
        let mut at = 0;
        std::iter::from_fn(move || {
            let first = *bytes.get(at)? as u32;
            let (length, mut value) = match first {
                0..0x80 => (1, first),
                0x80..0xe0 => (2, first & 0x1f),
                0xe0..0xf0 => (3, first & 0x0f),
                _ => (4, first & 0x07),
            };
            for &b in &bytes[at + 1..at + length] {
                value = value << 6 | (b as u32 & 0x3f);
            }
            at += length;
            Some(value)
        })
    }
}

/// Appends a code point, surrogates included, to encoded bytes.
pub fn push_code_point(out: &mut Vec<u8>, c: u32) {
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend([0xc0 | (c >> 6) as u8, 0x80 | (c & 0x3f) as u8]),
        0x800..0x10000 => out.extend([0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3f) as u8, 0x80 | (c & 0x3f) as u8]),
        _ => out.extend([
            0xf0 | (c >> 18) as u8,
            0x80 | (c >> 12 & 0x3f) as u8,
            0x80 | (c >> 6 & 0x3f) as u8,
            0x80 | (c & 0x3f) as u8,
        ]),
    }
}

impl fmt::Debug for PyStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}
