//! Whether the files of a source are up to date.

use super::Staleness;
use crate::pipeline::Output;
use crate::pyc::{self, Found, Header, InvalidationMode};
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
///
/// Mirrors CPython 3.14's `compileall.compile_file`, but for what [`Header::satisfies`] says.
pub(super) fn freshness(
    mode: InvalidationMode,
    stat: SourceStat,
    files: &[(PathBuf, Output)],
    absent: &mut Vec<bool>,
) -> Freshness {
    let mut fresh = Freshness::Fresh;
    for (i, (path, output)) in files.iter().enumerate() {
        let found = pyc::read_header(path, output.target);
        absent.push(found == Found::Nothing);
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
