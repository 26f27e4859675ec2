//! Headers, paths and writing.

use super::*;
use crate::target::{PythonVersion, Target};
use std::path::Path;

fn target() -> &'static Target {
    Target::of(PythonVersion::Py314)
}

#[test]
fn headers_survive_the_way_there_and_back() {
    let timestamp = Header::Timestamp { mtime: 0x6b01_0ff3, size: 113 };
    // The first bytes of a file that CPython 3.14 wrote.
    let bytes = [0x2b, 0x0e, 0x0d, 0x0a, 0, 0, 0, 0, 0xf3, 0x0f, 0x01, 0x6b, 0x71, 0, 0, 0];
    assert_eq!(timestamp.to_bytes(target()), bytes);
    let hash = [1, 2, 3, 4, 5, 6, 7, 8];
    for header in [timestamp, Header::Hash { checked: true, hash }, Header::Hash { checked: false, hash }] {
        assert_eq!(Header::parse(&header.to_bytes(target()), target()), Some(header));
        assert_eq!(Header::parse(&header.to_bytes(target()), Target::of(PythonVersion::Py313)), None);
        assert!(header.satisfies(header));
    }
    assert_eq!(Header::parse(&bytes[..15], target()), None);
    assert!(!timestamp.satisfies(Header::Hash { checked: true, hash }));
    assert!(timestamp.satisfies(Header::Timestamp { mtime: 0x6b01_0ff3, size: 0 }));
}

#[test]
fn paths_are_those_of_importlib() {
    let path = |source: &str, optimize, prefix: Option<&str>| {
        let path = cache_path(Path::new(source), target(), optimize, prefix.map(Path::new), Path::new("/here"));
        path.to_str().unwrap_or_default().to_owned()
    };
    assert_eq!(path("a.py", 0, None), "__pycache__/a.cpython-314.pyc");
    assert_eq!(path("/x/y/a.b.py", 2, None), "/x/y/__pycache__/a.b.cpython-314.opt-2.pyc");
    assert_eq!(path("x/.py", 0, None), "x/__pycache__/py.cpython-314.pyc");
    assert_eq!(path("x/script", 1, None), "x/__pycache__/scriptcpython-314.opt-1.pyc");
    assert_eq!(path("x/a.py", 0, Some("/cache")), "/cache/here/x/a.cpython-314.pyc");
    assert_eq!(path("/x/a.py", 0, Some("cache")), "cache/x/a.cpython-314.pyc");
    assert_eq!(legacy_path(Path::new("x/a.py")), Path::new("x/a.pyc"));
}

#[test]
fn files_appear_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("__pycache__/a.pyc");
    write_atomic(&path, b"first", 0o644).unwrap();
    write_atomic(&path, b"second", 0o644).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"second");
    assert!(check_target(&path).is_ok());
    let occupied = folder.path().join("folder.pyc");
    std::fs::create_dir(&occupied).unwrap();
    assert!(write_atomic(&occupied, b"x", 0o644).is_err());
    let refusal = check_target(&occupied).unwrap_err().to_string();
    assert!(refusal.ends_with(
        "folder.pyc is a non-regular file and will be changed into a regular one if import writes a byte-compiled file to it"
    ));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    #[cfg(unix)]
    {
        let link = folder.path().join("link.pyc");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        let refusal = check_target(&link).unwrap_err().to_string();
        assert!(refusal.contains("link.pyc is a symlink and will be changed into a regular file if import writes"));
    }
}
