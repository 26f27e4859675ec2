//! From arguments to a plan in which every choice is made.

use super::args::{Args, InvalidationArg};
use super::python::{self, Surroundings};
use crate::pipeline::Output;
use crate::pyc::InvalidationMode;
use crate::run::Plan;
use crate::target::Target;
use std::env;
use std::num::NonZero;
use std::thread::available_parallelism;

/// Resolves the arguments; the error is for the person who wrote them.
pub fn resolve(args: &Args) -> Result<Plan, String> {
    let mut targets: Vec<&'static Target> = Vec::new();
    for text in &args.python_version {
        let target = Target::of(python::parse_version(text)?);
        if !targets.iter().any(|t| t.version == target.version) {
            targets.push(target);
        }
    }
    if let Some(path) = &args.python {
        targets.push(Target::of(python::of_path(path)?.version));
    }
    if targets.is_empty() {
        targets.push(Target::of(python::detect(&args.paths, &Surroundings::of_process())?.version));
    }
    if args.paths.is_empty() {
        return Err("name the files and folders to compile".to_owned());
    }
    let mut levels = args.optimize.clone();
    levels.sort_unstable();
    levels.dedup();
    if levels.is_empty() {
        levels.push(0);
    }
    let outputs =
        targets.iter().flat_map(|&target| levels.iter().map(move |&optimize| Output { target, optimize })).collect();
    Ok(Plan {
        roots: args.paths.clone(),
        outputs,
        invalidation: invalidation(args),
        force: args.force,
        jobs: if args.jobs > 0 { args.jobs } else { available_parallelism().map_or(1, NonZero::get) },
        max_depth: args.recursion.unwrap_or(if args.no_recursion { 0 } else { usize::MAX }),
        legacy: args.legacy,
    })
}

fn invalidation(args: &Args) -> InvalidationMode {
    match args.invalidation_mode {
        Some(InvalidationArg::Timestamp) => InvalidationMode::Timestamp,
        Some(InvalidationArg::CheckedHash) => InvalidationMode::CheckedHash,
        Some(InvalidationArg::UncheckedHash) => InvalidationMode::UncheckedHash,
        // As CPython's py_compile does, for builds that must not depend on file times.
        None if env::var_os("SOURCE_DATE_EPOCH").is_some_and(|v| !v.is_empty()) => InvalidationMode::CheckedHash,
        None => InvalidationMode::Timestamp,
    }
}
