//! A folder with sources, and pycc run in it.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// The flags of a header, as Python's documentation numbers them.
pub const TIMESTAMP: u32 = 0;
pub const UNCHECKED_HASH: u32 = 1;
pub const CHECKED_HASH: u32 = 3;

/// Variables that change what pycc does.
const VARIABLES: [&str; 12] = [
    "SOURCE_DATE_EPOCH",
    "PYC_INVALIDATION_MODE",
    "PYTHONPYCACHEPREFIX",
    "PYTHONOPTIMIZE",
    "PYTHONDONTWRITEBYTECODE",
    "NO_COLOR",
    "FORCE_COLOR",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PATH",
    "TERM",
    "RUST_BACKTRACE",
];

/// A folder that goes away with its owner.
pub struct Project {
    folder: TempDir,
}

/// What a run left behind besides files.
#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Project {
    /// An empty folder.
    pub fn new() -> Project {
        Project { folder: tempfile::tempdir().expect("a folder can be made") }
    }

    /// A folder with these files, each with its text.
    pub fn with(files: &[(&str, &str)]) -> Project {
        let project = Project::new();
        files.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    /// A package of a few modules.
    pub fn package() -> Project {
        Project::with(&[
            ("pkg/__init__.py", ""),
            ("pkg/a.py", "x = 1\n"),
            ("pkg/a/z.py", "z = 1\n"),
            ("pkg/b/c.py", "c = 1\n"),
            ("pkg/b/d/e.py", "e = 1\n"),
        ])
    }

    /// A path in the folder.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, and the folders it lies in.
    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("folders can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Sets a file's time of change, in seconds.
    pub fn set_mtime(&self, path: &str, seconds: u64) {
        let file = File::options().write(true).open(self.path(path)).expect("the file is there");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).expect("the time can be set");
    }

    /// Whether there is a file.
    pub fn has(&self, path: &str) -> bool {
        self.path(path).is_file()
    }

    /// The bytes of a file.
    pub fn read(&self, path: impl AsRef<Path>) -> Vec<u8> {
        let path = self.path(path);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The second word of a .pyc file.
    pub fn flags(&self, path: &str) -> u32 {
        let bytes = self.read(path);
        u32::from_le_bytes(bytes[4..8].try_into().expect("four bytes"))
    }

    /// Whether a .pyc file holds this text, such as the path stored in it.
    pub fn stores(&self, path: &str, text: &str) -> bool {
        let bytes = self.read(path);
        // Before the text comes its length, so that a part of a longer text does not count.
        let mut wanted = vec![text.len() as u8];
        wanted.extend_from_slice(text.as_bytes());
        bytes.windows(wanted.len()).any(|window| window == wanted)
    }

    /// All .pyc files and whatever else lies in a `__pycache__`, sorted.
    pub fn outputs(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect(self.folder.path(), self.folder.path(), &mut found);
        found.sort();
        found
    }

    /// The command, in the folder, without the variables that change what it does.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pycc"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        VARIABLES.iter().for_each(|name| {
            command.env_remove(name);
        });
        command
    }

    /// Runs pycc for Python 3.14.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(&[], arguments)
    }

    /// Runs pycc for Python 3.14, with variables.
    pub fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let arguments = [&["--python-version", "3.14"], arguments].concat();
        Ran::of(self.command(&arguments).envs(variables.iter().copied()))
    }

    /// Runs pycc with these arguments and no others.
    pub fn run_bare(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.command(arguments))
    }

    /// Runs pycc for Python 3.14 with something on standard input.
    pub fn run_fed(&self, arguments: &[&str], input: &str) -> Ran {
        let arguments = [&["--python-version", "3.14"], arguments].concat();
        let mut command = self.command(&arguments);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("pycc starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("pycc reads its input");
        Ran::from(child.wait_with_output().expect("pycc ends"))
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.is_symlink() {
            collect(root, &path, found);
        } else if folder.ends_with("__pycache__") || path.to_string_lossy().contains(".pyc") {
            found.push(path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned());
        }
    }
}

impl Ran {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Ran {
        Ran::from(command.output().expect("pycc starts"))
    }

    /// The lines of standard output but for what compileall does not say.
    pub fn lines(&self) -> Vec<&str> {
        self.out.lines().filter(|line| !line.starts_with("Target: ") && !line.starts_with("Compiled ")).collect()
    }

    /// Checks that all went well.
    pub fn ok(self) -> Ran {
        assert_eq!((self.status, self.err.as_str()), (Some(0), ""), "{}", self.out);
        self
    }

    /// Checks the exit status.
    pub fn exits(self, status: i32) -> Ran {
        assert_eq!(self.status, Some(status), "{}{}", self.out, self.err);
        self
    }

    /// The numbers of the summary: compiled, up to date, failed.
    pub fn counts(&self) -> (usize, usize, usize) {
        let line = self.out.lines().last().unwrap_or_default();
        let before = |word: &str| {
            let at = line.find(word)?;
            line[..at].split_whitespace().next_back()?.replace(',', "").parse().ok()
        };
        (before(" file").unwrap_or(0), before(" up to date").unwrap_or(0), before(" failed").unwrap_or(0))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            status: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}
