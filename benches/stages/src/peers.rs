//! Other parsers and compilers of Python over the same files.

use crate::clock::now;
use rustpython_compiler::{CompileOpts, Mode};
use std::path::PathBuf;
use std::time::Duration;

/// Prints what each makes of the files, in MB a second.
pub fn run(files: &[(PathBuf, Vec<u8>)], size: usize, rounds: usize) {
    let texts: Vec<&str> = files.iter().filter_map(|(_, bytes)| std::str::from_utf8(bytes).ok()).collect();
    let parse = |text: &str| rustpython_ruff_python_parser::parse_module(text).is_ok();
    show("ruff's parser", &texts, size, rounds, parse);
    let compile =
        |text: &str| rustpython_compiler::compile(text, Mode::Exec, "file.py", CompileOpts::default()).is_ok();
    show("rustpython", &texts, size, rounds, compile);
}

fn show(name: &str, texts: &[&str], size: usize, rounds: usize, one: impl Fn(&str) -> bool) {
    let mut taken: Vec<(Duration, usize)> = (0..rounds.max(1))
        .map(|_| {
            let start = now();
            let refused = texts.iter().filter(|text| !one(text)).count();
            (now().saturating_sub(start), refused)
        })
        .collect();
    taken.sort();
    let (time, refused) = taken[taken.len() / 2];
    let seconds = time.as_secs_f64();
    println!("{name:<14} {:>9.1} {:>8.1}  (refused: {refused})", seconds * 1e3, size as f64 / 1e6 / seconds);
}
