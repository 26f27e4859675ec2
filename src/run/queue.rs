//! What waits for a worker: folders to list first, then files to compile, the largest first.

use crate::tree::SourceStat;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A source file that was found.
#[derive(Debug, PartialEq, Eq)]
pub struct FoundFile {
    pub stat: SourceStat,
    /// The number of the command line argument it was found below.
    pub root: usize,
    pub path: PathBuf,
}

impl Ord for FoundFile {
    fn cmp(&self, other: &Self) -> Ordering {
        // Among files of one size the walk's order decides, the first before the last.
        let by_size = self.stat.size.cmp(&other.stat.size);
        by_size.then_with(|| (other.root, &other.path).cmp(&(self.root, &self.path)))
    }
}

impl PartialOrd for FoundFile {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A folder to list.
#[derive(Debug)]
pub struct FoundFolder {
    /// The number of the command line argument it was found below.
    pub root: usize,
    pub path: PathBuf,
    /// How many levels it lies below the argument.
    pub depth: usize,
}

/// Something to do.
#[derive(Debug)]
pub enum Job {
    Folder(FoundFolder),
    File(FoundFile),
}

/// A queue that all workers share. For each job that is put in, one task takes one out, though not the same.
///
/// Folders go first: the earlier all files are known, the better the largest of them can be started early, so that no worker is
/// left alone with one at the end.
#[derive(Debug, Default)]
pub struct JobQueue {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    folders: Vec<FoundFolder>,
    files: BinaryHeap<FoundFile>,
}

impl JobQueue {
    /// Adds a folder.
    pub fn push_folder(&self, folder: FoundFolder) {
        self.lock().folders.push(folder);
    }

    /// Adds files.
    pub fn push_files(&self, files: impl IntoIterator<Item = FoundFile>) {
        self.lock().files.extend(files);
    }

    /// Takes the next job.
    pub fn pop(&self) -> Option<Job> {
        let mut waiting = self.lock();
        waiting.folders.pop().map(Job::Folder).or_else(|| waiting.files.pop().map(Job::File))
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // A worker that panicked while it held the lock left the queue whole: nothing foreign runs meanwhile.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
