//! What a run does, with every choice made.

use super::StoredPaths;
use crate::pipeline::Output;
use crate::pyc::{self, InvalidationMode};
use crate::target::Target;
use crate::tree::Filter;
use std::path::{Path, PathBuf};

/// Where the files of a run come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Paths that a person named: one that cannot be listed is an error.
    Named,
    /// The `sys.path` of an interpreter, which usually names things that are not there.
    SysPath,
}

/// What a run does.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Files and folders, as they were named.
    pub roots: Vec<PathBuf>,
    /// Where the roots come from.
    pub origin: Origin,
    /// The releases to write for, each once.
    pub targets: Vec<&'static Target>,
    /// The optimisation levels, sorted, each once.
    pub levels: Vec<u8>,
    pub invalidation: InvalidationMode,
    /// Compile what is up to date as well.
    pub force: bool,
    /// How many files are compiled at once; at least 1.
    pub jobs: usize,
    /// How many levels of folders below a named one are entered.
    pub max_depth: usize,
    /// Where the files are written.
    pub placement: Placement,
    /// Make levels whose files are equal share one file.
    pub hardlink_dupes: bool,
    /// What is left out.
    pub filter: Filter,
    /// The paths that the code objects carry.
    pub stored_paths: StoredPaths,
    /// Show how far the run is, on standard error.
    pub progress: bool,
}

/// Where the files of a source are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Placement {
    /// In a `__pycache__` beside the source.
    Cache,
    /// In a tree of their own below `prefix`. A source that is not absolute lies below `current`.
    Prefix { prefix: PathBuf, current: PathBuf },
    /// `x.pyc` beside `x.py`.
    Legacy,
}

impl Plan {
    /// What each source is compiled to: every level of the first target, then every level of the next.
    pub fn outputs(&self) -> Vec<Output> {
        let levels = self.written_levels();
        self.targets
            .iter()
            .flat_map(|&target| levels.iter().map(move |&optimize| Output { target, optimize }))
            .collect()
    }

    /// The levels that leave a file behind: beside the source there is room for one, and compileall leaves the last.
    pub fn written_levels(&self) -> &[u8] {
        match self.placement {
            Placement::Legacy => &self.levels[self.levels.len().saturating_sub(1)..],
            Placement::Cache | Placement::Prefix { .. } => &self.levels,
        }
    }

    /// Where the file of a source is written.
    pub fn output_path(&self, source: &Path, output: Output) -> PathBuf {
        let Output { target, optimize } = output;
        match &self.placement {
            Placement::Cache => pyc::cache_path(source, target, optimize, None, Path::new("")),
            Placement::Prefix { prefix, current } => pyc::cache_path(source, target, optimize, Some(prefix), current),
            Placement::Legacy => pyc::legacy_path(source),
        }
    }
}
