//! The command: from the arguments to a plan, from a report to text and an exit status.

mod args;
mod plan;
mod python;
mod show;

use args::Args;
use clap::Parser;
use std::process::ExitCode;

/// Runs the command with the arguments of this process.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let plan = match plan::resolve(&args) {
        Ok(plan) => plan,
        Err(message) => {
            eprintln!("pycc: {message}");
            return ExitCode::from(2);
        }
    };
    let start = std::time::Instant::now();
    match crate::run::run(&plan) {
        Ok(report) => {
            show::report(&args, &plan, &report, start.elapsed());
            ExitCode::from((report.failed() > 0) as u8)
        }
        Err(error) => {
            eprintln!("pycc: cannot start the workers: {error}");
            ExitCode::from(1)
        }
    }
}
