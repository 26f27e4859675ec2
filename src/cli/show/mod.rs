//! What a run says, in the format that was asked for.

mod github;
mod json;
mod text;

use super::args::{Args, OutputFormat};
use super::color;
use super::environment::Environment;
use super::plan::Resolved;
use crate::diagnostics::{Columns, py_compile_message};
use crate::pipeline::Failure;
use crate::run::{FileReport, Plan, Report};
use std::io::{self, BufWriter, Write};
use std::time::Duration;

/// A finished run and how to tell of it.
struct Outcome<'r> {
    args: &'r Args,
    resolved: &'r Resolved,
    report: &'r Report,
    took: Duration,
    /// Whether standard output and standard error are coloured.
    colors: (bool, bool),
}

/// Writes what became of the files: to standard output, as compileall does, and warnings to standard error.
pub fn report(args: &Args, environment: &Environment, resolved: &Resolved, report: &Report, took: Duration) {
    let colors =
        (color::wanted(args.color, environment, &io::stdout()), color::wanted(args.color, environment, &io::stderr()));
    let outcome = Outcome { args, resolved, report, took, colors };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match args.output_format {
        OutputFormat::Text => text::write(&outcome, &mut out),
        OutputFormat::Json => json::write(&outcome, &mut out),
        OutputFormat::Github => github::write(&outcome, &mut out),
    };
    // Whoever closes our output wants no more of it; that is not an error of ours.
    let _ = written.and_then(|()| out.flush());
}

/// What py_compile says of a source that was refused.
fn refusal(plan: &Plan, file: &FileReport, failure: &Failure) -> String {
    let stored = plan.stored_paths.of(&plan.roots[file.key.root], &file.key.path).path;
    // The stages behind the parser show a line of the file that the stored path names, if there is one.
    let has_line = failure.error.columns == Columns::Characters || *stored == *file.key.path || stored.is_file();
    let line = failure.line.as_deref().filter(|_| has_line);
    py_compile_message(&failure.error, &super::text::path(&stored), line)
}
