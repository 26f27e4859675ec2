//! Choosing a version.

use super::*;
use crate::target::PythonVersion;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

fn nowhere(folder: &Path) -> Surroundings {
    Surroundings { current_dir: folder.to_owned(), virtual_env: None, conda_prefix: None, path: None }
}

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn found(folder: &TempDir, paths: &[&str]) -> Result<String, String> {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    detect(&paths, &nowhere(folder.path())).map(|choice| choice.release.version.to_string())
}

#[test]
fn versions_are_read_in_all_their_spellings() {
    let spellings = [
        "3.13",
        "313",
        "py313",
        "cp313",
        "cpython-313",
        "3.13.2",
        "3.13t",
        "cp313t",
        "python3.13",
        "3.13.0rc1",
        "3.13d",
        "3.13td",
        "cpython@3.13",
        "cpython-3.13.1-linux-x86_64-gnu",
        "3.13+freethreaded",
        "3.13.4.final.0",
    ];
    for text in spellings {
        assert_eq!(parse_version(text).map(|release| release.version), Ok(PythonVersion::Py313), "{text}");
    }
    for (text, micro) in [("3.13", None), ("cp313", None), ("3.13.4.final.0", Some(4)), ("3.13t.1", Some(1))] {
        assert_eq!(parse_version(text).map(|release| release.micro), Ok(micro), "{text}");
    }
    for text in ["", "3", "2.7", "3.10", "3.16", "pypy", "3.x", "3.13x", "31.3", "-3.13"] {
        assert!(parse_version(text).is_err(), "{text}");
    }
}

#[test]
fn an_environment_above_the_path_tells() {
    let config = "home = /usr/bin\nversion_info = 3.12.4.final.0\n";
    let folder = folder_with(&[("v/pyvenv.cfg", config), ("v/lib/python3.11/site-packages/p/a.py", "")]);
    assert_eq!(found(&folder, &["v/lib/python3.11/site-packages/p"]), Ok("3.12".to_owned()));
    assert_eq!(found(&folder, &["v"]), Ok("3.12".to_owned()));
    assert_eq!(found(&folder, &["nowhere", "v/lib/python3.11/site-packages/p/a.py"]), Ok("3.12".to_owned()));
}

#[test]
fn a_library_folder_tells() {
    let folder = folder_with(&[
        ("usr/lib/python3.11/dist-packages/a.py", ""),
        ("free/lib/python3.14t/os.py", ""),
        ("two/lib/python3.12/os.py", ""),
        ("two/lib/python3.13/os.py", ""),
    ]);
    assert_eq!(found(&folder, &["usr/lib/python3.11/dist-packages"]), Ok("3.11".to_owned()));
    assert_eq!(found(&folder, &["usr"]), Ok("3.11".to_owned()));
    assert_eq!(found(&folder, &["free"]), Ok("3.14".to_owned()));
    assert_eq!(found(&folder, &["two/lib/python3.13"]), Ok("3.13".to_owned()));
    assert!(found(&folder, &["two"]).is_err());
    let error = found(&folder, &["usr", "free"]).expect_err("two versions");
    assert!(error.contains("usr is for Python 3.11") && error.contains("free for 3.14"), "{error}");
}

#[test]
fn a_version_file_tells_and_nothing_is_an_error() {
    let folder = folder_with(&[("here/x.py", ""), ("here/.python-version", "# chosen\n3.14.1\n")]);
    assert_eq!(found(&folder, &["here/x.py"]), Ok("3.14".to_owned()));
    assert!(found(&folder, &["x"]).expect_err("no choice").contains("3.11, 3.12, 3.13, 3.14, 3.15"));
    fs::write(folder.path().join("here/.python-version"), "my-env\n").expect("a file");
    assert!(found(&folder, &["here/x.py"]).expect_err("no choice").contains("Nothing around them says"));
    fs::write(folder.path().join("here/.python-version"), "3.9\n").expect("a file");
    assert!(found(&folder, &["here/x.py"]).expect_err("too old").contains("\"3.9\" is not a Python"));
}

#[test]
fn the_environment_comes_before_version_files_and_after_paths() {
    let folder = folder_with(&[
        ("venv/pyvenv.cfg", "version = 3.12.1\n"),
        ("conda/lib/python3.13/os.py", ""),
        ("usr/lib/python3.11/os.py", ""),
        (".python-version", "3.15\n"),
    ]);
    let mut around = nowhere(folder.path());
    let chosen = |around: &Surroundings, path: &str| {
        detect(&[path.into()], around).map(|choice| choice.release.version.to_string()).unwrap_or_else(|error| error)
    };
    assert_eq!(chosen(&around, "x"), "3.15");
    around.conda_prefix = Some(folder.path().join("conda").into());
    assert_eq!(chosen(&around, "x"), "3.13");
    around.virtual_env = Some(folder.path().join("venv").into());
    assert_eq!(chosen(&around, "x"), "3.12");
    assert_eq!(chosen(&around, "usr"), "3.11");
}

#[test]
fn interpreters_tell_by_name_and_are_asked_otherwise() {
    let asked = "#!/bin/sh\necho cpython 3.13\n";
    let other = "#!/bin/sh\necho pypy 3.11\n";
    let folder = folder_with(&[
        ("named/python3.12", "not a program\n"),
        ("asked/python3", asked),
        ("other/python3", other),
        ("venv/pyvenv.cfg", "version = 3.14.0\n"),
        ("venv/bin/python", "not a program\n"),
    ]);
    for name in ["asked/python3", "other/python3"] {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    let mut around = nowhere(folder.path());
    let chosen = |path: &str| {
        of_path(&folder.path().join(path), &nowhere(folder.path())).map(|choice| choice.release.version.to_string())
    };
    assert_eq!(chosen("named/python3.12"), Ok("3.12".to_owned()));
    assert_eq!(chosen("asked/python3"), Ok("3.13".to_owned()));
    assert_eq!(chosen("venv/bin/python"), Ok("3.14".to_owned()));
    assert!(chosen("other/python3").expect_err("not CPython").contains("pypy 3.11"));
    assert!(chosen("asked").is_err() && chosen("none").is_err());
    around.path = Some(folder.path().join("asked").into());
    assert_eq!(detect(&["x".into()], &around).map(|choice| choice.release.version), Ok(PythonVersion::Py313));
    assert_eq!(of_path(Path::new("python3"), &around).map(|choice| choice.release.version), Ok(PythonVersion::Py313));
}
