//! Runs: folders and files as tasks of one work-stealing pool, and what became of each.

mod file;
mod queue;
mod report;

pub use report::{FileReport, FileStatus, Report};

use crate::pipeline::{Compiler, Output};
use crate::pyc::InvalidationMode;
use crate::tree::{Entry, OrderKey, list_folder};
use queue::{FileQueue, FoundFile};
use rayon::{Scope, ThreadPoolBuildError, ThreadPoolBuilder};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What a run does, with every choice made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Files and folders, as they were named.
    pub roots: Vec<PathBuf>,
    /// What each source is compiled to, in the order in which it is written.
    pub outputs: Vec<Output>,
    pub invalidation: InvalidationMode,
    /// Compile what is up to date as well.
    pub force: bool,
    /// How many files are compiled at once; at least 1.
    pub jobs: usize,
    /// How many levels of folders below a named one are entered.
    pub max_depth: usize,
    /// Write `x.pyc` beside `x.py`.
    pub legacy: bool,
}

/// A worker's stack. Only what is touched takes memory; deeply nested source needs more than the customary 2 MiB.
const STACK_SIZE: usize = 512 << 20;

thread_local! {
    static WORKER: RefCell<Worker> = RefCell::new(Worker::default());
}

/// What a worker keeps from one file to the next.
#[derive(Default)]
struct Worker {
    compiler: Compiler,
    source: Vec<u8>,
    written: Vec<u8>,
}

/// Does what the plan says. Fails only where no worker can be started.
pub fn run(plan: &Plan) -> Result<Report, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(plan.jobs.max(1))
        .stack_size(STACK_SIZE)
        .thread_name(|i| format!("pycc-{i}"))
        .build()?;
    let run = Run { plan, queue: FileQueue::default(), reports: Mutex::new(Vec::new()) };
    pool.in_place_scope(|scope| {
        for (root, path) in plan.roots.iter().enumerate() {
            let run = &run;
            scope.spawn(move |scope| run.root(scope, root, path));
        }
    });
    let reports = run.reports.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(Report::new(reports))
}

struct Run<'p> {
    plan: &'p Plan,
    queue: FileQueue,
    reports: Mutex<Vec<FileReport>>,
}

impl<'p> Run<'p> {
    fn root<'s>(&'s self, scope: &Scope<'s>, root: usize, path: &'s Path) {
        match path.metadata() {
            Ok(found) if found.is_file() => {
                // As compileall: a file that is named must end in .py, else it is passed over.
                if path.extension().is_some_and(|e| e == "py") {
                    self.found(scope, FoundFile { size: found.len(), root, path: path.to_owned() });
                }
            }
            _ => self.folder(scope, root, path.to_owned(), 0),
        }
    }

    fn folder<'s>(&'s self, scope: &Scope<'s>, root: usize, path: PathBuf, depth: usize) {
        let entries = match list_folder(&path) {
            Ok(entries) => entries,
            Err(error) => {
                let status = FileStatus::Unlisted(error.error);
                return self.report(FileReport { key: OrderKey::new(root, &error.path), status });
            }
        };
        for entry in entries {
            match entry {
                Entry::Folder(path) if depth < self.plan.max_depth => {
                    scope.spawn(move |scope| self.folder(scope, root, path, depth + 1));
                }
                Entry::Folder(_) => {}
                Entry::Source { path, .. } => {
                    let size = path.metadata().map_or(0, |m| m.len());
                    self.found(scope, FoundFile { size, root, path });
                }
            }
        }
    }

    /// Queues a file and spawns a task that takes the largest of those queued by then.
    fn found<'s>(&'s self, scope: &Scope<'s>, file: FoundFile) {
        self.queue.push(file);
        scope.spawn(|_| {
            if let Some(file) = self.queue.pop() {
                self.file(&file);
            }
        });
    }

    fn file(&self, file: &FoundFile) {
        let status = WORKER.with_borrow_mut(|worker| {
            // A bug that one file brings to light must not end the run. Nothing half-done survives it: the compiler's
            // state is made anew, and files are written in one piece at the very end.
            catch_unwind(AssertUnwindSafe(|| file::process(self.plan, worker, &file.path))).unwrap_or_else(|payload| {
                *worker = Worker::default();
                FileStatus::internal_error(payload)
            })
        });
        self.report(FileReport { key: OrderKey::new(file.root, &file.path), status });
    }

    fn report(&self, report: FileReport) {
        self.reports.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(report);
    }
}
