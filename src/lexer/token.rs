//! Tokens: what the lexer gives and the parser takes.

use crate::source::{Location, NameId};

/// The kinds of token. Keywords are kinds of their own; soft keywords are [`TokenKind::Name`]s.
#[rustfmt::skip]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum TokenKind {
    EndMarker, Name, Number, String, Newline, Indent, Dedent,
    FStringStart, FStringMiddle, FStringEnd, TStringStart, TStringMiddle, TStringEnd,
    /// The text from here on cannot be read as tokens; the stream holds the error. Always the last token.
    Error,
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
}

/// A token. Lines count from 1, columns in UTF-8 bytes from 0, offsets in bytes from the start of the decoded text.
///
/// [`TokenKind::Indent`], [`TokenKind::Dedent`], [`TokenKind::EndMarker`] and [`TokenKind::Error`] have no columns
/// ([`Token::NO_COLUMN`], -1 in their location), as in CPython; their offsets say how far the lexer has read.
/// The end offset of an f-string's middle leaves out the second brace of `{{` or `}}`, its end column does not.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: TokenKind,
    /// The name of a [`TokenKind::Name`] (after NFKC); [`NameId`] 0 for all others.
    pub name: NameId,
    pub start: u32,
    pub end: u32,
    // In the order of a location's, so that they are copied as one.
    pub line: u32,
    pub end_line: u32,
    pub column: u32,
    pub end_column: u32,
}

impl Token {
    /// The column of a token that has none.
    pub const NO_COLUMN: u32 = u32::MAX;

    /// From its first character to behind its last.
    #[inline]
    pub const fn location(&self) -> Location {
        Location::new(self.line as i32, self.end_line as i32, self.column as i32, self.end_column as i32)
    }
}
