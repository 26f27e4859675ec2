//! Tokens: what the lexer gives and the parser takes.

use crate::source::{Location, NameId};

/// The kinds of token. Keywords are kinds of their own; soft keywords are [`TokenKind::Name`]s.
#[rustfmt::skip]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum TokenKind {
    EndMarker,
    /// The text from here on cannot be read as tokens; the stream holds the error. Always the last token.
    Error,
    Name, Number, String, Newline, Indent, Dedent,
    FStringStart, FStringMiddle, FStringEnd, TStringStart, TStringMiddle, TStringEnd,
    /// A character that starts no token (`$`, `?`, `` ` ``) and that no rule of the grammar takes.
    Unknown,
    // Operators and delimiters.
    LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace,
    Colon, Comma, Semicolon, Dot, Ellipsis, Arrow, ColonEqual, Equal, At, Exclamation,
    Plus, Minus, Star, Slash, DoubleSlash, Percent, DoubleStar, VerticalBar, Ampersand, Caret, Tilde, LeftShift, RightShift,
    Less, Greater, EqualEqual, NotEqual, LessEqual, GreaterEqual,
    PlusEqual, MinusEqual, StarEqual, SlashEqual, DoubleSlashEqual, PercentEqual, DoubleStarEqual, VerticalBarEqual,
    AmpersandEqual, CaretEqual, LeftShiftEqual, RightShiftEqual, AtEqual,
    // Keywords.
    False, None, True, And, As, Assert, Async, Await, Break, Class, Continue, Def, Del, Elif, Else, Except, Finally, For,
    From, Global, If, Import, In, Is, Lambda, Nonlocal, Not, Or, Pass, Raise, Return, Try, While, With, Yield,
}

impl TokenKind {
    /// Whether it is one of the keywords, `False` to `Yield`.
    #[inline]
    pub const fn is_keyword(self) -> bool {
        self as u8 >= TokenKind::False as u8
    }

    /// Whether it is that of the last token of a file.
    #[inline(always)]
    pub const fn is_last(self) -> bool {
        self as u8 <= TokenKind::Error as u8
    }
}

/// A token. Lines count from 1, columns in UTF-8 bytes from 0, offsets in bytes from the start of the decoded text.
///
/// [`TokenKind::Indent`], [`TokenKind::Dedent`], [`TokenKind::EndMarker`] and [`TokenKind::Error`] have no columns
/// ([`Token::NO_COLUMN`], -1 in their location), as in CPython; their offsets say how far the lexer has read.
/// The end offset of an f-string's middle leaves out the second brace of `{{` or `}}`, its end column does not.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// The lines, columns and offsets that it starts and ends at. Each pair is written at once, and those that make a location, which has
    /// them in this order, are copied as one.
    lines: Pair,
    columns: Pair,
    span: Pair,
    /// The name of a [`TokenKind::Name`] (after NFKC); in its place a [`TokenKind::String`] has its quotes.
    pub name: NameId,
    pub kind: TokenKind,
}

/// A number for the start of something, and above it one for its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair(u64);

impl Pair {
    /// Two numbers, of which those that are too large do not occur: no text is as long.
    #[inline(always)]
    pub const fn new(start: usize, end: usize) -> Pair {
        Pair(start as u32 as u64 | (end as u64) << 32)
    }

    /// The number for the start.
    #[inline]
    pub const fn start(self) -> u32 {
        self.0 as u32
    }

    /// The number for the end.
    #[inline]
    pub const fn end(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Both numbers, each of them greater by one.
    #[inline(always)]
    pub const fn next(self) -> Pair {
        Pair(self.0.wrapping_add(1 << 32 | 1))
    }

    /// The difference of both numbers, neither of which is less than what is taken from it.
    #[inline(always)]
    pub const fn minus(self, other: Pair) -> Pair {
        Pair(self.0.wrapping_sub(other.0))
    }
}

impl Token {
    /// The column of a token that has none.
    pub const NO_COLUMN: u32 = u32::MAX;

    /// A token that is no name and no plain string.
    #[inline(always)]
    pub const fn new(kind: TokenKind, lines: Pair, columns: Pair, span: Pair) -> Token {
        Token { lines, columns, span, name: NameId(0), kind }
    }

    /// The same token as a name.
    #[inline(always)]
    pub const fn named(self, name: NameId) -> Token {
        Token { name, ..self }
    }

    /// The same token as a string with so many quotes on each side ([`Token::quotes`]).
    #[inline(always)]
    pub const fn quoted(self, quotes: u32) -> Token {
        Token { name: NameId(quotes), ..self }
    }

    /// Of a string whose value is what stands between its quotes, as it has neither a prefix nor a backslash: how many quotes stand on
    /// each side. 0 for all other strings.
    #[inline]
    pub const fn quotes(&self) -> usize {
        self.name.index()
    }

    /// The line that it starts on.
    #[inline]
    pub const fn line(&self) -> u32 {
        self.lines.start()
    }

    /// The column that it starts at.
    #[inline]
    pub const fn column(&self) -> u32 {
        self.columns.start()
    }

    /// The line that it ends on.
    #[inline]
    pub const fn end_line(&self) -> u32 {
        self.lines.end()
    }

    /// The column behind it.
    #[inline]
    pub const fn end_column(&self) -> u32 {
        self.columns.end()
    }

    /// The offset of its first byte.
    #[inline]
    pub const fn start(&self) -> usize {
        self.span.start() as usize
    }

    /// The offset behind its last byte.
    #[inline]
    pub const fn end(&self) -> usize {
        self.span.end() as usize
    }

    /// From its first character to behind its last.
    #[inline]
    pub const fn location(&self) -> Location {
        self.to(self)
    }

    /// From the first character of a token to behind the last of another.
    #[inline]
    pub const fn to(&self, last: &Token) -> Location {
        Location::new(self.line() as i32, last.end_line() as i32, self.column() as i32, last.end_column() as i32)
    }

    /// The same token further down, and further to the right if that is asked for and the token has columns.
    pub fn moved(self, lines: u32, columns: u32) -> Token {
        let columns = if self.column() == Token::NO_COLUMN { 0 } else { columns };
        let moved = |pair: Pair, by: u32| Pair::new((pair.start() + by) as usize, (pair.end() + by) as usize);
        Token { lines: moved(self.lines, lines), columns: moved(self.columns, columns), ..self }
    }
}
