//! The threads that compile, and what each of them keeps from one file to the next.

use super::Reports;
use crate::pipeline::Compiler;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// A worker's stack. Only what is touched takes memory; deeply nested source needs more than the customary 2 MiB.
const STACK_SIZE: usize = 512 << 20;

/// What a worker keeps from one job to the next. It is aligned so that no two write to the same line of the processor's cache.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Worker {
    pub compiler: Compiler,
    /// Longer than the source that is in it.
    pub source: Vec<u8>,
    pub written: Vec<u8>,
    pub reports: Reports,
}

impl Worker {
    /// Makes all anew that the files so far may have left behind, except for what is to be told of them.
    pub fn forget(&mut self) {
        let reports = std::mem::take(&mut self.reports);
        *self = Worker { reports, ..Worker::default() };
    }
}

/// A pool and its workers.
pub(super) struct Workers {
    pub pool: ThreadPool,
    /// One for each thread of the pool, which alone takes it as long as the pool has work. A thread does one task after the other, as
    /// none of them waits for another.
    workers: Vec<Mutex<Worker>>,
}

impl Workers {
    /// Starts so many threads, or as many of them as there can be.
    pub fn start(count: usize) -> Result<Workers, ThreadPoolBuildError> {
        let mut count = count;
        loop {
            let mut threads = Vec::new();
            let pool = ThreadPoolBuilder::new()
                .num_threads(count)
                .spawn_handler(|thread| {
                    let name = format!("pycc-{}", thread.index());
                    let builder = thread::Builder::new().name(name).stack_size(STACK_SIZE);
                    threads.push(builder.spawn(|| thread.run())?);
                    Ok(())
                })
                .build();
            match pool {
                Ok(pool) => {
                    let workers = (0..pool.current_num_threads()).map(|_| Mutex::default()).collect();
                    return Ok(Workers { pool, workers });
                }
                Err(error) if threads.is_empty() => return Err(error),
                // The others can do without those that could not be started, but a pool is of one size from the start. The next one
                // needs the memory of this one's threads, which end now.
                Err(_) => {
                    count = threads.len();
                    for thread in threads {
                        // One that panicked has ended as well.
                        let _ = thread.join();
                    }
                }
            }
        }
    }

    /// The worker that this thread of the pool is.
    pub fn current(&self) -> MutexGuard<'_, Worker> {
        let index = self.pool.current_thread_index().unwrap_or_default();
        // Panics of the compiler are caught while the lock is held, and what they leave behind is forgotten.
        self.workers[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the threads; adds what became of the files that they have dealt with.
    pub fn take_reports(self, reports: &mut Reports) {
        for worker in self.workers {
            reports.append(&mut worker.into_inner().unwrap_or_else(PoisonError::into_inner).reports);
        }
    }
}
