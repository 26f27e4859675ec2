//! Tokens outside the text of f-strings: the choice by the first character, operators and brackets.

use super::core::{Failed, Lexed, Lexer};
use super::{OpenBracket, TokenKind};

/// CPython's `MAXLEVEL`.
const MAX_BRACKETS: usize = 200;

impl Lexer<'_, '_> {
    /// Reads the next token, with the indents or dedents before it. Gives whether it was the last.
    ///
    /// CPython 3.14: `tok_get_normal_mode`.
    #[inline]
    pub(super) fn normal_token(&mut self) -> Lexed<bool> {
        loop {
            if self.at_line_start {
                self.indentation()?;
            }
            let mut start = self.pos;
            if self.at(start) == b' ' {
                start += 1;
            }
            while matches!(self.at(start), b' ' | b'\t' | b'\x0c') {
                start += 1;
            }
            let c = self.at(start);
            match c {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.. => self.identifier(start)?,
                b'\n' => {
                    if self.newline(start, start) {
                        continue;
                    }
                }
                b'#' => {
                    let end = self.comment_end(start);
                    if self.newline(start, end) {
                        continue;
                    }
                }
                b'0'..=b'9' => self.number(start)?,
                b'"' | b'\'' => self.string(start, start)?,
                b'(' | b'[' | b'{' => self.open_bracket(start, c)?,
                b')' | b']' | b'}' => self.close_bracket(start, c)?,
                b'.' => self.dot(start)?,
                b'\\' => {
                    self.continuation_line(start)?;
                    continue;
                }
                0 if start >= self.limit => {
                    if !self.brackets.is_empty() {
                        return Err(self.fail_at_end());
                    }
                    self.pos = self.limit;
                    self.push_without_columns(TokenKind::EndMarker);
                    return Ok(true);
                }
                _ => self.operator(start, c)?,
            }
            return Ok(false);
        }
    }

    /// Reads an end of line, and gives whether it separates nothing. The token starts with the comment before it, if any.
    #[inline]
    fn newline(&mut self, start: usize, newline: usize) -> bool {
        self.at_line_start = true;
        let joined = !self.brackets.is_empty();
        if !joined {
            self.push(TokenKind::Newline, start, newline);
            if let Some(token) = self.tokens.last_mut() {
                token.end_column += 1;
            }
        }
        self.begin_line_between_tokens(newline + 1);
        joined
    }

    fn dot(&mut self, start: usize) -> Lexed {
        match self.at(start + 1) {
            b'0'..=b'9' => return self.fraction(start, start + 1),
            b'.' if self.at(start + 2) == b'.' => self.push(TokenKind::Ellipsis, start, start + 3),
            _ => self.push(TokenKind::Dot, start, start + 1),
        }
        Ok(())
    }

