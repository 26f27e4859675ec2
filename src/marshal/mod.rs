//! The marshal format: code objects to the bytes of a .pyc file and back.
//!
//! `write` gives what `marshal.dumps` gives for a freshly compiled code object, `refs` finds out which of its parts CPython would
//! have shared, `read` is the inverse. Formats 3 to 6 are known.

mod dump;
mod merged;
mod read;
mod refs;
mod stream;
mod type_code;
mod write;

pub use dump::{CodeDifference, Tables, diff, dump, explain_difference, marshalled_differences};
pub use read::{ReadError, read_code};
pub use stream::Stream;
pub use write::write_code;

#[cfg(test)]
mod tests;
