//! What became of each file.

use crate::diagnostics::Warning;
use crate::pipeline::Failure;
use crate::tree::OrderKey;
use std::any::Any;
use std::io;

/// What became of one file or folder.
#[derive(Debug)]
pub enum FileStatus {
    /// Every output was written.
    Compiled { warnings: Vec<Warning> },
    /// Every output was there and fresh.
    UpToDate,
    /// The source was refused; nothing was written for it.
    Refused(Failure),
    /// The source could not be read, or an output could not be written.
    Io(io::Error),
    /// A folder could not be listed.
    Unlisted(io::Error),
    /// A bug of pycc.
    Internal(String),
}

impl FileStatus {
    /// The status of a file whose compilation panicked.
    pub(super) fn internal_error(payload: Box<dyn Any + Send>) -> FileStatus {
        let text = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "panic without a message".to_owned());
        FileStatus::Internal(text)
    }

    /// Whether the run fails on account of it.
    pub fn is_failure(&self) -> bool {
        !matches!(self, FileStatus::Compiled { .. } | FileStatus::UpToDate)
    }
}

/// A file or folder and what became of it.
#[derive(Debug)]
pub struct FileReport {
    pub key: OrderKey,
    pub status: FileStatus,
}

/// What became of all files, in the order of the walk.
#[derive(Debug)]
pub struct Report {
    pub files: Vec<FileReport>,
}

impl Report {
    pub(super) fn new(mut files: Vec<FileReport>) -> Report {
        files.sort_by(|a, b| a.key.cmp(&b.key));
        Report { files }
    }

    /// How many files were compiled.
    pub fn compiled(&self) -> usize {
        self.files.iter().filter(|f| matches!(f.status, FileStatus::Compiled { .. })).count()
    }

    /// How many files were up to date.
    pub fn up_to_date(&self) -> usize {
        self.files.iter().filter(|f| matches!(f.status, FileStatus::UpToDate)).count()
    }

    /// How many files or folders failed.
    pub fn failed(&self) -> usize {
        self.files.iter().filter(|f| f.status.is_failure()).count()
    }
}
