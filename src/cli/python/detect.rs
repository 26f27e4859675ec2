//! From paths and environment to a version.

use super::interpreter::{self, of_interpreter};
use super::{Choice, Finding, files, parse_version, supported_versions};
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What the choice may depend on besides the paths.
pub struct Surroundings {
    pub current_dir: PathBuf,
    pub virtual_env: Option<OsString>,
    pub conda_prefix: Option<OsString>,
    /// `PATH`.
    pub path: Option<OsString>,
}

/// The Python that `--python` names: an interpreter, a virtual environment, an installation prefix, a command or a version.
pub fn of_path(path: &Path, around: &Surroundings) -> Result<Choice, String> {
    if path.is_dir() {
        let found = files::of_virtual_environment(path)
            .or_else(|| files::of_prefix(path))
            .or_else(|| interpreter::in_folder(&path.join("bin")));
        return found.unwrap_or_else(|| {
            Err(format!("{}: neither a virtual environment nor a Python installation", path.display()))
        });
    }
    if path.is_file() {
        return of_interpreter(path);
    }
    if interpreter::is_command_name(path) {
        let text = path.to_string_lossy();
        if let Some(python) = around.path.as_deref().and_then(|folders| interpreter::on_path(&text, folders)) {
            return of_interpreter(&python);
        }
        if let Ok(release) = parse_version(&text) {
            return Ok(Choice { release, reason: "--python".to_owned(), home: None });
        }
    }
    Err(format!("{}: no such interpreter or folder", path.display()))
}

/// The Python that the paths, the environment or the machine suggest.
pub fn detect(paths: &[PathBuf], around: &Surroundings) -> Result<Choice, String> {
    if let Some(choice) = around_paths(paths, around) {
        return choice;
    }
    let environments = [("VIRTUAL_ENV", &around.virtual_env), ("CONDA_PREFIX", &around.conda_prefix)];
    for (name, value) in environments {
        if let Some(folder) = value {
            let choice = of_path(Path::new(folder), around).map_err(|e| format!("{name} is set, but {e}"))?;
            return Ok(Choice { reason: format!("{name}, {}", choice.reason), ..choice });
        }
    }
    if let Some(choice) = version_file(paths, around) {
        return choice;
    }
    if let Some(python) = around.path.as_deref().and_then(|folders| interpreter::on_path("python3", folders)) {
        return of_interpreter(&python);
    }
    Err(format!(
        "which Python shall the files be for? Nothing around them says; name one with --python-version ({}) or --python",
        supported_versions()
    ))
}

/// What lies around the paths. Those that say nothing follow the others; those that say different things need a word.
fn around_paths(paths: &[PathBuf], around: &Surroundings) -> Finding {
    let mut seen = HashSet::new();
    let mut first: Option<(Choice, &Path)> = None;
    for path in paths {
        let choice = match around_path(&around.current_dir.join(path), &mut seen) {
            Some(Ok(choice)) => choice,
            Some(Err(error)) => return Some(Err(error)),
            None => continue,
        };
        match &first {
            None => first = Some((choice, path)),
            Some((before, _)) if before.release.version == choice.release.version => {}
            Some((before, first_path)) => {
                return Some(Err(format!(
                    "{} is for Python {} ({}), but {} for {} ({}); name one with --python-version",
                    first_path.display(),
                    before.release.version,
                    before.reason,
                    path.display(),
                    choice.release.version,
                    choice.reason
                )));
            }
        }
    }
    first.map(|(choice, _)| Ok(choice))
}

/// A `pyvenv.cfg` above the path, or a `lib/python3.N` that the path lies in or holds.
///
/// `seen` holds folders that were found to say nothing, with all above them, so that a long list of files costs little.
fn around_path(path: &Path, seen: &mut HashSet<PathBuf>) -> Finding {
    let above: Vec<&Path> = path.ancestors().take_while(|folder| !seen.contains(*folder)).collect();
    let found = above
        .iter()
        .find_map(|folder| files::of_virtual_environment(folder))
        .or_else(|| files::of_library_around(path))
        .or_else(|| files::of_prefix(path));
    if found.is_none() {
        seen.extend(above.into_iter().skip(1).map(Path::to_owned));
    }
    found
}

/// The nearest `.python-version` above a path, or above the current folder.
fn version_file(paths: &[PathBuf], around: &Surroundings) -> Finding {
    let first = paths.first().map(|path| around.current_dir.join(path));
    let places = first.iter().chain([&around.current_dir]);
    places.flat_map(|place| place.ancestors()).find_map(files::of_version_file)
}
