//! Listing one folder. Mirrors compileall's `_walk_dir`: folders named `__pycache__` and links to folders are not entered,
//! links to files are files, links to nothing are passed over.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What a run needs to know of a source file besides its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceStat {
    /// The time of change, in whole seconds as Python counts them.
    pub mtime: i64,
    /// In bytes.
    pub size: u64,
    /// The permissions, with the bits that say what kind of file it is.
    pub mode: u32,
}

impl SourceStat {
    /// Takes what is needed.
    pub fn of(metadata: &Metadata) -> SourceStat {
        // `int(st_mtime)`: Python adds seconds and nanoseconds as floats, which rounds up just before a full second.
        let mtime = (metadata.mtime() as f64 + 1e-9 * metadata.mtime_nsec() as f64) as i64;
        SourceStat { mtime, size: metadata.size(), mode: metadata.mode() }
    }
}

/// What a folder holds that a run has to look at.
#[derive(Debug)]
pub enum Entry {
    /// A folder to enter.
    Folder(PathBuf),
    /// A file whose name ends in `.py`, or a link to one.
    Source { path: PathBuf, stat: SourceStat },
    /// Anything else but a link to a folder; only told of when asked for.
    Other(PathBuf),
}

/// Lists a folder, in no order.
pub fn list_folder(folder: &Path, with_others: bool) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if name != "__pycache__" {
                found.push(Entry::Folder(join(folder, name)));
            }
        } else if is_source_name(name.as_bytes()) {
            let path = join(folder, name);
            // What the folder says of an ordinary file needs no walk along the path.
            let metadata = match entry.metadata() {
                Ok(metadata) if metadata.is_file() => Ok(metadata),
                _ => fs::metadata(&path),
            };
            // One that is gone by now, or a link to nothing, is as if it had never been there.
            match metadata {
                Ok(metadata) if metadata.is_file() => {
                    found.push(Entry::Source { path, stat: SourceStat::of(&metadata) });
                }
                Ok(metadata) if metadata.is_dir() => {}
                _ if with_others => found.push(Entry::Other(path)),
                _ => {}
            }
        } else if with_others {
            let path = join(folder, name);
            if !kind.is_symlink() || !path.is_dir() {
                found.push(Entry::Other(path));
            }
        }
    }
    Ok(found)
}

/// Whether a file of this name is compiled.
pub fn is_source_name(name: &[u8]) -> bool {
    name.ends_with(b".py")
}

/// `os.path.join` of CPython for a name.
fn join(folder: &Path, name: OsString) -> PathBuf {
    let mut path = OsString::with_capacity(folder.as_os_str().len() + 1 + name.len());
    path.push(folder);
    if !path.as_bytes().ends_with(b"/") {
        path.push("/");
    }
    path.push(name);
    path.into()
}
