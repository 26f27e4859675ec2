//! Runs: folders and files as tasks of one work-stealing pool, and what became of each.

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
use crate::tree::{self, Entry, OrderKey, SourceStat};
use progress::Progress;
use queue::{FoundFile, FoundFolder, Job, JobQueue};
use rayon::{Scope, ThreadPoolBuildError, ThreadPoolBuilder};
use std::cell::RefCell;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// A worker's stack. Only what is touched takes memory; deeply nested source needs more than the customary 2 MiB.
const STACK_SIZE: usize = 512 << 20;

thread_local! {
    static WORKER: RefCell<Worker> = RefCell::new(Worker::default());
}

/// What a worker keeps from one file to the next.
#[derive(Default)]
struct Worker {
    compiler: Compiler,
    /// Longer than the source that is in it.
    source: Vec<u8>,
    written: Vec<u8>,
}

/// Does what the plan says. Fails only where no worker can be started.
pub fn run(plan: &Plan) -> Result<Report, ThreadPoolBuildError> {
    panics::keep_quiet();
    let pool = ThreadPoolBuilder::new()
        .num_threads(plan.jobs.max(1))
        .stack_size(STACK_SIZE)
        .thread_name(|i| format!("pycc-{i}"))
        .build()?;
    let run = Run {
        plan,
        outputs: plan.outputs(),
        queue: JobQueue::default(),
        reports: Mutex::new(Vec::new()),
        progress: Progress::start(plan.progress),
    };
    for phase in tree::phases(plan.roots.iter().map(|root| root.as_path())) {
        pool.in_place_scope(|scope| run.phase(scope, phase));
    }
    let Run { reports, progress, .. } = run;
    drop(progress);
    let reports = reports.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(pool.install(|| Report::new(reports)))
}

struct Run<'p> {
    plan: &'p Plan,
    outputs: Vec<Output>,
    queue: JobQueue,
    reports: Mutex<Vec<FileReport>>,
    progress: Progress,
}

impl<'p> Run<'p> {
    /// Starts with some of the arguments.
    fn phase<'s>(&'s self, scope: &Scope<'s>, roots: Range<usize>) {
        let mut files = Vec::new();
        for root in roots {
            let path = &self.plan.roots[root];
            match path.metadata() {
                // A named file that does not end in `.py` is passed over, as by compileall.
                Ok(found) if found.is_file() => {
                    if tree::is_source_name(path.as_os_str().as_bytes()) {
                        files.push(FoundFile { stat: SourceStat::of(&found), root, path: path.clone() });
                    } else {
                        self.report(OrderKey::new(root, path), FileStatus::NotSource);
                    }
                }
                _ => self.found_folder(scope, FoundFolder { root, path: path.clone(), depth: 0 }),
            }
        }
        self.found_files(scope, files);
    }

    /// Takes the next job out of the queue and does it.
    fn work<'s>(&'s self, scope: &Scope<'s>) {
        match self.queue.pop() {
            Some(Job::Folder(folder)) => self.folder(scope, folder),
            Some(Job::File(file)) => {
                self.file(file);
                self.progress.done();
            }
            None => {}
        }
    }

    fn folder<'s>(&'s self, scope: &Scope<'s>, folder: FoundFolder) {
        let FoundFolder { root, path, depth } = folder;
        let entries = match tree::list_folder(&path, self.plan.stored_paths != StoredPaths::AsFound) {
            Ok(entries) => entries,
            Err(error) => {
                let is_failure = depth == 0 && self.plan.origin == Origin::Named;
                return self.report(OrderKey { root, path }, FileStatus::Unlisted { error, is_failure });
            }
        };
        self.report(OrderKey { root, path }, FileStatus::Listed);
        let mut files = Vec::new();
        for entry in entries {
            match entry {
                Entry::Folder(path) => {
                    let is_wanted = depth < self.plan.max_depth && !self.excludes_folder(root, &path);
                    if is_wanted {
                        self.found_folder(scope, FoundFolder { root, path, depth: depth + 1 });
                    }
                }
                Entry::Source { path, stat } => files.push(FoundFile { stat, root, path }),
                Entry::Other(path) => self.report(OrderKey { root, path }, FileStatus::NotSource),
            }
        }
        self.found_files(scope, files);
    }

    fn excludes_folder(&self, root: usize, path: &Path) -> bool {
        self.plan.filter.excludes_folder(&self.plan.roots[root], path)
    }

    fn found_folder<'s>(&'s self, scope: &Scope<'s>, folder: FoundFolder) {
        self.queue.push_folder(folder);
        scope.spawn(|scope| self.work(scope));
    }

    /// Queues files, and for each a task that takes the best job there is by then.
    fn found_files<'s>(&'s self, scope: &Scope<'s>, mut files: Vec<FoundFile>) {
        if !self.plan.filter.is_empty() {
            files = files.into_iter().filter_map(|file| self.keep(file)).collect();
        }
        let count = files.len();
        self.progress.found(count);
        self.queue.push_files(files);
        for _ in 0..count {
            scope.spawn(|scope| self.work(scope));
        }
    }

    /// Drops a file that is to be left out, and notes why.
    fn keep(&self, file: FoundFile) -> Option<FoundFile> {
        match self.plan.filter.skips(&self.plan.roots[file.root], &file.path) {
            Some(reason) => {
                self.report(OrderKey { root: file.root, path: file.path }, FileStatus::Skipped(reason));
                None
            }
            None => Some(file),
        }
    }

    fn file(&self, file: FoundFile) {
        let status = WORKER.with_borrow_mut(|worker| {
            // A bug that one file brings to light must not end the run. Nothing half-done survives it: the compiler's
            // state is made anew, and files are written in one piece at the very end.
            panics::catch(|| file::process(self.plan, &self.outputs, worker, &file)).unwrap_or_else(|message| {
                *worker = Worker::default();
                FileStatus::Internal(message)
            })
        });
        self.report(OrderKey { root: file.root, path: file.path }, status);
    }

    fn report(&self, key: OrderKey, status: FileStatus) {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).push(FileReport { key, status });
    }
}
