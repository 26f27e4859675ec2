//! The path that a code object carries (`co_filename`): `-d`, `-s` and `-p`.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How the stored path comes from the source's. Mirrors CPython 3.14: `compileall.compile_dir` and `compile_file`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum StoredPaths {
    /// It is the source's path as it was found.
    #[default]
    AsFound,
    /// `-d`: what the argument names becomes this folder.
    Moved(PathBuf),
    /// `-s` and `-p`: take a prefix away, then put one in front.
    Edited { strip: Option<PathBuf>, prepend: Option<PathBuf> },
}

/// A stored path.
#[derive(PartialEq, Eq, Debug)]
pub struct StoredPath<'p> {
    pub path: Cow<'p, Path>,
    /// The prefix that was to be taken away and is not there.
    pub not_a_prefix: Option<&'p Path>,
}

impl StoredPaths {
    /// The path stored for a file that was found by way of the argument `root`, which names a file or a folder.
    pub fn of<'p>(&'p self, root: &'p Path, file: &'p Path) -> StoredPath<'p> {
        match self {
            StoredPaths::AsFound => StoredPath { path: Cow::Borrowed(file), not_a_prefix: None },
            StoredPaths::Moved(folder) if root == file => {
                let name = file.file_name().unwrap_or(OsStr::new(""));
                StoredPath { path: Cow::Owned(join(folder, name.as_bytes())), not_a_prefix: None }
            }
            StoredPaths::Moved(folder) => edit(file, Some(root), Some(folder)),
            StoredPaths::Edited { strip, prepend } => edit(file, strip.as_deref(), prepend.as_deref()),
        }
    }
}

fn edit<'p>(file: &'p Path, strip: Option<&'p Path>, prepend: Option<&Path>) -> StoredPath<'p> {
    let stripped = strip.and_then(|strip| strip_prefix(file, strip));
    let not_a_prefix = strip.filter(|_| stripped.is_none());
    let path = match (stripped, prepend) {
        (None, None) => Cow::Borrowed(file),
        (None, Some(prepend)) => Cow::Owned(join(prepend, file.as_os_str().as_bytes())),
        (Some(rest), None) => Cow::Owned(rest),
        (Some(rest), Some(prepend)) => Cow::Owned(join(prepend, rest.as_os_str().as_bytes())),
    };
    // Python takes the source's path where the other is empty.
    let path = if path.as_os_str().is_empty() { Cow::Borrowed(file) } else { path };
    StoredPath { path, not_a_prefix }
}

/// What is left of a path behind a prefix, part by part between slashes, so that `a/b/` is not a prefix of `a/b/c`.
fn strip_prefix(file: &Path, strip: &Path) -> Option<PathBuf> {
    let mut parts = file.as_os_str().as_bytes().split(|&b| b == b'/');
    for part in strip.as_os_str().as_bytes().split(|&b| b == b'/') {
        if parts.next() != Some(part) {
            return None;
        }
    }
    Some(parts.fold(PathBuf::new(), |path, part| join(&path, part)))
}

/// `os.path.join` of CPython's `posixpath`: without a slash after an empty path, and with one before an empty name.
fn join(path: &Path, name: &[u8]) -> PathBuf {
    let path = path.as_os_str().as_bytes();
    let mut joined = Vec::with_capacity(path.len() + 1 + name.len());
    if !name.starts_with(b"/") {
        joined.extend_from_slice(path);
        if !path.is_empty() && !path.ends_with(b"/") {
            joined.push(b'/');
        }
    }
    joined.extend_from_slice(name);
    PathBuf::from(OsStr::from_bytes(&joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(paths: &StoredPaths, root: &str, file: &str) -> (String, bool) {
        let stored = paths.of(Path::new(root), Path::new(file));
        (stored.path.to_string_lossy().into_owned(), stored.not_a_prefix.is_none())
    }

    fn edited(strip: Option<&str>, prepend: Option<&str>) -> StoredPaths {
        StoredPaths::Edited { strip: strip.map(PathBuf::from), prepend: prepend.map(PathBuf::from) }
    }

    #[test]
    fn paths_are_stored_as_compileall_stores_them() {
        // Each was checked with compileall of CPython 3.14.
        let moved = StoredPaths::Moved("dest".into());
        assert_eq!(stored(&moved, "pkg", "pkg/a/b.py"), ("dest/a/b.py".to_owned(), true));
        assert_eq!(stored(&moved, "pkg/a.py", "pkg/a.py"), ("dest/a.py".to_owned(), true));
        assert_eq!(stored(&moved, "pkg/", "pkg/b.py"), ("dest/pkg/b.py".to_owned(), false));
        assert_eq!(stored(&StoredPaths::Moved("".into()), "pkg", "pkg/b.py"), ("b.py".to_owned(), true));
        let strip = edited(Some("/tmp/build"), None);
        assert_eq!(stored(&strip, "", "/tmp/build/usr/a.py"), ("usr/a.py".to_owned(), true));
        assert_eq!(stored(&strip, "", "/tmp/builds/a.py"), ("/tmp/builds/a.py".to_owned(), false));
        assert_eq!(stored(&edited(Some("/tmp/build"), Some("/")), "", "/tmp/build/usr/a.py").0, "/usr/a.py");
        assert_eq!(stored(&edited(None, Some("/x")), "", "pkg/a.py").0, "/x/pkg/a.py");
        assert_eq!(stored(&edited(None, Some("/x")), "", "/pkg/a.py").0, "/pkg/a.py");
        assert_eq!(stored(&edited(Some("a/"), None), "", "a/b.py"), ("a/b.py".to_owned(), false));
        assert_eq!(stored(&edited(Some(""), Some("/x")), "", "/a//b.py"), ("/x/a/b.py".to_owned(), true));
        assert_eq!(stored(&edited(Some("a/b.py"), None), "", "a/b.py"), ("a/b.py".to_owned(), true));
    }
}
