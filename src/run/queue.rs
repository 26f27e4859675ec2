//! What waits for a worker: folders to list, and files to compile, the largest first.

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

/// What one folder holds, or the command line.
#[derive(Debug, Default)]
pub struct Found {
    pub folders: Vec<FoundFolder>,
    pub files: Vec<FoundFile>,
}

/// How much waits.
#[derive(Debug)]
pub struct Waiting {
    pub folders: usize,
    pub files: usize,
}

/// A queue that all workers share. For each job in it the pool has a task, which takes the first job, whichever that is: a pool of
/// its own accord knows nothing of what is urgent.
///
/// The earlier all files are known, the better the largest of them can be started early, so that no worker is left alone with one at
/// the end. So folders go first, unless there is a thread that does nothing but list them: then files need not wait for the walk.
#[derive(Debug, Default)]
pub struct JobQueue {
    jobs: Mutex<Jobs>,
}

#[derive(Debug, Default)]
struct Jobs {
    folders: Vec<FoundFolder>,
    files: BinaryHeap<FoundFile>,
    /// A thread that is no worker lists folders.
    has_lister: bool,
}

impl JobQueue {
    /// Adds jobs.
    pub fn add(&self, found: Found) {
        let mut jobs = self.lock();
        jobs.folders.extend(found.folders);
        jobs.files.extend(found.files);
    }

    /// Takes the first job.
    pub fn next(&self) -> Option<Job> {
        let mut jobs = self.lock();
        if jobs.has_lister
            && let Some(file) = jobs.files.pop()
        {
            return Some(Job::File(file));
        }
        jobs.folders.pop().map(Job::Folder).or_else(|| jobs.files.pop().map(Job::File))
    }

    /// Takes the first folder, for a thread that does nothing but list them.
    pub fn next_folder(&self) -> Option<FoundFolder> {
        let mut jobs = self.lock();
        let folder = jobs.folders.pop();
        jobs.has_lister = folder.is_some();
        folder
    }

    /// How much waits.
    pub fn waiting(&self) -> Waiting {
        let jobs = self.lock();
        Waiting { folders: jobs.folders.len(), files: jobs.files.len() }
    }

    fn lock(&self) -> MutexGuard<'_, Jobs> {
        // A worker that panicked while it held the lock left the queue whole: nothing foreign runs meanwhile.
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
