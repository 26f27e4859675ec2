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
        self.root.cmp(&other.root).then_with(|| compare_paths(&self.path, &other.path))
    }
}

impl PartialOrd for OrderKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares name by name. Paths below one argument begin with the same text, so `/` before all else does it, and quicker than
/// `Path`, which takes each path apart.
fn compare_paths(a: &Path, b: &Path) -> Ordering {
    let (a, b) = (a.as_os_str().as_encoded_bytes(), b.as_os_str().as_encoded_bytes());
    let length = a.len().min(b.len());
    let mut at = 0;
    // Most of two paths is the same, so that eight bytes are compared at a time.
    while let (Some(x), Some(y)) = (word(a, at), word(b, at)) {
        if x != y {
            at += ((x ^ y).trailing_zeros() / 8) as usize;
            break;
        }
        at += 8;
    }
    while at < length && a[at] == b[at] {
        at += 1;
    }
    match (a.get(at), b.get(at)) {
        (Some(b'/'), Some(_)) => Ordering::Less,
        (Some(_), Some(b'/')) => Ordering::Greater,
        (a, b) => a.cmp(&b),
    }
}

/// Eight bytes of a path.
#[inline]
fn word(path: &[u8], at: usize) -> Option<u64> {
    path.get(at..)?.first_chunk().map(|&bytes| u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_before_files_whose_names_go_on() {
        let mut paths =
            ["p/a.py", "p/a/z.py", "p", "p/a", "p/a-b/x.py", "p/B.py", "p/a/b/c.py"].map(Path::new).to_vec();
        paths.sort_by(|a, b| compare_paths(a, b));
        let expected = ["p", "p/B.py", "p/a", "p/a/b/c.py", "p/a/z.py", "p/a-b/x.py", "p/a.py"].map(Path::new);
        assert_eq!(paths, expected);
    }
}
