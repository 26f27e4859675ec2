//! Times each stage of pycc over real files, in MB of source a second: `pycc-stages TREE [ROUNDS] [MINOR]`.
//!
//! Every file is read first. Then all stages run over one file after the other, each with its own clock of processor time; of the rounds the
//! one with the median total is shown. With the feature `peers` other parsers and compilers run over the same files.

mod allocations;
mod clock;
#[cfg(feature = "peers")]
mod peers;
mod stages;

use stages::{STAGES, Times};
use std::path::{Path, PathBuf};

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

fn main() {
    let mut args = std::env::args().skip(1);
    let Some(tree) = args.next() else {
        eprintln!("pycc-stages TREE [ROUNDS] [MINOR]");
        std::process::exit(2);
    };
    let rounds = args.next().and_then(|n| n.parse().ok()).unwrap_or(5);
    let minor = args.next().and_then(|n| n.parse().ok()).unwrap_or(14);
    // Deeply nested files need more stack than a main thread has.
    let worker = std::thread::Builder::new().stack_size(512 << 20).spawn(move || run(&tree, rounds, minor));
    worker.expect("a thread can be started").join().expect("no stage panics");
}

fn run(tree: &str, rounds: usize, minor: u8) {
    let mut paths = Vec::new();
    find_sources(Path::new(tree), &mut paths);
    paths.sort();
    let files: Vec<(PathBuf, Vec<u8>)> =
        paths.into_iter().filter_map(|path| std::fs::read(&path).ok().map(|bytes| (path, bytes))).collect();
    let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{} files, {:.1} MB, CPython 3.{minor}", files.len(), megabytes(size));
    let mut all: Vec<Times> = Vec::new();
    let mut allocations = 0;
    for _ in 0..rounds.max(1) {
        let before = allocations::count();
        all.push(stages::run(&files, minor));
        allocations = allocations::count() - before;
    }
    all.sort_by_key(Times::total);
    let median = &all[all.len() / 2];
    println!("{:<14} {:>9} {:>8} {:>7}", "stage", "ms", "MB/s", "share");
    let total = median.total().as_secs_f64();
    for (stage, time) in STAGES.iter().zip(median.stages) {
        let seconds = time.as_secs_f64();
        println!(
            "{stage:<14} {:>9.1} {:>8.0} {:>6.1}%",
            seconds * 1e3,
            megabytes(size) / seconds.max(1e-9),
            100.0 * seconds / total
        );
    }
    println!("{:<14} {:>9.1} {:>8.1}", "all", total * 1e3, megabytes(size) / total);
    println!("refused: {}; marshalled: {:.1} MB", median.refused, megabytes(median.written));
    println!(
        "allocations: {:.0} a file, {:.2} a kB of source",
        allocations as f64 / files.len().max(1) as f64,
        allocations as f64 / (size as f64 / 1e3).max(1e-9)
    );
    #[cfg(feature = "peers")]
    peers::run(&files, size, rounds);
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn find_sources(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
        return;
    }
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            find_sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "py") && path.is_file() {
            found.push(path);
        }
    }
}
