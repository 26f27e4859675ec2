//! From the bytes of a source file to its text.

use super::codec::find_codec;
use super::coding::{Cookie, find_cookie};
use super::text::PLACEHOLDER;
use super::{Location, SourceBytes, SourceText};
use crate::diagnostics::{Columns, CompileError, ErrorKind, Result};
use crate::target::Features;
use bumpalo::Bump;

/// Decodes a source file as `compile(bytes, ...)` does: byte order mark, coding cookie, ends of line.
///
/// The text is borrowed from the bytes where it is UTF-8 without `\r`. CPython 3.14: `_Py_SourceAsString`, `decode_str`.
pub fn decode<'a>(source: SourceBytes<'a>, arena: &'a Bump, features: &Features) -> Result<SourceText<'a>> {
    let SourceBytes { bytes, padded } = source;
    if memchr::memchr(0, bytes).is_some() {
        let message = "source code string cannot contain null bytes";
        return Err(CompileError::new(ErrorKind::SyntaxError, None, message));
    }
    // Offsets and columns are kept in 31 bits.
    if bytes.len() >= i32::MAX as usize / 2 {
        let message = "Parser column offset overflow - source line is too big";
        return Err(CompileError::new(ErrorKind::OverflowError, None, message));
    }
    let translated = translate_newlines(bytes, arena);
    let padded = padded.filter(|_| std::ptr::eq(translated, bytes));
    let (bytes, has_mark) = match translated.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (translated, false),
    };
    let padded = padded.map(|padded| &padded[translated.len() - bytes.len()..]);
    match find_cookie(bytes) {
        Some(cookie) if cookie.name != "utf-8" => {
            if has_mark {
                return Err(mark_and_cookie(cookie, features));
            }
            decode_with(cookie.name, bytes, arena)
        }
        // SAFETY: what is ASCII is UTF-8.
        _ if bytes.is_ascii() => {
            Ok(SourceText { text: unsafe { std::str::from_utf8_unchecked(bytes) }, padded, raw: None })
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(SourceText { text, padded, raw: None }),
            Err(error) if features.sources_are_utf8 => Err(not_utf8(bytes, error.valid_up_to())),
            Err(_) => Ok(SourceText { text: with_placeholders(bytes, arena), padded: None, raw: Some(bytes) }),
        },
    }
}

/// The text of bytes of which some are not UTF-8, each of these replaced.
fn with_placeholders<'a>(bytes: &[u8], arena: &'a Bump) -> &'a str {
    let mut text = bumpalo::collections::String::with_capacity_in(bytes.len(), arena);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|_| text.push(PLACEHOLDER as char));
    }
    text.into_bump_str()
}

/// The decoded line of an undecodable file that an error points at (for showing it).
pub fn lossy_line(bytes: &[u8], line: u32) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    SourceText::new(&text).line(line).to_owned()
}

/// Bytes with `\n` as the only end of line.
///
/// CPython 3.14: `_PyTokenizer_translate_newlines`.
fn translate_newlines<'a>(bytes: &'a [u8], arena: &'a Bump) -> &'a [u8] {
    let Some(first) = memchr::memchr(b'\r', bytes) else { return bytes };
    let mut out = bumpalo::collections::Vec::with_capacity_in(bytes.len(), arena);
    out.extend_from_slice_copy(&bytes[..first]);
    let mut rest = &bytes[first..];
    loop {
        // `rest` starts with a `\r`.
        out.push(b'\n');
        rest = rest[1..].strip_prefix(b"\n").unwrap_or(&rest[1..]);
        let Some(next) = memchr::memchr(b'\r', rest) else {
            out.extend_from_slice_copy(rest);
            return out.into_bump_slice();
        };
        out.extend_from_slice_copy(&rest[..next]);
        rest = &rest[next..];
    }
}

