//! Text: the lines of compileall, and a summary.

use super::{Outcome, refusal};
use crate::cli::color::{self, paint};
use crate::cli::text;
use crate::run::{FileReport, FileStatus, ShownWarning, StoredPaths, TargetStatus};
use std::io::{self, Write};

/// Writes the whole report.
pub fn write(outcome: &Outcome<'_>, out: &mut impl Write) -> io::Result<()> {
    if outcome.is_verbose() {
        for (target, reason) in outcome.resolved.plan.targets.iter().zip(&outcome.resolved.reasons) {
            writeln!(out, "Target: CPython {} ({reason})", target.version)?;
        }
        if outcome.resolved.skips_current_dir {
            writeln!(out, "Skipping current directory")?;
        }
    }
    outcome.report.files.iter().try_for_each(|file| outcome.write_file(file, out))?;
    outcome.write_summary(out)
}

/// Writes only the line at the end.
pub fn write_summary(outcome: &Outcome<'_>, out: &mut impl Write) -> io::Result<()> {
    outcome.write_summary(out)
}

/// Writes the warnings of a file to standard error, as CPython's `warnings` module does.
pub fn write_warnings(outcome: &Outcome<'_>, file: &FileReport) -> io::Result<()> {
    let FileStatus::Done { warnings, .. } = &file.status else { return Ok(()) };
    if warnings.is_empty() || outcome.args.quiet >= 2 {
        return Ok(());
    }
    let plan = &outcome.resolved.plan;
    let stored = plan.stored_paths.of(&plan.roots[file.key.root], &file.key.path).path;
    let path = text::path(&stored);
    let mut shown = String::new();
    for ShownWarning { warning, line } in warnings {
        // Python hides this one unless it is asked to show it.
        if warning.category == "DeprecationWarning" {
            continue;
        }
        let category = paint(warning.category, color::WARNING, outcome.colors.1);
        shown += &format!("{path}:{}: {category}: {}\n", warning.location.line, warning.message);
        if !line.is_empty() {
            shown += &format!("  {line}\n");
        }
    }
    io::stderr().write_all(shown.as_bytes())
}

