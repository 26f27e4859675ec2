//! Files that a real CPython wrote, read and written again: the bytes must be the same, references included.
//!
//! The goldens of `tests/cases` are always tried. PYCC_PYC_TREE=DIR names a folder with more .pyc files, such as a compiled
//! standard library.

use bumpalo::Bump;
use pycc::marshal::{Stream, explain_difference, read_code, write_code};
use pycc::object::{Const, ConstCache, ConstId};
use pycc::source::Interner;
use pycc::target::{PythonVersion, Target};
use std::path::{Path, PathBuf};

fn files_below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

/// What is wrong with our bytes, if anything is.
///
/// The compiler knows all identifiers of a file, but a file read back does not tell whether a constant's text was one, as the
/// keywords of calls are, nor whether the constant was made from the name; so all answers are tried.
fn complaint(data: &[u8]) -> Option<String> {
    let first = complaint_with(data, Constants::AreTexts)?;
    complaint_with(data, Constants::AreIdentifiers)?;
    complaint_with(data, Constants::ComeOfNames).map(|_| first)
}

/// What the constant strings are taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Constants {
    AreTexts,
    AreIdentifiers,
    ComeOfNames,
}

fn complaint_with(data: &[u8], constants: Constants) -> Option<String> {
    let magic = u16::from_le_bytes([*data.first()?, *data.get(1)?]);
    let target = PythonVersion::ALL.map(Target::of).into_iter().find(|target| target.magic == magic)?;
    let arena = Bump::new();
    let (mut names, mut consts) = (Interner::new(&arena), ConstCache::new(&arena));
    let code = match read_code(&data[16..], target, &mut names, &mut consts) {
        Ok(code) => code,
        Err(error) => return Some(error.to_string()),
    };
    if constants != Constants::AreTexts {
        for i in 0..consts.len() {
            if let Const::Str(text) = consts.get(ConstId(i as u32))
                && let Some(text) = text.as_str()
            {
                match constants {
                    Constants::ComeOfNames => names.intern_borrowed(text),
                    _ => names.intern(text),
                };
            }
        }
    }
    let mut ours = Stream::default();
    if let Err(error) = write_code(code, &names, &consts, target, &mut ours) {
        return Some(error.message);
    }
    let (ours, theirs) = (&*ours.written(), &data[16..]);
    if ours == theirs {
        return None;
    }
    Some(explain_difference(theirs, ours, target))
}

#[test]
fn written_files_are_those_that_were_read() {
    let mut files = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), ".pyc", &mut files);
    if let Some(tree) = std::env::var_os("PYCC_PYC_TREE") {
        files_below(Path::new(&tree), ".pyc", &mut files);
    }
    files.sort();
    let mut complaints = Vec::new();
    for file in &files {
        let data = std::fs::read(file).unwrap();
        if let Some(text) = complaint(&data) {
            complaints.push(format!("{}: {text}", file.display()));
        }
    }
    assert!(complaints.is_empty(), "{} of {}:\n{}", complaints.len(), files.len(), complaints.join("\n"));
}
