//! Ctrl-C and `kill`: the run ends at once, and leaves no temporary file.

use crate::pyc;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;

/// From now on, SIGINT and SIGTERM end the process with 128 plus their number, after `say` has had a chance to speak.
pub fn end_on_signals(say: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            // Files are written one by one and each in one piece, so this does not take long.
            let _guard = pyc::stop_writing();
            say();
            std::process::exit(128 + signal);
        }
    })?;
    Ok(())
}
