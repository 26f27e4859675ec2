//! The command line as it is written.

use super::python;
use clap::{ArgAction, ColorChoice, CommandFactory, FromArgMatches, Parser, ValueEnum};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

const TARGET: &str = "Target";
const SELECTION: &str = "Which files";
const WRITING: &str = "What is written";
const RUNNING: &str = "How it runs";
const OUTPUT: &str = "What it says";

const LONG_ABOUT: &str = "\
Compiles Python source to the .pyc files that CPython would write, byte for byte, without a Python.

Takes the options of `python -m compileall`: a script that says `python -m compileall ARGS` can say `pycc ARGS`. Long options \
may be abbreviated.";

const AFTER_HELP: &str = "\
Without --python-version or --python, the version is that of a pyvenv.cfg above the paths or of a lib/python3.N that they lie \
in or hold, of VIRTUAL_ENV, of CONDA_PREFIX, of a .python-version file, or of the python3 on PATH. With -v, pycc says which and why.";

const AFTER_LONG_HELP: &str = "\
Which Python:
  Without --python-version or --python, pycc goes by the first of these that says a version:
    a pyvenv.cfg above the paths, or a lib/python3.N around or within them
    VIRTUAL_ENV, CONDA_PREFIX
    a .python-version file
    the python3 on PATH
  With -v, it says which version was chosen and why.

Environment:
  SOURCE_DATE_EPOCH      where set, the default of --invalidation-mode is checked-hash
  PYC_INVALIDATION_MODE  another default: CHECKED_HASH, UNCHECKED_HASH or TIMESTAMP
  PYTHONPYCACHEPREFIX    the default of --pycache-prefix
  PYTHONOPTIMIZE         the default of -o
  NO_COLOR, FORCE_COLOR  the default of --color

Exit status:
  0    all is well
  1    a file could not be compiled or written, or a named path is not there
  2    the options make no sense
  130  interrupted by Ctrl-C

Examples:
  pycc -q --invalidation-mode checked-hash --python-version 3.14 site-packages
  pycc --python .venv -o0 -o2 --hardlink-dupes src
  pycc -s /tmp/build -p / /tmp/build/usr/lib/python3.14";

/// Compiles Python source to the .pyc files that CPython would write, without a Python.
#[derive(Parser, Debug)]
#[command(
    name = "pycc",
    about,
    long_about = LONG_ABOUT,
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
    max_term_width = 100,
    infer_long_args = true,
    args_override_self = true,
    override_usage = "pycc [OPTIONS] [FILE|DIR]...",
    disable_help_flag = true,
    disable_version_flag = true
)]
pub struct Args {
    /// Files and folders to compile; without any, the folders of the target's sys.path
    ///
    /// Folders are searched for .py files with all that is below them, except __pycache__ and links to folders. @LIST
    /// stands for the lines of the file LIST.
    #[arg(value_name = "FILE|DIR")]
    pub paths: Vec<OsString>,

    /// Write for this Python, such as 3.14; may be given several times
    ///
    /// Also written 314, py314, cp314 or cpython-314. With several versions, each source is read once and its files for all of
    /// them are written.
    #[arg(long, visible_alias = "target-version", value_name = "VERSION", help_heading = TARGET)]
    pub python_version: Vec<String>,

