//! One file of a run: is it up to date, else read, compile, write.

use super::{FileStatus, Plan, Worker};
use crate::object::PyStr;
use crate::pipeline::{Failure, Output};
use crate::pyc::{self, Header, InvalidationMode};
use crate::source::{path_text, source_hash};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Does with one file what the plan says.
pub(super) fn process(plan: &Plan, worker: &mut Worker, path: &Path) -> FileStatus {
    match try_process(plan, worker, path) {
        Ok(status) => status,
        Err(error) => FileStatus::Io(error),
    }
}

fn try_process(plan: &Plan, worker: &mut Worker, path: &Path) -> io::Result<FileStatus> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let targets: Vec<PathBuf> = plan.outputs.iter().map(|output| output_path(plan, path, *output)).collect();
    let by_time = plan.invalidation == InvalidationMode::Timestamp;
    if by_time && !plan.force && all_fresh(plan, &targets, &metadata, &[]) {
        return Ok(FileStatus::UpToDate);
    }
    worker.source.clear();
    file.read_to_end(&mut worker.source)?;
    if !by_time && !plan.force && all_fresh(plan, &targets, &metadata, &worker.source) {
        return Ok(FileStatus::UpToDate);
    }
    for target in &targets {
        pyc::check_target(target)?;
    }
    compile(plan, worker, path, &metadata, &targets)
}

/// Compiles to all outputs before the first is written, so that a file that is refused for one target leaves all as they were.
fn compile(
    plan: &Plan,
    worker: &mut Worker,
    path: &Path,
    metadata: &Metadata,
    targets: &[PathBuf],
) -> io::Result<FileStatus> {
    let filename = path_text(path);
    let mut refused: Option<Failure> = None;
    let mut ends = Vec::with_capacity(targets.len());
    let Worker { compiler, source, written } = worker;
    written.clear();
    let warnings = compiler.compile(source, PyStr::from_bytes(&filename), &plan.outputs, |i, outcome| match outcome {
        Ok(code) => {
            written
                .extend_from_slice(&header(plan, plan.outputs[i], metadata, source).to_bytes(plan.outputs[i].target));
            written.extend_from_slice(code);
            ends.push(written.len());
        }
        Err(failure) => {
            refused.get_or_insert(failure);
        }
    });
    if let Some(failure) = refused {
        return Ok(FileStatus::Refused(failure));
    }
    let mode = pyc::mode_for_source(Some(metadata));
    let mut start = 0;
    for (target, &end) in targets.iter().zip(&ends) {
        pyc::write_atomic(target, &written[start..end], mode)?;
        start = end;
    }
    Ok(FileStatus::Compiled { warnings })
}

fn output_path(plan: &Plan, source: &Path, output: Output) -> PathBuf {
    if plan.legacy {
        pyc::legacy_path(source)
    } else {
        pyc::cache_path(source, output.target, output.optimize, None, Path::new(""))
    }
}

fn header(plan: &Plan, output: Output, metadata: &Metadata, source: &[u8]) -> Header {
    let hash = |checked| Header::Hash { checked, hash: source_hash(output.target.magic_word(), source) };
    match plan.invalidation {
        InvalidationMode::Timestamp => {
            // The header has 32 bits for either, and CPython too keeps the low ones.
            Header::Timestamp { mtime: metadata.mtime() as u32, size: metadata.size() as u32 }
        }
        InvalidationMode::CheckedHash => hash(true),
        InvalidationMode::UncheckedHash => hash(false),
    }
}

fn all_fresh(plan: &Plan, targets: &[PathBuf], metadata: &Metadata, source: &[u8]) -> bool {
    plan.outputs.iter().zip(targets).all(|(output, target)| {
        pyc::read_header(target, output.target)
            .is_some_and(|found| found.satisfies(header(plan, *output, metadata, source)))
    })
}
