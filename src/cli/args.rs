//! The command line as it is written.

use clap::{ArgAction, Parser, ValueEnum};
use std::path::PathBuf;

/// Compiles Python source to the .pyc files that CPython would write, without a Python.
#[derive(Parser, Debug)]
#[command(name = "pycc", version, about, max_term_width = 100)]
pub struct Args {
    /// Files and folders to compile
    #[arg(value_name = "FILE|DIR")]
    pub paths: Vec<PathBuf>,

    /// Write for this Python, such as 3.14; may be given several times
    #[arg(long, visible_alias = "target-version", value_name = "VERSION")]
    pub python_version: Vec<String>,

    /// Write for the Python of this interpreter, virtual environment or installation
    #[arg(long, visible_alias = "venv", value_name = "PATH", conflicts_with = "python_version")]
    pub python: Option<PathBuf>,

    /// Optimisation level 0, 1 or 2; may be given several times
    #[arg(short, long = "optimize", value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    pub optimize: Vec<u8>,

    /// How Python finds out that a .pyc file is stale
    #[arg(long, value_enum, value_name = "MODE")]
    pub invalidation_mode: Option<InvalidationArg>,

    /// Compile even what is up to date
    #[arg(short, long)]
    pub force: bool,

    /// How many files to compile at once; 0 or absent stands for as many as there are processors
    #[arg(short, long, visible_alias = "workers", value_name = "N", default_value_t = 0)]
    pub jobs: usize,

    /// Do not descend into folders
    #[arg(short = 'l')]
    pub no_recursion: bool,

    /// Descend at most so many levels; beats -l
    #[arg(short = 'r', value_name = "N")]
    pub recursion: Option<usize>,

    /// Write x.pyc beside x.py rather than in __pycache__
    #[arg(short = 'b')]
    pub legacy: bool,

    /// Say nothing but errors; twice: not even those
    #[arg(short, long, action = ArgAction::Count)]
    pub quiet: u8,

    /// Say which files are compiled
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}

/// `--invalidation-mode`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum InvalidationArg {
    /// The .pyc file holds the hash of its source, which Python checks
    CheckedHash,
    /// The .pyc file holds the source's time and size
    Timestamp,
    /// The .pyc file holds the hash of its source, which Python takes for granted
    UncheckedHash,
}
