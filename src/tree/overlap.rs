//! Arguments that name the same files, such as a folder and a file in it.
//!
//! compileall deals with its arguments one after the other, so that a file that is named twice is up to date the second time, or
//! is written twice and keeps what came last. Arguments that have files in common are therefore not worked on at the same time.

use std::collections::BTreeSet;
use std::ops::{Bound, Range};
use std::path::{Path, PathBuf};

/// Splits the arguments, in their order, into runs within which no two have a file in common.
pub fn phases<'p>(paths: impl ExactSizeIterator<Item = &'p Path>) -> Vec<Range<usize>> {
    let count = paths.len();
    if count < 2 {
        return std::iter::once(0..count).collect();
    }
    let mut phases = Vec::new();
    let mut start = 0;
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    for (i, path) in paths.enumerate() {
        // What does not exist holds no files.
        let Ok(path) = path.canonicalize() else { continue };
        if overlaps(&seen, &path) {
            phases.push(start..i);
            start = i;
            seen.clear();
        }
        seen.insert(path);
    }
    phases.push(start..count);
    phases
}

fn overlaps(seen: &BTreeSet<PathBuf>, path: &Path) -> bool {
    let is_below = || path.ancestors().any(|folder| seen.contains(folder));
    let holds = || {
        seen.range::<Path, _>((Bound::Included(path), Bound::Unbounded))
            .next()
            .is_some_and(|next| next.starts_with(path))
    };
    is_below() || holds()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn arguments_with_common_files_are_kept_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("a/b")).expect("folders");
        fs::create_dir_all(folder.path().join("a-b")).expect("folders");
        fs::write(folder.path().join("a/b/x.py"), "").expect("a file");
        let phases_of = |names: &[&str]| {
            let paths: Vec<PathBuf> = names.iter().map(|name| folder.path().join(name)).collect();
            phases(paths.iter().map(PathBuf::as_path)).into_iter().map(|run| (run.start, run.end)).collect::<Vec<_>>()
        };
        assert_eq!(phases_of(&["a", "a-b", "none"]), [(0, 3)]);
        assert_eq!(phases_of(&["a", "a/b/x.py"]), [(0, 1), (1, 2)]);
        assert_eq!(phases_of(&["a/b/x.py", "a-b", "a"]), [(0, 2), (2, 3)]);
        assert_eq!(phases_of(&["a-b", "a/../a-b", "a"]), [(0, 1), (1, 3)]);
        assert_eq!(phases_of(&["a"]), [(0, 1)]);
    }
}
