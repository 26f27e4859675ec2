//! Listing one folder. Mirrors compileall's `_walk_dir`: folders named `__pycache__` and links to folders are not entered,
//! links to files are files, links to nothing are passed over.

use std::fs::{self, FileType};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What a folder holds that a run has to look at.
#[derive(Debug)]
pub enum Entry {
    Folder(PathBuf),
    /// A file whose name ends in `.py`, or a link to one.
    Source {
        path: PathBuf,
        is_link: bool,
    },
}

/// A folder that could not be listed.
#[derive(Debug)]
pub struct WalkError {
    pub path: PathBuf,
    pub error: io::Error,
}

/// Lists a folder, sorted by name.
pub fn list_folder(folder: &Path) -> Result<Vec<Entry>, WalkError> {
    let fail = |error| WalkError { path: folder.to_owned(), error };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name();
        let kind = entry.file_type().map_err(fail)?;
        if kind.is_dir() {
            if name != "__pycache__" {
                found.push((name, Entry::Folder(entry.path())));
            }
        } else if name.as_bytes().ends_with(b".py") && is_regular(&entry.path(), kind) {
            found.push((name, Entry::Source { path: entry.path(), is_link: kind.is_symlink() }));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

fn is_regular(path: &Path, kind: FileType) -> bool {
    if kind.is_symlink() { fs::metadata(path).is_ok_and(|m| m.is_file()) } else { kind.is_file() }
}
