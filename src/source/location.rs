//! Where a node or an instruction comes from in the source.

/// Lines counted from 1 and columns in UTF-8 bytes counted from 0, as CPython's `_Py_SourceLocation`.
///
/// Negative numbers mean what they mean there: see [`Location::NONE`] and [`Location::NEXT`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Location {
    pub line: i32,
    pub end_line: i32,
    pub column: i32,
    pub end_column: i32,
}

impl Location {
    /// No location: an artificial instruction.
    pub const NONE: Location = Location { line: -1, end_line: -1, column: -1, end_column: -1 };
    /// The location of the instruction that follows (CPython's `NEXT_LOCATION`).
    pub const NEXT: Location = Location { line: -2, end_line: -2, column: -2, end_column: -2 };

    /// A location in the order in which CPython's `LOCATION` macro takes it.
    #[inline]
    pub const fn new(line: i32, end_line: i32, column: i32, end_column: i32) -> Location {
        Location { line, end_line, column, end_column }
    }

    /// From the start of one location to the end of another.
    #[inline]
    pub const fn to(self, end: Location) -> Location {
        Location { line: self.line, end_line: end.end_line, column: self.column, end_column: end.end_column }
    }
}