fn decode_with<'a>(name: &str, bytes: &[u8], arena: &'a Bump) -> Result<SourceText<'a>> {
    let decoded = match find_codec(name) {
        Some(codec) => codec.decode(bytes, name),
        None => Err(format!("unknown encoding: {name}")),
    };
    let mut text: &str = match decoded {
        Ok(text) => arena.alloc_str(&text),
        Err(message) => return Err(coding_error(message)),
    };
    // CPython handles the text as a C string from here on.
    if let Some(nul) = memchr::memchr(0, text.as_bytes()) {
        text = &text[..nul];
    }
    if text.contains('\r') {
        text = arena.alloc_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    Ok(SourceText::new(text))
}

/// An error that CPython reports on line 0 of the file, without text.
///
/// CPython 3.14: `_PyTokenizer_raise_init_error`.
fn coding_error(message: String) -> Box<CompileError> {
    CompileError::syntax(Location::new(0, 0, -2, -2), message)
}

fn mark_and_cookie(cookie: Cookie<'_>, features: &Features) -> Box<CompileError> {
    let message = format!("encoding problem: {} with BOM", cookie.name);
    if !features.contradicting_cookies_have_their_place {
        return coding_error(message);
    }
    let line = cookie.line as i32;
    let location = Location::new(line, line, -1, cookie.length as i32 - 1);
    CompileError::syntax(location, message)
}

/// CPython 3.14: `_PyTokenizer_ensure_utf8`.
fn not_utf8(bytes: &[u8], bad: usize) -> Box<CompileError> {
    let line = memchr::memchr_iter(b'\n', &bytes[..bad]).count() as i32 + 1;
    let line_start = memchr::memrchr(b'\n', &bytes[..bad]).map_or(0, |i| i + 1);
    let column = (bad - line_start) as i32;
    let message = format!(
        "Non-UTF-8 code starting with '\\x{:02x}' on line {line}, but no encoding declared; \
         see https://peps.python.org/pep-0263/ for details",
        bytes[bad]
    );
    let mut error = CompileError::syntax(Location::new(line, line, column, column), message);
    error.columns = Columns::Characters;
    error
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::target::{PythonVersion, Target};
    use bumpalo::Bump;

    fn text(bytes: &[u8]) -> String {
        let arena = Bump::new();
        // Messages are those of the newest release.
        let features = &Target::of(PythonVersion::ALL[PythonVersion::ALL.len() - 1]).features;
        let decoded = decode(bytes.into(), &arena, features).map(|source| source.text.to_owned());
        decoded.unwrap_or_else(|error| error.message)
    }

    #[test]
    fn reads_marks_cookies_and_ends_of_line() {
        assert_eq!(text(b"\xEF\xBB\xBFa\r\nb\rc"), "a\nb\nc");
        assert_eq!(text(b"# coding: latin-1\n\x80\xE9"), "# coding: latin-1\n\u{80}é");
        assert_eq!(text(b"\n# vim: set fileencoding=cp1252 :\n\x80"), "\n# vim: set fileencoding=cp1252 :\n€");
        assert_eq!(text(b"#coding:Shift-JIS\n\x81\x60"), "#coding:Shift-JIS\n\u{301c}");
        assert_eq!(text(b"#coding:gb2312\n\xC4\xE3"), "#coding:gb2312\n你");
    }

    #[test]
    fn refuses_in_cpythons_words() {
        assert_eq!(text(b"x\0"), "source code string cannot contain null bytes");
        assert_eq!(text(b"# coding: Foo\n"), "unknown encoding: Foo");
        assert_eq!(text(b"\xEF\xBB\xBF# coding: latin-1\n"), "encoding problem: iso-8859-1 with BOM");
        assert_eq!(
            text(b"x=1\n\"\xFF\"\n"),
            "Non-UTF-8 code starting with '\\xff' on line 2, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details"
        );
        assert_eq!(
            text(b"# coding: utf8\n\xE2\x82\n"),
            "'utf-8' codec can't decode bytes in position 15-16: invalid continuation byte"
        );
        assert_eq!(
            text(b"# coding: cp1252\nx=\"\x81\"\n"),
            "'charmap' codec can't decode byte 0x81 in position 20: character maps to <undefined>"
        );
        assert_eq!(
            text(b"# coding: hex\nx"),
            "'hex' is not a text encoding; use codecs.decode() to handle arbitrary codecs"
        );
    }
}
