//! Which files a run looks at: walking folders as compileall does, what is left out, and in which order files are told of.

mod filter;
mod order;
mod overlap;
mod pattern;
mod walk;

pub use filter::{Filter, SkipReason};
pub use order::OrderKey;
pub use overlap::phases;
pub use pattern::Pattern;
pub use walk::{Entry, SourceStat, is_source_name, list_folder};
