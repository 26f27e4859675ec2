//! How far the run is, on standard error, once it takes longer than a moment.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Runs that end sooner show nothing.
const PATIENCE: Duration = Duration::from_millis(400);

/// The time from one picture to the next.
const PERIOD: Duration = Duration::from_millis(80);

/// Counts that workers add to, and a thread that shows them.
pub(super) struct Progress {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    found: AtomicU64,
    done: AtomicU64,
    over: Mutex<bool>,
    wake: Condvar,
}

impl Progress {
    /// Starts; without `shown` it only counts.
    pub fn start(shown: bool) -> Progress {
        let shared = Arc::new(Shared::default());
        let thread = shown.then(|| {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new().name("progress".to_owned()).spawn(move || show(&shared)).ok()
        });
        Progress { shared, thread: thread.flatten() }
    }

    /// So many files more are to be dealt with.
    pub fn found(&self, files: usize) {
        self.shared.found.fetch_add(files as u64, Ordering::Relaxed);
    }

    /// So many files were dealt with.
    pub fn done(&self, files: usize) {
        self.shared.done.fetch_add(files as u64, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    /// Takes the bar away.
    fn drop(&mut self) {
        *self.shared.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // A bar that failed is no reason for the run to fail.
            let _ = thread.join();
        }
    }
}

fn show(shared: &Shared) {
    if shared.is_over_after(PATIENCE) {
        return;
    }
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {bar:30.cyan} {human_pos}/{human_len} files  {per_sec}  {eta} left")
    {
        bar.set_style(style.progress_chars("━╸ "));
    }
    loop {
        bar.set_length(shared.found.load(Ordering::Relaxed));
        bar.set_position(shared.done.load(Ordering::Relaxed));
        bar.tick();
        if shared.is_over_after(PERIOD) {
            return bar.finish_and_clear();
        }
    }
}

impl Shared {
    /// Waits for the end of the run, but no longer than this.
    fn is_over_after(&self, time: Duration) -> bool {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.wake.wait_timeout_while(over, time, |over| !*over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
