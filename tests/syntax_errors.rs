//! Errors of the grammar against those that CPython gives: `tests/syntax_errors/*.jsonl`, written by
//! `tools/syntax_errors.py`. Each line is a list: the source, and the error as type, message, line, offset, end line and end
//! offset, or null where the grammar takes the source.

use bumpalo::Bump;
use pycc::diagnostics::{Columns, offsets};
use pycc::lexer::tokenize;
use pycc::parser::invalid_syntax::refusal;
use pycc::source::{Interner, SourceText};
use pycc::target::{PythonVersion, Target};
use serde_json::{Value, json};

fn error_of(text: &str, is_line_ended: bool) -> Value {
    let arena = Bump::new();
    let mut names = Interner::new(&arena);
    let source = SourceText::new(arena.alloc_str(text));
    let tokens = tokenize(&source, &mut names);
    let Some(error) = refusal(&source, &tokens, &names, &arena, Target::of(PythonVersion::Py314)) else {
        return Value::Null;
    };
    let kind = format!("{:?}", error.kind);
    match error.location {
        None => json!([kind, error.message, null, null, null, null]),
        Some(location) => {
            // `SyntaxError.text` ends with its end of line only where it is the last line that was read.
            let line = source.line(location.line as u32);
            let line = if is_line_ended { format!("{line}\n") } else { line.to_string() };
            let place = offsets(location, &line, Columns::Characters);
            json!([kind, error.message, place.line, place.offset, place.end_line, place.end_offset])
        }
    }
}

fn check(path: &std::path::Path) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let source = case[0].as_str().unwrap();
        count += 1;
        let found = error_of(source, true);
        if found != case[1] && error_of(source, false) != case[1] {
            wrong.push(format!("{source:?}\n  CPython {}\n  pycc    {found}", case[1]));
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
