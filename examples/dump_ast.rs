//! Shows the tree of each file named, or on `--time` how long reading them takes; a list of files may come from standard
//! input (`-`). `--target=3.15` takes another release than 3.14.

use bumpalo::Bump;
use pycc::ast::dump::dump;
use pycc::lexer::tokenize_for;
use pycc::parser::parse_module;
use pycc::source::{Interner, SourceText};
use pycc::target::{PythonVersion, Target};
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

fn paths(arguments: &[String]) -> Vec<String> {
    let mut paths = Vec::new();
    for argument in arguments {
        if argument == "-" {
            paths.extend(std::io::stdin().lock().lines().map_while(Result::ok));
        } else if !argument.starts_with("--") {
            paths.push(argument.clone());
        }
    }
    paths
}

fn run(arguments: &[String]) {
    let named = |version: &PythonVersion| arguments.contains(&format!("--target={version}"));
    let version = PythonVersion::ALL.into_iter().find(named).unwrap_or(PythonVersion::Py314);
    let target = Target::of(version);
    let with_warnings = arguments.iter().any(|a| a == "--warnings");
    let timed = arguments.iter().any(|a| a == "--time");
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut bytes, mut lexing, mut parsing) = (0, Duration::ZERO, Duration::ZERO);
    let mut arena = Bump::new();
    for path in paths(arguments) {
        arena.reset();
        let Ok(text) = std::fs::read_to_string(&path) else {
            let _ = writeln!(out, "{path}\tunreadable");
            continue;
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
        bytes += text.len();
        let source = SourceText::new(arena.alloc_str(&text));
        let mut names = Interner::new(&arena);
        let mut warnings = Vec::new();
        let start = Instant::now();
        let stream = tokenize_for(&source, &mut names, version);
        let lexed = Instant::now();
        let result = parse_module(&source, &stream, &mut names, &arena, target, &mut warnings);
        parsing += lexed.elapsed();
        lexing += lexed - start;
        if timed {
            continue;
        }
        let _ = match result {
            Ok(module) => writeln!(out, "{path}\t{}", dump(module, &names)),
            Err(error) => writeln!(out, "{path}\terror {:?} {} {:?}", error.kind, error.message, error.location),
        };
        if with_warnings {
            for warning in stream.warnings.iter().chain(&warnings) {
                let _ = writeln!(out, "{}:{}: {}", path, warning.location.line, warning.message);
            }
        }
    }
    if timed {
        let rate = |time: Duration| bytes as f64 / time.as_secs_f64() / 1e6;
        let _ = writeln!(
            out,
            "{:.1} MB: lexer {:.0} MB/s, parser {:.0} MB/s, both {:.0} MB/s",
            bytes as f64 / 1e6,
            rate(lexing),
            rate(parsing),
            rate(lexing + parsing)
        );
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let worker = std::thread::Builder::new().stack_size(1 << 28).spawn(move || run(&arguments));
    if let Ok(worker) = worker {
        let _ = worker.join();
    }
}
