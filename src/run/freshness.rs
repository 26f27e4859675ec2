//! Whether the files of a source are up to date.

use super::queue::FoundFile;
use super::{Plan, Staleness};
use crate::pipeline::Output;
use crate::pyc::{self, CacheFolder, Found, Header, InvalidationMode};
use crate::source::source_hash;
use crate::tree::SourceStat;
use std::path::PathBuf;

/// What the files of one target say before the source is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Freshness {
    /// All are up to date.
    Fresh,
    /// One is not, so that all are written anew.
    Stale(Staleness),
    /// All carry this hash.
    IfHash([u8; 8]),
}

/// Looks at the files of one target, and notes for each whether there is nothing at all in its place.
pub(super) fn freshness(
    mode: InvalidationMode,
    stat: SourceStat,
    files: &[(PathBuf, Output)],
    absent: &mut Vec<bool>,
) -> Freshness {
    let found = files.iter().map(|(path, output)| pyc::read_header(path, output.target));
    freshness_of(mode, stat, found.inspect(|found| absent.push(*found == Found::Nothing)))
}

/// Stops at the first file that is not up to date.
///
/// Mirrors CPython 3.14's `compileall.compile_file`, but for what [`Header::satisfies`] says.
fn freshness_of(mode: InvalidationMode, stat: SourceStat, files: impl Iterator<Item = Found>) -> Freshness {
    let mut fresh = Freshness::Fresh;
    for (i, found) in files.enumerate() {
        let stale = match found {
            Found::Nothing => Staleness::Missing,
            Found::Foreign => Staleness::Foreign,
            Found::Header(header) if !header.has_mode(mode) => Staleness::OtherMode,
            Found::Header(Header::Timestamp { mtime, .. }) if mtime == stat.mtime as u32 => continue,
            Found::Header(Header::Timestamp { .. }) => Staleness::Changed,
            Found::Header(Header::Hash { hash, .. }) => {
                if i == 0 || fresh == Freshness::IfHash(hash) {
                    fresh = Freshness::IfHash(hash);
                    continue;
                }
                Staleness::Changed
            }
        };
        return Freshness::Stale(stale);
    }
    fresh
}

/// What a first look at the files of a source shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sight {
    /// All are up to date.
    Fresh,
    /// There is one to be written, and nothing in its place.
    New,
    /// More is to be found out.
    Open,
}

/// Looks at the files of a source that was found, which lie in `cache` if that is known.
pub(super) fn sight(plan: &Plan, outputs: &[Output], cache: Option<&CacheFolder>, file: &FoundFile) -> Sight {
    let look = |&output: &Output| match cache {
        Some(cache) => cache.read_header(&file.path, output.target, output.optimize),
        None => pyc::read_header(&plan.output_path(&file.path, output), output.target),
    };
    for files in outputs.chunks(plan.written_levels().len()) {
        match freshness_of(plan.invalidation, file.stat, files.iter().map(look)) {
            Freshness::Fresh => {}
            Freshness::Stale(Staleness::Missing) if outputs.len() == 1 => return Sight::New,
            _ => return Sight::Open,
        }
    }
    Sight::Fresh
}

/// The header that a file of this source gets.
pub(super) fn header(mode: InvalidationMode, output: Output, stat: SourceStat, source: &[u8]) -> Header {
    let hash = |checked| Header::Hash { checked, hash: source_hash(output.target.magic_word(), source) };
    match mode {
        // The header has 32 bits for either, and CPython too keeps the low ones.
        InvalidationMode::Timestamp => Header::Timestamp { mtime: stat.mtime as u32, size: stat.size as u32 },
        InvalidationMode::CheckedHash => hash(true),
        InvalidationMode::UncheckedHash => hash(false),
    }
}
