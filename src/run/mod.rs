//! Runs: the threads that list folders and compile files, and what became of each.

mod file;
mod freshness;
mod interrupt;
mod panics;
mod plan;
mod progress;
mod queue;
mod report;
mod stored_path;

pub use interrupt::end_on_signals;
pub use plan::{Origin, Placement, Plan};
pub use report::{FileError, FileReport, FileStatus, Report, ShownWarning, Staleness, TargetStatus};
pub use stored_path::{StoredPath, StoredPaths};

use crate::pipeline::{Compiler, Output};
use crate::pyc::CacheFolder;
use crate::tree::{self, Entry, OrderKey, SourceStat};
use freshness::Sight;
use progress::Progress;
use queue::{FoundFile, FoundFolder, Job, JobQueue, Listing};
use std::io;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// A worker's stack. Only what is touched takes memory; deeply nested source needs more than the customary 2 MiB.
const STACK_SIZE: usize = 512 << 20;

/// What a worker keeps from one file to the next.
#[derive(Default)]
struct Worker {
    compiler: Compiler,
    /// Longer than the source that is in it.
    source: Vec<u8>,
    written: Vec<u8>,
}

/// Does what the plan says. Fails only where no worker can be started.
pub fn run(plan: &Plan) -> io::Result<Report> {
    panics::keep_quiet();
    let run = Run {
        plan,
        outputs: plan.outputs(),
        queue: JobQueue::default(),
        reports: Mutex::new(Vec::new()),
        progress: Progress::start(plan.progress),
    };
    for phase in tree::phases(plan.roots.iter().map(|root| root.as_path())) {
        run.phase(phase)?;
    }
    let Run { reports, progress, .. } = run;
    drop(progress);
    Ok(Report::new(reports.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

struct Run<'p> {
    plan: &'p Plan,
    outputs: Vec<Output>,
    queue: JobQueue,
    reports: Mutex<Vec<FileReport>>,
    progress: Progress,
}

/// What became of the files that one thread has dealt with.
type Reports = Vec<FileReport>;

impl Run<'_> {
    /// Does some of the arguments.
    ///
    /// This thread takes the place of a worker as long as folders are to be listed, so that where nothing is to be compiled none
    /// need be started, and only then makes room for one: its own stack is too small for the compiler.
    fn phase(&self, roots: Range<usize>) -> io::Result<()> {
        let mut reports = Vec::new();
        self.take_arguments(roots, &mut reports);
        let jobs = self.plan.jobs.max(1);
        let mut workers = 0;
        let mut result = Ok(());
        thread::scope(|scope| {
            let mut start = |count: usize| {
                for _ in 0..count {
                    let thread = thread::Builder::new().name(format!("pycc-{workers}")).stack_size(STACK_SIZE);
                    match thread.spawn_scoped(scope, || self.work()) {
                        Ok(_) => workers += 1,
                        // The others can do without it, if there are any.
                        Err(error) if workers == 0 => result = Err(error),
                        Err(_) => {}
                    }
                }
                workers
            };
            let mut started = 0;
            while let Some((folder, listing)) = self.queue.next_folder() {
                if started + 1 < jobs {
                    started = start(self.queue.waiting().min(jobs - 1 - started));
                }
                self.folder(folder, listing, &mut reports);
            }
            start(self.queue.expected().min(jobs - started));
        });
        self.add_reports(reports);
        result
    }

    fn take_arguments(&self, roots: Range<usize>, reports: &mut Reports) {
        let mut listing = self.queue.listing();
        for root in roots {
            let path = &self.plan.roots[root];
            match path.metadata() {
                // A named file that does not end in `.py` is passed over, as by compileall.
                Ok(found) if found.is_file() => {
                    if tree::is_source_name(path.as_os_str().as_bytes()) {
                        let file = FoundFile { stat: SourceStat::of(&found), root, path: path.clone(), is_new: false };
                        listing.files.extend(self.keep(file, reports));
                    } else {
                        reports.push(FileReport { key: OrderKey::new(root, path), status: FileStatus::NotSource });
                    }
                }
                _ => listing.folders.push(FoundFolder { root, path: path.clone(), depth: 0 }),
            }
        }
        self.progress.found(listing.files.len());
    }

    /// Does jobs until there are none.
    fn work(&self) {
        let mut worker = Worker::default();
        let mut reports = Vec::new();
        while let Some((job, listing)) = self.queue.next() {
            match (job, listing) {
                (Job::Folder(folder), Some(listing)) => self.folder(folder, listing, &mut reports),
                (Job::File(file), _) => {
                    reports.push(self.file(&mut worker, file));
                    self.progress.done(1);
                }
                (Job::Folder(_), None) => {}
            }
        }
        self.add_reports(reports);
    }

    fn folder(&self, folder: FoundFolder, mut listing: Listing<'_>, reports: &mut Reports) {
        let FoundFolder { root, path, depth } = folder;
        let entries = match tree::list_folder(&path, self.plan.stored_paths != StoredPaths::AsFound) {
            Ok(entries) => entries,
            Err(error) => {
                let is_failure = depth == 0 && self.plan.origin == Origin::Named;
                let status = FileStatus::Unlisted { error, is_failure };
                reports.push(FileReport { key: OrderKey { root, path }, status });
                return;
            }
        };
        let mut files = Vec::new();
        for entry in entries {
            match entry {
                Entry::Folder(path) => {
                    let is_wanted = depth < self.plan.max_depth && !self.excludes_folder(root, &path);
                    if is_wanted {
                        listing.folders.push(FoundFolder { root, path, depth: depth + 1 });
                    }
                }
                Entry::Source { path, stat } => {
                    files.extend(self.keep(FoundFile { stat, root, path, is_new: false }, reports));
                }
                Entry::Other(path) => {
                    reports.push(FileReport { key: OrderKey { root, path }, status: FileStatus::NotSource });
                }
            }
        }
        self.progress.found(files.len());
        if self.plan.force {
            listing.files = files;
        } else {
            self.sight(&path, files, &mut listing, reports);
        }
        reports.push(FileReport { key: OrderKey { root, path }, status: FileStatus::Listed });
    }

    /// Queues the files of a folder that are not up to date, as far as can be seen without reading them.
    fn sight(&self, folder: &Path, files: Vec<FoundFile>, listing: &mut Listing<'_>, reports: &mut Reports) {
        let cache = match self.plan.placement {
            Placement::Cache if !files.is_empty() => Some(CacheFolder::open(folder)),
            _ => None,
        };
        let before = files.len();
        for mut file in files {
            match freshness::sight(self.plan, &self.outputs, cache.as_ref(), &file) {
                Sight::Fresh => {
                    let status = FileStatus::up_to_date(self.plan.targets.len());
                    reports.push(FileReport { key: OrderKey { root: file.root, path: file.path }, status });
                }
                sight => {
                    file.is_new = sight == Sight::New;
                    listing.files.push(file);
                }
            }
        }
        self.progress.done(before - listing.files.len());
    }

    fn excludes_folder(&self, root: usize, path: &Path) -> bool {
        self.plan.filter.excludes_folder(&self.plan.roots[root], path)
    }

    /// Drops a file that is to be left out, and notes why.
    fn keep(&self, file: FoundFile, reports: &mut Reports) -> Option<FoundFile> {
        if self.plan.filter.is_empty() {
            return Some(file);
        }
        let Some(reason) = self.plan.filter.skips(&self.plan.roots[file.root], &file.path) else { return Some(file) };
        let key = OrderKey { root: file.root, path: file.path };
        reports.push(FileReport { key, status: FileStatus::Skipped(reason) });
        None
    }

    fn file(&self, worker: &mut Worker, file: FoundFile) -> FileReport {
        // A bug that one file brings to light must not end the run. Nothing half-done survives it: the compiler's state is made
        // anew, and files are written in one piece at the very end.
        let status =
            panics::catch(|| file::process(self.plan, &self.outputs, worker, &file)).unwrap_or_else(|message| {
                *worker = Worker::default();
                FileStatus::Internal(message)
            });
        FileReport { key: OrderKey { root: file.root, path: file.path }, status }
    }

    fn add_reports(&self, mut reports: Reports) {
        let mut all = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        if all.is_empty() {
            *all = reports;
        } else {
            all.append(&mut reports);
        }
    }
}
