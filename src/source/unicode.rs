//! Properties of characters, as each release of CPython knows them.

use super::unicode_table::{IDENTIFIER_CONTINUE, IDENTIFIER_START, PRINTABLE, Range};
use crate::target::PythonVersion;

/// Whether a character may start an identifier.
pub fn is_identifier_start(c: char, version: PythonVersion) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() || c == '_' } else { contains(&IDENTIFIER_START, c, version) }
}

/// Whether a character may stand in an identifier.
pub fn is_identifier_continue(c: char, version: PythonVersion) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { contains(&IDENTIFIER_CONTINUE, c, version) }
}

/// What `str.isprintable` says of a character.
pub fn is_printable(c: char, version: PythonVersion) -> bool {
    if c.is_ascii() { (' '..='~').contains(&c) } else { contains(&PRINTABLE, c, version) }
}

fn contains(table: &[Range], c: char, version: PythonVersion) -> bool {
    let c = c as u32;
    let after = table.partition_point(|&(start, _, _)| start <= c);
    after > 0 && {
        let (_, end, since) = table[after - 1];
        c <= end && since <= version.minor()
    }
}
