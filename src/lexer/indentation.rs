//! What stands before the first token of a line: indentation, empty lines, line continuations.

use super::TokenKind;
use super::chunk::CHUNK;
use super::core::{Failed, Lexed, Lexer};
use crate::diagnostics::ErrorKind;

/// CPython's `MAXINDENT`.
const MAX_INDENTS: usize = 100;

impl Lexer<'_, '_> {
    /// Skips empty lines and comments, then compares the indentation of the next token's line with those around it.
    ///
    /// CPython 3.14: the first part of `tok_get_normal_mode`.
    pub(super) fn indentation(&mut self) -> Lexed {
        let (column, tab_column) = loop {
            let columns = self.leading_space()?;
            match self.at(self.pos) {
                b'\n' => self.begin_line_between_tokens(self.pos + 1),
                b'#' => {
                    let end = self.comment_end(self.pos);
                    self.begin_line_between_tokens(end + 1);
                }
                _ => break columns,
            }
        };
        if !self.brackets.is_empty() {
            return Ok(());
        }
        let &(current, tab_current) = self.indents.last().unwrap_or(&(0, 0));
        if column == current {
            if tab_column != tab_current {
                return Err(self.inconsistent_tabs());
            }
        } else if column > current {
            if self.indents.len() >= MAX_INDENTS {
                return Err(self.fail_in_parser(ErrorKind::IndentationError, 0, "too many levels of indentation"));
            }
            if tab_column <= tab_current {
                return Err(self.inconsistent_tabs());
            }
            self.indents.push((column, tab_column));
            self.push_without_columns(TokenKind::Indent);
        } else {
            self.dedent(column, tab_column)?;
        }
        Ok(())
    }

    fn dedent(&mut self, column: u32, tab_column: u32) -> Lexed {
        let mut depth = self.indents.len();
        while depth > 1 && column < self.indents[depth - 1].0 {
            depth -= 1;
        }
        let dedents = self.indents.len() - depth;
        self.indents.truncate(depth);
        let (outer, tab_outer) = self.indents[depth - 1];
        if column != outer {
            self.pos = self.line_limit();
            let error_column = (self.pos - self.line_start) as i32 - 1;
            let message = "unindent does not match any outer indentation level";
            return Err(self.fail_at_last_token(ErrorKind::IndentationError, error_column, message));
        }
        if tab_column != tab_outer {
            return Err(self.inconsistent_tabs());
        }
        for _ in 0..dedents {
            self.push_without_columns(TokenKind::Dedent);
        }
        Ok(())
    }

    /// Skips the white space that starts a line and gives its width, with tabs to 8 and with tabs to 1.
    ///
    /// Where the white space goes on behind a backslash, the part before the first backslash counts.
    #[inline]
    fn leading_space(&mut self) -> Lexed<(u32, u32)> {
        let start = self.pos;
        loop {
            let blanks = (!self.chunk(self.pos).equal(b' ')).trailing_zeros() as usize;
            self.pos += blanks;
            if blanks < CHUNK {
                break;
            }
        }
        let blanks = (self.pos - start) as u32;
        match self.at(self.pos) {
            b'\t' | b'\x0c' | b'\\' => self.leading_space_rest(blanks),
            _ => Ok((blanks, blanks)),
        }
    }

    /// The same where there is more than blanks, of which it begins with some.
    #[cold]
    fn leading_space_rest(&mut self, blanks: u32) -> Lexed<(u32, u32)> {
        let (mut column, mut tab_column, mut continued) = (blanks, blanks, 0u32);
        loop {
            match self.at(self.pos) {
                b' ' => {
                    column += 1;
                    tab_column += 1;
                }
                b'\t' => {
                    column = (column / 8 + 1) * 8;
                    tab_column += 1;
                }
                b'\x0c' => (column, tab_column) = (0, 0),
                b'\\' => {
                    if continued == 0 {
                        continued = column;
                    }
                    self.continuation_line(self.pos)?;
                    self.buffer_start = self.line_start;
                    continue;
                }
                _ => return Ok(if continued == 0 { (column, tab_column) } else { (continued, continued) }),
            }
            self.pos += 1;
        }
    }

    /// Goes to the line behind a backslash.
    ///
    /// CPython 3.14: `tok_continuation_line`.
    pub(super) fn continuation_line(&mut self, backslash: usize) -> Lexed {
        let next = backslash + 1;
        if self.at(next) != b'\n' {
            // The column counts from the start of the buffer but the line that is shown is the last one, to whose length it is
            // cut; the text holds no NUL, so there is a character behind the backslash.
            self.pos = next;
            let length = self.line_limit() - self.line_start;
            let column = (next - self.buffer_start).min(length);
            let message = "unexpected character after line continuation character";
            return Err(self.fail_in_parser(ErrorKind::SyntaxError, column as i32, message));
        }
        if next + 1 >= self.limit {
            return Err(self.fail_at_end());
        }
        self.pos = next + 1;
        self.begin_line(next + 1);
        Ok(())
    }

    /// Where the end of line behind a comment is.
    #[inline]
    pub(super) fn comment_end(&self, start: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[start..]).map_or(self.bytes.len(), |i| start + i)
    }

    /// CPython 3.14: `_PyTokenizer_indenterror`.
    fn inconsistent_tabs(&mut self) -> Failed {
        self.fail_in_parser(ErrorKind::TabError, 0, "inconsistent use of tabs and spaces in indentation")
    }
}
