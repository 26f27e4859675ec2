//! Which Python the files are for, where the command line does not say: from what lies around the paths and in the environment.
//!
//! Files are asked first; an interpreter is run only where no file tells its version.

use crate::target::PythonVersion;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A version and why it was chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub version: PythonVersion,
    /// For `-v`: a phrase such as `pyvenv.cfg of /srv/venv`.
    pub reason: String,
}

/// What the choice may depend on besides the paths.
pub struct Surroundings {
    pub current_dir: PathBuf,
    pub virtual_env: Option<OsString>,
    pub conda_prefix: Option<OsString>,
    /// `PATH`.
    pub path: Option<OsString>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Surroundings {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Surroundings {
            current_dir: std::env::current_dir().unwrap_or_default(),
            virtual_env: set("VIRTUAL_ENV"),
            conda_prefix: set("CONDA_PREFIX"),
            path: set("PATH"),
        }
    }
}

/// Reads `3.14`, `314`, `py314`, `cp314`, `cpython-314`, each also with a patch release (`3.14.2`) or a `t` for a
/// free-threaded build, whose files have the same names and the same magic number.
pub fn parse_version(text: &str) -> Result<PythonVersion, String> {
    let digits = ["cpython-", "cpython", "python", "py", "cp"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    let minor = digits.strip_prefix("3.").or_else(|| digits.strip_prefix('3'));
    minor
        .map(|rest| rest.split(['.', 't', 'a', 'b', 'r', '+']).next().unwrap_or(rest))
        .and_then(|minor| minor.parse::<u8>().ok())
        .and_then(|minor| PythonVersion::ALL.into_iter().find(|v| v.minor() == minor))
        .ok_or_else(|| format!("{text:?} is not a Python that pycc writes for; it knows {}", supported_versions()))
}

/// `3.11, 3.12, ...`.
pub fn supported_versions() -> String {
    let versions: Vec<String> = PythonVersion::ALL.iter().map(PythonVersion::to_string).collect();
    versions.join(", ")
}

/// The Python that `--python` names: an interpreter, a virtual environment or an installation prefix.
pub fn of_path(path: &Path) -> Result<Choice, String> {
    if path.is_dir() {
        let found =
            of_virtual_environment(path).or_else(|| of_prefix(path)).or_else(|| interpreter_in(&path.join("bin")));
        return found.unwrap_or_else(|| {
            Err(format!("{}: neither a virtual environment nor a Python installation", path.display()))
        });
    }
    if path.is_file() {
        return of_interpreter(path);
    }
    Err(format!("{}: no such interpreter or folder", path.display()))
}

/// The Python that the paths, the environment or the machine suggest.
pub fn detect(paths: &[PathBuf], around: &Surroundings) -> Result<Choice, String> {
    for path in paths {
        if let Some(choice) = around_path(&around.current_dir.join(path)) {
            return choice;
        }
    }
    let environments = [("VIRTUAL_ENV", &around.virtual_env), ("CONDA_PREFIX", &around.conda_prefix)];
    for (name, value) in environments {
        if let Some(folder) = value {
            let choice = of_path(Path::new(folder)).map_err(|e| format!("{name} is set, but {e}"))?;
            return Ok(Choice { reason: format!("{name}, {}", choice.reason), ..choice });
        }
    }
    if let Some(choice) = around.current_dir.ancestors().find_map(of_version_file) {
        return choice;
    }
    if let Some(path) = &around.path
        && let Some(python) = std::env::split_paths(path).map(|folder| folder.join("python3")).find(|p| p.is_file())
    {
        return of_interpreter(&python);
    }
    Err(format!(
        "which Python shall the files be for? Nothing around them says; name one with --python-version ({}) or --python",
        supported_versions()
    ))
}

/// A `pyvenv.cfg` above the path, or a `lib/python3.N` that the path lies in or holds.
fn around_path(path: &Path) -> Option<Result<Choice, String>> {
    if let Some(choice) = path.ancestors().find_map(of_virtual_environment) {
        return Some(choice);
    }
    let library = path.ancestors().find(|folder| {
        let name = folder.file_name().and_then(|n| n.to_str());
        let parent = folder.parent().and_then(Path::file_name).and_then(|n| n.to_str());
        name.is_some_and(|n| n.starts_with("python3.")) && parent.is_some_and(|p| p.starts_with("lib"))
    });
    match library {
        Some(folder) => Some(named(folder, format!("the path lies in {}", folder.display()))),
        None => of_prefix(path),
    }
}

/// The version that `pyvenv.cfg` of a folder states, if it has one.
fn of_virtual_environment(folder: &Path) -> Option<Result<Choice, String>> {
    let file = folder.join("pyvenv.cfg");
    let text = fs::read_to_string(&file).ok()?;
    let value = |key: &str| {
        text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim().eq_ignore_ascii_case(key)).then(|| value.trim().to_owned())
        })
    };
    let reason = format!("pyvenv.cfg of {}", folder.display());
    if let Some(version) = value("version_info").or_else(|| value("version")) {
        return Some(choice(&version, reason));
    }
    // Without a version, the library folder or the interpreter that the environment was made from tells.
    of_prefix(folder)
        .or_else(|| interpreter_in(&folder.join("bin")))
        .or_else(|| interpreter_in(Path::new(&value("home")?)))
}

