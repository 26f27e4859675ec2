//! Names of Python versions.

use crate::target::{PythonVersion, Release};

/// What may stand before the digits.
const PREFIXES: [&str; 6] = ["cpython-", "cpython@", "cpython", "python", "py", "cp"];

/// Reads `3.14`, `314`, `py314`, `cp314`, `cpython-314`, each also with a patch release (`3.14.2`), or with letters for a
/// free-threaded (`t`) or debug (`d`) build, whose files have the same names and the same magic number.
pub fn parse_version(text: &str) -> Result<Release, String> {
    let digits = without_prefix(text);
    let minor = digits.strip_prefix("3.").or_else(|| digits.strip_prefix('3'));
    minor
        .and_then(minor_version)
        .and_then(|minor| PythonVersion::ALL.into_iter().find(|v| v.minor() == minor))
        .map(|version| Release { version, micro: minor.and_then(micro_version) })
        .ok_or_else(|| format!("{text:?} is not a Python that pycc writes for; it writes for {}", supported_versions()))
}

/// Whether a text means to name a version of CPython, be it one that is known here or not.
pub(super) fn looks_like_version(text: &str) -> bool {
    without_prefix(text).split(['.', 't', 'd']).next().is_some_and(|major| {
        !major.is_empty() && major != "3" && major.chars().all(|c| c.is_ascii_digit())
            || major == "3" && without_prefix(text).starts_with("3.")
    })
}

fn without_prefix(text: &str) -> &str {
    PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text)
}

/// The number at the start of `14`, `14t`, `14.2`, `14.0rc1`, `14-linux`, `14+freethreaded`.
fn minor_version(text: &str) -> Option<u8> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let rest = text[end..].trim_start_matches(['t', 'd']);
    let is_complete = rest.is_empty() || rest.starts_with(['.', '-', '+', 'a', 'b', 'r']);
    is_complete.then(|| text[..end].parse().ok()).flatten()
}

/// The second number of `14.2`, `14t.2`, `14.2.final.0`.
fn micro_version(text: &str) -> Option<u8> {
    let (_, rest) = text.split_once('.')?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// `3.11, 3.12, ...`.
pub fn supported_versions() -> String {
    let versions: Vec<String> = PythonVersion::ALL.iter().map(PythonVersion::to_string).collect();
    versions.join(", ")
}
