//! One file of a run: is it up to date, else read, compile, write.

use super::freshness::{Freshness, freshness, header};
use super::queue::FoundFile;
use super::{FileError, FileStatus, Plan, ShownWarning, Staleness, TargetStatus, Worker};
use crate::diagnostics::Warning;
use crate::object::PyStr;
use crate::pipeline::{Outcome, Output};
use crate::pyc;
use crate::source::{self, SourceBytes, path_text};
use crate::target::Target;
use crate::tree::SourceStat;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file that is to be written.
type OutputFile = (PathBuf, Output);

/// Does with one file what the plan says.
pub(super) fn process(plan: &Plan, outputs: &[Output], worker: &mut Worker, found: &FoundFile) -> FileStatus {
    let files: Vec<OutputFile> =
        outputs.iter().map(|&output| (plan.output_path(&found.path, output), output)).collect();
    let levels = plan.written_levels().len();
    let mut jobs: Vec<TargetJob<'_>> = files.chunks(levels).map(|files| TargetJob::new(plan, found, files)).collect();
    if jobs.iter().all(|job| job.freshness == Freshness::Fresh) {
        return FileStatus::up_to_date(jobs.len());
    }
    let mut stat = found.stat;
    let length = match read_source(&found.path, &mut stat, &mut worker.source) {
        Ok(length) => length,
        Err(error) => return FileStatus::Unreadable(FileError { error, path: found.path.clone() }),
    };
    let warnings = {
        let Worker { compiler, source, written, .. } = worker;
        let source = SourceBytes::in_buffer(source, length);
        let mut compiled = Vec::new();
        for job in &mut jobs {
            if job.prepare(plan, stat, source.bytes) {
                compiled.extend(job.files.iter().map(|file| file.1));
            }
        }
        let stored = plan.stored_paths.of(&plan.roots[found.root], &found.path);
        let filename = path_text(&stored.path);
        let mode = pyc::mode_for_source(stat.mode);
        let mut places = compiled_places(&jobs, levels);
        written.clear();
        let warnings = compiler.compile(source, PyStr::from_bytes(&filename), &compiled, |_, outcome| {
            let Some((target, level)) = places.next() else { return };
            match outcome {
                Ok(file) if jobs.len() == 1 && levels == 1 => jobs[0].write_only(mode, file),
                outcome => jobs[target].take(level, outcome, written),
            }
        });
        jobs.iter_mut().for_each(|job| job.write(plan.hardlink_dupes, mode, written));
        show_warnings(warnings, source.bytes, &plan.targets)
    };
    FileStatus::Done { targets: jobs.into_iter().map(TargetJob::status).collect(), warnings }
}

/// The target and level of each output that is compiled, in order.
fn compiled_places(jobs: &[TargetJob<'_>], levels: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
    let targets: Vec<usize> = (0..jobs.len()).filter(|&i| jobs[i].is_open()).collect();
    targets.into_iter().flat_map(move |target| (0..levels).map(move |level| (target, level)))
}

/// The files of one source for one target.
struct TargetJob<'f> {
    files: &'f [OutputFile],
    freshness: Freshness,
    /// For each file, whether nothing is in its place; shorter where this was not found out.
    absent: Vec<bool>,
    header: Option<pyc::Header>,
    /// Where the bytes of each file lie among what was compiled.
    ranges: Vec<std::ops::Range<usize>>,
    /// Set as soon as it is known.
    status: Option<TargetStatus>,
}

