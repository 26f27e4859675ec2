//! Holds pycc against real interpreters, byte for byte, over whole trees.
//!
//! ```text
//! PYCC_ORACLES=DIR PYCC_TREES=LIB:PACKAGES cargo test --profile quick --test differential -- --nocapture
//! ```
//!
//! `PYCC_ORACLES` names a folder with `bin/python3.14`; without it the test says loudly that it was skipped. The trees are
//! `corpora/sample` and, if they were fetched, those of `corpora/packages`; `PYCC_TREES` (separated by `:`) names others in their
//! place. For each version and level it prints how many files are the same, and in how many each field differs.
//!
//! The interpreter compiles all files in one process. Where that gives other bytes than pycc, one that has compiled nothing else
//! is asked: if pycc agrees with that one, CPython's result depends on what it compiled before (gh-129724), and the file must
//! stand in `tests/nondeterministic`, with the reason.

use pycc::marshal::{explain_difference, marshalled_differences};
use pycc::pipeline;
use pycc::target::{PythonVersion, Target};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The versions that are held to account.
const VERSIONS: &[PythonVersion] = &PythonVersion::ALL;

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

/// A line of `tests/nondeterministic`.
struct Excuse {
    /// The only version that the line is for, of which then any difference is excused; otherwise the difference must be one
    /// that a fresh process does not show.
    version: Option<String>,
    end: String,
}

impl Excuse {
    fn read_all() -> Vec<Excuse> {
        let text =
            fs::read_to_string(root().join("tests/nondeterministic")).expect("tests/nondeterministic can be read");
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(Excuse::of_line).collect()
    }

    fn of_line(line: &str) -> Excuse {
        let (path, _) = line.split_once(": ").expect("a line of tests/nondeterministic is `path: reason`");
        match path.split_once(' ') {
            Some((version, end)) => Excuse { version: Some(version.to_owned()), end: end.to_owned() },
            None => Excuse { version: None, end: path.to_owned() },
        }
    }

    fn covers(&self, version: PythonVersion, path: &Path, difference: &Difference) -> bool {
        let excused = match &self.version {
            Some(only) => *only == version.to_string(),
            None => difference.depends_on_order,
        };
        excused && path.to_string_lossy().ends_with(self.end.as_str())
    }
}

/// How pycc and the interpreter disagree about a file.
struct Difference {
    /// The fields in which the code objects differ, or what stands for them.
    fields: Vec<&'static str>,
    detail: String,
    /// An interpreter that has compiled nothing else agrees with pycc.
    depends_on_order: bool,
}

impl Difference {
    fn new(field: &'static str, detail: String) -> Difference {
        Difference { fields: vec![field], detail, depends_on_order: false }
    }

    fn of_code(theirs: &[u8], ours: &[u8], target: &Target) -> Difference {
        let mut difference = Difference::new("references", explain_difference(theirs, ours, target));
        match marshalled_differences(theirs, ours, target) {
            Ok(found) if found.is_empty() => {}
            Ok(found) => difference.fields = found.iter().map(|each| each.field).collect(),
            Err(_) => difference.fields = vec!["unreadable"],
        }
        difference.fields.sort();
        difference.fields.dedup();
        difference
    }
}

/// Lets the interpreter compile files into `out`, which see `tests/oracle/compile.py`.
fn interpret(python: &Path, files: &[PathBuf], out: &Path, optimize: u8) {
    let list = out.join("list");
    let lines: Vec<&str> = files.iter().map(|f| f.to_str().expect("paths of the corpora are UTF-8")).collect();
    fs::write(&list, lines.join("\n")).expect("the list can be written");
    let status = Command::new(python)
        .arg(root().join("tests/oracle/compile.py"))
        .args([&list, out])
        .arg(optimize.to_string())
        .status()
        .expect("the interpreter can be started");
    assert!(status.success(), "the interpreter failed");
}

/// Compares one file with what the interpreter left in `out` for it: nothing where both agree.
fn difference(path: &Path, number: usize, out: &Path, target: &'static Target, optimize: u8) -> Option<Difference> {
    let source = fs::read(path).expect("a source can be read");
    let ours = pipeline::compile(&source, &path.to_string_lossy(), target, optimize);
    let theirs = fs::read(out.join(format!("{number}.bin")));
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours != theirs).then(|| Difference::of_code(&theirs, &ours, target)),
        (Err(failure), Ok(_)) => Some(Difference::new("refused", failure.error.message.clone())),
        (Ok(_), Err(_)) => {
            let error = fs::read_to_string(out.join(format!("{number}.err"))).unwrap_or_default();
            Some(Difference::new("accepted", format!("CPython says {error}")))
        }
        (Err(_), Err(_)) => None,
    }
}

fn compare(version: PythonVersion, python: &Path, optimize: u8) -> BTreeMap<PathBuf, Difference> {
    let mut files = Vec::new();
    trees().iter().for_each(|tree| sources(tree, &mut files));
    assert!(!files.is_empty(), "the trees hold sources");
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    interpret(python, &files, scratch.path(), optimize);
    let pool = rayon::ThreadPoolBuilder::new().stack_size(512 << 20).build().expect("workers can be started");
    let target = Target::of(version);
    let mut found: BTreeMap<PathBuf, Difference> = pool.install(|| {
        files
            .par_iter()
            .enumerate()
            .filter_map(|(i, path)| Some((path.clone(), difference(path, i, scratch.path(), target, optimize)?)))
            .collect()
    });
    for (path, each) in found.iter_mut().filter(|(_, each)| each.fields == ["references"]) {
        let scratch = tempfile::tempdir().expect("a scratch folder can be made");
        interpret(python, std::slice::from_ref(path), scratch.path(), optimize);
        each.depends_on_order = pool.install(|| difference(path, 0, scratch.path(), target, optimize)).is_none();
    }
    summarize(version, optimize, files.len(), &found);
    found
}

/// Prints how many files are the same, and in how many each field differs.
fn summarize(version: PythonVersion, optimize: u8, count: usize, found: &BTreeMap<PathBuf, Difference>) {
    let ordered = found.values().filter(|each| each.depends_on_order).count();
    println!(
        "CPython {version} -O{optimize}: {} of {count} files the same, {ordered} of them in a fresh process only",
        count - found.len() + ordered
    );
    let mut fields: BTreeMap<&str, usize> = BTreeMap::new();
    for field in found.values().filter(|each| !each.depends_on_order).flat_map(|each| &each.fields) {
        *fields.entry(field).or_default() += 1;
    }
    for (field, count) in fields {
        println!("  {field}: {count} files");
    }
}

#[test]
fn files_are_the_same_as_those_of_a_real_interpreter() {
    let excuses = Excuse::read_all();
    let mut failures = Vec::new();
    for &version in VERSIONS {
        let Some(python) = interpreter(version) else {
            eprintln!(
                "SKIPPED: no CPython {version} to compare with; set PYCC_ORACLES to a folder that holds bin/python{version}"
            );
            continue;
        };
        for optimize in 0..=2 {
            for (path, each) in compare(version, &python, optimize) {
                if !excuses.iter().any(|excuse| excuse.covers(version, &path, &each)) {
                    let order =
                        if each.depends_on_order { "depends on what was compiled before; to be listed\n" } else { "" };
                    failures.push(format!("{version} -O{optimize} {}\n{order}{}", path.display(), each.detail));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} differences\n{}", failures.len(), failures[..failures.len().min(5)].join("\n"));
}
