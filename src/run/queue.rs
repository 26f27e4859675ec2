//! What waits for a worker: folders to list first, then files to compile, the largest first.

use crate::tree::SourceStat;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A source file that was found.
#[derive(Debug, PartialEq, Eq)]
pub struct FoundFile {
    pub stat: SourceStat,
    /// The number of the command line argument it was found below.
    pub root: usize,
    pub path: PathBuf,
    /// The one file that it is compiled to is known not to be there.
    pub is_new: bool,
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

/// A queue that all threads share.
///
/// Folders go first: the earlier all files are known, the better the largest of them can be started early, so that no worker is
/// left alone with one at the end.
#[derive(Debug, Default)]
pub struct JobQueue {
    waiting: Mutex<Waiting>,
    /// Something was added, or the last folder was listed.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    folders: Vec<FoundFolder>,
    files: BinaryHeap<FoundFile>,
    /// How many folders are being listed, each of which may add to the others.
    listing: usize,
    /// How many threads wait for a change.
    idle: usize,
}

/// What one folder holds, while it is listed. Dropped, it becomes part of the queue.
pub struct Listing<'q> {
    queue: &'q JobQueue,
    pub folders: Vec<FoundFolder>,
    pub files: Vec<FoundFile>,
}

impl JobQueue {
    /// Starts to list something.
    pub fn listing(&self) -> Listing<'_> {
        self.lock().listing += 1;
        self.begun()
    }

    fn begun(&self) -> Listing<'_> {
        Listing { queue: self, folders: Vec::new(), files: Vec::new() }
    }

    /// Takes the next job, for which it may have to wait; nothing when all is done or taken.
    pub fn next(&self) -> Option<(Job, Option<Listing<'_>>)> {
        let mut waiting = self.lock();
        loop {
            if let Some(folder) = waiting.folders.pop() {
                waiting.listing += 1;
                return Some((Job::Folder(folder), Some(self.begun())));
            }
            if let Some(file) = waiting.files.pop() {
                return Some((Job::File(file), None));
            }
            if waiting.listing == 0 {
                return None;
            }
            waiting = self.wait(waiting);
        }
    }

    /// Takes the next folder, for which it may have to wait; nothing when no folder is left, or there is more to do than that.
    pub fn next_folder(&self) -> Option<(FoundFolder, Listing<'_>)> {
        let mut waiting = self.lock();
        loop {
            if let Some(folder) = waiting.folders.pop() {
                waiting.listing += 1;
                return Some((folder, self.begun()));
            }
            if waiting.listing == 0 || !waiting.files.is_empty() {
                return None;
            }
            waiting = self.wait(waiting);
        }
    }

    /// How many more threads would have something to do at once.
    pub fn waiting(&self) -> usize {
        let waiting = self.lock();
        waiting.folders.len() + waiting.files.len()
    }

    /// How many more threads would have something to do sooner or later, as far as is known.
    pub fn expected(&self) -> usize {
        let waiting = self.lock();
        if waiting.listing > 0 { usize::MAX } else { waiting.folders.len() + waiting.files.len() }
    }

    fn wait<'g>(&self, mut waiting: MutexGuard<'g, Waiting>) -> MutexGuard<'g, Waiting> {
        waiting.idle += 1;
        let mut waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        waiting.idle -= 1;
        waiting
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // A worker that panicked while it held the lock left the queue whole: nothing foreign runs meanwhile.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listing<'_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.lock();
        waiting.folders.append(&mut self.folders);
        waiting.files.extend(self.files.drain(..));
        waiting.listing -= 1;
        if waiting.idle > 0 {
            self.queue.changed.notify_all();
        }
    }
}
