//! The environment variables that pycc heeds, read in one place.

use super::python::Surroundings;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// What the environment says; variables that are set to nothing are as if they were not set.
pub struct Environment {
    pub source_date_epoch: Option<OsString>,
    pub pyc_invalidation_mode: Option<OsString>,
    pub python_pycache_prefix: Option<PathBuf>,
    pub python_optimize: Option<OsString>,
    pub no_color: bool,
    pub force_color: bool,
    /// `TERM` names a terminal that can only write line after line.
    pub dumb_terminal: bool,
    pub surroundings: Surroundings,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Environment {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        Environment {
            source_date_epoch: set("SOURCE_DATE_EPOCH"),
            pyc_invalidation_mode: set("PYC_INVALIDATION_MODE"),
            python_pycache_prefix: set("PYTHONPYCACHEPREFIX").map(PathBuf::from),
            python_optimize: set("PYTHONOPTIMIZE"),
            no_color: set("NO_COLOR").is_some(),
            force_color: set("FORCE_COLOR").is_some(),
            dumb_terminal: set("TERM").is_some_and(|term| term == "dumb"),
            surroundings: Surroundings {
                current_dir: env::current_dir().unwrap_or_default(),
                virtual_env: set("VIRTUAL_ENV"),
                conda_prefix: set("CONDA_PREFIX"),
                path: set("PATH"),
            },
        }
    }

    /// The level that `-O` on an interpreter's command line would give.
    ///
    /// Mirrors CPython 3.14: `_Py_get_env_flag`: what is not a number counts as 1. There is nothing above 2.
    pub fn optimize(&self) -> u8 {
        self.python_optimize.as_deref().map_or(0, optimize_level)
    }
}

fn optimize_level(value: &OsStr) -> u8 {
    let number = value.to_str().and_then(|text| text.trim_start().parse::<i64>().ok());
    match number {
        Some(number @ 0..) => number.min(2) as u8,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::optimize_level;

    #[test]
    fn python_optimize_counts_as_in_python() {
        let levels = ["0", "1", "2", "3", "x", "-1", "1x"].map(|value| optimize_level(value.as_ref()));
        assert_eq!(levels, [0, 1, 2, 2, 1, 1, 1]);
    }
}
