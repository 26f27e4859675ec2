//! Interpreters: what their names and places tell, and asking them.

use super::{Choice, Finding, files, parse_version};
use crate::target::{PythonVersion, Target};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ASK_VERSION: &str = "import sys; print(sys.implementation.name, '%d.%d.%d' % sys.version_info[:3])";
const ASK_SYS_PATH: &str = r"import os, sys; sys.stdout.buffer.write(b'\0'.join(map(os.fsencode, sys.path)))";

/// The interpreter of a folder of programs.
pub fn in_folder(folder: &Path) -> Finding {
    Some(of_interpreter(&find_in(folder, None)?))
}

/// A command on `PATH`.
pub fn on_path(name: &str, path: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(path).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn find_in(folder: &Path, version: Option<PythonVersion>) -> Option<PathBuf> {
    let exact = version.map(|version| format!("python{version}"));
    let names = exact.as_deref().into_iter().chain(["python3", "python"]);
    names.map(|name| folder.join(name)).find(|path| path.is_file())
}

/// The version of an interpreter: by its environment, by its name, by what its links lead to, or by asking it.
pub fn of_interpreter(python: &Path) -> Result<Choice, String> {
    let home = python.parent().and_then(Path::parent).unwrap_or(Path::new(""));
    if let Some(found) = files::of_virtual_environment(home).filter(|_| home.join("pyvenv.cfg").is_file()) {
        return found.map(|choice| choice.with_home(python.to_owned()));
    }
    let resolved = fs::canonicalize(python).unwrap_or_else(|_| python.to_owned());
    let reason = python.display().to_string();
    for path in [python, &resolved] {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("python3.") && parse_version(&name).is_ok() {
            let named = Choice::named(&name, reason.clone())?;
            // The name does not tell the patch release; if the interpreter cannot be run either, it stays unknown.
            let asked = Target::depends_on_micro(named.release.version).then(|| ask_version(python, reason).ok());
            let exact = asked.flatten().filter(|asked| asked.release.version == named.release.version);
            return Ok(exact.unwrap_or(named).with_home(python.to_owned()));
        }
    }
    ask_version(python, reason).map(|choice| choice.with_home(python.to_owned()))
}

fn ask_version(python: &Path, reason: String) -> Result<Choice, String> {
    let said = ask(python, &["-I", "-S", "-c", ASK_VERSION]).map_err(|error| format!("{reason}: {error}"))?;
    let said = String::from_utf8_lossy(&said);
    match said.trim().split_once(' ') {
        Some(("cpython", version)) => Choice::named(version, format!("{reason} says so")),
        Some((other, version)) => Err(format!("{reason} is {other} {version}; pycc writes for CPython only")),
        None => Err(format!("{reason}: not a Python")),
    }
}

/// The folders of `sys.path`, for a release of which an interpreter is at hand.
pub fn sys_path(choice: &Choice, path: Option<&OsStr>) -> Result<Vec<PathBuf>, String> {
    let python = choice.home.as_deref().and_then(|home| {
        if home.is_dir() { find_in(&home.join("bin"), Some(choice.release.version)) } else { Some(home.to_owned()) }
    });
    let versioned = || on_path(&format!("python{}", choice.release.version), path?);
    let plain = || {
        on_path("python3", path?)
            .filter(|python| of_interpreter(python).is_ok_and(|it| it.release.version == choice.release.version))
    };
    let Some(python) = python.or_else(versioned).or_else(plain) else {
        return Err(format!(
            "name the files and folders to compile: there is no python{} to ask for its sys.path",
            choice.release.version
        ));
    };
    let said = ask(&python, &["-c", ASK_SYS_PATH]).map_err(|error| format!("{}: {error}", python.display()))?;
    Ok(said.split(|&b| b == 0).map(|folder| OsString::from_vec(folder.to_vec()).into()).collect())
}

/// What an interpreter writes to standard output.
fn ask(python: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let mut command = Command::new(python);
    let output =
        command.args(arguments).stdin(Stdio::null()).stderr(Stdio::piped()).output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        let last = output.stderr.split(|&b| b == b'\n').rfind(|line| !line.is_empty()).unwrap_or_default();
        let last = String::from_utf8_lossy(last).into_owned();
        return Err(format!("it cannot be asked ({}) {last}", output.status));
    }
    Ok(output.stdout)
}

/// Whether a path is a bare command name, to be looked for on `PATH`.
pub fn is_command_name(path: &Path) -> bool {
    !path.as_os_str().as_bytes().contains(&b'/') && !path.as_os_str().is_empty()
}
