//! The decoded text of a source file.

/// A source file's text: without a byte order mark, with `\n` as the only end of line.
///
/// A last line without an end of line is left so; the lexer behaves as if it had one, as CPython adds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceText<'a> {
    pub text: &'a str,
}

impl<'a> SourceText<'a> {
    /// Text that is already decoded and has no `\r` and no NUL.
    pub const fn new(text: &'a str) -> SourceText<'a> {
        SourceText { text }
    }

    /// Where a line (counted from 1) starts, as an offset in bytes; the end of the text if there is no such line.
    pub fn line_start(&self, line: u32) -> usize {
        if line <= 1 {
            return 0;
        }
        memchr::memchr_iter(b'\n', self.text.as_bytes()).nth(line as usize - 2).map_or(self.text.len(), |i| i + 1)
    }

    /// A line (counted from 1) without its end of line; empty if there is no such line.
    pub fn line(&self, line: u32) -> &'a str {
        if line == 0 {
            return "";
        }
        let rest = &self.text[self.line_start(line)..];
        &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
    }

    /// The offset that CPython's `SyntaxError` gives for a column of an error: counted from 1, in characters.
    ///
    /// Behind the end of the line, where errors at an end of line point, each byte counts as a character.
    pub fn error_offset(&self, line: u32, column: i32) -> i32 {
        let Ok(bytes) = usize::try_from(column) else { return column + 1 };
        let text = self.line(line).as_bytes();
        let inside = &text[..bytes.min(text.len())];
        let characters = inside.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        (characters + bytes.saturating_sub(text.len())) as i32 + 1
    }
}
