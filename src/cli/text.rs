//! Words and numbers as Python and people write them.

use crate::object::{Escaping, PyStr, write_str_repr};
use crate::run::FileError;
use crate::source::path_text;
use crate::target::PythonVersion;
use std::io;
use std::path::Path;

/// A path as Python prints it with the error handler `backslashreplace`: bytes that are not UTF-8 come as `\udcff`.
pub fn path(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\udc{byte:02x}"));
        }
    }
    shown
}

/// A path as Python's `repr()` shows it.
pub fn repr(path: &Path) -> String {
    let mut shown = String::new();
    // Only the latest characters depend on the release.
    let newest = PythonVersion::ALL[PythonVersion::ALL.len() - 1];
    write_str_repr(&mut shown, PyStr::from_bytes(&path_text(path)), Escaping::Unprintable(newest));
    shown
}

/// The class and the text of the `OSError` that Python would raise: `PermissionError: [Errno 13] Permission denied: 'x'`.
pub fn os_error(FileError { error, path }: &FileError) -> String {
    let class = os_error_class(error.kind());
    match error.raw_os_error() {
        Some(number) => format!("{class}: [Errno {number}] {}: {}", os_error_words(error), repr(path)),
        None => format!("{class}: {error}"),
    }
}

/// What the operating system says, without its number.
fn os_error_words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

const fn os_error_class(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::PermissionDenied => "PermissionError",
        io::ErrorKind::NotFound => "FileNotFoundError",
        io::ErrorKind::AlreadyExists => "FileExistsError",
        io::ErrorKind::NotADirectory => "NotADirectoryError",
        io::ErrorKind::IsADirectory => "IsADirectoryError",
        io::ErrorKind::Interrupted => "InterruptedError",
        io::ErrorKind::WouldBlock => "BlockingIOError",
        io::ErrorKind::BrokenPipe => "BrokenPipeError",
        io::ErrorKind::TimedOut => "TimeoutError",
        _ => "OSError",
    }
}

/// A number with commas between its thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::path::PathBuf;

    #[test]
    fn paths_are_shown_as_python_shows_them() {
        let odd = Path::new(OsStr::from_bytes(b"a\xff\xc3\xa9'\n.py"));
        // print(repr(os.fsdecode(...))) of CPython 3.14.
        assert_eq!(repr(odd), "\"a\\udcff\u{e9}'\\n.py\"");
        assert_eq!(path(odd), "a\\udcff\u{e9}'\n.py");
        assert_eq!(repr(Path::new("pkg/a.py")), "'pkg/a.py'");
    }

    #[test]
    fn errors_of_the_system_have_pythons_names() {
        let text =
            |number| os_error(&FileError { error: io::Error::from_raw_os_error(number), path: PathBuf::from("x") });
        assert_eq!(text(libc::EACCES), "PermissionError: [Errno 13] Permission denied: 'x'");
        assert_eq!(text(libc::ENOSPC), "OSError: [Errno 28] No space left on device: 'x'");
        assert_eq!(text(libc::ENOTDIR), "NotADirectoryError: [Errno 20] Not a directory: 'x'");
    }

    #[test]
    fn thousands_are_set_off() {
        assert_eq!([7, 1708, 1_234_567].map(grouped), ["7", "1,708", "1,234,567"]);
    }
}
