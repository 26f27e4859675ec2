//! The files that wait for a worker, the largest first.

use std::collections::BinaryHeap;
use std::path::PathBuf;
use std::sync::Mutex;

/// A source file that was found.
#[derive(Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// In bytes; compared first, so that the largest file is the greatest.
    pub size: u64,
    /// The number of the command line argument it was found below.
    pub root: usize,
    pub path: PathBuf,
}

impl Ord for FoundFile {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Among files of one size the walk's order decides, the first before the last.
        self.size.cmp(&other.size).then_with(|| (other.root, &other.path).cmp(&(self.root, &self.path)))
    }
}

impl PartialOrd for FoundFile {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A queue that all workers share. For each file that is put in, one task takes one out, though not the same.
#[derive(Debug, Default)]
pub struct FileQueue {
    files: Mutex<BinaryHeap<FoundFile>>,
}

impl FileQueue {
    /// Adds a file.
    pub fn push(&self, file: FoundFile) {
        self.lock().push(file);
    }

    /// Takes the largest file.
    pub fn pop(&self) -> Option<FoundFile> {
        self.lock().pop()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BinaryHeap<FoundFile>> {
        // A worker that panicked while it held the lock left the heap whole: push and pop do not run foreign code.
        self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