    /// Write for the Python of this interpreter, virtual environment or installation
    #[arg(
        long,
        visible_alias = "venv",
        value_name = "PATH",
        conflicts_with = "python_version",
        help_heading = TARGET
    )]
    pub python: Option<OsString>,

    /// Do not descend into folders
    #[arg(short = 'l', help_heading = SELECTION)]
    pub no_recursion: bool,

    /// Descend at most N levels; beats -l
    #[arg(short = 'r', value_name = "N", value_parser = integer, allow_negative_numbers = true, help_heading = SELECTION)]
    pub recursion: Option<i64>,

    /// Leave out files in whose path this regular expression is found
    ///
    /// The syntax is that of Python's `re` module, look-around included; the path is as it is shown.
    #[arg(short = 'x', value_name = "REGEXP", help_heading = SELECTION)]
    pub pattern: Option<String>,

    /// Leave out files and folders that this glob matches; may be given several times
    ///
    /// It is compared with the bare name, with the path below the argument, and with the path as it is shown. `*` stays within a
    /// name, `**` does not.
    #[arg(long, value_name = "GLOB", help_heading = SELECTION)]
    pub exclude: Vec<String>,

    /// Leave out links to files outside of DIR
    #[arg(short = 'e', value_name = "DIR", help_heading = SELECTION)]
    pub link_limit: Option<OsString>,

    /// Take further files and folders from this list, one a line; - is standard input
    #[arg(short = 'i', value_name = "FILE", help_heading = SELECTION)]
    pub list: Option<OsString>,

    /// Compile even what is up to date
    #[arg(short = 'f', long, help_heading = SELECTION)]
    pub force: bool,

    /// Optimisation level 0, 1 or 2; may be given several times
    ///
    /// -1 stands for the default, which is 0 or what PYTHONOPTIMIZE says.
    #[arg(
        short = 'o',
        long = "optimize",
        value_name = "LEVEL",
        value_parser = level,
        allow_negative_numbers = true,
        help_heading = WRITING
    )]
    pub optimize: Vec<i8>,

    /// How Python finds out that a .pyc file is stale [default: timestamp]
    ///
    /// The default is checked-hash where SOURCE_DATE_EPOCH is set.
    #[arg(long, value_enum, value_name = "MODE", hide_possible_values = false, help_heading = WRITING)]
    pub invalidation_mode: Option<InvalidationArg>,

    /// Write x.pyc beside x.py rather than in __pycache__
    ///
    /// With several levels, the highest stays.
    #[arg(short = 'b', help_heading = WRITING)]
    pub legacy: bool,

    /// Write into a tree of its own below DIR rather than into __pycache__ folders
    #[arg(long, value_name = "DIR", help_heading = WRITING)]
    pub pycache_prefix: Option<OsString>,

    /// Store paths that begin with DIR in place of the argument
    #[arg(short = 'd', value_name = "DIR", conflicts_with_all = ["strip", "prepend"], help_heading = WRITING)]
    pub destination: Option<OsString>,

    /// Take this prefix away from the stored paths
    #[arg(short = 's', value_name = "DIR", help_heading = WRITING)]
    pub strip: Option<OsString>,

    /// Put this in front of the stored paths, after -s
    #[arg(short = 'p', value_name = "DIR", help_heading = WRITING)]
    pub prepend: Option<OsString>,

    /// Let levels whose files are equal share one file
    #[arg(long, help_heading = WRITING)]
    pub hardlink_dupes: bool,

    /// How many files to compile at once; 0, the default, is as many as there are processors
    #[arg(short = 'j', long, visible_alias = "jobs", value_name = "N", value_parser = count, allow_negative_numbers = true, help_heading = RUNNING)]
    pub workers: Option<usize>,

    /// Say nothing but errors; twice: not even those
    #[arg(short = 'q', long, action = ArgAction::Count, help_heading = OUTPUT)]
    pub quiet: u8,

    /// Say which target was chosen and why, and which files are compiled
    #[arg(short = 'v', long, action = ArgAction::Count, help_heading = OUTPUT)]
    pub verbose: u8,

    /// How to report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = OutputFormat::Text, help_heading = OUTPUT)]
    pub output_format: OutputFormat,

    /// Whether to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorArg::Auto, help_heading = OUTPUT)]
    pub color: ColorArg,

    /// Show no progress bar
    #[arg(long, help_heading = OUTPUT)]
    pub no_progress: bool,

    /// Print help; --help prints more
    #[arg(short = 'h', long, action = ArgAction::Help, help_heading = OUTPUT)]
    help: Option<bool>,

    /// Print the version of pycc and those of Python that it writes for
    #[arg(short = 'V', long, action = ArgAction::Version, help_heading = OUTPUT)]
    version: Option<bool>,
}

/// `--invalidation-mode`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum InvalidationArg {
    /// The file holds the hash of its source, which Python checks
    CheckedHash,
    /// The file holds the source's time and size
    Timestamp,
    /// The file holds the hash of its source, which Python takes for granted
    UncheckedHash,
}

/// `--output-format`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum OutputFormat {
    /// For people and for scripts made for compileall
    Text,
    /// One object, with all files
    Json,
    /// Annotations of GitHub workflows, for files that fail
    Github,
}

/// `--color`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ColorArg {
    /// On a terminal
    Auto,
    Always,
    Never,
}

impl Args {
    /// Reads arguments, the first of which is the name of the program. Ends the process where they ask for help or are bad.
    pub fn read(arguments: Vec<OsString>, help_color: ColorChoice) -> Args {
        let version = format!("{} (writes for CPython {})", env!("CARGO_PKG_VERSION"), python::supported_versions());
        let mut command = Args::command().version(version).color(help_color);
        let mut matches = command.clone().get_matches_from(arguments);
        Args::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.format(&mut command).exit())
    }

    /// The paths named on the command line itself.
    pub fn paths(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.paths.iter().map(PathBuf::from)
    }
}

/// `int()` of Python as far as options need it.
fn integer(text: &str) -> Result<i64, String> {
    text.trim().parse().map_err(|_| "not a whole number".to_owned())
}

fn level(text: &str) -> Result<i8, String> {
    match integer(text)? {
        level @ -1..=2 => Ok(level as i8),
        _ => Err("the levels are 0, 1 and 2, and -1 for the default".to_owned()),
    }
}

fn count(text: &str) -> Result<usize, String> {
    usize::try_from(integer(text)?).map_err(|_| "must not be negative".to_owned())
}

/// What `--color` says, before the arguments are read as a whole: help and errors have colours too.
pub fn early_color(arguments: &[OsString]) -> Option<ColorArg> {
    let value =
        arguments.iter().enumerate().find_map(|(i, argument)| match argument.to_str()?.strip_prefix("--color")? {
            "" => arguments.get(i + 1).map(OsString::as_os_str),
            rest => rest.strip_prefix('=').map(OsStr::new),
        })?;
    ColorArg::from_str(value.to_str()?, false).ok()
}
