//! Docstrings: where a body has one and how it is stored without its indentation.

use crate::ast::{Expr, ExprKind, StmtKind, Stmts};
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::object::{Constant, PyStr};
use bumpalo::Bump;

/// The width of a tab in a docstring, which is that of `str.expandtabs`.
const TAB_SIZE: usize = 8;

/// The string that a body begins with, with its expression. Mirrors CPython 3.14: `_PyAST_GetDocString`.
pub(crate) fn find_docstring<'a>(body: Stmts<'a>) -> Option<(&'a Expr<'a>, &'a PyStr)> {
    let StmtKind::Expr { value } = body.first()?.kind else { return None };
    match value.kind {
        ExprKind::Constant { value: Constant::Str(text), .. } => Some((value, text)),
        _ => None,
    }
}

/// A docstring with its tabs expanded and the indentation that all lines but the first share removed.
///
/// Mirrors CPython 3.14: `_PyCompile_CleanDoc`, which cannot take lone surrogates.
pub(crate) fn clean_doc<'a>(arena: &'a Bump, doc: &'a PyStr) -> Result<&'a PyStr> {
    let doc = expand_tabs(arena, doc);
    if !doc.as_bytes().is_ascii() && doc.as_str().is_none() {
        return Err(surrogate_error(doc));
    }
    let bytes = doc.as_bytes();
    let leading = count_spaces(bytes);
    // Where each line but the first starts, after its spaces: the line's start and their number.
    let mut lines = bumpalo::collections::Vec::new_in(arena);
    let mut margin = usize::MAX;
    let mut end = find_line_feed(bytes, 0);
    while end < bytes.len() {
        let start = end + 1;
        let spaces = count_spaces(&bytes[start..]);
        lines.push((start, spaces));
        // The least indentation of the lines that are not blank counts.
        if bytes.get(start + spaces).is_some_and(|&b| b != b'\n') {
            margin = margin.min(spaces);
        }
        end = find_line_feed(bytes, start + spaces);
    }
    if leading == 0 && (margin == 0 || margin == usize::MAX) {
        return Ok(doc);
    }
    let margin = if margin == usize::MAX { 0 } else { margin };
    let mut cleaned = bumpalo::collections::Vec::with_capacity_in(bytes.len(), arena);
    // Where the text that is not copied yet starts.
    let mut from = leading;
    for &(start, spaces) in &lines {
        cleaned.extend_from_slice_copy(&bytes[from..start]);
        from = start + spaces.min(margin);
    }
    cleaned.extend_from_slice_copy(&bytes[from..]);
    Ok(PyStr::from_bytes(cleaned.into_bump_slice()))
}

/// Each byte of a word.
const BYTES: u64 = 0x0101_0101_0101_0101;

/// How many spaces there are at the start; eight bytes are looked at at a time.
fn count_spaces(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let others = u64::from_le_bytes(*word) ^ (BYTES * b' ' as u64);
        if others != 0 {
            return at * 8 + others.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + rest.iter().take_while(|&&b| b == b' ').count()
}

/// The place of the first line feed from a place on, else the end. Lines are short: eight bytes at a time are faster than more.
fn find_line_feed(bytes: &[u8], from: usize) -> usize {
    // Only a line feed becomes zero, and of a zero the highest bit is set; so it may be above one, but not below the first.
    let line_feeds = |word: u64| {
        let word = word ^ (BYTES * b'\n' as u64);
        word.wrapping_sub(BYTES) & !word & BYTES << 7
    };
    let (words, rest) = bytes[from..].as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let found = line_feeds(u64::from_le_bytes(*word));
        if found != 0 {
            return from + at * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let start = bytes.len() - rest.len();
    let at = match bytes.last_chunk() {
        // The last eight bytes, without those that are not of the rest.
        Some(last) if !rest.is_empty() => {
            let found = line_feeds(u64::from_le_bytes(*last) >> (8 * (8 - rest.len())));
            if found != 0 { found.trailing_zeros() as usize / 8 } else { rest.len() }
        }
        _ => rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len()),
    };
    start + at
}

/// `str.expandtabs()`: columns count characters from the last line feed or carriage return.
fn expand_tabs<'a>(arena: &'a Bump, text: &'a PyStr) -> &'a PyStr {
    let bytes = text.as_bytes();
    if memchr::memchr(b'\t', bytes).is_none() {
        return text;
    }
    let mut out = bumpalo::collections::Vec::with_capacity_in(bytes.len() * 2, arena);
    let mut column = 0;
    for &b in bytes {
        match b {
            b'\t' => {
                let width = TAB_SIZE - column % TAB_SIZE;
                column += width;
                out.extend(std::iter::repeat_n(b' ', width));
                continue;
            }
            b'\n' | b'\r' => column = 0,
            // Only the first byte of a character moves the column.
            _ => column += (b & 0xc0 != 0x80) as usize,
        }
        out.push(b);
    }
    PyStr::from_bytes(out.into_bump_slice())
}

/// The error of CPython's strict UTF-8 encoder at the first run of surrogates.
fn surrogate_error(text: &PyStr) -> Box<CompileError> {
    let is_surrogate = |c: &u32| (0xd800..0xe000).contains(c);
    let start = text.code_points().position(|c| is_surrogate(&c)).unwrap_or(0);
    let length = text.code_points().skip(start).take_while(is_surrogate).count();
    let message = if length > 1 {
        let last = start + length - 1;
        format!("'utf-8' codec can't encode characters in position {start}-{last}: surrogates not allowed")
    } else {
        let c = text.code_points().nth(start).unwrap_or(0);
        format!("'utf-8' codec can't encode character '\\u{c:04x}' in position {start}: surrogates not allowed")
    };
    CompileError::new(ErrorKind::UnicodeEncodeError, None, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::push_code_point;

    fn clean(text: &str) -> String {
        let arena = Bump::new();
        let text = PyStr::new(arena.alloc_str(text));
        clean_doc(&arena, text).unwrap().as_str().unwrap().to_owned()
    }

    /// Expectations are `__doc__` of functions in CPython 3.14.
    #[test]
    fn indentation_is_removed() {
        assert_eq!(clean("plain"), "plain");
        assert_eq!(clean("   first\n    second\n      third\n    "), "first\nsecond\n  third\n");
        assert_eq!(clean("a\n  b\n\n \n      \n  c"), "a\nb\n\n\n    \nc");
        assert_eq!(clean("a\tb\n\tc\n        d"), "a       b\nc\nd");
        assert_eq!(clean("  \n  "), "\n  ");
        // What looks like a line feed next to one, in each place of a word.
        for length in 0..20 {
            let text = format!("a{}\n\u{b}   b\n   c", "x".repeat(length));
            assert_eq!(clean(&text), text);
            let text = format!("a{}\n  \u{b}", "x".repeat(length));
            assert_eq!(clean(&text), text.replace("\n  ", "\n"));
        }
    }

    #[test]
    fn surrogates_are_refused() {
        let arena = Bump::new();
        let mut bytes = b"ab".to_vec();
        push_code_point(&mut bytes, 0xdc80);
        let text = PyStr::from_bytes(arena.alloc_slice_copy(&bytes));
        let error = clean_doc(&arena, text).unwrap_err();
        assert_eq!(
            error.message,
            "'utf-8' codec can't encode character '\\udc80' in position 2: surrogates not allowed"
        );
    }
}
