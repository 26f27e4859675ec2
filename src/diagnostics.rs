//! What the compiler refuses and what it warns of, in CPython's words.

use crate::source::Location;

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
}

impl CompileError {
    /// A `SyntaxError` at a place.
    pub fn syntax(location: Location, message: impl Into<String>) -> Box<CompileError> {
        Box::new(CompileError { kind: ErrorKind::SyntaxError, message: message.into(), location: Some(location) })
    }

    /// Another exception, at a place or at none.
    pub fn new(kind: ErrorKind, location: Option<Location>, message: impl Into<String>) -> Box<CompileError> {
        Box::new(CompileError { kind, message: message.into(), location })
    }
}

/// A `SyntaxWarning` (or `DeprecationWarning`) that CPython would show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    pub category: &'static str,
    pub message: String,
    pub location: Location,
}

/// What any stage of the compiler gives.
pub type Result<T, E = Box<CompileError>> = std::result::Result<T, E>;
