//! Tokens outside the text of f-strings: the choice by the first character, operators and brackets.

use super::chunk::{CHUNK, Chunk};
use super::core::{Failed, Lexed, Lexer, Padded};
use super::token::Pair;
use super::{Token, TokenKind};

/// What a token may be, by its first byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    OpenBracket,
    CloseBracket,
    Dot,
    Comma,
    Colon,
    Equal,
    Newline,
    Comment,
    Digit,
    Quote,
    Backslash,
    Nul,
    Operator,
}

static CLASSES: [Class; 256] = {
    let mut table = [Class::Operator; 256];
    let mut c = 0;
    while c < 256 {
        table[c] = match c as u8 {
            b' ' | b'\t' | b'\x0c' => Class::Blank,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.. => Class::Word,
            b'(' | b'[' | b'{' => Class::OpenBracket,
            b')' | b']' | b'}' => Class::CloseBracket,
            b'.' => Class::Dot,
            b',' => Class::Comma,
            b':' => Class::Colon,
            b'=' => Class::Equal,
            b'\n' => Class::Newline,
            b'#' => Class::Comment,
            b'0'..=b'9' => Class::Digit,
            b'"' | b'\'' => Class::Quote,
            b'\\' => Class::Backslash,
            0 => Class::Nul,
            _ => Class::Operator,
        };
        c += 1;
    }
    table
};

/// The kinds of the brackets, and the characters that those open with which they close.
static BRACKETS: [(TokenKind, u8); 256] = {
    use TokenKind as T;
    let mut table = [(NONE, 0); 256];
    table[b'(' as usize] = (T::LeftParen, 0);
    table[b'[' as usize] = (T::LeftBracket, 0);
    table[b'{' as usize] = (T::LeftBrace, 0);
    table[b')' as usize] = (T::RightParen, b'(');
    table[b']' as usize] = (T::RightBracket, b'[');
    table[b'}' as usize] = (T::RightBrace, b'{');
    table
};

impl Lexer<'_, '_> {
    /// Reads tokens, with the indents and dedents before them, up to the end of the text, or up to the next one that is in an
    /// f-string or ends before one. Gives whether the last was read.
    ///
    /// `IN_FIELD`: the token is in a replacement field of an f-string, so that it may be followed by the f-string's text.
    ///
    /// CPython 3.14: `tok_get_normal_mode`.
    pub(super) fn normal_tokens<const IN_FIELD: bool>(&mut self) -> Lexed<bool> {
        let text = self.padded;
        let mut next = self.pos;
        loop {
            let pos = next;
            let bytes = text.window::<{ CHUNK + 1 }>(pos);
            let c = bytes[0];
            next = match CLASSES[c as usize] {
                Class::Blank => {
                    next = pos + 1;
                    continue;
                }
                Class::Word => match self.identifier(pos, bytes) {
                    Some(end) => next_place::<IN_FIELD>(text, end),
                    None => {
                        let end = self.long_identifier(pos)?;
                        if !IN_FIELD && !self.modes.is_empty() {
                            self.pos = end;
                            return Ok(false);
                        }
                        end
                    }
                },
                Class::OpenBracket => self.open_bracket::<IN_FIELD>(pos, c)?,
                Class::CloseBracket => self.close_bracket::<IN_FIELD>(pos, c)?,
                Class::Dot => match bytes[1] {
                    b'0'..=b'9' => self.fraction(pos, pos + 1)?,
                    b'.' if bytes[2] == b'.' => self.add(TokenKind::Ellipsis, pos, pos + 3),
                    _ => self.add(TokenKind::Dot, pos, pos + 1),
                },
                Class::Comma => {
                    let end = self.add(TokenKind::Comma, pos, pos + 1);
                    next_place::<IN_FIELD>(text, end)
                }
                Class::Colon if !IN_FIELD && bytes[1] != b'=' => {
                    let end = self.add(TokenKind::Colon, pos, pos + 1);
                    text.behind_blank(end)
                }
                Class::Equal if !IN_FIELD && bytes[1] != b'=' => {
                    let end = self.add(TokenKind::Equal, pos, pos + 1);
                    text.behind_blank(end)
                }
                Class::Newline => self.newline(pos, pos)?,
                Class::Comment => self.newline(pos, self.comment_end(pos))?,
                Class::Digit => self.number(pos, bytes)?,
                Class::Quote => match self.plain_string(pos, bytes) {
                    Some(end) => end,
                    None => self.string(pos, pos)?,
                },
                Class::Backslash => self.continuation_line(pos)?,
                Class::Nul if pos >= self.limit => {
                    if self.depth > 0 {
                        return Err(self.fail_at_end());
                    }
                    self.pos = self.limit;
                    self.push_without_columns(TokenKind::EndMarker, self.limit);
                    return Ok(true);
                }
                Class::Nul | Class::Colon | Class::Equal | Class::Operator => {
                    let end = self.operator::<IN_FIELD>(pos, bytes)?;
                    next_place::<IN_FIELD>(text, end)
                }
            };
            if IN_FIELD {
                self.pos = next;
                return Ok(false);
            }
        }
    }

