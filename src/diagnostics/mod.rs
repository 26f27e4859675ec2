//! What the compiler refuses and what it warns of, in CPython's words.

mod render;
mod wide;

pub use render::{Columns, Offsets, exception_only, offsets, py_compile_message};

use crate::source::Location;
use crate::target::Features;

/// Which exception CPython raises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    SyntaxError,
    IndentationError,
    TabError,
    ValueError,
    OverflowError,
    RecursionError,
    MemoryError,
    SystemError,
    UnicodeEncodeError,
    UnicodeDecodeError,
}

/// An error that CPython would raise on compiling the file.
///
/// The location's columns are bytes counted from 0, as in the tree; -1 stands for an unknown end. How they become CPython's
/// 1-based character offsets and its caret block is decided where the error is shown, which has the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileError {
    pub kind: ErrorKind,
    pub message: String,
    /// Absent where CPython's error has no place (`ValueError`, NUL bytes); on line 0 for an unknown coding.
    pub location: Option<Location>,
    /// What the columns count where they are shown.
    pub columns: Columns,
    /// Whether the carets are as wide as the characters above them.
    pub wide_carets: bool,
    /// Whether the carets end with the line at the latest.
    pub carets_stay_in_line: bool,
    /// Of an error of the grammar, the line of the last compound statement before it; 0 if there is none.
    pub statement_line: u32,
    /// The keyword that was probably meant.
    pub correction: Option<Box<Correction>>,
}

/// A misspelt keyword, which CPython looks for when it shows an error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Correction {
    /// What replaces the error's message.
    pub message: String,
    /// The line that is shown in place of the error's own, without its end of line.
    pub text: String,
    /// Where the word is in that line, in characters from 0.
    pub start: u32,
    pub end: u32,
}

impl CompileError {
    /// A `SyntaxError` at a place.
    pub fn syntax(location: Location, message: impl Into<String>) -> Box<CompileError> {
        CompileError::new(ErrorKind::SyntaxError, Some(location), message)
    }

    /// Another exception, at a place or at none.
    pub fn new(kind: ErrorKind, location: Option<Location>, message: impl Into<String>) -> Box<CompileError> {
        let message = message.into();
        Box::new(CompileError {
            kind,
            message,
            location,
            columns: Columns::Bytes,
            wide_carets: false,
            carets_stay_in_line: true,
            statement_line: 0,
            correction: None,
        })
    }
}

/// How deep a tree the stages after the parser walk. CPython 3.14 stops where 8 MB of its stack are used, which is a chain of
/// between 20,000 and 40,000 operators; this number lies between.
pub const MAX_TREE_DEPTH: u32 = 30_000;

impl CompileError {
    /// The error of a tree that is too deep for a stage; see [`MAX_TREE_DEPTH`].
    pub fn too_deep() -> Box<CompileError> {
        CompileError::new(ErrorKind::RecursionError, None, "maximum recursion depth exceeded during compilation")
    }
}

/// A `SyntaxWarning` (or `DeprecationWarning`) that CPython would show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    pub category: &'static str,
    pub message: String,
    pub location: Location,
}

impl Warning {
    /// A backslash before what it does not escape; `what` is `escape` or `octal escape`.
    ///
    /// Mirrors CPython 3.14: `warn_invalid_escape_sequence`, and its namesake in the lexer.
    pub fn invalid_escape(escape: &str, what: &str, location: Location, features: &Features) -> Warning {
        let message = if features.invalid_escapes_are_explained {
            format!(
                "\"\\{escape}\" is an invalid {what} sequence. Such sequences will not work in the future. \
                 Did you mean \"\\\\{escape}\"? A raw string is also an option."
            )
        } else {
            format!("invalid {what} sequence '\\{escape}'")
        };
        let is_visible = features.invalid_escapes_are_syntax_warnings;
        let category = if is_visible { "SyntaxWarning" } else { "DeprecationWarning" };
        Warning { category, message, location }
    }
}

/// What any stage of the compiler gives.
pub type Result<T, E = Box<CompileError>> = std::result::Result<T, E>;
