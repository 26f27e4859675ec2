//! What became of each file.

use crate::diagnostics::Warning;
use crate::pipeline::Failure;
use crate::tree::{OrderKey, SkipReason};
use std::io;
use std::path::PathBuf;

/// What became of one file or folder.
#[derive(Debug)]
pub enum FileStatus {
    /// A folder was listed.
    Listed,
    /// A folder, or an argument that is not a file, could not be listed.
    Unlisted { error: io::Error, is_failure: bool },
    /// A file is not a Python source; only told of where it was named, or where paths are edited, as compileall has a word to
    /// say on each then.
    NotSource,
    /// A file was left out as the plan says.
    Skipped(SkipReason),
    /// A file was dealt with, for each target in the order of the plan.
    Done { targets: Vec<TargetStatus>, warnings: Vec<ShownWarning> },
    /// The source could not be read.
    Unreadable(FileError),
    /// A bug of pycc.
    Internal(String),
}

/// What became of a file for one target.
#[derive(Debug)]
pub enum TargetStatus {
    /// Every level was there and fresh.
    UpToDate,
    /// Every level was written.
    Compiled(Staleness),
    /// The source was refused; nothing was written.
    Refused(Box<Failure>),
    /// A file could not be written.
    Unwritten(FileError),
}

/// Why a file was compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Staleness {
    /// It was asked for.
    Forced,
    /// There was no file.
    Missing,
    /// There was a file of another release, or a broken one.
    Foreign,
    /// The file finds out about changes in another way than the one asked for.
    OtherMode,
    /// The source is another than the one that the file was made of.
    Changed,
}

impl Staleness {
    /// A word for a report that programs read.
    pub const fn name(self) -> &'static str {
        match self {
            Staleness::Forced => "forced",
            Staleness::Missing => "missing",
            Staleness::Foreign => "foreign",
            Staleness::OtherMode => "other-mode",
            Staleness::Changed => "changed",
        }
    }
}

/// An error of the operating system and the file that it is about.
#[derive(Debug)]
pub struct FileError {
    pub error: io::Error,
    pub path: PathBuf,
}

/// A warning, with the text of its line.
#[derive(Debug)]
pub struct ShownWarning {
    pub warning: Warning,
    pub line: String,
}

impl FileStatus {
    /// Nothing had to be done for any of so many targets.
    pub(super) fn up_to_date(targets: usize) -> FileStatus {
        let targets = (0..targets).map(|_| TargetStatus::UpToDate).collect();
        FileStatus::Done { targets, warnings: Vec::new() }
    }

    /// Whether the run fails on account of it.
    pub fn is_failure(&self) -> bool {
        match self {
            FileStatus::Listed | FileStatus::NotSource | FileStatus::Skipped(_) => false,
            FileStatus::Unlisted { is_failure, .. } => *is_failure,
            FileStatus::Done { targets, .. } => targets.iter().any(TargetStatus::is_failure),
            FileStatus::Unreadable(_) | FileStatus::Internal(_) => true,
        }
    }

    /// Whether a file was written for any target.
    pub fn is_compiled(&self) -> bool {
        matches!(self, FileStatus::Done { targets, .. } if targets.iter().any(|t| matches!(t, TargetStatus::Compiled(_))))
    }

    /// Whether every file was there and fresh.
    pub fn is_up_to_date(&self) -> bool {
        matches!(self, FileStatus::Done { targets, .. } if targets.iter().all(|t| matches!(t, TargetStatus::UpToDate)))
    }
}

impl TargetStatus {
    /// Whether the run fails on account of it.
    pub fn is_failure(&self) -> bool {
        matches!(self, TargetStatus::Refused(_) | TargetStatus::Unwritten(_))
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
        files.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        Report { files }
    }

    /// How many files were compiled.
    pub fn compiled(&self) -> usize {
        self.files.iter().filter(|file| file.status.is_compiled()).count()
    }

    /// How many files were up to date.
    pub fn up_to_date(&self) -> usize {
        self.files.iter().filter(|file| file.status.is_up_to_date()).count()
    }

    /// How many files were left out.
    pub fn skipped(&self) -> usize {
        self.files.iter().filter(|file| matches!(file.status, FileStatus::Skipped(_))).count()
    }

    /// How many files or folders failed.
    pub fn failed(&self) -> usize {
        self.files.iter().filter(|file| file.status.is_failure()).count()
    }
}
