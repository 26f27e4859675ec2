//! `@file`: further arguments, one a line.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

/// Puts the lines of files in place of the arguments that name them with an `@`, up to `--`.
///
/// Where there is no such file but a path that begins with `@`, the path is meant.
pub fn expand(arguments: impl IntoIterator<Item = OsString>) -> Result<Vec<OsString>, String> {
    let mut expanded = Vec::new();
    let mut is_over = false;
    for (i, argument) in arguments.into_iter().enumerate() {
        is_over |= argument == "--";
        match argument.as_bytes().strip_prefix(b"@") {
            Some(name) if i > 0 && !is_over && !name.is_empty() => match fs::read(OsStr::from_bytes(name)) {
                Ok(bytes) => expanded.extend(lines(&bytes)),
                Err(_) if Path::new(&argument).exists() => expanded.push(argument),
                Err(error) => {
                    return Err(format!("cannot read arguments from {}: {error}", OsStr::from_bytes(name).display()));
                }
            },
            _ => expanded.push(argument),
        }
    }
    Ok(expanded)
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = OsString> + '_ {
    let lines = bytes.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.is_empty()).map(|line| OsString::from_vec(line.to_vec()))
}