impl<'f> TargetJob<'f> {
    fn new(plan: &Plan, found: &FoundFile, files: &'f [OutputFile]) -> TargetJob<'f> {
        let mut absent = Vec::new();
        let freshness = if plan.force {
            Freshness::Stale(Staleness::Forced)
        } else if found.is_new {
            absent.push(true);
            Freshness::Stale(Staleness::Missing)
        } else {
            freshness(plan.invalidation, found.stat, files, &mut absent)
        };
        TargetJob { files, freshness, absent, header: None, ranges: Vec::new(), status: None }
    }

    /// Whether the files are still to be compiled and written.
    fn is_open(&self) -> bool {
        self.status.is_none()
    }

    /// Now that the source is read: whether the files are to be compiled.
    fn prepare(&mut self, plan: &Plan, stat: SourceStat, source: &[u8]) -> bool {
        if self.freshness != Freshness::Fresh {
            let header = header(plan.invalidation, self.files[0].1, stat, source);
            self.header = Some(header);
            if let Freshness::IfHash(found) = self.freshness {
                let is_same = matches!(header, pyc::Header::Hash { hash, .. } if hash == found);
                self.freshness = if is_same { Freshness::Fresh } else { Freshness::Stale(Staleness::Changed) };
            }
        }
        if self.freshness == Freshness::Fresh {
            self.status = Some(TargetStatus::UpToDate);
            return false;
        }
        for (i, (path, _)) in self.files.iter().enumerate() {
            if self.absent.get(i) != Some(&true)
                && let Err(error) = pyc::check_target(path)
            {
                self.status = Some(TargetStatus::Unwritten(FileError { error, path: path.clone() }));
                return false;
            }
        }
        true
    }

    /// Fills in the header of a file.
    fn finish(&self, level: usize, file: &mut [u8]) {
        if let (Some(header), Some(room)) = (self.header, file.first_chunk_mut()) {
            *room = header.to_bytes(self.files[level].1.target);
        }
    }

    /// Writes the only file that the source is compiled to, where there is no more to wait for.
    fn write_only(&mut self, mode: u32, file: &mut [u8]) {
        self.finish(0, file);
        let path = &self.files[0].0;
        self.status = Some(match (pyc::write_atomic(path, file, mode), self.freshness) {
            (Ok(()), Freshness::Stale(why)) => TargetStatus::Compiled(why),
            (Ok(()), Freshness::Fresh | Freshness::IfHash(_)) => TargetStatus::UpToDate,
            (Err(error), _) => TargetStatus::Unwritten(FileError { error, path: path.clone() }),
        });
    }

    /// Takes what the compiler gave for a level. One level that is refused stands for all.
    fn take(&mut self, level: usize, outcome: Outcome<'_>, written: &mut Vec<u8>) {
        match outcome {
            Ok(file) => {
                self.finish(level, file);
                let start = written.len();
                written.extend_from_slice(file);
                self.ranges.push(start..written.len());
            }
            Err(failure) => {
                self.status.get_or_insert_with(|| TargetStatus::Refused(Box::new(failure)));
            }
        }
    }

    /// Writes all levels, unless it is settled already that none is to be written.
    fn write(&mut self, link: bool, mode: u32, written: &[u8]) {
        if self.status.is_some() {
            return;
        }
        let bytes = |level: usize| &written[self.ranges[level].clone()];
        for (level, (path, _)) in self.files.iter().enumerate() {
            let is_linked = link
                && level > 0
                && bytes(level) == bytes(level - 1)
                // A file system without links gets copies.
                && pyc::link_atomic(&self.files[level - 1].0, path).is_ok();
            if !is_linked && let Err(error) = pyc::write_atomic(path, bytes(level), mode) {
                self.status = Some(TargetStatus::Unwritten(FileError { error, path: path.clone() }));
                return;
            }
        }
    }

    fn status(self) -> TargetStatus {
        match (self.status, self.freshness) {
            (Some(status), _) => status,
            (None, Freshness::Stale(why)) => TargetStatus::Compiled(why),
            (None, Freshness::Fresh | Freshness::IfHash(_)) => TargetStatus::UpToDate,
        }
    }
}

/// Reads a file into a buffer that is longer than it, and returns its length.
///
/// The size that the walk saw saves all calls but one. Where the file has changed since, its times are looked at again.
fn read_source(path: &Path, stat: &mut SourceStat, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let mut file = File::open(path)?;
    let expected = usize::try_from(stat.size).unwrap_or(0);
    let mut filled = 0;
    loop {
        // One byte more than is expected, so that a full read shows that there is more.
        let wanted = filled.max(expected) + 1;
        if buffer.len() < wanted {
            buffer.resize(wanted.max(2 * filled), 0);
        }
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if filled == expected && filled < buffer.len() {
            return Ok(filled);
        }
    }
    if filled != expected {
        *stat = SourceStat::of(&file.metadata()?);
    }
    Ok(filled)
}

/// Adds the text of their lines to warnings.
fn show_warnings(warnings: Vec<Warning>, bytes: &[u8], targets: &[&Target]) -> Vec<ShownWarning> {
    let (false, Some(target)) = (warnings.is_empty(), targets.first()) else { return Vec::new() };
    let arena = bumpalo::Bump::new();
    let text = source::decode(bytes.into(), &arena, &target.features);
    let line = |warning: &Warning| match &text {
        Ok(text) => text.shown_line(warning.location.line.max(0) as u32).trim().to_owned(),
        Err(_) => String::new(),
    };
    warnings.into_iter().map(|warning| ShownWarning { line: line(&warning), warning }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_whole_whatever_size_was_expected() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.py");
        let text = "x = 1\n".repeat(5000);
        std::fs::write(&path, &text).expect("a file");
        let real = SourceStat::of(&path.metadata().expect("there it is"));
        let mut buffer = Vec::new();
        for size in [0, 1, 29_999, 30_000, 30_001, 100_000] {
            let mut stat = SourceStat { size, ..real };
            let length = read_source(&path, &mut stat, &mut buffer).expect("readable");
            assert_eq!((&buffer[..length], stat), (text.as_bytes(), real), "{size}");
            buffer.truncate(7);
        }
    }
}
