//! JSON: one object with targets, counts, seconds, and what happened to each file and why.

use super::{Outcome, refusal};
use crate::cli::text;
use crate::diagnostics::{CompileError, offsets};
use crate::pipeline::{Failure, Output};
use crate::run::{FileError, FileReport, FileStatus, Plan, ShownWarning, TargetStatus};
use crate::target::Target;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes the object and an end of line.
pub fn write(outcome: &Outcome<'_>, out: &mut impl Write) -> io::Result<()> {
    let plan = &outcome.resolved.plan;
    let report = outcome.report;
    let targets = plan.targets.iter().zip(&outcome.resolved.reasons);
    let object = json!({
        "pycc": env!("CARGO_PKG_VERSION"),
        "targets": targets.map(|(target, reason)| target_object(target, reason)).collect::<Vec<_>>(),
        "optimize": plan.written_levels(),
        "counts": {
            "compiled": report.compiled(),
            "up_to_date": report.up_to_date(),
            "skipped": report.skipped(),
            "failed": report.failed(),
        },
        "seconds": outcome.took.as_secs_f64(),
        "files": report.files.iter().filter_map(|file| file_object(plan, file)).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}

fn target_object(target: &Target, reason: &str) -> Value {
    json!({ "python": target.version.to_string(), "cache_tag": target.cache_tag, "reason": reason })
}

/// A file, or something named that is none; folders are not mentioned.
fn file_object(plan: &Plan, file: &FileReport) -> Option<Value> {
    let mut object = Map::new();
    object.insert("path".to_owned(), text::path(&file.key.path).into());
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    match &file.status {
        FileStatus::Listed | FileStatus::NotSource => return None,
        FileStatus::Unlisted { error, is_failure } => {
            put("status", if *is_failure { "failed" } else { "unlisted" }.into());
            put("error", json!({ "type": "OSError", "message": error.to_string() }));
        }
        FileStatus::Skipped(reason) => {
            put("status", "skipped".into());
            put("reason", reason.name().into());
        }
        FileStatus::Unreadable(error) => {
            put("status", "failed".into());
            put("error", file_error_object(error));
        }
        FileStatus::Internal(message) => {
            put("status", "failed".into());
            put("error", json!({ "type": "InternalError", "message": message }));
        }
        FileStatus::Done { targets, warnings } => {
            let status = match &file.status {
                status if status.is_failure() => "failed",
                status if status.is_up_to_date() => "up-to-date",
                _ => "compiled",
            };
            put("status", status.into());
            let targets =
                targets.iter().zip(&plan.targets).map(|(status, target)| target_status(plan, file, target, status));
            put("targets", targets.collect());
            if !warnings.is_empty() {
                put("warnings", warnings.iter().map(warning_object).collect());
            }
        }
    }
    Some(Value::Object(object))
}

fn target_status(plan: &Plan, file: &FileReport, target: &'static Target, status: &TargetStatus) -> Value {
    let files = || -> Vec<String> {
        let outputs = plan.written_levels().iter().map(|&optimize| Output { target, optimize });
        outputs.map(|output| text::path(&plan.output_path(&file.key.path, output))).collect()
    };
    let python = target.version.to_string();
    match status {
        TargetStatus::UpToDate => json!({ "python": python, "status": "up-to-date", "files": files() }),
        TargetStatus::Compiled(why) => {
            json!({ "python": python, "status": "compiled", "reason": why.name(), "files": files() })
        }
        TargetStatus::Refused(failure) => {
            let mut error = compile_error_object(&failure.error, failure.line.as_deref());
            error["text"] = refusal(plan, file, failure).into();
            json!({ "python": python, "status": "failed", "error": error })
        }
        TargetStatus::Unwritten(error) => {
            json!({ "python": python, "status": "failed", "error": file_error_object(error) })
        }
    }
}

fn compile_error_object(error: &CompileError, line: Option<&str>) -> Value {
    let mut object = json!({ "type": error.kind.name(), "message": error.message });
    if let Some(location) = error.location {
        // CPython counts columns in the line with its end.
        let line = line.map(|line| format!("{line}\n")).unwrap_or_default();
        let place = offsets(location, &line, error.columns);
        object["line"] = place.line.into();
        object["column"] = place.offset.into();
        object["end_line"] = place.end_line.into();
        object["end_column"] = place.end_offset.into();
    }
    object
}

fn file_error_object(error: &FileError) -> Value {
    let shown = text::os_error(error);
    let (class, message) = shown.split_once(": ").unwrap_or(("OSError", &shown));
    json!({ "type": class, "message": message, "path": text::path(&error.path) })
}

fn warning_object(ShownWarning { warning, line }: &ShownWarning) -> Value {
    json!({
        "type": warning.category,
        "message": warning.message,
        "line": warning.location.line,
        "text": line,
    })
}

/// The first failure of a file, as an object like those of the report. Nothing where the file did not fail.
pub fn first_failure(file: &FileReport) -> Option<Value> {
    match &file.status {
        FileStatus::Unreadable(error) => Some(file_error_object(error)),
        FileStatus::Internal(message) => Some(json!({ "type": "InternalError", "message": message })),
        FileStatus::Unlisted { is_failure: true, .. } => {
            Some(json!({ "type": "OSError", "message": format!("Can't list {}", text::repr(&file.key.path)) }))
        }
        FileStatus::Done { targets, .. } => targets.iter().find_map(|status| match status {
            TargetStatus::Refused(failure) => {
                let Failure { error, line } = &**failure;
                Some(compile_error_object(error, line.as_deref()))
            }
            TargetStatus::Unwritten(error) => Some(file_error_object(error)),
            TargetStatus::UpToDate | TargetStatus::Compiled(_) => None,
        }),
        FileStatus::Listed | FileStatus::NotSource | FileStatus::Skipped(_) | FileStatus::Unlisted { .. } => None,
    }
}
