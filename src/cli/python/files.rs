//! Files and folders that tell a version.

use super::version::looks_like_version;
use super::{Choice, Finding, interpreter};
use std::fs;
use std::path::{Path, PathBuf};

/// The version that the `pyvenv.cfg` of a folder states, if it has one.
pub fn of_virtual_environment(folder: &Path) -> Finding {
    let text = fs::read_to_string(folder.join("pyvenv.cfg")).ok()?;
    let value = |key: &str| {
        text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            name.trim().eq_ignore_ascii_case(key).then(|| value.trim().to_owned())
        })
    };
    let reason = format!("pyvenv.cfg of {}", folder.display());
    // `venv` writes `version`, `virtualenv` and uv `version_info`.
    if let Some(version) = value("version_info").or_else(|| value("version")) {
        return Some(Choice::named(&version, reason).map(|choice| choice.with_home(folder.to_owned())));
    }
    // Without a version, the library folder or the interpreter that the environment was made from tells.
    of_prefix(folder)
        .or_else(|| interpreter::in_folder(&folder.join("bin")))
        .or_else(|| interpreter::in_folder(Path::new(&value("home")?)))
}

/// The version of the only `lib/python3.N` of a folder.
pub fn of_prefix(folder: &Path) -> Finding {
    let mut found: Vec<PathBuf> = ["lib", "lib64"]
        .iter()
        .filter_map(|lib| fs::read_dir(folder.join(lib)).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .filter(|path| is_library_name(path) && is_library(path))
        .collect();
    found.dedup_by_key(|path| path.file_name().map(ToOwned::to_owned));
    match found.as_slice() {
        [only] => Some(of_library(only, format!("{} is there", only.display()))),
        _ => None,
    }
}

fn is_library(path: &Path) -> bool {
    ["os.py", "site-packages", "dist-packages"].iter().any(|name| path.join(name).exists())
}

/// The version of the library folder `lib/python3.N` that a path names or lies in.
pub fn of_library_around(path: &Path) -> Finding {
    let library = path.ancestors().find(|folder| {
        let parent = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        is_library_name(folder) && parent.is_some_and(|name| name.starts_with("lib"))
    })?;
    Some(of_library(library, format!("the path lies in {}", library.display())))
}

fn is_library_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.strip_prefix("python3.").is_some_and(|minor| minor.starts_with(|c: char| c.is_ascii_digit()))
}

fn of_library(library: &Path, reason: String) -> Result<Choice, String> {
    let name = library.file_name().unwrap_or_default().to_string_lossy();
    let choice = Choice::named(&name, reason)?;
    let prefix = library.parent().and_then(Path::parent);
    Ok(Choice { home: prefix.map(Path::to_owned), ..choice })
}

/// The first line of a folder's `.python-version` that is not a comment, if it names a version of CPython.
pub fn of_version_file(folder: &Path) -> Finding {
    let file = folder.join(".python-version");
    let text = fs::read_to_string(&file).ok()?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    // pyenv's names of environments, or `3`, say nothing here.
    looks_like_version(line).then(|| Choice::named(line, file.display().to_string()))
}
