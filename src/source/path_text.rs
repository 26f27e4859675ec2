//! Paths as Python's strings.

use crate::object::push_code_point;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A path as `os.fsdecode` gives it: bytes that are not UTF-8 become the surrogates U+DC80 to U+DCFF (PEP 383).
pub fn path_text(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_bytes();
    let mut text = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.extend_from_slice(chunk.valid().as_bytes());
        chunk.invalid().iter().for_each(|&byte| push_code_point(&mut text, 0xdc00 | byte as u32));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    #[test]
    fn bytes_that_are_not_utf_8_become_surrogates() {
        assert_eq!(path_text(Path::new("a/ä.py")), "a/ä.py".as_bytes());
        // `os.fsdecode(b'\xff.py')` is '\udcff.py'.
        assert_eq!(path_text(Path::new(OsStr::from_bytes(b"\xff.py"))), b"\xed\xb3\xbf.py");
    }
}
