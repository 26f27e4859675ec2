//! The command: from the arguments to a plan, from a report to text and an exit status.

mod argfile;
mod args;
mod color;
mod environment;
mod plan;
mod python;
mod show;
mod text;

use args::{Args, ColorArg};
use environment::Environment;
use plan::{Refusal, Resolved};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// Runs the command with the arguments of this process.
pub fn main() -> ExitCode {
    let start = Instant::now();
    let environment = Environment::of_process();
    let arguments = match argfile::expand(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(message) => return refuse(2, &message),
    };
    let early_color = args::early_color(&arguments).unwrap_or(ColorArg::Auto);
    let args = Args::read(arguments, color::choice(early_color, &environment));
    let resolved = match plan::resolve(&args, &environment) {
        Ok(resolved) => resolved,
        Err(Refusal::Usage(message)) => return refuse(2, &message),
        Err(Refusal::Failure(message)) => return refuse(1, &message),
        Err(Refusal::List(list)) => return refuse_list(&args, &list),
    };
    run(&args, &environment, &resolved, start)
}

fn run(args: &Args, environment: &Environment, resolved: &Resolved, start: Instant) -> ExitCode {
    let (has_bar, is_silent) = (resolved.plan.progress, args.quiet >= 2);
    let say = move || {
        // The bar's line is taken back.
        let erase = if has_bar { "\r\x1b[K" } else { "" };
        if !is_silent {
            let _ = writeln!(io::stderr(), "{erase}pycc: interrupted");
        }
    };
    if let Err(error) = crate::run::end_on_signals(say) {
        return refuse(1, &format!("cannot listen for signals: {error}"));
    }
    match crate::run::run(&resolved.plan) {
        Ok(report) => {
            show::report(args, environment, resolved, &report, start.elapsed());
            ExitCode::from(u8::from(report.failed() > 0))
        }
        Err(error) => refuse(1, &format!("cannot start the workers: {error}")),
    }
}

fn refuse(status: u8, message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {message}");
    ExitCode::from(status)
}

/// compileall tells this on standard output.
fn refuse_list(args: &Args, list: &OsStr) -> ExitCode {
    if args.quiet < 2 {
        let _ = writeln!(io::stdout(), "Error reading file list {}", text::path(Path::new(list)));
    }
    ExitCode::from(1)
}