    // What follows gives where the next token is looked for.

    /// Reads a string without prefix that is short and in which nothing has to be looked at.
    #[inline(always)]
    fn plain_string(&mut self, start: usize, bytes: &[u8; CHUNK + 1]) -> Option<usize> {
        let mark = bytes[0];
        let chunk = Chunk::new(bytes.last_chunk()?);
        let found = chunk.equal(mark) | chunk.equal(b'\\') | chunk.equal(b'\n');
        let length = found.trailing_zeros() as usize + 1;
        // Without anything between the quotes there may be three of them.
        if length == 1 || bytes.get(length) != Some(&mark) {
            return None;
        }
        let span = Pair::new(start, start + length + 1);
        self.write(|lexer| Token::new(TokenKind::String, lexer.lines, span.minus(lexer.line_starts), span).quoted(1));
        Some(start + length + 1)
    }

    /// Reads an end of line, which separates nothing within brackets, and the indentation behind it. The token starts with the
    /// comment before it, if any.
    #[inline(always)]
    fn newline(&mut self, start: usize, newline: usize) -> Lexed<usize> {
        if self.depth == 0 {
            let end = newline + self.features.line_ends_have_width as usize;
            let columns = Pair::new(start, end).minus(self.line_starts);
            let span = Pair::new(start, newline);
            self.write(|lexer| Token::new(TokenKind::Newline, lexer.lines, columns, span));
        }
        self.begin_line_between_tokens(newline + 1);
        self.indentation(newline + 1)
    }

    #[inline(always)]
    fn open_bracket<const IN_FIELD: bool>(&mut self, start: usize, c: u8) -> Lexed<usize> {
        if IN_FIELD && c == b'{' {
            self.fstring_punctuation(start, c);
        }
        if !self.enter_bracket(start) {
            return Err(self.fail(start + 1, "too many nested parentheses"));
        }
        if IN_FIELD && let Some(mode) = self.modes.last_mut() {
            mode.bracket_depth += 1;
        }
        let kind = BRACKETS[c as usize].0;
        Ok(self.add(kind, start, start + 1))
    }

