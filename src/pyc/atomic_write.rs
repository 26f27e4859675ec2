//! Putting a file in place at one blow: readers see the old one or the new one, never a part.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock, RwLockWriteGuard};

/// How many names are tried for the temporary file.
const ATTEMPTS: u32 = 100;

/// Makes the names of this process's temporary files differ.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Makes them differ from those of other processes.
static PROCESS: LazyLock<u32> = LazyLock::new(std::process::id);

/// Held for reading while a temporary file exists.
static WRITING: RwLock<()> = RwLock::new(());

/// Waits until no temporary file exists, and lets none be made as long as the guard lives.
pub fn stop_writing() -> RwLockWriteGuard<'static, ()> {
    WRITING.write().unwrap_or_else(PoisonError::into_inner)
}

/// The permissions of the file that is written for a source: the source's, but writable for its owner and executable for nobody.
///
/// Mirrors CPython 3.14: `importlib._bootstrap_external._calc_mode` and `_write_atomic`.
pub const fn mode_for_source(source: u32) -> u32 {
    (source | 0o200) & 0o666
}

/// Refuses a target that a rename would turn from a link or device into a regular file, in the words of CPython 3.14's
/// `py_compile.compile`.
pub fn check_target(path: &Path) -> io::Result<()> {
    let Ok(metadata) = fs::symlink_metadata(path) else { return Ok(()) };
    let what = if metadata.file_type().is_symlink() {
        "is a symlink and will be changed into a regular file if"
    } else if !metadata.is_file() {
        "is a non-regular file and will be changed into a regular one if"
    } else {
        return Ok(());
    };
    let message = format!("{} {what} import writes a byte-compiled file to it", path.display());
    Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
}

/// Writes a file by way of a temporary one in the same folder. Folders that are missing are made.
///
/// The permissions are `mode` less the process's umask. On failure nothing is left behind.
/// Mirrors CPython 3.14: `importlib._bootstrap_external._write_atomic`.
pub fn write_atomic(path: &Path, data: &[u8], mode: u32) -> io::Result<()> {
    let _writing = WRITING.read().unwrap_or_else(PoisonError::into_inner);
    let (mut file, temporary) = match create_temporary(path, mode) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Looked at only now, as the folder is nearly always there.
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                fs::create_dir_all(folder)?;
            }
            create_temporary(path, mode)?
        }
        created => created?,
    };
    let written = file.write_all(data);
    drop(file);
    let result = written.and_then(|()| fs::rename(&temporary, path));
    if result.is_err() {
        // The first error is the one to tell of.
        let _ = fs::remove_file(&temporary);
    }
    result
}

/// Makes `path` another name of the file `original`, in place of what it named before.
pub fn link_atomic(original: &Path, path: &Path) -> io::Result<()> {
    let _writing = WRITING.read().unwrap_or_else(PoisonError::into_inner);
    let ((), temporary) = with_temporary_name(path, |temporary| fs::hard_link(original, temporary))?;
    let result = fs::rename(&temporary, path);
    // A rename between two names of one file does nothing and leaves both.
    let _ = fs::remove_file(&temporary);
    result
}

fn create_temporary(path: &Path, mode: u32) -> io::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(mode & 0o666);
    with_temporary_name(path, |temporary| options.open(temporary))
}

/// Makes something under a name that is not taken yet.
fn with_temporary_name<T>(path: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(T, PathBuf)> {
    let mut attempt = 0;
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}-{number}", *PROCESS));
        let temporary = PathBuf::from(name);
        match make(&temporary) {
            Ok(made) => return Ok((made, temporary)),
            // Left over by a process of the same number that was killed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}
