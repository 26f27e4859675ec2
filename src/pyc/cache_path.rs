//! Where the file of a source lies.

use crate::target::Target;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

/// The file in `__pycache__`, or below the prefix where there is one: `x.py` has `__pycache__/x.cpython-314.opt-1.pyc`.
///
/// A source that is not absolute lies below `current` as far as the prefix is concerned.
/// Mirrors CPython 3.14: `importlib.util.cache_from_source`.
pub fn cache_path(source: &Path, target: &Target, optimize: u8, prefix: Option<&Path>, current: &Path) -> PathBuf {
    let name = file_name(source, target, optimize);
    let folder = source.parent().unwrap_or(Path::new(""));
    match prefix {
        None => {
            let mut path = PathBuf::with_capacity(source.as_os_str().len() + 40);
            path.push(folder);
            path.push("__pycache__");
            path.push(name);
            path
        }
        Some(prefix) => {
            let mut path = prefix.to_path_buf();
            let absolute = if folder.is_absolute() { folder.to_path_buf() } else { current.join(folder) };
            for component in absolute.components() {
                // A root or a drive would throw away what was pushed before.
                if !matches!(component, Component::RootDir | Component::Prefix(_)) {
                    path.push(component);
                }
            }
            path.push(name);
            path
        }
    }
}

/// The file beside the source: `x.py` has `x.pyc`, whatever the level.
pub fn legacy_path(source: &Path) -> PathBuf {
    let mut path = source.as_os_str().to_owned();
    path.push("c");
    path.into()
}

/// The name of the file of a source within its folder.
pub(super) fn file_name(source: &Path, target: &Target, optimize: u8) -> OsString {
    let full = source.file_name().unwrap_or(OsStr::new(""));
    let bytes = full.as_encoded_bytes();
    let mut name = OsString::with_capacity(bytes.len() + 24);
    match bytes.iter().rposition(|&b| b == b'.') {
        Some(dot) => {
            // `.py` keeps its ending for a name, as in CPython.
            let stem = if dot > 0 { &bytes[..dot] } else { &bytes[1..] };
            // SAFETY: the bytes come from an OsStr and are cut before or behind an ASCII character.
            name.push(unsafe { OsStr::from_encoded_bytes_unchecked(stem) });
            name.push(".");
        }
        None => name.push(full),
    }
    name.push(target.cache_tag);
    if optimize > 0 {
        name.push([".opt-0", ".opt-1", ".opt-2"].get(optimize as usize).copied().unwrap_or_default());
    }
    name.push(".pyc");
    name
}
