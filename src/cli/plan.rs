//! From arguments and environment to a plan in which every choice is made.

use super::args::{Args, InvalidationArg};
use super::environment::Environment;
use super::python::{self, Choice};
use crate::pyc::InvalidationMode;
use crate::run::{Origin, Placement, Plan, StoredPaths};
use crate::target::Target;
use crate::tree::Filter;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Read};
use std::num::NonZero;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::ptr;
use std::thread::available_parallelism;

/// A plan, and what there is to say about how it came to be.
pub struct Resolved {
    pub plan: Plan,
    /// Why each target of the plan was chosen.
    pub reasons: Vec<String>,
    /// The current folder is on `sys.path`, and was left out.
    pub skips_current_dir: bool,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum Refusal {
    /// The arguments make no sense.
    Usage(String),
    /// They do, but something that they name does not.
    Failure(String),
    /// The list of files could not be read, which compileall tells on standard output.
    List(OsString),
}

/// Resolves the arguments.
pub fn resolve(args: &Args, environment: &Environment) -> Result<Resolved, Refusal> {
    let levels = levels(args, environment)?;
    let filter =
        Filter::new(args.pattern.as_deref().filter(|p| !p.is_empty()), &args.exclude, non_empty(&args.link_limit))
            .map_err(Refusal::Failure)?;
    let mut roots: Vec<PathBuf> = args.paths().collect();
    if let Some(list) = args.list.as_deref().filter(|list| !list.is_empty()) {
        roots.extend(read_list(list).map_err(|_| Refusal::List(list.to_owned()))?);
    }
    let choices = choices(args, environment, &roots)?;
    if args.legacy && choices.len() > 1 {
        return Err(Refusal::Usage("-b leaves room for one Python version only".to_owned()));
    }
    let mut origin = Origin::Named;
    let mut max_depth = match args.recursion {
        Some(depth) => usize::try_from(depth).unwrap_or(0),
        None if args.no_recursion => 0,
        None => usize::MAX,
    };
    let mut skips_current_dir = false;
    if roots.is_empty() {
        let [choice] = choices.as_slice() else {
            return Err(Refusal::Usage("name the files and folders to compile for several versions".to_owned()));
        };
        origin = Origin::SysPath;
        max_depth = 0;
        roots = python::sys_path(choice, environment.surroundings.path.as_deref()).map_err(Refusal::Usage)?;
        let before = roots.len();
        roots.retain(|folder| !folder.as_os_str().is_empty() && folder != Path::new("."));
        skips_current_dir = roots.len() < before;
    }
    let plan = Plan {
        roots,
        origin,
        targets: choices.iter().map(|choice| Target::of_release(choice.release)).collect(),
        levels,
        invalidation: invalidation(args, environment)?,
        force: args.force,
        jobs: match args.workers {
            None | Some(0) => available_parallelism().map_or(1, NonZero::get),
            Some(count) => count,
        },
        max_depth,
        placement: placement(args, environment),
        hardlink_dupes: args.hardlink_dupes,
        filter,
        stored_paths: stored_paths(args),
        progress: !args.no_progress && args.quiet == 0 && !environment.dumb_terminal && io::stderr().is_terminal(),
    };
    Ok(Resolved { plan, reasons: choices.into_iter().map(reason).collect(), skips_current_dir })
}

/// The versions to write for, each once, in the order in which they were named.
fn choices(args: &Args, environment: &Environment, roots: &[PathBuf]) -> Result<Vec<Choice>, Refusal> {
    let around = &environment.surroundings;
    let mut choices: Vec<Choice> = Vec::new();
    for text in &args.python_version {
        let release = python::parse_version(text).map_err(Refusal::Usage)?;
        match choices.iter().find(|choice| choice.release.version == release.version) {
            None => choices.push(Choice { release, reason: "--python-version".to_owned(), home: None }),
            Some(before) if ptr::eq(Target::of_release(before.release), Target::of_release(release)) => {}
            Some(before) => {
                let first = before.release;
                let message = format!("{first} and {release} have the same files; name one of them");
                return Err(Refusal::Usage(message));
            }
        }
    }
    if let Some(path) = &args.python {
        choices.push(python::of_path(Path::new(path), around).map_err(Refusal::Usage)?);
    }
    if choices.is_empty() {
        choices.push(python::detect(roots, around).map_err(Refusal::Usage)?);
    }
    Ok(choices)
}

/// Why a choice was made, and what it means where patch releases differ.
fn reason(choice: Choice) -> String {
    let Choice { release, reason, .. } = choice;
    match Target::patch_releases(release) {
        Some(releases) => format!("{reason}; as {releases} write"),
        None => reason,
    }
}

fn levels(args: &Args, environment: &Environment) -> Result<Vec<u8>, Refusal> {
    let default = environment.optimize();
    let mut levels: Vec<u8> = args.optimize.iter().map(|&level| u8::try_from(level).unwrap_or(default)).collect();
    levels.sort_unstable();
    levels.dedup();
    if levels.is_empty() {
        levels.push(default);
    }
    if args.hardlink_dupes && levels.len() < 2 {
        let message = "Hardlinking of duplicated bytecode makes sense only for more than one optimization level.";
        return Err(Refusal::Usage(message.to_owned()));
    }
    Ok(levels)
}

/// The option beats `PYC_INVALIDATION_MODE`, and this beats `SOURCE_DATE_EPOCH`.
fn invalidation(args: &Args, environment: &Environment) -> Result<InvalidationMode, Refusal> {
    if let Some(mode) = args.invalidation_mode {
        return Ok(match mode {
            InvalidationArg::Timestamp => InvalidationMode::Timestamp,
            InvalidationArg::CheckedHash => InvalidationMode::CheckedHash,
            InvalidationArg::UncheckedHash => InvalidationMode::UncheckedHash,
        });
    }
    let Some(value) = &environment.pyc_invalidation_mode else {
        return Ok(InvalidationMode::default_for(environment.source_date_epoch.as_deref()));
    };
    match value.to_string_lossy().to_ascii_uppercase().replace('-', "_").as_str() {
        "TIMESTAMP" => Ok(InvalidationMode::Timestamp),
        "CHECKED_HASH" => Ok(InvalidationMode::CheckedHash),
        "UNCHECKED_HASH" => Ok(InvalidationMode::UncheckedHash),
        _ => Err(Refusal::Usage(format!(
            "PYC_INVALIDATION_MODE is {value:?}; it must be CHECKED_HASH, UNCHECKED_HASH or TIMESTAMP"
        ))),
    }
}

fn placement(args: &Args, environment: &Environment) -> Placement {
    let prefix = match non_empty(&args.pycache_prefix) {
        Some(prefix) => Some(prefix.to_owned()),
        None => environment.python_pycache_prefix.clone(),
    };
    match prefix {
        _ if args.legacy => Placement::Legacy,
        Some(prefix) => Placement::Prefix { prefix, current: environment.surroundings.current_dir.clone() },
        None => Placement::Cache,
    }
}

fn stored_paths(args: &Args) -> StoredPaths {
    let path = |value: &Option<OsString>| value.as_ref().map(PathBuf::from);
    match (path(&args.destination), path(&args.strip), path(&args.prepend)) {
        (Some(folder), _, _) => StoredPaths::Moved(folder),
        (None, None, None) => StoredPaths::AsFound,
        (None, strip, prepend) => StoredPaths::Edited { strip, prepend },
    }
}

fn non_empty(value: &Option<OsString>) -> Option<&Path> {
    value.as_deref().filter(|value| !value.is_empty()).map(Path::new)
}

/// The paths of `-i`: lines without the white space around them. Empty lines name nothing.
fn read_list(list: &OsStr) -> io::Result<Vec<PathBuf>> {
    let mut bytes = Vec::new();
    if list == "-" {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(list)?;
    }
    let lines = bytes.split(|&b| b == b'\n' || b == b'\r').map(strip).filter(|line| !line.is_empty());
    Ok(lines.map(|line| OsString::from_vec(line.to_vec()).into()).collect())
}

/// `str.strip` of Python.
fn strip(line: &[u8]) -> &[u8] {
    match std::str::from_utf8(line) {
        Ok(text) => text.trim_matches(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)).as_bytes(),
        Err(_) => OsStr::from_bytes(line).as_bytes().trim_ascii(),
    }
}
