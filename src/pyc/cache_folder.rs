//! An open `__pycache__`: files in it are found by their names alone, without a walk along the path for each.

use super::cache_path::file_name;
use super::header::{Found, found_header};
use crate::target::Target;
use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The `__pycache__` of a folder, if there is one.
pub struct CacheFolder {
    folder: Option<File>,
}

impl CacheFolder {
    /// Opens that of a folder. One that cannot be opened is as if it were not there: whoever writes to it will find out why.
    pub fn open(folder: &Path) -> CacheFolder {
        let options = libc::O_DIRECTORY | libc::O_PATH;
        CacheFolder {
            folder: OpenOptions::new().read(true).custom_flags(options).open(folder.join("__pycache__")).ok(),
        }
    }

    /// Reads the header of the file of a source, as [`super::read_header`] does.
    pub fn read_header(&self, source: &Path, target: &Target, optimize: u8) -> Found {
        let Some(folder) = &self.folder else { return Found::Nothing };
        let Ok(name) = CString::new(file_name(source, target, optimize).into_vec()) else { return Found::Foreign };
        found_header(target, |flags| {
            // SAFETY: the descriptor is open as long as `folder` lives, and the name ends with a zero byte.
            let opened =
                unsafe { libc::openat(folder.as_raw_fd(), name.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC | flags) };
            if opened < 0 {
                return Err(io::Error::last_os_error());
            }
            // SAFETY: the descriptor was just opened and belongs to nobody else.
            Ok(File::from(unsafe { OwnedFd::from_raw_fd(opened) }))
        })
    }
}
