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
mod workers;

pub use interrupt::end_on_signals;
pub use plan::{Origin, Placement, Plan};
pub use report::{FileError, FileReport, FileStatus, Report, ShownWarning, Staleness, TargetStatus};
pub use stored_path::{StoredPath, StoredPaths};

use crate::pipeline::Output;
use crate::pyc::CacheFolder;
use crate::tree::{self, Entry, OrderKey, SourceStat};
use freshness::Sight;
use progress::Progress;
use queue::{Found, FoundFile, FoundFolder, Job, JobQueue};
use rayon::{Scope, ThreadPoolBuildError};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use workers::{Worker, Workers};

/// Does what the plan says. Fails only where no worker can be started.
pub fn run(plan: &Plan) -> Result<Report, ThreadPoolBuildError> {
    panics::keep_quiet();
    let run =
        Run { plan, outputs: plan.outputs(), queue: JobQueue::default(), progress: Progress::start(plan.progress) };
    let mut reports = Vec::new();
    for phase in tree::phases(plan.roots.iter().map(|root| root.as_path())) {
        run.phase(phase, &mut reports)?;
    }
    drop(run);
    Ok(Report::new(reports))
}

/// So many folders are listed as quickly as threads are started.
const FEW_FOLDERS: usize = 8;

struct Run<'p> {
    plan: &'p Plan,
    outputs: Vec<Output>,
    queue: JobQueue,
    progress: Progress,
}

/// What became of the files that one thread has dealt with.
type Reports = Vec<FileReport>;

impl Run<'_> {
    /// Does some of the arguments.
    ///
    /// This thread lists folders, alone until there is a file to compile or so many folders wait that it is worth the start of the
    /// workers. All else it leaves to them: its own stack is too small for the compiler. A single worker is to be alone at work, and
    /// starts when all is listed.
    fn phase(&self, roots: Range<usize>, reports: &mut Reports) -> Result<(), ThreadPoolBuildError> {
        self.queue.add(self.arguments(roots, reports));
        let jobs = self.plan.jobs.max(1);
        let mut waiting = self.queue.waiting();
        while jobs == 1 || (waiting.files == 0 && waiting.folders <= FEW_FOLDERS) {
            let Some(folder) = self.queue.next_folder() else { break };
            self.queue.add(self.folder(folder, reports));
            waiting = self.queue.waiting();
        }
        if waiting.folders + waiting.files == 0 {
            return Ok(());
        }
        // As long as folders wait there is no telling how many files there will be.
        let useful = if waiting.folders > 0 { usize::MAX } else { waiting.files };
        let workers = Workers::start(jobs.min(useful))?;
        workers.pool.in_place_scope(|scope| {
            self.spawn(scope, &workers, waiting.folders + waiting.files);
            while let Some(folder) = self.queue.next_folder() {
                self.folder_task(scope, &workers, folder, reports);
            }
        });
        workers.take_reports(reports);
        Ok(())
    }

    /// Has the pool do so many jobs of the queue.
    fn spawn<'s>(&'s self, scope: &Scope<'s>, workers: &'s Workers, jobs: usize) {
        for _ in 0..jobs {
            scope.spawn(move |scope| self.work(scope, workers));
        }
    }

    /// Does the first job of the queue, as one of the workers.
    fn work<'s>(&'s self, scope: &Scope<'s>, workers: &'s Workers) {
        // There is none where the thread that started the run has taken it, a folder then.
        let Some(job) = self.queue.next() else { return };
        let mut worker = workers.current();
        match job {
            Job::Folder(folder) => self.folder_task(scope, workers, folder, &mut worker.reports),
            Job::File(file) => {
                let report = self.file(&mut worker, file);
                worker.reports.push(report);
                self.progress.done(1);
            }
        }
    }

    /// Lists a folder and has the pool do what is in it.
    fn folder_task<'s>(&'s self, scope: &Scope<'s>, workers: &'s Workers, folder: FoundFolder, reports: &mut Reports) {
        let found = self.folder(folder, reports);
        let count = found.folders.len() + found.files.len();
        self.queue.add(found);
        self.spawn(scope, workers, count);
    }

    /// What is there to do for the arguments.
    fn arguments(&self, roots: Range<usize>, reports: &mut Reports) -> Found {
        let mut found = Found::default();
        for root in roots {
            let path = &self.plan.roots[root];
            match path.metadata() {
                // A named file that does not end in `.py` is passed over, as by compileall.
                Ok(metadata) if metadata.is_file() => {
                    if tree::is_source_name(path.as_os_str().as_bytes()) {
                        let file =
                            FoundFile { stat: SourceStat::of(&metadata), root, path: path.clone(), is_new: false };
                        found.files.extend(self.keep(file, reports));
                    } else {
                        reports.push(FileReport { key: OrderKey::new(root, path), status: FileStatus::NotSource });
                    }
                }
                _ => found.folders.push(FoundFolder { root, path: path.clone(), depth: 0 }),
            }
        }
        self.progress.found(found.files.len());
        found
    }

    /// Lists a folder. What is up to date in it, as far as can be seen without reading it, is done with.
    fn folder(&self, folder: FoundFolder, reports: &mut Reports) -> Found {
        let FoundFolder { root, path, depth } = folder;
        let entries = match tree::list_folder(&path, self.plan.stored_paths != StoredPaths::AsFound) {
            Ok(entries) => entries,
            Err(error) => {
                let is_failure = depth == 0 && self.plan.origin == Origin::Named;
                let status = FileStatus::Unlisted { error, is_failure };
                reports.push(FileReport { key: OrderKey { root, path }, status });
                return Found::default();
            }
        };
        let mut folders = Vec::new();
        let mut files = Vec::new();
        for entry in entries {
            match entry {
                Entry::Folder(path) => {
                    let is_wanted = depth < self.plan.max_depth && !self.excludes_folder(root, &path);
                    if is_wanted {
                        folders.push(FoundFolder { root, path, depth: depth + 1 });
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
        let files = if self.plan.force { files } else { self.stale(&path, files, reports) };
        reports.push(FileReport { key: OrderKey { root, path }, status: FileStatus::Listed });
        Found { folders, files }
    }

    /// The files of a folder that are not up to date, as far as can be seen without reading them.
    fn stale(&self, folder: &Path, files: Vec<FoundFile>, reports: &mut Reports) -> Vec<FoundFile> {
        let cache = match self.plan.placement {
            Placement::Cache if !files.is_empty() => Some(CacheFolder::open(folder)),
            _ => None,
        };
        let before = files.len();
        let mut stale = Vec::new();
        for mut file in files {
            match freshness::sight(self.plan, &self.outputs, cache.as_ref(), &file) {
                Sight::Fresh => {
                    let status = FileStatus::up_to_date(self.plan.targets.len());
                    reports.push(FileReport { key: OrderKey { root: file.root, path: file.path }, status });
                }
                sight => {
                    file.is_new = sight == Sight::New;
                    stale.push(file);
                }
            }
        }
        self.progress.done(before - stale.len());
        stale
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
                worker.forget();
                FileStatus::Internal(message)
            });
        FileReport { key: OrderKey { root: file.root, path: file.path }, status }
    }
}
