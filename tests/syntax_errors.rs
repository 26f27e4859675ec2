//! Errors of the grammar against those that CPython gives: `tests/syntax_errors/*.jsonl`, written by
//! `tools/syntax_errors.py`. Each line is a list: the source, and the error as type, message, line, offset, end line and end
//! offset, or null where the grammar takes the source; a third element is what `py_compile` says of it.

use bumpalo::Bump;
use pycc::diagnostics::{CompileError, offsets, py_compile_message};
use pycc::lexer::tokenize_for;
use pycc::parser::invalid_syntax::refusal;
use pycc::source::{Interner, SourceText};
use pycc::target::{PythonVersion, Target};
use serde_json::{Value, json};

/// The release that a file of cases is from: `name.3.13.jsonl`, or 3.14.
fn version_of(path: &std::path::Path) -> PythonVersion {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let named = PythonVersion::ALL.into_iter().find(|version| name.ends_with(&format!(".{version}")));
    named.unwrap_or(PythonVersion::Py314)
}

fn error_of(arena: &Bump, text: &str, target: &'static Target) -> Option<Box<CompileError>> {
    let mut names = Interner::new(arena);
    let source = SourceText::new(arena.alloc_str(text));
    let tokens = tokenize_for(&source, &mut names, target.version);
    refusal(&source, &tokens, &names, arena, target)
}

/// Whether the parser that makes the tree takes it.
fn is_taken(arena: &Bump, text: &str, target: &'static Target) -> bool {
    let mut names = Interner::new(arena);
    let source = SourceText::new(arena.alloc_str(text));
    let tokens = tokenize_for(&source, &mut names, target.version);
    match pycc::parser::parse(&source, &tokens, &mut names, arena, target, &mut Vec::new()) {
        Ok(parsed) => !(parsed.is_deep && refusal(&source, &tokens, &names, arena, target).is_some()),
        Err(_) => false,
    }
}

fn described(error: Option<&CompileError>, source: &SourceText<'_>, is_line_ended: bool) -> Value {
    let Some(error) = error else { return Value::Null };
    let kind = error.kind.name();
    match error.location {
        None => json!([kind, error.message, null, null, null, null]),
        Some(location) => {
            // `SyntaxError.text` ends with its end of line only where it is the last line that was read.
            let line = source.line(location.line as u32);
            let line = if is_line_ended { format!("{line}\n") } else { line.to_string() };
            let place = offsets(location, &line, error.columns);
            json!([kind, error.message, place.line, place.offset, place.end_line, place.end_offset])
        }
    }
}

fn check(path: &std::path::Path) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let target = Target::of(version_of(path));
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut arena = Bump::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case[0].as_str().unwrap();
        let source = SourceText::new(text);
        count += 1;
        arena.reset();
        let error = error_of(&arena, text, target);
        let found = described(error.as_deref(), &source, true);
        if found != case[1] && described(error.as_deref(), &source, false) != case[1] {
            wrong.push(format!("{text:?}\n  CPython {}\n  pycc    {found}", case[1]));
        } else if is_taken(&arena, text, target) != case[1].is_null() {
            wrong.push(format!("{text:?}\n  CPython {}\n  pycc    parses otherwise", case[1]));
        } else if let Some(expected) = case[2].as_str() {
            let shown = match pycc::pipeline::compile(text.as_bytes(), "bad.py", target, 0) {
                Ok(_) => "(no error)".to_string(),
                Err(failure) => py_compile_message(&failure.error, "bad.py", failure.line.as_deref()),
            };
            if shown != expected {
                wrong.push(format!("{text:?}\nCPython shows\n{expected}\npycc shows\n{shown}"));
            }
        }
    }
    (count, wrong)
}

#[test]
fn errors_are_those_of_cpython() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax_errors");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    // Other cases than those of the repository, as `tools/syntax_errors.py mutate` writes them.
    paths.extend(std::env::var_os("SYNTAX_ERROR_CASES").map(Into::into));
    paths.sort();
    let run = move || {
        let mut all_wrong = Vec::new();
        let mut all = 0;
        for path in paths {
            let (count, wrong) = check(&path);
            all += count;
            all_wrong.extend(wrong);
        }
        assert!(all_wrong.is_empty(), "{} of {all} differ:\n{}", all_wrong.len(), all_wrong.join("\n"));
    };
    // The depth that CPython allows needs more stack than a test's thread has.
    std::thread::Builder::new().stack_size(256 << 20).spawn(run).unwrap().join().unwrap();
}
