//! Errors as `traceback.format_exception_only` and `compileall` print them.

use super::wide::is_wide;
use super::{CompileError, ErrorKind};
use crate::source::Location;
use std::borrow::Cow;

/// Whether columns count bytes or characters in what CPython shows.
///
/// Its parser turns the bytes of its tokens into characters; the stages behind the parser leave them as they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Columns {
    Characters,
    Bytes,
}

/// `lineno`, `offset`, `end_lineno` and `end_offset` of a `SyntaxError`: counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offsets {
    pub line: i32,
    pub offset: i32,
    pub end_line: i32,
    pub end_offset: i32,
}

/// The numbers that CPython gives for a place, with the text of the place's first line, by which both columns are counted even
/// where the place ends on another line.
///
/// CPython 3.14: `_PyPegen_raise_error_known_location`.
pub fn offsets(location: Location, line_text: &str, columns: Columns) -> Offsets {
    let offset = |column: i32| match (columns, usize::try_from(column + 1)) {
        (Columns::Characters, Ok(bytes)) if bytes > 0 => characters(line_text, bytes),
        _ => column + 1,
    };
    Offsets {
        line: location.line,
        offset: offset(location.column),
        end_line: location.end_line,
        end_offset: offset(location.end_column),
    }
}

/// How many characters so many bytes of a line make. A character that is cut counts, and one more behind the end of the text.
/// CPython 3.14: `_PyPegen_byte_offset_to_character_offset_raw`.
fn characters(line: &str, bytes: usize) -> i32 {
    let text = line.as_bytes();
    let count = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    let behind = bytes.saturating_sub(text.len()).min(1);
    (count(&text[..bytes.min(text.len())]) + behind) as i32
}

impl ErrorKind {
    /// The exception's name.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorKind::SyntaxError => "SyntaxError",
            ErrorKind::IndentationError => "IndentationError",
            ErrorKind::TabError => "TabError",
            ErrorKind::ValueError => "ValueError",
            ErrorKind::OverflowError => "OverflowError",
            ErrorKind::RecursionError => "RecursionError",
            ErrorKind::MemoryError => "MemoryError",
            ErrorKind::SystemError => "SystemError",
            ErrorKind::UnicodeEncodeError => "UnicodeEncodeError",
            ErrorKind::UnicodeDecodeError => "UnicodeDecodeError",
        }
    }

    /// Whether it is `SyntaxError` or derived from it.
    pub const fn is_syntax_error(self) -> bool {
        matches!(self, ErrorKind::SyntaxError | ErrorKind::IndentationError | ErrorKind::TabError)
    }
}

/// What `traceback.format_exception_only` gives, ended by an end of line.
///
/// `line` is the text of the error's first line without its end of line; it is absent where CPython cannot read the file.
/// CPython 3.14: `TracebackException._format_syntax_error`.
pub fn exception_only(error: &CompileError, path: &str, line: Option<&str>) -> String {
    let name = error.kind.name();
    if !error.kind.is_syntax_error() {
        return if error.message.is_empty() { format!("{name}\n") } else { format!("{name}: {}\n", error.message) };
    }
    let Some(location) = error.location else {
        return format!("{name}: {}\n", error.message);
    };
    let mut shown = format!("  File \"{path}\", line {}\n", location.line);
    let mut message = &error.message;
    if let Some(correction) = &error.correction {
        message = &correction.message;
        let (offset, end_offset) = (correction.start as i32 + 1, correction.end as i32 + 1);
        let place = Offsets { line: 1, offset, end_line: 1, end_offset };
        caret_block(&mut shown, &correction.text, place, error);
    } else if let Some(line) = line
        && location.line > 0
    {
        let line = first_part(line);
        let place = offsets(location, &line, error.columns);
        caret_block(&mut shown, line.trim_end_matches('\n'), place, error);
    }
    shown.push_str(&format!("{name}: {message}\n"));
    shown
}

/// What CPython reads of a line to show it: the end of line included, so many bytes at most.
///
/// CPython 3.14: `err_programtext`.
fn first_part(line: &str) -> Cow<'_, str> {
    const BUFFER: usize = 999;
    if line.len() < BUFFER {
        return Cow::Owned(format!("{line}\n"));
    }
    String::from_utf8_lossy(&line.as_bytes()[..BUFFER])
}

/// The line without its indentation, and the carets below it.
fn caret_block(shown: &mut String, line: &str, place: Offsets, error: &CompileError) {
    let wide = error.wide_carets;
    let stripped = line.trim_start_matches([' ', '\n', '\x0c']);
    let length = line.chars().count() as i32;
    let spaces = length - stripped.chars().count() as i32;
    let behind = length + 1;
    let mut offset = place.offset;
    let mut end_offset = match place.end_offset {
        _ if place.line != place.end_line && error.carets_stay_in_line => behind,
        0 => offset,
        end => end,
    };
    if !line.is_empty() && error.carets_stay_in_line {
        offset = offset.min(behind);
        end_offset = end_offset.min(behind);
    }
    // Where carets may leave the line their end may also be before their start, which leaves none.
    let is_nowhere = match error.carets_stay_in_line {
        true => offset >= end_offset || end_offset < 0,
        false => offset == end_offset || end_offset == -1,
    };
    if is_nowhere {
        end_offset = offset + 1;
    }
    let end_offset = end_offset.max(offset);
    shown.push_str("    ");
    shown.push_str(stripped);
    shown.push('\n');
    let column = offset - 1 - spaces;
    if column >= 0 && wide {
        let before = width(stripped, column as usize);
        let marked: String = stripped.chars().skip(column as usize).take((end_offset - offset) as usize).collect();
        let carets = if marked.is_empty() { (end_offset - offset) as usize } else { width(&marked, usize::MAX) };
        shown.push_str("    ");
        shown.extend(std::iter::repeat_n(' ', before));
        shown.extend(std::iter::repeat_n('^', carets));
        shown.push('\n');
    } else if column >= 0 {
        shown.push_str("    ");
        shown.extend(stripped.chars().take(column as usize).map(|c| if is_space(c) { c } else { ' ' }));
        shown.extend(std::iter::repeat_n('^', (end_offset - offset) as usize));
        shown.push('\n');
    }
}

/// How much room the first characters of a text take. CPython 3.15: `_display_width`, which takes it as it is that a text of ASCII
/// may be shorter.
fn width(text: &str, count: usize) -> usize {
    if text.is_ascii() && count != usize::MAX {
        return count;
    }
    text.chars().take(count).map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// `str.isspace` of Python, which has the information separators that Rust leaves out.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// What `py_compile.PyCompileError` says, as `compileall` prints it behind `*** `. That of a `SyntaxError` ends with an end of line.
///
/// CPython 3.14: `PyCompileError.__init__`; only `SyntaxError` itself shows the line.
pub fn py_compile_message(error: &CompileError, path: &str, line: Option<&str>) -> String {
    if error.kind == ErrorKind::SyntaxError {
        return exception_only(error, path, line);
    }
    let name = error.kind.name();
    let message = &error.message;
    match error.location {
        // `SyntaxError.__str__` names the file without its folder.
        Some(location) if error.kind.is_syntax_error() => {
            let file = path.rsplit('/').next().unwrap_or(path);
            format!("Sorry: {name}: {message} ({file}, line {})", location.line)
        }
        _ => format!("Sorry: {name}: {message}"),
    }
}
