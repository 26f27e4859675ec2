//! From text to tokens.
//!
//! Mirrors CPython's `Parser/lexer/lexer.c`. The whole file is read at once, so what the parser asks of CPython's lexer while
//! it runs is kept in the [`TokenStream`].

mod chunk;
mod core;
mod fstring;
mod identifier;
mod indentation;
mod keyword;
mod normal;
mod number;
mod string;
mod token;
mod token_list;
mod undecodable;

pub use crate::source::is_printable;
pub use token::{Token, TokenKind};
pub use token_list::{Cursor, TokenList};
pub use undecodable::{Undecodable, find_undecodable};

use crate::diagnostics::{CompileError, Warning};
use crate::source::{Interner, Location, SourceText};
use crate::target::PythonVersion;

/// A bracket that is still open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenBracket {
    /// `(`, `[` or `{`.
    pub bracket: u8,
    pub line: u32,
    pub column: u32,
}

impl OpenBracket {
    /// The error for a bracket that the file leaves open.
    ///
    /// CPython 3.14: `raise_unclosed_parentheses_error`.
    pub fn never_closed(&self) -> Box<CompileError> {
        let location = Location::new(self.line as i32, self.line as i32, self.column as i32, -1);
        CompileError::syntax(location, format!("'{}' was never closed", self.bracket as char))
    }
}

/// The source text of a replacement field's expression, as the lexer hands it to the parser.
///
/// There is one for each `!`, `:` or `}` that may end an expression of a t-string or one written with `=`. Comments are still
/// in it. CPython 3.14: `set_ftstring_expr`, which makes it the token's `metadata`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpressionText {
    /// Index of the token that carries it.
    pub token: u32,
    /// Offset in bytes of its start.
    pub start: u32,
    /// Offset in bytes of its end.
    pub end: u32,
}

/// A name that CPython refuses when it comes to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ForbiddenName {
    /// Index of the token.
    pub token: usize,
    /// `None`, `True` or `False`.
    pub constant: &'static str,
}

/// All tokens of a file, up to its end or to the first error.
pub struct TokenStream {
    /// Ends with [`TokenKind::EndMarker`] or [`TokenKind::Error`].
    pub tokens: TokenList,
    /// The error that a parser raises when it comes to the last token, if that is [`TokenKind::Error`].
    pub error: Option<Box<CompileError>>,
    pub warnings: Vec<Warning>,
    /// In the order of their tokens.
    pub expression_texts: Vec<ExpressionText>,
    /// The innermost bracket that was open at the error.
    pub open_bracket: Option<OpenBracket>,
    /// Whether CPython's lexer raises the error itself, rather than leaving that to the parser.
    pub(crate) raised_by_lexer: bool,
    /// Whether the error is inside an f-string or t-string.
    pub(crate) inside_fstring: bool,
    /// The first name that only NFKC makes that of a constant.
    pub(crate) forbidden_name: Option<ForbiddenName>,
}

impl TokenStream {
    /// The lexer's error that takes the place of one that the parser raises at a token of this line.
    ///
    /// CPython 3.14: `_PyPegen_tokenize_full_source_to_check_for_errors`.
    pub fn error_instead(&self, line: u32) -> Option<Box<CompileError>> {
        if self.inside_fstring {
            return None;
        }
        let error = self.error.as_ref()?;
        if self.raised_by_lexer {
            return Some(error.clone());
        }
        self.open_bracket.filter(|open| line > open.line).map(|open| open.never_closed())
    }

    /// The text that a token carries of the expression that it ends.
    pub fn expression_text(&self, token: usize) -> Option<ExpressionText> {
        let found = self.expression_texts.binary_search_by_key(&(token as u32), |text| text.token).ok()?;
        Some(self.expression_texts[found])
    }
}

/// Turns text into tokens as a release of CPython does.
pub fn tokenize_for<'a>(source: &SourceText<'a>, names: &mut Interner<'a>, version: PythonVersion) -> TokenStream {
    core::Lexer::new(source, names, version).run()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub use tests::tokenize;
