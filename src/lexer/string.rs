//! Strings and bytes: one token from the prefix to the closing quote.

use super::core::{Lexed, Lexer};
use super::{Token, TokenKind};
use crate::source::NameId;

impl Lexer<'_, '_> {
    /// Reads a string whose token starts at `start` and whose opening quote is at `quote`.
    pub(super) fn string(&mut self, start: usize, quote: usize) -> Lexed {
        let mark = self.bytes[quote];
        if self.at(quote + 1) != mark {
            return self.short_string(start, quote, mark);
        }
        if self.at(quote + 2) != mark {
            self.push(TokenKind::String, start, quote + 2);
            return Ok(());
        }
        self.long_string(start, quote, mark)
    }

    fn short_string(&mut self, start: usize, quote: usize, mark: u8) -> Lexed {
        let mut i = quote + 1;
        let mut several_lines = false;
        let mut escaped_quote = false;
        loop {
            i = match memchr::memchr3(mark, b'\\', b'\n', self.bytes.get(i..).unwrap_or_default()) {
                Some(offset) => i + offset,
                None => return Err(self.unterminated(start, mark, 1, i.max(self.bytes.len()), escaped_quote)),
            };
            match self.bytes[i] {
                b'\\' => {
                    let escaped = self.at(i + 1);
                    escaped_quote |= escaped == mark;
                    several_lines |= escaped == b'\n';
                    i += 2;
                }
                b'\n' => return Err(self.unterminated(start, mark, 1, i, escaped_quote)),
                _ => break,
            }
        }
        self.push_string(start, i + 1, several_lines);
        Ok(())
    }

    fn long_string(&mut self, start: usize, quote: usize, mark: u8) -> Lexed {
        let mut i = quote + 3;
        loop {
            i = match memchr::memchr2(mark, b'\\', self.bytes.get(i..).unwrap_or_default()) {
                Some(offset) => i + offset,
                None => return Err(self.unterminated(start, mark, 3, self.limit, false)),
            };
            if self.bytes[i] == b'\\' {
                i += 2;
            } else if self.bytes[i..].starts_with(&[mark; 3]) {
                break;
            } else {
                i += 1;
            }
        }
        self.push_string(start, i + 3, true);
        Ok(())
    }

    fn push_string(&mut self, start: usize, end: usize, several_lines: bool) {
        let last_newline = if several_lines { memchr::memrchr(b'\n', &self.bytes[start..end]) } else { None };
        let Some(last_newline) = last_newline else {
            self.push(TokenKind::String, start, end);
            return;
        };
        let (line, column) = (self.line, (start - self.line_start) as u32);
        self.line += memchr::memchr_iter(b'\n', &self.bytes[start..end]).count() as u32;
        self.line_start = start + last_newline + 1;
        self.pos = end;
        self.tokens.push(Token {
            kind: TokenKind::String,
            name: NameId(0),
            start: start as u32,
            end: end as u32,
            line,
            column,
            end_line: self.line,
            end_column: (end - self.line_start) as u32,
        });
    }

    /// The line on which the lexer finds that a string that starts on the present line at `start` does not end; it has read
    /// up to `stop`.
    pub(super) fn line_of_failure(&self, start: usize, stop: usize) -> u32 {
        let stop = stop.min(self.limit - 1).min(self.bytes.len());
        self.line + memchr::memchr_iter(b'\n', &self.bytes[start..stop.max(start)]).count() as u32
    }

    #[cold]
    fn unterminated(
        &mut self,
        start: usize,
        mark: u8,
        quote_size: usize,
        stop: usize,
        escaped_quote: bool,
    ) -> super::core::Failed {
        if let Some(mode) = self.modes.last()
            && mode.quote == mark
            && mode.quote_size == quote_size
        {
            // The quote was meant to end the f-string around it, so a brace is what is missing.
            let message = format!("{}-string: expecting '}}'", mode.letter());
            return self.fail(start + 1, message);
        }
        let line = self.line_of_failure(start, stop);
        let message = if quote_size == 3 {
            format!("unterminated triple-quoted string literal (detected at line {line})")
        } else if escaped_quote && self.features.escaped_quote_hint {
            format!("unterminated string literal (detected at line {line}); perhaps you escaped the end quote?")
        } else {
            format!("unterminated string literal (detected at line {line})")
        };
        self.fail(start + 1, message)
    }
}
