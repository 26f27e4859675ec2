//! What is compiled again, and what is up to date.

use crate::project::{CHECKED_HASH, Project, TIMESTAMP, UNCHECKED_HASH};
use std::fs;

const PYC: &str = "__pycache__/a.cpython-314.pyc";
const PYC_1: &str = "__pycache__/a.cpython-314.opt-1.pyc";

fn project() -> Project {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    project.set_mtime("a.py", 1_700_000_000);
    project
}

fn compiles(project: &Project, arguments: &[&str]) -> bool {
    match project.run(&[arguments, &["a.py"]].concat()).ok().counts() {
        (1, 0, 0) => true,
        (0, 1, 0) => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_timestamp_file_is_fresh_while_the_time_is_the_same() {
    let project = project();
    assert!(compiles(&project, &[]));
    assert!(!compiles(&project, &[]));
    assert!(compiles(&project, &["-f"]));
    assert!(compiles(&project, &["--force"]));
    // The size is not looked at.
    project.write("a.py", "x = 1000\n");
    project.set_mtime("a.py", 1_700_000_000);
    assert!(!compiles(&project, &[]));
    project.set_mtime("a.py", 1_700_000_001);
    assert!(compiles(&project, &[]));
    assert_eq!(project.read(PYC)[8..16], [0x01, 0xf1, 0x53, 0x65, 9, 0, 0, 0]);
}

#[test]
fn times_beyond_32_bits_are_cut() {
    let project = project();
    for seconds in [u64::from(u32::MAX), 1 << 33] {
        project.set_mtime("a.py", seconds);
        assert!(compiles(&project, &[]));
        assert!(!compiles(&project, &[]));
        assert_eq!(project.read(PYC)[8..12], (seconds as u32).to_le_bytes());
    }
}

#[test]
fn broken_files_and_those_of_other_releases_are_replaced() {
    let project = project();
    assert!(compiles(&project, &[]));
    let good = project.read(PYC);
    let mut other = good.clone();
    other[0] ^= 1;
    for bytes in [&other[..], &good[..11], b""] {
        project.write(PYC, bytes);
        assert!(compiles(&project, &[]));
        assert_eq!(project.read(PYC), good);
    }
}

#[test]
fn one_stale_level_compiles_all() {
    let project = project();
    assert!(compiles(&project, &["-o0", "-o1"]));
    let levels = ["-o0", "-o1"];
    assert!(!compiles(&project, &levels));
    let before = fs::metadata(project.path(PYC)).expect("there it is");
    fs::remove_file(project.path(PYC_1)).expect("there it was");
    assert!(compiles(&project, &levels));
    let after = fs::metadata(project.path(PYC)).expect("there it is");
    let inode = std::os::unix::fs::MetadataExt::ino;
    assert_ne!(inode(&before), inode(&after));
    assert!(compiles(&project, &["-o2"]));
}

#[test]
fn hash_files_are_fresh_while_the_source_is_the_same() {
    for (mode, flags) in [("checked-hash", CHECKED_HASH), ("unchecked-hash", UNCHECKED_HASH)] {
        let project = project();
        let arguments = ["--invalidation-mode", mode];
        assert!(compiles(&project, &arguments));
        assert_eq!(project.flags(PYC), flags);
        project.set_mtime("a.py", 1_600_000_000);
        assert!(!compiles(&project, &arguments));
        project.write("a.py", "x = 2\n");
        assert!(compiles(&project, &arguments));
        assert!(!compiles(&project, &arguments));
        assert!(compiles(&project, &["-f", "--invalidation-mode", mode]));
    }
}

#[test]
fn a_file_of_another_mode_is_rewritten() {
    let project = project();
    let modes = [("timestamp", TIMESTAMP), ("checked-hash", CHECKED_HASH), ("unchecked-hash", UNCHECKED_HASH)];
    for (mode, flags) in modes.into_iter().chain(modes) {
        assert!(compiles(&project, &["--invalidation-mode", mode]));
        assert_eq!(project.flags(PYC), flags);
        assert!(!compiles(&project, &["--invalidation-mode", mode]));
    }
}

#[test]
fn the_hash_is_that_of_importlib() {
    let project = project();
    assert!(compiles(&project, &["--invalidation-mode", "checked-hash"]));
    // importlib.util.source_hash(b"x = 1\n") of CPython 3.14.
    assert_eq!(project.read(PYC)[8..16], *b"\x1d\xb2\xb6\x32\x5c\xa2\x82\xa7");
}
