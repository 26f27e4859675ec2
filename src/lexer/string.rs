//! Strings and bytes: one token from the prefix to the closing quote.

use super::chunk::CHUNK;
use super::core::{Lexed, Lexer};
use super::token::Pair;
use super::{Token, TokenKind};

impl Lexer<'_, '_> {
    /// Reads a string whose token starts at `start` and whose opening quote is at `quote`; gives where it ends.
    pub(super) fn string(&mut self, start: usize, quote: usize) -> Lexed<usize> {
        let mark = self.at(quote);
        if self.at(quote + 1) != mark {
            return self.short_string(start, quote, mark);
        }
        if self.at(quote + 2) != mark {
            return Ok(self.add(TokenKind::String, start, quote + 2));
        }
        self.long_string(start, quote, mark)
    }

    #[inline]
    fn short_string(&mut self, start: usize, quote: usize, mark: u8) -> Lexed<usize> {
        let mut i = quote + 1;
        let mut several_lines = false;
        let mut escaped_quote = false;
        let mut quotes = u32::from(start == quote);
        loop {
            // Where the text ends a line ends, unless that is escaped.
            if i >= self.limit {
                return Err(self.unterminated(start, mark, 1, i.max(self.bytes.len()), escaped_quote));
            }
            let chunk = self.chunk(i);
            let found = chunk.equal(mark) | chunk.equal(b'\\') | chunk.equal(b'\n');
            if found == 0 {
                i += CHUNK;
                continue;
            }
            i += found.trailing_zeros() as usize;
            match self.at(i) {
                b'\\' => {
                    quotes = 0;
                    let escaped = self.at(i + 1);
                    escaped_quote |= escaped == mark;
                    several_lines |= escaped == b'\n';
                    i += 2;
                }
                b'\n' => return Err(self.unterminated(start, mark, 1, i, escaped_quote)),
                _ => break,
            }
        }
        let end = i + 1;
        if several_lines {
            let text = &self.bytes[start..end];
            let lines = memchr::memchr_iter(b'\n', text).count() as u32;
            let line_start = memchr::memrchr(b'\n', text).map_or(self.line_start(), |newline| start + newline + 1);
            return Ok(self.add_lines(start, end, lines, line_start, quotes));
        }
        let span = Pair::new(start, end);
        let token = Token::new(TokenKind::String, self.lines, span.minus(self.line_starts), span);
        self.write(|_| token.quoted(quotes));
        Ok(end)
    }

    fn long_string(&mut self, start: usize, quote: usize, mark: u8) -> Lexed<usize> {
        let mut i = quote + 3;
        let mut quotes = if start == quote { 3 } else { 0 };
        let (mut lines, mut line_start) = (0, self.line_start());
        loop {
            if i >= self.limit {
                return Err(self.unterminated(start, mark, 3, self.limit, false));
            }
            let chunk = self.chunk(i);
            let length = (chunk.equal(mark) | chunk.equal(b'\\') | 1 << CHUNK).trailing_zeros();
            let newlines = chunk.equal(b'\n') & ((1 << length) - 1);
            if newlines != 0 {
                lines += newlines.count_ones();
                line_start = i + newlines.ilog2() as usize + 1;
            }
            i += length as usize;
            if length as usize == CHUNK {
                continue;
            }
            if self.at(i) == b'\\' {
                quotes = 0;
                i += 2;
                if self.at(i - 1) == b'\n' {
                    lines += 1;
                    line_start = i;
                }
            } else if self.at(i + 1) == mark && self.at(i + 2) == mark {
                break;
            } else {
                i += 1;
            }
        }
        Ok(self.add_lines(start, i + 3, lines, line_start, quotes))
    }

    /// Adds a string in which so many lines end, and the last line of which starts at `line_start`; gives its end.
    fn add_lines(&mut self, start: usize, end: usize, lines: u32, line_start: usize, quotes: u32) -> usize {
        let (first, column) = (self.line(), start - self.line_start());
        self.set_line(first + lines, line_start);
        let lines = Pair::new(first as usize, self.line() as usize);
        let token = Token::new(TokenKind::String, lines, Pair::new(column, end - line_start), Pair::new(start, end));
        self.write(|_| token.quoted(quotes));
        end
    }

    /// The line on which the lexer finds that a string that starts on the present line at `start` does not end; it has read
    /// up to `stop`.
    pub(super) fn line_of_failure(&self, start: usize, stop: usize) -> u32 {
        let stop = stop.min(self.limit - 1).min(self.bytes.len());
        self.line() + memchr::memchr_iter(b'\n', &self.bytes[start..stop.max(start)]).count() as u32
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
