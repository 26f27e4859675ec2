//! What stands before the first token of a line: indentation, empty lines, line continuations.

use super::TokenKind;
use super::chunk::{CHUNK, Chunk, Mask};
use super::core::{Failed, Lexed, Lexer};
use crate::diagnostics::ErrorKind;

/// CPython's `MAXINDENT`.
const MAX_INDENTS: usize = 100;

impl Lexer<'_, '_> {
    /// Reads what stands before the first token of a line, or of the first line behind it that has one; gives where that token is.
    ///
    /// CPython 3.14: the first part of `tok_get_normal_mode`.
    #[inline(always)]
    pub(super) fn indentation(&mut self, start: usize) -> Lexed<usize> {
        // Most lines begin with a few blanks and nothing else; others have nothing but a comment.
        let mut start = start;
        loop {
            let bytes = self.window::<{ 2 * CHUNK + 1 }>(start);
            let blanks = (!self.blanks(start)).trailing_zeros();
            let pos = start + blanks as usize;
            start = match bytes[blanks as usize] {
                b'\n' => pos + 1,
                b'#' => self.comment_end(pos) + 1,
                c if c > b'#' && c != b'\\' => return self.compare_indentation(pos, (blanks, blanks)),
                _ => return self.any_indentation(start),
            };
            self.begin_line_between_tokens(start);
        }
    }

    /// Which of the next 32 bytes are blanks.
    #[inline(always)]
    fn blanks(&self, start: usize) -> Mask {
        let [first, second] = self.window::<{ 2 * CHUNK }>(start).as_chunks().0 else { return 0 };
        Chunk::new(first).equal(b' ') | Chunk::new(second).equal(b' ') << CHUNK
    }

    /// Skips empty lines and comments, then compares the indentation of the next token's line with those around it.
    #[inline(never)]
    pub(super) fn any_indentation(&mut self, start: usize) -> Lexed<usize> {
        let mut start = start;
        let (pos, columns) = loop {
            let mut pos = start;
            let c = loop {
                let blanks = (!self.blanks(pos)).trailing_zeros() as usize;
                pos += blanks;
                if blanks < 2 * CHUNK {
                    break self.window::<1>(pos)[0];
                }
            };
            match c {
                b'\n' => start = pos + 1,
                b'#' => start = self.comment_end(pos) + 1,
                b'\t' | b'\x0c' | b'\\' => {
                    let columns = self.leading_space(pos, (pos - start) as u32)?;
                    match self.at(self.pos) {
                        b'\n' => start = self.pos + 1,
                        b'#' => start = self.comment_end(self.pos) + 1,
                        _ => break (self.pos, columns),
                    }
                }
                _ => {
                    let blanks = (pos - start) as u32;
                    break (pos, (blanks, blanks));
                }
            }
            self.begin_line_between_tokens(start);
        };
        self.compare_indentation(pos, columns)
    }

    #[inline(always)]
    fn compare_indentation(&mut self, pos: usize, columns: (u32, u32)) -> Lexed<usize> {
        if columns != self.indent && self.depth == 0 {
            self.pos = pos;
            self.other_indentation(columns)?;
        }
        Ok(pos)
    }

    /// Writes the indent or the dedents of a line that is not indented as the one before.
    #[inline(never)]
    fn other_indentation(&mut self, (column, tab_column): (u32, u32)) -> Lexed {
        let (current, tab_current) = self.indent;
        if column < current {
            return self.dedent(column, tab_column);
        }
        if column == current {
            return Err(self.inconsistent_tabs());
        }
        if self.indents.len() + 1 >= MAX_INDENTS {
            return Err(self.fail_in_parser(ErrorKind::IndentationError, 0, "too many levels of indentation"));
        }
        if tab_column <= tab_current {
            return Err(self.inconsistent_tabs());
        }
        self.indents.push(self.indent);
        self.indent = (column, tab_column);
        self.push_without_columns(TokenKind::Indent, self.pos);
        Ok(())
    }

    fn dedent(&mut self, column: u32, tab_column: u32) -> Lexed {
        let mut dedents = 0;
        while column < self.indent.0
            && let Some(outer) = self.indents.pop()
        {
            self.indent = outer;
            dedents += 1;
        }
        let (outer, tab_outer) = self.indent;
        if column != outer {
            self.pos = self.line_limit();
            let error_column = (self.pos - self.line_start()) as i32 - 1;
            let message = "unindent does not match any outer indentation level";
            return Err(self.fail_at_last_token(ErrorKind::IndentationError, error_column, message));
        }
        if tab_column != tab_outer {
            return Err(self.inconsistent_tabs());
        }
        let token = self.token_without_columns(TokenKind::Dedent, self.pos);
        for _ in 0..dedents {
            self.write(|_| token);
        }
        Ok(())
    }

    /// Skips the white space that starts a line, of which so many blanks are before `pos`, and gives its width, with tabs to 8 and with
    /// tabs to 1.
    ///
    /// Where the white space goes on behind a backslash, the part before the first backslash counts.
    #[cold]
    fn leading_space(&mut self, pos: usize, blanks: u32) -> Lexed<(u32, u32)> {
        self.pos = pos;
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
                    self.pos = self.continuation_line(self.pos)?;
                    self.buffer_start = self.line_start();
                    continue;
                }
                _ => return Ok(if continued == 0 { (column, tab_column) } else { (continued, continued) }),
            }
            self.pos += 1;
        }
    }

    /// Goes to the line behind a backslash; gives where that starts.
    ///
    /// CPython 3.14: `tok_continuation_line`.
    pub(super) fn continuation_line(&mut self, backslash: usize) -> Lexed<usize> {
        let next = backslash + 1;
        if self.at(next) != b'\n' {
            // The column counts from the start of the buffer but the line that is shown is the last one, to whose length it is
            // cut; the text holds no NUL, so there is a character behind the backslash.
            self.pos = next;
            let length = self.line_limit() - self.line_start();
            let column = (next - self.buffer_start).min(length);
            let message = "unexpected character after line continuation character";
            return Err(self.fail_in_parser(ErrorKind::SyntaxError, column as i32, message));
        }
        if next + 1 >= self.limit {
            return Err(self.fail_at_end());
        }
        self.begin_line(next + 1);
        Ok(next + 1)
    }

    /// Where the end of line behind a comment is.
    #[inline]
    pub(super) fn comment_end(&self, start: usize) -> usize {
        // Each line ends before the text does.
        let mut i = start;
        loop {
            let found = self.chunk(i).equal(b'\n');
            if found != 0 {
                return i + found.trailing_zeros() as usize;
            }
            i += CHUNK;
        }
    }

    /// CPython 3.14: `_PyTokenizer_indenterror`.
    fn inconsistent_tabs(&mut self) -> Failed {
        self.fail_in_parser(ErrorKind::TabError, 0, "inconsistent use of tabs and spaces in indentation")
    }
}