/// The version of the only `lib/python3.N` of a folder.
fn of_prefix(folder: &Path) -> Option<Result<Choice, String>> {
    let mut found: Vec<PathBuf> = ["lib", "lib64", "Lib"]
        .iter()
        .filter_map(|lib| fs::read_dir(folder.join(lib)).ok())
        .flat_map(|entries| entries.flatten().map(|e| e.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            name.strip_prefix("python3.").is_some_and(|minor| minor.starts_with(|c: char| c.is_ascii_digit()))
                && path.join("os.py").is_file()
                    | path.join("site-packages").is_dir()
                    | path.join("dist-packages").is_dir()
        })
        .collect();
    found.dedup_by_key(|path| path.file_name().map(ToOwned::to_owned));
    match found.as_slice() {
        [only] => Some(named(only, format!("{} is there", only.display()))),
        _ => None,
    }
}

/// A choice by the last part of a path, `python3.N`.
fn named(path: &Path, reason: String) -> Result<Choice, String> {
    choice(&path.file_name().unwrap_or_default().to_string_lossy(), reason)
}

fn choice(version: &str, reason: String) -> Result<Choice, String> {
    parse_version(version)
        .map(|version| Choice { version, reason: reason.clone() })
        .map_err(|e| format!("{reason}: {e}"))
}

/// The first line of `.python-version` that is not a comment, if it names a version.
fn of_version_file(folder: &Path) -> Option<Result<Choice, String>> {
    let file = folder.join(".python-version");
    let text = fs::read_to_string(&file).ok()?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    Some(choice(line, file.display().to_string()))
}

fn interpreter_in(folder: &Path) -> Option<Result<Choice, String>> {
    let python = ["python3", "python"].iter().map(|name| folder.join(name)).find(|p| p.is_file())?;
    Some(of_interpreter(&python))
}

/// The version of an interpreter: by its name, by what its links lead to, by its environment, or by asking it.
fn of_interpreter(python: &Path) -> Result<Choice, String> {
    let reason = python.display().to_string();
    if let Some(home) = python.parent().and_then(Path::parent)
        && home.join("pyvenv.cfg").is_file()
        && let Some(found) = of_virtual_environment(home)
    {
        return found;
    }
    let resolved = fs::canonicalize(python).unwrap_or_else(|_| python.to_owned());
    for path in [python, &resolved] {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("python3.") && parse_version(&name).is_ok() {
            return choice(&name, reason);
        }
    }
    let asked = Command::new(python)
        .args(["-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|e| format!("{reason}: {e}"))?;
    choice(String::from_utf8_lossy(&asked.stdout).trim(), format!("{reason} says so"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nowhere(folder: &Path) -> Surroundings {
        Surroundings { current_dir: folder.to_owned(), virtual_env: None, conda_prefix: None, path: None }
    }

    #[test]
    fn versions_are_read_in_all_their_spellings() {
        for text in
            ["3.13", "313", "py313", "cp313", "cpython-313", "3.13.2", "3.13t", "cp313t", "python3.13", "3.13.0rc1"]
        {
            assert_eq!(parse_version(text), Ok(PythonVersion::ALL[2]), "{text}");
        }
        for text in ["", "3", "2.7", "3.10", "3.16", "pypy", "3.x"] {
            assert!(parse_version(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_environment_above_the_path_tells() {
        let folder = tempfile::tempdir().expect("a folder");
        let package = folder.path().join("lib/python3.12/site-packages/pkg");
        fs::create_dir_all(&package).expect("folders");
        fs::write(folder.path().join("pyvenv.cfg"), "home = /usr/bin\nversion_info = 3.12.4.final.0\n")
            .expect("a file");
        let found = detect(&[package], &nowhere(folder.path())).expect("a choice");
        assert_eq!(found.version, PythonVersion::ALL[1]);
    }

    #[test]
    fn a_library_folder_tells() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("usr/lib/python3.11/dist-packages")).expect("folders");
        let around = nowhere(folder.path());
        for path in ["usr/lib/python3.11/dist-packages", "usr"] {
            assert_eq!(detect(&[path.into()], &around).expect("a choice").version, PythonVersion::ALL[0], "{path}");
        }
    }

    #[test]
    fn a_version_file_tells_and_nothing_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let around = nowhere(folder.path());
        assert!(detect(&["x".into()], &around).expect_err("no choice").contains("3.11, 3.12, 3.13, 3.14, 3.15"));
        fs::write(folder.path().join(".python-version"), "# chosen\n3.14.1\n").expect("a file");
        assert_eq!(detect(&["x".into()], &around).expect("a choice").version, PythonVersion::ALL[3]);
    }
}
