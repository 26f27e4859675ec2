//! Which Python the files are for: from what the command line says, or from what lies around the paths and in the environment.
//!
//! Files are asked first; an interpreter is run only where no file tells its version.

mod detect;
mod files;
mod interpreter;
mod version;

pub use detect::{Surroundings, detect, of_path};
pub use interpreter::sys_path;
pub use version::{parse_version, supported_versions};

use crate::target::Release;
use std::path::PathBuf;

/// A version and why it was chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub release: Release,
    /// For `-v`: a phrase such as `pyvenv.cfg of /srv/venv`.
    pub reason: String,
    /// The interpreter or its prefix, where the choice came from one.
    pub home: Option<PathBuf>,
}

/// A choice, or that what was found cannot be written for. Nothing, if nothing was found.
type Finding = Option<Result<Choice, String>>;

impl Choice {
    /// Reads the version that some place names.
    fn named(version: &str, reason: String) -> Result<Choice, String> {
        match parse_version(version) {
            Ok(release) => Ok(Choice { release, reason, home: None }),
            Err(error) => Err(format!("{reason}: {error}")),
        }
    }

    fn with_home(self, home: PathBuf) -> Choice {
        Choice { home: Some(home), ..self }
    }
}

#[cfg(test)]
mod tests;
