//! Tokens outside the text of f-strings: the choice by the first character, operators and brackets.

use super::core::{Failed, Lexed, Lexer};
use super::{OpenBracket, TokenKind};
use crate::source::NameId;

/// CPython's `MAXLEVEL`.
const MAX_BRACKETS: usize = 200;

impl Lexer<'_, '_> {
    /// Reads tokens, with the indents and dedents before them, up to the end of the text, or up to the next one if that is in an
    /// f-string or ends before one. Gives whether the last was read.
    ///
    /// CPython 3.14: `tok_get_normal_mode`.
    #[inline]
    pub(super) fn normal_tokens(&mut self) -> Lexed<bool> {
        let mut pos = self.pos;
        loop {
            let mut c = self.at(pos);
            while matches!(c, b' ' | b'\t' | b'\x0c') {
                pos += 1;
                c = self.at(pos);
            }
            pos = match c {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.. => self.identifier(pos)?,
                b'(' | b'[' | b'{' => self.open_bracket(pos, c)?,
                b')' | b']' | b'}' => self.close_bracket(pos, c)?,
                b'.' => self.dot(pos)?,
                b'\n' => self.newline(pos, pos)?,
                b'#' => self.newline(pos, self.comment_end(pos))?,
                b'0'..=b'9' => {
                    self.number(pos)?;
                    self.pos
                }
                b'"' | b'\'' => {
                    self.string(pos, pos)?;
                    self.pos
                }
                b'\\' => {
                    self.continuation_line(pos)?;
                    self.pos
                }
                0 if pos >= self.limit => {
                    if !self.brackets.is_empty() {
                        return Err(self.fail_at_end());
                    }
                    self.pos = self.limit;
                    self.push_without_columns(TokenKind::EndMarker);
                    return Ok(true);
                }
                _ => self.operator(pos, c)?,
            };
            if !self.modes.is_empty() {
                self.pos = pos;
                return Ok(false);
            }
        }
    }

    /// Reads an end of line, which separates nothing within brackets, and the indentation behind it. The token starts with the
    /// comment before it, if any.
    #[inline]
    fn newline(&mut self, start: usize, newline: usize) -> Lexed<usize> {
        if self.brackets.is_empty() {
            let end = newline + self.features.line_ends_have_width as usize;
            self.push_until(TokenKind::Newline, NameId(0), start, newline, end - self.line_start);
        }
        self.begin_line_between_tokens(newline + 1);
        self.indentation()?;
        Ok(self.pos)
    }

    // What follows gives where the next token is looked for.

    #[inline]
    fn dot(&mut self, start: usize) -> Lexed<usize> {
        match self.at(start + 1) {
            b'0'..=b'9' => {
                self.fraction(start, start + 1)?;
                Ok(self.pos)
            }
            b'.' if self.at(start + 2) == b'.' => Ok(self.add(TokenKind::Ellipsis, start, start + 3)),
            _ => Ok(self.add(TokenKind::Dot, start, start + 1)),
        }
    }

    #[inline]
    fn open_bracket(&mut self, start: usize, c: u8) -> Lexed<usize> {
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
        Ok(self.add(kind, start, start + 1))
    }

    #[inline]
    fn close_bracket(&mut self, start: usize, c: u8) -> Lexed<usize> {
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
        Ok(self.add(kind, start, start + 1))
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
    fn operator(&mut self, start: usize, c: u8) -> Lexed<usize> {
        let second = self.at(start + 1);
        if !self.modes.is_empty() && self.operator_in_fstring(start, c, second) {
            return Ok(self.pos);
        }
        let operator = &OPERATORS[c as usize];
        let (kind, length) = if second == b'=' && operator.with_equal != NONE {
            (operator.with_equal, 2)
        } else if second == c && operator.twice != NONE {
            if self.at(start + 2) == b'=' && operator.twice_with_equal != NONE {
                (operator.twice_with_equal, 3)
            } else {
                (operator.twice, 2)
            }
        } else if second == b'>' && c == b'-' {
            (TokenKind::Arrow, 2)
        } else if operator.alone != NONE {
            (operator.alone, 1)
        } else {
            let message = format!("invalid non-printable character U+{c:04X}");
            return Err(self.fail(start + 1, message));
        };
        Ok(self.add(kind, start, start + length))
    }

    /// What operators do in a replacement field of an f-string besides. Gives whether the token is written.
    #[cold]
    fn operator_in_fstring(&mut self, start: usize, c: u8, second: u8) -> bool {
        match c {
            // The `!` of `!=` does not end an expression.
            b'!' if second == b'=' => false,
            b':' | b'!' => self.fstring_punctuation(start, c),
            b'=' if second != b'=' => {
                if let Some(mode) = self.modes.last_mut()
                    && mode.bracket_depth - mode.expression_depth == 1
                {
                    mode.in_debug = true;
                }
                false
            }
            _ => false,
        }
    }
}

/// The operators that start with a character.
#[derive(Clone, Copy)]
struct Operators {
    alone: TokenKind,
    with_equal: TokenKind,
    twice: TokenKind,
    twice_with_equal: TokenKind,
}

/// There is no such operator.
const NONE: TokenKind = TokenKind::Error;

static OPERATORS: [Operators; 256] = {
    use TokenKind as T;
    let mut table = [Operators { alone: NONE, with_equal: NONE, twice: NONE, twice_with_equal: NONE }; 256];
    // PEP 401's `<>` is two tokens, as in the latest releases of 3.13 to 3.15; older ones have one.
    let operators = [
        (b',', T::Comma, NONE, NONE, NONE),
        (b';', T::Semicolon, NONE, NONE, NONE),
        (b'~', T::Tilde, NONE, NONE, NONE),
        (b'$', T::Unknown, NONE, NONE, NONE),
        (b'?', T::Unknown, NONE, NONE, NONE),
        (b'`', T::Unknown, NONE, NONE, NONE),
        (b':', T::Colon, T::ColonEqual, NONE, NONE),
        (b'!', T::Exclamation, T::NotEqual, NONE, NONE),
        (b'=', T::Equal, T::EqualEqual, NONE, NONE),
        (b'+', T::Plus, T::PlusEqual, NONE, NONE),
        (b'-', T::Minus, T::MinusEqual, NONE, NONE),
        (b'%', T::Percent, T::PercentEqual, NONE, NONE),
        (b'|', T::VerticalBar, T::VerticalBarEqual, NONE, NONE),
        (b'&', T::Ampersand, T::AmpersandEqual, NONE, NONE),
        (b'^', T::Caret, T::CaretEqual, NONE, NONE),
        (b'@', T::At, T::AtEqual, NONE, NONE),
        (b'*', T::Star, T::StarEqual, T::DoubleStar, T::DoubleStarEqual),
        (b'/', T::Slash, T::SlashEqual, T::DoubleSlash, T::DoubleSlashEqual),
        (b'<', T::Less, T::LessEqual, T::LeftShift, T::LeftShiftEqual),
        (b'>', T::Greater, T::GreaterEqual, T::RightShift, T::RightShiftEqual),
    ];
    let mut i = 0;
    while i < operators.len() {
        let (c, alone, with_equal, twice, twice_with_equal) = operators[i];
        table[c as usize] = Operators { alone, with_equal, twice, twice_with_equal };
        i += 1;
    }
    table
};
