//! What can be wrong inside a literal that the lexer has let through: escapes and the length of integers.

use crate::diagnostics::{CompileError, Result};
use crate::source::{Location, character_named};

/// The limit of `sys.set_int_max_str_digits`.
const MAX_DIGITS: usize = 4300;

/// Refuses a decimal integer with too many digits. CPython 3.14: `_PyPegen_number_token`.
pub(super) fn check_number(text: &str, location: Location) -> Result<()> {
    if text.len() <= MAX_DIGITS || text.starts_with('0') || !text.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        return Ok(());
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits <= MAX_DIGITS {
        return Ok(());
    }
    let message = format!(
        "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {digits} digits; \
         use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals \
         to avoid decimal conversion limits."
    );
    Err(CompileError::syntax(Location::new(location.line, location.end_line, -1, -1), message))
}

/// A string or bytes literal, taken apart. CPython 3.14: `_PyPegen_parse_string`.
pub(super) struct Literal<'s> {
    pub is_bytes: bool,
    is_raw: bool,
    pub body: &'s str,
}

impl<'s> Literal<'s> {
    /// From the text of a token.
    pub fn of(text: &'s str) -> Literal<'s> {
        let start = text.find(['\'', '"']).unwrap_or(text.len());
        let (prefix, quoted) = text.split_at(start);
        let quote =
            if quoted.len() >= 6 && (quoted.starts_with("'''") || quoted.starts_with("\"\"\"")) { 3 } else { 1 };
        let body = quoted.get(quote..quoted.len().saturating_sub(quote)).unwrap_or("");
        Literal { is_bytes: prefix.contains(['b', 'B']), is_raw: prefix.contains(['r', 'R']), body }
    }

    /// What `_Pypegen_raise_decode_error` (CPython 3.14) makes of an escape that is wrong.
    pub fn decode_error(&self, unicode_17: bool) -> Option<String> {
        if self.is_raw {
            None
        } else if self.is_bytes {
            bytes_error(self.body).map(|reason| format!("(value error) {reason}"))
        } else {
            unicode_error(self.body, unicode_17).map(|reason| format!("(unicode error) {reason}"))
        }
    }
}

/// The first wrong escape of a bytes literal. CPython 3.14: `_PyBytes_DecodeEscape2`.
fn bytes_error(body: &str) -> Option<String> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        let escape = at + found;
        at = escape + 2;
        if bytes.get(escape + 1) == Some(&b'x') {
            let is_hex = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_hexdigit);
            if !(is_hex(at) && is_hex(at + 1)) {
                return Some(format!("invalid \\x escape at position {escape}"));
            }
            at += 2;
        }
        if at >= bytes.len() {
            break;
        }
    }
    None
}

/// The first wrong escape of a string, in the words of a `UnicodeDecodeError`. CPython 3.14: `decode_unicode_with_escapes`.
///
/// Positions count in what CPython hands to its decoder, where a character that is not ASCII has become an escape of ten.
pub(super) fn unicode_error(body: &str, unicode_17: bool) -> Option<String> {
    memchr::memchr(b'\\', body.as_bytes())?;
    let mut text = Vec::with_capacity(body.len() * 2);
    let mut rest = body.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_ascii() {
            text.push(c as u8);
            if c == '\\' {
                match rest.peek() {
                    Some(next) if next.is_ascii() => {
                        text.push(*next as u8);
                        rest.next();
                    }
                    _ => text.extend_from_slice(b"u005c"),
                }
            }
        } else {
            text.extend_from_slice(format!("\\U{:08x}", c as u32).as_bytes());
        }
    }
    escape_error(&text, unicode_17)
}

/// CPython 3.14: `_PyUnicode_DecodeUnicodeEscapeInternal2`.
fn escape_error(text: &[u8], unicode_17: bool) -> Option<String> {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &text[at..]) {
        let escape = at + found;
        let kind = text.get(escape + 1).copied();
        at = escape + 2;
        let (digits, truncated) = match kind {
            None => return Some(reason(text, escape, escape + 1, "\\ at end of string")),
            Some(b'x') => (2, "truncated \\xXX escape"),
            Some(b'u') => (4, "truncated \\uXXXX escape"),
            Some(b'U') => (8, "truncated \\UXXXXXXXX escape"),
            Some(b'N') => match named_character(text, at, unicode_17) {
                Ok(end) => {
                    at = end;
                    continue;
                }
                Err((end, message)) => return Some(reason(text, escape, end, message)),
            },
            Some(_) => continue,
        };
        let present = text[at..].iter().take(digits).take_while(|b| b.is_ascii_hexdigit()).count();
        if present < digits {
            return Some(reason(text, escape, at + present, truncated));
        }
        let value =
            text[at..at + digits].iter().fold(0u32, |value, &b| (value << 4) | (b as char).to_digit(16).unwrap_or(0));
        at += digits;
        if value > 0x10_ffff {
            return Some(reason(text, escape, at, "illegal Unicode character"));
        }
    }
    None
}

/// Behind `\N`: where the name ends, or where the error does and what it is.
fn named_character(text: &[u8], at: usize, unicode_17: bool) -> Result<usize, (usize, &'static str)> {
    const MALFORMED: &str = "malformed \\N character escape";
    if text.get(at) != Some(&b'{') {
        return Err((at, MALFORMED));
    }
    let start = at + 1;
    let Some(length) = memchr::memchr(b'}', &text[start..]) else { return Err((text.len(), MALFORMED)) };
    if length == 0 {
        return Err((start, MALFORMED));
    }
    let end = start + length + 1;
    let name = std::str::from_utf8(&text[start..start + length]).unwrap_or("");
    match character_named(name, unicode_17) {
        Some(_) => Ok(end),
        None => Err((end, "unknown Unicode character name")),
    }
}

fn reason(text: &[u8], start: usize, end: usize, message: &str) -> String {
    if end == start + 1 {
        format!("'unicodeescape' codec can't decode byte 0x{:02x} in position {start}: {message}", text[start])
    } else {
        format!("'unicodeescape' codec can't decode bytes in position {start}-{}: {message}", end - 1)
    }
}
