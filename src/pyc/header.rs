//! The 16 bytes before the code object: the magic number, and what tells whether the file still fits its source (PEP 552).

use crate::target::Target;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Where a file's validity comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum InvalidationMode {
    /// The source's time of change and size.
    #[default]
    Timestamp,
    /// The source's hash, which each import computes anew.
    CheckedHash,
    /// The source's hash, which no import looks at.
    UncheckedHash,
}

impl InvalidationMode {
    /// The mode where none is asked for, given the variable SOURCE_DATE_EPOCH.
    ///
    /// Mirrors CPython 3.14: `py_compile._get_default_invalidation_mode`.
    pub fn default_for(source_date_epoch: Option<&std::ffi::OsStr>) -> InvalidationMode {
        match source_date_epoch {
            Some(value) if !value.is_empty() => InvalidationMode::CheckedHash,
            _ => InvalidationMode::Timestamp,
        }
    }
}

/// The header of a .pyc file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Header {
    /// The low 32 bits of the source's time of change in seconds and of its size.
    Timestamp { mtime: u32, size: u32 },
    /// The source's hash.
    Hash { checked: bool, hash: [u8; 8] },
}

/// The second word of a header: the hash is there, and imports check it.
const FLAG_HASH: u32 = 1;
const FLAG_CHECKED: u32 = 2;

impl Header {
    /// The number of bytes.
    pub const LEN: usize = 16;

    /// The bytes, for a release.
    pub fn to_bytes(self, target: &Target) -> [u8; Header::LEN] {
        let (flags, rest) = match self {
            Header::Timestamp { mtime, size } => (0, (size as u64) << 32 | mtime as u64),
            Header::Hash { checked, hash } => {
                (FLAG_HASH | if checked { FLAG_CHECKED } else { 0 }, u64::from_le_bytes(hash))
            }
        };
        let first = (flags as u64) << 32 | target.magic_word() as u64;
        let mut bytes = [0; Header::LEN];
        bytes[..8].copy_from_slice(&first.to_le_bytes());
        bytes[8..].copy_from_slice(&rest.to_le_bytes());
        bytes
    }

    /// Reads a header of this release; nothing where it is of another, or not a header.
    pub fn parse(bytes: &[u8], target: &Target) -> Option<Header> {
        let word = |at: usize| -> Option<u32> { Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)) };
        if word(0)? != target.magic_word() {
            return None;
        }
        let hash = bytes.get(8..16)?.try_into().ok()?;
        match word(4)? {
            0 => Some(Header::Timestamp { mtime: word(8)?, size: word(12)? }),
            FLAG_HASH => Some(Header::Hash { checked: false, hash }),
            flags if flags == FLAG_HASH | FLAG_CHECKED => Some(Header::Hash { checked: true, hash }),
            _ => None,
        }
    }

    /// Whether a file with this header need not be written again when `wanted` is what would be written.
    ///
    /// As in `compileall` the size is not looked at. Unlike there, a file counts only for the mode that is asked for: a hash-based
    /// file with the right hash is up to date (gh-121577), and a timestamp does not stand in for a hash (gh-117204).
    pub fn satisfies(self, wanted: Header) -> bool {
        match (self, wanted) {
            (Header::Timestamp { mtime: a, .. }, Header::Timestamp { mtime: b, .. }) => a == b,
            (a @ Header::Hash { .. }, b @ Header::Hash { .. }) => a == b,
            _ => false,
        }
    }

    /// Whether the mode asked for is the one that this header has, so that its times or hashes can be compared at all.
    pub fn has_mode(self, mode: InvalidationMode) -> bool {
        match self {
            Header::Timestamp { .. } => mode == InvalidationMode::Timestamp,
            Header::Hash { checked: true, .. } => mode == InvalidationMode::CheckedHash,
            Header::Hash { checked: false, .. } => mode == InvalidationMode::UncheckedHash,
        }
    }
}

/// What lies where a file will be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// Nothing, not even a link.
    Nothing,
    /// A file of another release, or none that Python could read.
    Foreign,
    /// A file of the release.
    Header(Header),
}

/// Reads the header of an existing file.
pub fn read_header(path: &Path, target: &Target) -> Found {
    found_header(target, |flags| OpenOptions::new().read(true).custom_flags(flags).open(path))
}

/// The header of what `open` opens with more flags.
pub(super) fn found_header(target: &Target, open: impl Fn(i32) -> io::Result<File>) -> Found {
    // A link is followed only in a second attempt, so that `Nothing` means that there is nothing to take care of.
    // Opening a pipe must not wait for its other end.
    let mut file = match open(libc::O_NONBLOCK | libc::O_NOFOLLOW) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Nothing,
        Err(_) => match open(libc::O_NONBLOCK) {
            Ok(file) => file,
            Err(_) => return Found::Foreign,
        },
    };
    let mut bytes = [0; Header::LEN];
    let mut filled = 0;
    while filled < Header::LEN {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => return Found::Foreign,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Found::Foreign,
        }
    }
    Header::parse(&bytes, target).map_or(Found::Foreign, Found::Header)
}
