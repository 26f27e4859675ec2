//! House rules that a program can check, over every Rust source of the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Files past this are split by construct or pass.
const MOST_LINES: usize = 900;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a source folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source below `folder`, with its text.
fn texts(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds sources");
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a source can be read");
            (path, text)
        })
        .collect()
}

fn offenders(broken: impl Fn(&Path, &str) -> bool, folder: &str) -> Vec<PathBuf> {
    texts(folder).into_iter().filter(|(path, text)| broken(path, text)).map(|(path, _)| path).collect()
}

#[test]
fn files_open_with_what_they_are_for() {
    for folder in ["src", "tests"] {
        assert_eq!(offenders(|_, text| !text.starts_with("//!"), folder), Vec::<PathBuf>::new());
    }
}

#[test]
fn files_hold_one_concept() {
    let long = offenders(
        |_, text| {
            let generated = text.lines().take(3).any(|line| line.to_lowercase().contains("generated"));
            !generated && text.lines().count() > MOST_LINES
        },
        "src",
    );
    assert_eq!(long, Vec::<PathBuf>::new());
}

#[test]
fn versions_are_named_in_target_alone() {
    let named = offenders(
        |path, text| {
            !path.components().any(|c| c.as_os_str() == "target")
                && !path.ends_with("tests.rs")
                && !path.to_string_lossy().contains("src/cli/python/")
                && text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
                    (11..20).any(|minor| line.contains(&format!("Py3{minor}"))) || line.contains(".minor() ")
                })
        },
        "src",
    );
    assert_eq!(named, Vec::<PathBuf>::new());
}

#[test]
fn nothing_is_left_undone() {
    let marks = ["todo!", "unimplemented!", "#[ignore"]
        .map(|mark| format!("{mark}{}", if mark.ends_with('!') { "(" } else { "" }));
    assert_eq!(offenders(|_, text| marks.iter().any(|mark| text.contains(mark)), "src"), Vec::<PathBuf>::new());
}

/// The order in which modules may import each other: a module's own line lists all that may stand before it.
const LAYERS: &[&[&str]] = &[
    &["target", "source", "object", "diagnostics"],
    &["fold"],
    &["ast"],
    &["ir"],
    &["lexer"],
    &["parser"],
    &["symtable"],
    &["preprocess"],
    &["codegen"],
    &["flowgraph"],
    &["assemble"],
    &["marshal"],
    &["pyc"],
    &["pipeline"],
    &["tree"],
    &["run"],
    &["cli"],
];

#[test]
fn later_modules_import_earlier_ones_only() {
    let layer = |module: &str| LAYERS.iter().position(|modules| modules.contains(&module));
    let mut broken = Vec::new();
    for (path, text) in texts("src") {
        let relative = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("below src");
        let first = relative.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        let Some(own) = layer(first.trim_end_matches(".rs")) else { continue };
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let module: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if layer(&module).is_some_and(|used| used > own) {
                    broken.push(format!("{} uses {module}", relative.display()));
                }
            }
        }
    }
    broken.dedup();
    assert_eq!(broken, Vec::<String>::new());
}
