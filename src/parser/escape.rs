//! Backslash escapes in strings and bytes.
//!
//! CPython decodes a string's escapes from a copy in which every character above 127 is written as `\Uxxxxxxxx` (and a
//! backslash before one as `\u005c`); positions in its messages count in that copy, see [`expanded_len`].

use crate::object::push_code_point;
use crate::source::{character_named, named_in_unicode_17};

/// The first escape of a literal that means nothing: where its character is, behind the backslash.
pub(super) type InvalidEscape = Option<usize>;

/// Why a string cannot be decoded; the places are those of [`expanded_len`].
pub(super) struct UnicodeEscapeError {
    start: usize,
    end: usize,
    reason: &'static str,
}

impl UnicodeEscapeError {
    /// The words of CPython's `UnicodeDecodeError`.
    pub(super) fn message(&self) -> String {
        let UnicodeEscapeError { start, end, reason } = self;
        if *end == start + 1 {
            format!("'unicodeescape' codec can't decode byte 0x5c in position {start}: {reason}")
        } else {
            format!("'unicodeescape' codec can't decode bytes in position {start}-{}: {reason}", end - 1)
        }
    }
}

/// Appends a string's text with its escapes decoded.
///
/// `unicode_17` says whether characters have the names that are new there.
///
/// CPython 3.14: `decode_unicode_with_escapes`, `_PyUnicode_DecodeUnicodeEscapeInternal2`.
pub(super) fn decode_unicode(
    text: &str,
    unicode_17: bool,
    out: &mut Vec<u8>,
) -> Result<InvalidEscape, UnicodeEscapeError> {
    let bytes = text.as_bytes();
    let mut invalid = None;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + found]);
        let backslash = at + found;
        let Some(&c) = bytes.get(backslash + 1) else {
            out.push(b'\\');
            return Ok(invalid);
        };
        at = backslash + 2;
        if let Some(simple) = simple_escape(c) {
            out.push(simple);
            continue;
        }
        match c {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, end) = octal(bytes, at - 1);
                if value > 0o377 {
                    invalid.get_or_insert(at - 1);
                }
                push_code_point(out, value);
                at = end;
            }
            b'x' => at = hex_escape(text, backslash, 2, "truncated \\xXX escape", out)?,
            b'u' => at = hex_escape(text, backslash, 4, "truncated \\uXXXX escape", out)?,
            b'U' => at = hex_escape(text, backslash, 8, "truncated \\UXXXXXXXX escape", out)?,
            b'N' => at = named_escape(text, backslash, unicode_17, out)?,
            // A backslash before a character above 127 stands for itself, without a warning.
            0x80.. => {
                out.push(b'\\');
                at = backslash + 1;
                let length = bytes[at..].iter().position(|&b| b == b'\\').unwrap_or(bytes.len() - at);
                out.extend_from_slice(&bytes[at..at + length]);
                at += length;
            }
            _ => {
                invalid.get_or_insert(at - 1);
                out.extend([b'\\', c]);
            }
        }
    }
    out.extend_from_slice(&bytes[at..]);
    Ok(invalid)
}

/// Appends the value of a bytes literal with its escapes decoded; an error is the place of a wrong `\x`.
///
/// CPython 3.14: `_PyBytes_DecodeEscape2`.
pub(super) fn decode_bytes(bytes: &[u8], out: &mut Vec<u8>) -> Result<InvalidEscape, usize> {
    let mut invalid = None;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + found]);
        let backslash = at + found;
        let Some(&c) = bytes.get(backslash + 1) else {
            out.push(b'\\');
            return Ok(invalid);
        };
        at = backslash + 2;
        if let Some(simple) = simple_escape(c) {
            out.push(simple);
            continue;
        }
        match c {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, end) = octal(bytes, at - 1);
                if value > 0o377 {
                    invalid.get_or_insert(at - 1);
                }
                out.push(value as u8);
                at = end;
            }
            b'x' => match (digit(bytes, at), digit(bytes, at + 1)) {
                (Some(high), Some(low)) => {
                    out.push((high << 4 | low) as u8);
                    at += 2;
                }
                _ => return Err(backslash),
            },
            _ => {
                invalid.get_or_insert(at - 1);
                out.extend([b'\\', c]);
            }
        }
    }
    out.extend_from_slice(&bytes[at..]);
    Ok(invalid)
}

fn simple_escape(c: u8) -> Option<u8> {
    Some(match c {
        b'\\' | b'\'' | b'"' => c,
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'a' => 7,
        b'b' => 8,
        b'v' => 11,
        b'f' => 12,
        _ => return None,
    })
}

fn digit(bytes: &[u8], at: usize) -> Option<u32> {
    char::from(*bytes.get(at)?).to_digit(16)
}

/// The value of up to three octal digits, and their end.
fn octal(bytes: &[u8], start: usize) -> (u32, usize) {
    let mut value = 0;
    let mut at = start;
    while at < start + 3
        && let Some(c @ b'0'..=b'7') = bytes.get(at)
    {
        value = value << 3 | u32::from(c - b'0');
        at += 1;
    }
    (value, at)
}

fn hex_escape(
    text: &str,
    backslash: usize,
    count: usize,
    truncated: &'static str,
    out: &mut Vec<u8>,
) -> Result<usize, UnicodeEscapeError> {
    let bytes = text.as_bytes();
    let start = backslash + 2;
    let mut value: u32 = 0;
    for at in start..start + count {
        match digit(bytes, at) {
            Some(next) => value = value << 4 | next,
            None => return Err(error(text, backslash, at, truncated)),
        }
    }
    let end = start + count;
    if value > 0x10ffff {
        return Err(error(text, backslash, end, "illegal Unicode character"));
    }
    push_code_point(out, value);
    Ok(end)
}

fn named_escape(
    text: &str,
    backslash: usize,
    unicode_17: bool,
    out: &mut Vec<u8>,
) -> Result<usize, UnicodeEscapeError> {
    const MALFORMED: &str = "malformed \\N character escape";
    let start = backslash + 3;
    if text.as_bytes().get(start - 1) != Some(&b'{') {
        return Err(error(text, backslash, start - 1, MALFORMED));
    }
    let Some(length) = memchr::memchr(b'}', &text.as_bytes()[start..]) else {
        return Err(error(text, backslash, text.len(), MALFORMED));
    };
    let end = start + length;
    if length == 0 {
        return Err(error(text, backslash, end, MALFORMED));
    }
    match character_named(&text[start..end], unicode_17) {
        Some(c) => {
            push_code_point(out, c as u32);
            Ok(end + 1)
        }
        None => Err(error(text, backslash, end + 1, "unknown Unicode character name")),
    }
}

/// Whether a text names a character that only Unicode 17 names.
pub(super) fn has_unicode_17_name(text: &str) -> bool {
    text.split("\\N{")
        .skip(1)
        .any(|rest| rest.split_once('}').is_some_and(|(name, _)| named_in_unicode_17(name).is_some()))
}

fn error(text: &str, start: usize, end: usize, reason: &'static str) -> UnicodeEscapeError {
    UnicodeEscapeError { start: expanded_len(&text[..start]), end: expanded_len(&text[..end]), reason }
}

/// The length of a text in the copy that CPython decodes.
pub(super) fn expanded_len(text: &str) -> usize {
    let mut length = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        length += match c {
            '\\' => match chars.peek() {
                Some(next) if next.is_ascii() => {
                    chars.next();
                    2
                }
                Some(_) => 6,
                None => 1,
            },
            '\0'..='\x7f' => 1,
            _ => 10,
        };
    }
    length
}
