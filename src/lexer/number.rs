//! Numbers. Their values are the parser's affair; here they are only held to their form.

use super::TokenKind;
use super::chunk::CHUNK;
use super::core::{Lexed, Lexer};
use super::identifier::IDENTIFIER_BYTE;

impl Lexer<'_, '_> {
    /// Reads a number that starts with a digit; gives where it ends.
    #[inline(always)]
    pub(super) fn number(&mut self, start: usize, bytes: &[u8; CHUNK + 1]) -> Lexed<usize> {
        // Most numbers have a digit or two and nothing else.
        let length = if bytes[1].is_ascii_digit() { 2 } else { 1 };
        let next = bytes[length];
        if next != b'.' && !IDENTIFIER_BYTE[next as usize] && (bytes[0] != b'0' || length == 1) {
            return Ok(self.add(TokenKind::Number, start, start + length));
        }
        self.other_number(start)
    }

    #[inline(never)]
    fn other_number(&mut self, start: usize) -> Lexed<usize> {
        if self.at(start) != b'0' {
            let i = self.decimal_tail(start)?;
            return match self.at(i) {
                b'.' => self.fraction(start, i + 1),
                _ => self.exponent_or_imaginary(start, i),
            };
        }
        match self.at(start + 1) {
            b'x' | b'X' => self.radix(start, "hexadecimal", |c| c.is_ascii_hexdigit()),
            b'o' | b'O' => self.radix(start, "octal", |c| matches!(c, b'0'..=b'7')),
            b'b' | b'B' => self.radix(start, "binary", |c| matches!(c, b'0' | b'1')),
            _ => self.leading_zero(start),
        }
    }

    /// Digits after `0x`, `0o` or `0b`.
    fn radix(&mut self, start: usize, kind: &str, is_digit: fn(u8) -> bool) -> Lexed<usize> {
        let mut i = start + 2;
        loop {
            if self.at(i) == b'_' {
                i += 1;
            }
            let c = self.at(i);
            if !is_digit(c) {
                if c.is_ascii_digit() {
                    return Err(self.fail(i + 1, format!("invalid digit '{}' in {kind} literal", c as char)));
                }
                return Err(self.fail(i, format!("invalid {kind} literal")));
            }
            while is_digit(self.at(i)) {
                i += 1;
            }
            if self.at(i) != b'_' {
                break;
            }
        }
        let c = self.at(i);
        if c.is_ascii_digit() {
            return Err(self.fail(i + 1, format!("invalid digit '{}' in {kind} literal", c as char)));
        }
        self.end_of_number(i, i, kind)?;
        Ok(self.add(TokenKind::Number, start, i))
    }

    /// `0`, zeros, or a number that may not start with zeros.
    fn leading_zero(&mut self, start: usize) -> Lexed<usize> {
        let mut i = start + 1;
        loop {
            if self.at(i) == b'_' {
                i += 1;
                if !self.at(i).is_ascii_digit() {
                    return Err(self.fail(i, "invalid decimal literal"));
                }
            }
            if self.at(i) != b'0' {
                break;
            }
            i += 1;
        }
        let zeros_end = i;
        let nonzero = self.at(i).is_ascii_digit();
        if nonzero {
            i = self.decimal_tail(i)?;
        }
        match self.at(i) {
            b'.' => self.fraction(start, i + 1),
            b'e' | b'E' | b'j' | b'J' => self.exponent_or_imaginary(start, i),
            _ if nonzero => {
                self.pos = i;
                let message = "leading zeros in decimal integer literals are not permitted; \
                               use an 0o prefix for octal integers";
                Err(self.fail_range(start, zeros_end, message))
            }
            _ => {
                self.end_of_number(i, i, "decimal")?;
                Ok(self.add(TokenKind::Number, start, i))
            }
        }
    }

    /// What follows a point.
    pub(super) fn fraction(&mut self, start: usize, mut i: usize) -> Lexed<usize> {
        if self.at(i).is_ascii_digit() {
            i = self.decimal_tail(i)?;
        }
        self.exponent_or_imaginary(start, i)
    }

    fn exponent_or_imaginary(&mut self, start: usize, mut i: usize) -> Lexed<usize> {
        if matches!(self.at(i), b'e' | b'E') {
            let e = i;
            i += 1;
            if matches!(self.at(i), b'+' | b'-') {
                i += 1;
                if !self.at(i).is_ascii_digit() {
                    return Err(self.fail(i, "invalid decimal literal"));
                }
            } else if !self.at(i).is_ascii_digit() {
                self.end_of_number(e, e, "decimal")?;
                return Ok(self.add(TokenKind::Number, start, e));
            }
            i = self.decimal_tail(i)?;
        }
        let kind = if matches!(self.at(i), b'j' | b'J') {
            i += 1;
            "imaginary"
        } else {
            "decimal"
        };
        self.end_of_number(i, i, kind)?;
        Ok(self.add(TokenKind::Number, start, i))
    }

    /// Digits with single underscores between them; `i` is at a digit. Gives where they end.
    fn decimal_tail(&mut self, mut i: usize) -> Lexed<usize> {
        loop {
            while self.at(i).is_ascii_digit() {
                i += 1;
            }
            if self.at(i) != b'_' {
                return Ok(i);
            }
            i += 1;
            if !self.at(i).is_ascii_digit() {
                return Err(self.fail(i, "invalid decimal literal"));
            }
        }
    }

    /// Looks at what follows a number: some keywords are warned of, other letters are refused.
    ///
    /// CPython 3.14: `verify_end_of_number`.
    #[inline]
    fn end_of_number(&mut self, i: usize, cursor: usize, kind: &str) -> Lexed {
        if IDENTIFIER_BYTE[self.at(i) as usize] {
            return self.letter_after_number(i, cursor, kind);
        }
        Ok(())
    }

    #[cold]
    fn letter_after_number(&mut self, i: usize, cursor: usize, kind: &str) -> Lexed {
        let follows =
            |word: &[u8]| self.bytes[i..].starts_with(word) && !IDENTIFIER_BYTE[self.at(i + word.len()) as usize];
        let c = self.at(i);
        let tolerated = match c {
            b'a' => follows(b"and"),
            b'e' => follows(b"else"),
            b'f' => follows(b"for"),
            b'i' => matches!(self.at(i + 1), b'f' | b'n' | b's'),
            b'o' => follows(b"or"),
            b'n' => follows(b"not"),
            _ => false,
        };
        if tolerated {
            self.warn(format!("invalid {kind} literal"));
        } else if c < 128 {
            return Err(self.fail(cursor, format!("invalid {kind} literal")));
        }
        Ok(())
    }
}
