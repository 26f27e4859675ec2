//! Holds pycc against real interpreters, byte for byte, over whole trees.
//!
//! `PYCC_ORACLES` names a folder with `bin/python3.14` and its like; without it the test says loudly that it was skipped. The trees are
//! `corpora/sample`, `corpora/sample_3_15` and, if they were fetched, those of `corpora/packages`; `PYCC_TREES` (separated by `:`) names others in their
//! place. Files that CPython itself does not compile the same way each time stand in `tests/nondeterministic`, with the reason.

use pycc::pipeline;
use pycc::target::{PythonVersion, Target};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The versions that are held to account.
const VERSIONS: &[PythonVersion] =
    &[PythonVersion::Py312, PythonVersion::Py313, PythonVersion::Py314, PythonVersion::Py315];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn interpreter(version: PythonVersion) -> Option<PathBuf> {
    let path = PathBuf::from(env::var_os("PYCC_ORACLES")?).join("bin").join(format!("python{version}"));
    path.exists().then_some(path)
}

fn trees() -> Vec<PathBuf> {
    match env::var_os("PYCC_TREES") {
        Some(list) => env::split_paths(&list).collect(),
        None => ["sample", "sample_3_15", "packages"].map(|tree| root().join("corpora").join(tree)).to_vec(),
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            if path.file_name().is_some_and(|n| n != "__pycache__") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|e| e == "py") {
            found.push(path);
        }
    }
}

/// The end of each path that is excused, behind the version if it is for one only.
fn excused() -> Vec<String> {
    let text = fs::read_to_string(root().join("tests/nondeterministic")).expect("tests/nondeterministic can be read");
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (path, _) = line.split_once(": ").expect("a line of tests/nondeterministic is `path: reason`");
            path.to_owned()
        })
        .collect()
}

/// What one file gave: nothing where both agree.
fn difference(path: &Path, number: usize, out: &Path, target: &'static Target, optimize: u8) -> Option<String> {
    let source = fs::read(path).expect("a source can be read");
    let ours = pipeline::compile(&source, &path.to_string_lossy(), target, optimize);
    let theirs = fs::read(out.join(format!("{number}.bin")));
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) if ours == theirs => None,
        (Ok(ours), Ok(theirs)) => Some(pycc::marshal::explain_difference(&theirs, &ours, target)),
        (Err(failure), Ok(_)) => Some(format!("refused: {}", failure.error.message)),
        (Ok(_), Err(_)) => {
            let error = fs::read_to_string(out.join(format!("{number}.err"))).unwrap_or_default();
            Some(format!("accepted, though CPython says {error}"))
        }
        (Err(_), Err(_)) => None,
    }
}

fn compare(version: PythonVersion, python: &Path, optimize: u8) -> BTreeMap<PathBuf, String> {
    let mut files = Vec::new();
    trees().iter().for_each(|tree| sources(tree, &mut files));
    assert!(!files.is_empty(), "the trees hold sources");
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let list = scratch.path().join("list");
    let lines: Vec<&str> = files.iter().map(|f| f.to_str().expect("paths of the corpora are UTF-8")).collect();
    fs::write(&list, lines.join("\n")).expect("the list can be written");
    let status = Command::new(python)
        .arg(root().join("tests/oracle/compile.py"))
        .args([&list, scratch.path()])
        .arg(optimize.to_string())
        .status()
        .expect("the interpreter can be started");
    assert!(status.success(), "the interpreter failed");
    let pool = rayon::ThreadPoolBuilder::new().stack_size(512 << 20).build().expect("workers can be started");
    let target = Target::of(version);
    let found: BTreeMap<PathBuf, String> = pool.install(|| {
        files
            .par_iter()
            .enumerate()
            .filter_map(|(i, path)| Some((path.clone(), difference(path, i, scratch.path(), target, optimize)?)))
            .collect()
    });
    println!("CPython {version} -O{optimize}: {} of {} files the same", files.len() - found.len(), files.len());
    found
}

#[test]
fn files_are_the_same_as_those_of_a_real_interpreter() {
    let excused = excused();
    let mut failures = Vec::new();
    for &version in VERSIONS {
        let Some(python) = interpreter(version) else {
            eprintln!(
                "SKIPPED: no CPython {version} to compare with; set PYCC_ORACLES to a folder that holds bin/python{version}"
            );
            continue;
        };
        for optimize in 0..=2 {
            for (path, why) in compare(version, &python, optimize) {
                let prefix = format!("{version} ");
                let path_text = path.to_string_lossy();
                if !excused.iter().any(|end| path_text.ends_with(end.strip_prefix(&prefix).unwrap_or(end))) {
                    failures.push(format!("{version} -O{optimize} {}\n{why}", path.display()));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} differences\n{}", failures.len(), failures[..failures.len().min(5)].join("\n"));
}
