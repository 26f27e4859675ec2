//! .pyc files: their header, where they lie, whether they are up to date, and how they are put in place.
//!
//! The code object itself is `marshal`'s; which sources there are is `tree`'s.

mod atomic_write;
mod cache_folder;
mod cache_path;
mod header;

pub use atomic_write::{check_target, link_atomic, mode_for_source, stop_writing, write_atomic};
pub use cache_folder::CacheFolder;
pub use cache_path::{cache_path, legacy_path};
pub use header::{Found, Header, InvalidationMode, read_header};

#[cfg(test)]
mod tests;