impl Outcome<'_> {
    fn is_verbose(&self) -> bool {
        self.args.verbose > 0 && self.args.quiet == 0
    }

    fn write_file(&self, file: &FileReport, out: &mut impl Write) -> io::Result<()> {
        self.write_prefix_note(file, out)?;
        match &file.status {
            FileStatus::Listed => self.write_listing(file, out),
            FileStatus::Unlisted { is_failure, .. } => {
                self.write_listing(file, out)?;
                let is_told =
                    if *is_failure { self.args.quiet < 2 } else { self.is_verbose() || self.is_subfolder(file) };
                if is_told {
                    writeln!(out, "Can't list {}", text::repr(&file.key.path))?;
                }
                Ok(())
            }
            FileStatus::NotSource | FileStatus::Skipped(_) => Ok(()),
            FileStatus::Done { .. } | FileStatus::Unreadable(_) | FileStatus::Internal(_) => {
                let is_failure = file.status.is_failure();
                // Without -v the line is there for files that fail: what follows does not always name the file.
                let has_line = self.is_verbose() && !file.status.is_up_to_date() || is_failure && self.args.quiet == 0;
                if has_line {
                    writeln!(out, "Compiling {}...", text::repr(&file.key.path))?;
                }
                write_warnings(self, file)?;
                if is_failure && self.args.quiet < 2 {
                    self.failures(file).iter().try_for_each(|failure| self.write_failure(file, failure, out))?;
                }
                Ok(())
            }
        }
    }

    /// Something below an argument that could not be listed, which is worth a word even where it is no failure.
    fn is_subfolder(&self, file: &FileReport) -> bool {
        self.args.quiet < 2 && self.resolved.plan.roots[file.key.root] != file.key.path
    }

    fn write_listing(&self, file: &FileReport, out: &mut impl Write) -> io::Result<()> {
        if self.is_verbose() {
            writeln!(out, "Listing {}...", text::repr(&file.key.path))?;
        }
        Ok(())
    }

    /// compileall's word on a file that `-s` does not fit.
    fn write_prefix_note(&self, file: &FileReport, out: &mut impl Write) -> io::Result<()> {
        let plan = &self.resolved.plan;
        let is_file = !matches!(file.status, FileStatus::Listed | FileStatus::Unlisted { .. });
        if plan.stored_paths == StoredPaths::AsFound || !is_file || self.args.quiet >= 2 {
            return Ok(());
        }
        match plan.stored_paths.of(&plan.roots[file.key.root], &file.key.path).not_a_prefix {
            Some(strip) => writeln!(
                out,
                "The stripdir path {} is not a valid prefix for source path {}; ignoring",
                text::repr(strip),
                text::repr(&file.key.path)
            ),
            None => Ok(()),
        }
    }

    fn write_failure(&self, file: &FileReport, failure: &str, out: &mut impl Write) -> io::Result<()> {
        let stars = paint("***", color::ERROR, self.colors.0);
        if self.args.quiet > 0 {
            writeln!(out, "{stars} Error compiling {}...", text::repr(&file.key.path))?;
            writeln!(out, "{failure}")
        } else {
            writeln!(out, "{stars} {failure}")
        }
    }

    /// What is wrong with a file. Where there are several targets, each text says for which.
    fn failures(&self, file: &FileReport) -> Vec<String> {
        let targets = match &file.status {
            FileStatus::Unreadable(error) => return vec![text::os_error(error)],
            FileStatus::Internal(message) => {
                let path = text::path(&file.key.path);
                return vec![format!("InternalError: {path}: a bug of pycc: {message}")];
            }
            FileStatus::Done { targets, .. } => targets,
            FileStatus::Listed | FileStatus::NotSource | FileStatus::Unlisted { .. } | FileStatus::Skipped(_) => {
                return Vec::new();
            }
        };
        let plan = &self.resolved.plan;
        let mut failures: Vec<(String, Vec<String>)> = Vec::new();
        for (status, target) in targets.iter().zip(&plan.targets) {
            let message = match status {
                TargetStatus::Refused(failure) => refusal(plan, file, failure),
                TargetStatus::Unwritten(error) => text::os_error(error),
                TargetStatus::UpToDate | TargetStatus::Compiled(_) => continue,
            };
            let version = target.version.to_string();
            match failures.iter_mut().find(|(known, _)| *known == message) {
                Some((_, versions)) => versions.push(version),
                None => failures.push((message, vec![version])),
            }
        }
        let is_single = plan.targets.len() == 1;
        let labelled = |(message, versions): (String, Vec<String>)| {
            if is_single { message } else { format!("CPython {}: {message}", versions.join(", ")) }
        };
        failures.into_iter().map(labelled).collect()
    }

    fn write_summary(&self, out: &mut impl Write) -> io::Result<()> {
        if self.args.quiet > 0 {
            return Ok(());
        }
        let versions: Vec<String> =
            self.resolved.plan.targets.iter().map(|target| target.version.to_string()).collect();
        let compiled = self.report.compiled();
        write!(
            out,
            "{} {} {} for CPython {} in {:.2} s",
            paint("Compiled", color::SUCCESS, self.colors.0),
            text::grouped(compiled),
            if compiled == 1 { "file" } else { "files" },
            versions.join(", "),
            self.took.as_secs_f64()
        )?;
        if self.report.up_to_date() > 0 {
            write!(out, "; {} up to date", text::grouped(self.report.up_to_date()))?;
        }
        if self.report.failed() > 0 {
            let failed = format!("{} failed", text::grouped(self.report.failed()));
            write!(out, "; {}", paint(&failed, color::ERROR, self.colors.0))?;
        }
        writeln!(out)
    }
}
