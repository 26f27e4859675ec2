//! Small sources, one rule each, held against what a real CPython made of them.
//!
//! Each `tests/cases/**/CASE.py` has goldens beside it, which `tests/oracle/bless.py` describes. To add a case, add the file and run
//!
//! ```text
//! BLESS=1 PYCC_ORACLES=DIR cargo test --test cases
//! ```
//!
//! where DIR holds `bin/python3.14` and those of the other versions. Goldens come from the interpreter alone, never from pycc;
//! those that a later patch release would give otherwise stand in `tests/nondeterministic`, with the version.

use pycc::diagnostics::offsets;
use pycc::marshal::explain_difference;
use pycc::object::PyStr;
use pycc::pipeline::{Compiler, Failure, Output};
use pycc::pyc::Header;
use pycc::source::source_hash;
use pycc::target::{PythonVersion, Target};
use rayon::prelude::*;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The versions that the cases are held to.
const VERSIONS: &[PythonVersion] = &PythonVersion::ALL;

fn cases_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn cases_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of cases can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            cases_below(&path, found);
        } else if path.extension().is_some_and(|e| e == "py") {
            found.push(path);
        }
    }
}

fn bless(version: PythonVersion) {
    let oracles = env::var_os("PYCC_ORACLES").expect("BLESS needs PYCC_ORACLES, a folder that holds bin/python3.14");
    let python = PathBuf::from(oracles).join("bin").join(format!("python{version}"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/bless.py");
    let status = Command::new(&python)
        .arg(script)
        .arg(cases_folder())
        .arg(version.to_string())
        .env_remove("PYTHONDONTWRITEBYTECODE")
        .status()
        .expect("the interpreter can be started");
    assert!(status.success(), "{} failed", python.display());
}

/// A case, with what is expected of it for one version.
struct Case {
    path: PathBuf,
    /// The path below the folder of cases, which is the file name in its code objects.
    name: String,
    target: &'static Target,
}

impl Case {
    fn golden(&self, ending: &str) -> Option<Vec<u8>> {
        let stem = self.path.with_extension("");
        fs::read(format!("{}.{}{ending}", stem.display(), self.target.version)).ok()
    }

    /// The golden of a level; a level without one has that of the level below.
    fn pyc(&self, optimize: u8) -> Option<Vec<u8>> {
        (1..=optimize).rev().find_map(|level| self.golden(&format!(".opt-{level}.pyc"))).or_else(|| self.golden(".pyc"))
    }

    /// What differs, a paragraph each.
    fn check(&self) -> Vec<String> {
        let source = fs::read(&self.path).expect("a case can be read");
        let mut complaints = Vec::new();
        for optimize in 0..=2 {
            let mut result = Ok(Vec::new());
            let outputs = [Output { target: self.target, optimize }];
            let warnings =
                Compiler::new().compile(source[..].into(), PyStr::new(&self.name), &outputs, |_, outcome| {
                    result = outcome.map(|file| file[Header::LEN..].to_vec());
                });
            let complaint = match (result, self.pyc(optimize), self.golden(".error")) {
                (Ok(code), Some(golden), _) => self.check_code(&source, &code, &golden),
                (Err(failure), None, Some(golden)) => check_error(&failure, &String::from_utf8_lossy(&golden)),
                (Err(failure), Some(_), _) => Some(format!("refused: {}", words(&failure))),
                (Ok(_), None, Some(golden)) => Some(format!("accepted, for {}", String::from_utf8_lossy(&golden))),
                (_, None, None) => Some("has no golden: run with BLESS=1".to_owned()),
            };
            if let Some(complaint) = complaint {
                complaints.push(format!("{} -O{optimize} {}\n{complaint}", self.target.version, self.name));
            }
            if optimize == 0 && self.golden(".error").is_none() {
                let found: String =
                    warnings.iter().map(|w| format!("{}: {}: {}\n", w.location.line, w.category, w.message)).collect();
                let golden = String::from_utf8(self.golden(".warnings").unwrap_or_default()).unwrap_or_default();
                if found != golden {
                    let version = self.target.version;
                    complaints.push(format!("{version} {} warns\n  - {golden}\n  + {found}", self.name));
                }
            }
        }
        complaints
    }

    fn check_code(&self, source: &[u8], code: &[u8], golden: &[u8]) -> Option<String> {
        let hash = source_hash(self.target.magic_word(), source);
        let header = Header::Hash { checked: false, hash }.to_bytes(self.target);
        let (golden_header, golden_code) = golden.split_at_checked(Header::LEN)?;
        if golden_header != header {
            return Some(format!("header\n    - {golden_header:02x?}\n    + {header:02x?}\n"));
        }
        (golden_code != code).then(|| explain_difference(golden_code, code, self.target))
    }
}

fn words(failure: &Failure) -> String {
    format!("{:?}: {}", failure.error.kind, failure.error.message)
}

/// The numbers in `1:2-3:4`, of which all but the lines may be negative, and the last two `None`.
fn numbers_of(place: &str) -> Vec<i32> {
    let mut numbers = Vec::new();
    let mut start = 0;
    for (i, c) in place.char_indices().chain([(place.len(), ':')]) {
        if i > start && matches!(c, ':' | '-') {
            numbers.extend(place[start..i].parse::<i32>());
            start = i + 1;
        }
    }
    numbers
}

/// Compares an error with its golden: the words, the start, and the end where CPython knows one.
fn check_error(failure: &Failure, golden: &str) -> Option<String> {
    let (message, place) = golden.trim_end().rsplit_once('\n').unwrap_or((golden.trim_end(), ""));
    let mut ours = words(failure);
    let mut theirs = message.to_owned();
    let numbers = numbers_of(place);
    match (failure.error.location, &numbers[..]) {
        (Some(location), [line, offset, end @ ..]) => {
            let text = failure.line.as_ref().map(|line| format!("{line}\n")).unwrap_or_default();
            let place = offsets(location, &text, failure.error.columns);
            ours += &format!("\n{}:{}", place.line, place.offset);
            theirs += &format!("\n{line}:{offset}");
            if let [end_line, end_offset] = end {
                ours += &format!(" to {}:{}", place.end_line, place.end_offset);
                theirs += &format!(" to {end_line}:{end_offset}");
            }
        }
        (Some(_), _) | (None, []) => {}
        (None, _) => ours += " (nowhere)",
    }
    (ours != theirs).then(|| format!("error\n    - {theirs}\n    + {ours}\n"))
}

#[test]
fn cases_compile_to_what_cpython_made_of_them() {
    let mut paths = Vec::new();
    cases_below(&cases_folder(), &mut paths);
    paths.sort();
    let root = cases_folder();
    let excused = fs::read_to_string(root.join("../nondeterministic")).expect("tests/nondeterministic can be read");
    let mut cases = Vec::new();
    for &version in VERSIONS {
        if env::var_os("BLESS").is_some() {
            bless(version);
        }
        for path in &paths {
            let below = path.strip_prefix(&root).expect("cases lie below their folder");
            let name = below.to_string_lossy().replace('\\', "/");
            if excused.lines().any(|line| line.starts_with(&format!("{version} {name}: "))) {
                continue;
            }
            cases.push(Case { path: path.clone(), name, target: Target::of(version) });
        }
    }
    let pool = rayon::ThreadPoolBuilder::new().stack_size(256 << 20).build().expect("workers can be started");
    let complaints: Vec<String> = pool.install(|| cases.par_iter().flat_map_iter(Case::check).collect());
    assert!(
        complaints.is_empty(),
        "{} complaints about {} cases\n{}",
        complaints.len(),
        cases.len(),
        complaints.join("\n")
    );
}
