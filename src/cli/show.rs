//! What a run says.

use super::args::Args;
use crate::diagnostics::Warning;
use crate::run::{FileReport, FileStatus, Plan, Report};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Writes what became of the files: errors and the summary to standard output, as compileall does, warnings to standard error.
pub fn report(args: &Args, plan: &Plan, report: &Report, took: Duration) {
    // Whoever closes our output wants no more of it; that is not an error of ours.
    let _ = write_report(args, plan, report, took);
}

fn write_report(args: &Args, plan: &Plan, report: &Report, took: Duration) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in &report.files {
        write_file(args, file, &mut out)?;
    }
    if args.quiet == 0 {
        writeln!(out, "{}", summary(plan, report, took))?;
    }
    out.flush()
}

fn write_file(args: &Args, file: &FileReport, out: &mut impl Write) -> std::io::Result<()> {
    let path = file.key.path.as_path();
    match &file.status {
        FileStatus::Compiled { warnings } => {
            if args.verbose > 0 && args.quiet == 0 {
                writeln!(out, "Compiling '{}'...", path.display())?;
            }
            if args.quiet < 2 {
                warnings.iter().try_for_each(|w| write_warning(path, w))?;
            }
            Ok(())
        }
        FileStatus::UpToDate => Ok(()),
        _ if args.quiet >= 2 => Ok(()),
        FileStatus::Unlisted(_) => writeln!(out, "Can't list '{}'", path.display()),
        failed => {
            if args.quiet > 0 {
                writeln!(out, "*** Error compiling '{}'...", path.display())?;
            } else {
                write!(out, "*** ")?;
            }
            writeln!(out, "{}", failure(path, failed))
        }
    }
}

fn failure(path: &Path, status: &FileStatus) -> String {
    match status {
        FileStatus::Refused(refused) => {
            crate::diagnostics::py_compile_message(&refused.error, &path.to_string_lossy(), refused.line.as_deref())
        }
        FileStatus::Io(error) => error.to_string(),
        FileStatus::Internal(text) => {
            format!("InternalError: {}: pycc failed on this file, which is a bug of pycc: {text}", path.display())
        }
        FileStatus::Compiled { .. } | FileStatus::UpToDate | FileStatus::Unlisted(_) => String::new(),
    }
}

fn write_warning(path: &Path, warning: &Warning) -> std::io::Result<()> {
    writeln!(
        std::io::stderr(),
        "{}:{}: {}: {}",
        path.display(),
        warning.location.line,
        warning.category,
        warning.message
    )
}

fn summary(plan: &Plan, report: &Report, took: Duration) -> String {
    let mut versions: Vec<String> = plan.outputs.iter().map(|o| o.target.version.to_string()).collect();
    versions.dedup();
    let compiled = report.compiled();
    let mut text = format!(
        "Compiled {} {} for CPython {} in {:.2} s",
        grouped(compiled),
        if compiled == 1 { "file" } else { "files" },
        versions.join(", "),
        took.as_secs_f64()
    );
    if report.up_to_date() > 0 {
        text += &format!("; {} up to date", grouped(report.up_to_date()));
    }
    if report.failed() > 0 {
        text += &format!("; {} failed", grouped(report.failed()));
    }
    text
}

/// A number with commas between its thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
