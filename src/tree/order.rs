//! The order in which compileall would come to a file, so that reports do not depend on which worker was faster.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// The place of a file or folder in compileall's walk: the argument it was found below, then its path, name by name.
///
/// A folder comes right before what it holds, as its path is a prefix of theirs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderKey {
    /// The number of the command line argument.
    pub root: usize,
    /// The path as it is shown.
    pub path: PathBuf,
}

impl OrderKey {
    /// The key of a path found below an argument.
    pub fn new(root: usize, path: &Path) -> OrderKey {
        OrderKey { root, path: path.to_owned() }
    }
}

impl Ord for OrderKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.root.cmp(&other.root).then_with(|| self.path.cmp(&other.path))
    }
}

impl PartialOrd for OrderKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