    fn open_bracket(&mut self, start: usize, c: u8) -> Lexed {
        if c == b'{' && !self.modes.is_empty() {
            self.fstring_punctuation(start, c);
        }
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(self.fail(start + 1, "too many nested parentheses"));
        }
        let column = (start - self.line_start) as u32;
        self.brackets.push(OpenBracket { bracket: c, line: self.line, column });
        if let Some(mode) = self.modes.last_mut() {
            mode.bracket_depth += 1;
        }
        let kind = match c {
            b'(' => TokenKind::LeftParen,
            b'[' => TokenKind::LeftBracket,
            _ => TokenKind::LeftBrace,
        };
        self.push(kind, start, start + 1);
        Ok(())
    }

    fn close_bracket(&mut self, start: usize, c: u8) -> Lexed {
        if c == b'}' && !self.modes.is_empty() {
            self.fstring_punctuation(start, c);
            if let Some(mode) = self.modes.last()
                && mode.bracket_depth == 0
            {
                let message = format!("{}-string: single '}}' is not allowed", mode.letter());
                return Err(self.fail(start + 1, message));
            }
        }
        let Some(open) = self.brackets.pop() else {
            return Err(self.fail(start + 1, format!("unmatched '{}'", c as char)));
        };
        let (expected, kind) = match c {
            b')' => (b'(', TokenKind::RightParen),
            b']' => (b'[', TokenKind::RightBracket),
            _ => (b'{', TokenKind::RightBrace),
        };
        if open.bracket != expected {
            return Err(self.mismatch(start, c, open));
        }
        if let Some(mode) = self.modes.last_mut() {
            mode.bracket_depth -= 1;
            if mode.bracket_depth < 0 {
                let message = format!("{}-string: unmatched '{}'", mode.letter(), c as char);
                return Err(self.fail(start + 1, message));
            }
            if c == b'}' && mode.bracket_depth == mode.expression_depth {
                mode.expression_depth -= 1;
                mode.regular = false;
                mode.in_format_spec = false;
                mode.in_debug = false;
            }
        }
        self.push(kind, start, start + 1);
        Ok(())
    }

    #[cold]
    fn mismatch(&mut self, start: usize, c: u8, open: OpenBracket) -> Failed {
        let c = c as char;
        if let Some(mode) = self.modes.last()
            && open.bracket == b'{'
            && mode.bracket_depth - 1 == mode.expression_depth
        {
            // The opening brace is the replacement field's own.
            let message = format!("{}-string: unmatched '{c}'", mode.letter());
            return self.fail(start + 1, message);
        }
        let opening = open.bracket as char;
        let mut message = format!("closing parenthesis '{c}' does not match opening parenthesis '{opening}'");
        if open.line != self.line {
            message.push_str(&format!(" on line {}", open.line));
        }
        self.fail(start + 1, message)
    }

    /// Operators and delimiters without brackets and points.
    #[inline]
    fn operator(&mut self, start: usize, c: u8) -> Lexed {
        use TokenKind as T;
        let (second, third) = (self.at(start + 1), self.at(start + 2));
        // The `!` of `!=` does not end an expression.
        if (c == b':' || (c == b'!' && second != b'=')) && !self.modes.is_empty() && self.fstring_punctuation(start, c)
        {
            return Ok(());
        }
        let (kind, length) = match (c, second) {
            (b',', _) => (T::Comma, 1),
            (b':', b'=') => (T::ColonEqual, 2),
            (b':', _) => (T::Colon, 1),
            (b'=', b'=') => (T::EqualEqual, 2),
            (b'=', _) => {
                if let Some(mode) = self.modes.last_mut()
                    && mode.bracket_depth - mode.expression_depth == 1
                {
                    mode.in_debug = true;
                }
                (T::Equal, 1)
            }
            (b'-', b'>') => (T::Arrow, 2),
            (b'-', b'=') => (T::MinusEqual, 2),
            (b'-', _) => (T::Minus, 1),
            (b'+', b'=') => (T::PlusEqual, 2),
            (b'+', _) => (T::Plus, 1),
            (b'*', b'*') if third == b'=' => (T::DoubleStarEqual, 3),
            (b'*', b'*') => (T::DoubleStar, 2),
            (b'*', b'=') => (T::StarEqual, 2),
            (b'*', _) => (T::Star, 1),
            (b'/', b'/') if third == b'=' => (T::DoubleSlashEqual, 3),
            (b'/', b'/') => (T::DoubleSlash, 2),
            (b'/', b'=') => (T::SlashEqual, 2),
            (b'/', _) => (T::Slash, 1),
            (b'%', b'=') => (T::PercentEqual, 2),
            (b'%', _) => (T::Percent, 1),
            (b'<', b'<') if third == b'=' => (T::LeftShiftEqual, 3),
            (b'<', b'<') => (T::LeftShift, 2),
            (b'<', b'=') => (T::LessEqual, 2),
            // PEP 401's `<>` is two tokens, as in the latest releases of 3.13 to 3.15; older ones have one.
            (b'<', _) => (T::Less, 1),
            (b'>', b'>') if third == b'=' => (T::RightShiftEqual, 3),
            (b'>', b'>') => (T::RightShift, 2),
            (b'>', b'=') => (T::GreaterEqual, 2),
            (b'>', _) => (T::Greater, 1),
            (b'!', b'=') => (T::NotEqual, 2),
            (b'!', _) => (T::Exclamation, 1),
            (b'|', b'=') => (T::VerticalBarEqual, 2),
            (b'|', _) => (T::VerticalBar, 1),
            (b'&', b'=') => (T::AmpersandEqual, 2),
            (b'&', _) => (T::Ampersand, 1),
            (b'^', b'=') => (T::CaretEqual, 2),
            (b'^', _) => (T::Caret, 1),
            (b'@', b'=') => (T::AtEqual, 2),
            (b'@', _) => (T::At, 1),
            (b'~', _) => (T::Tilde, 1),
            (b';', _) => (T::Semicolon, 1),
            (b'$' | b'?' | b'`', _) => (T::Unknown, 1),
            _ => {
                let message = format!("invalid non-printable character U+{c:04X}");
                return Err(self.fail(start + 1, message));
            }
        };
        self.push(kind, start, start + length);
        Ok(())
    }
}