    #[inline(always)]
    fn close_bracket<const IN_FIELD: bool>(&mut self, start: usize, c: u8) -> Lexed<usize> {
        if IN_FIELD && c == b'}' {
            self.fstring_punctuation(start, c);
            if let Some(mode) = self.modes.last()
                && mode.bracket_depth == 0
            {
                let message = format!("{}-string: single '}}' is not allowed", mode.letter());
                return Err(self.fail(start + 1, message));
            }
        }
        let Some(open) = self.innermost_bracket_place() else {
            return Err(self.fail(start + 1, format!("unmatched '{}'", c as char)));
        };
        let (kind, expected) = BRACKETS[c as usize];
        if self.window::<1>(open)[0] != expected {
            return Err(self.mismatch(start, c));
        }
        self.depth -= 1;
        if IN_FIELD && let Some(mode) = self.modes.last_mut() {
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
    fn mismatch(&mut self, start: usize, c: u8) -> Failed {
        let c = c as char;
        let Some(open) = self.innermost_bracket() else { return Failed };
        // It counts as closed.
        self.depth -= 1;
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
        if open.line != self.line() {
            message.push_str(&format!(" on line {}", open.line));
        }
        self.fail(start + 1, message)
    }

    /// Operators and delimiters without brackets and points.
    #[inline(always)]
    fn operator<const IN_FIELD: bool>(&mut self, start: usize, bytes: &[u8; CHUNK + 1]) -> Lexed<usize> {
        let (c, second) = (bytes[0], bytes[1]);
        if IN_FIELD && self.operator_in_fstring(start, c, second) {
            return Ok(self.pos);
        }
        let operators = &OPERATORS[c as usize];
        let which = usize::from(second == b'=') | usize::from(second == operators.second) << 1;
        let (mut kind, mut length) = operators.kinds[which];
        if length == 2 && bytes[2] == b'=' && operators.with_two != NONE && which == SECOND {
            (kind, length) = (operators.with_two, 3);
        }
        if kind == TokenKind::Less && second == b'>' && !self.features.angles_are_two_tokens {
            (kind, length) = (TokenKind::NotEqual, 2);
        }
        if kind == NONE {
            let message = format!("invalid non-printable character U+{c:04X}");
            return Err(self.fail(start + 1, message));
        }
        Ok(self.add(kind, start, start + usize::from(length)))
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

/// Where the next token is looked for behind one that a blank often follows. In a replacement field a blank may be text.
#[inline(always)]
fn next_place<const IN_FIELD: bool>(text: Padded<'_>, end: usize) -> usize {
    if IN_FIELD { end } else { text.behind_blank(end) }
}

/// The operators that start with a character.
#[derive(Clone, Copy)]
struct Operators {
    /// The character, other than `=`, that may follow in an operator.
    second: u8,
    /// By what follows: something else, `=`, that character, or that character where it is `=`. With the operator's length.
    kinds: [(TokenKind, u8); 4],
    /// The operator of that character and `=`.
    with_two: TokenKind,
}

/// Which of [`Operators::kinds`] has its second character.
const SECOND: usize = 2;

/// There is no such operator.
const NONE: TokenKind = TokenKind::Error;

static OPERATORS: [Operators; 256] = {
    use TokenKind as T;
    let mut table = [Operators { second: 0, kinds: [(NONE, 1); 4], with_two: NONE }; 256];
    // PEP 401's `<>` is two tokens here; the releases before have one.
    let operators = [
        (b';', T::Semicolon, NONE, 0, NONE, NONE),
        (b'~', T::Tilde, NONE, 0, NONE, NONE),
        (b'$', T::Unknown, NONE, 0, NONE, NONE),
        (b'?', T::Unknown, NONE, 0, NONE, NONE),
        (b'`', T::Unknown, NONE, 0, NONE, NONE),
        (b':', T::Colon, T::ColonEqual, 0, NONE, NONE),
        (b'!', T::Exclamation, T::NotEqual, 0, NONE, NONE),
        (b'=', T::Equal, T::EqualEqual, 0, NONE, NONE),
        (b'+', T::Plus, T::PlusEqual, 0, NONE, NONE),
        (b'-', T::Minus, T::MinusEqual, b'>', T::Arrow, NONE),
        (b'%', T::Percent, T::PercentEqual, 0, NONE, NONE),
        (b'|', T::VerticalBar, T::VerticalBarEqual, 0, NONE, NONE),
        (b'&', T::Ampersand, T::AmpersandEqual, 0, NONE, NONE),
        (b'^', T::Caret, T::CaretEqual, 0, NONE, NONE),
        (b'@', T::At, T::AtEqual, 0, NONE, NONE),
        (b'*', T::Star, T::StarEqual, b'*', T::DoubleStar, T::DoubleStarEqual),
        (b'/', T::Slash, T::SlashEqual, b'/', T::DoubleSlash, T::DoubleSlashEqual),
        (b'<', T::Less, T::LessEqual, b'<', T::LeftShift, T::LeftShiftEqual),
        (b'>', T::Greater, T::GreaterEqual, b'>', T::RightShift, T::RightShiftEqual),
    ];
    let mut i = 0;
    while i < operators.len() {
        let (c, alone, with_equal, second, with_second, with_two) = operators[i];
        let alone = (alone, 1);
        let with_equal = if let NONE = with_equal { alone } else { (with_equal, 2) };
        let with_second = if let NONE = with_second { alone } else { (with_second, 2) };
        table[c as usize] = Operators { second, kinds: [alone, with_equal, with_second, alone], with_two };
        i += 1;
    }
    table
};
