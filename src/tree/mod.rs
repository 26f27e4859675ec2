//! Which files a run looks at: walking folders as compileall does.

mod order;
mod walk;

pub use order::OrderKey;
pub use walk::{Entry, WalkError, list_folder};
