//! What is written, where, and how.

use crate::project::Project;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

const PYC: &str = "__pycache__/a.cpython-314.pyc";

fn inode(project: &Project, path: impl AsRef<Path>) -> u64 {
    fs::metadata(project.path(path)).expect("there it is").ino()
}

fn levels(name: &str) -> [String; 3] {
    ["", ".opt-1", ".opt-2"].map(|level| format!("__pycache__/{name}.cpython-314{level}.pyc"))
}

#[test]
fn files_begin_with_the_header_of_the_release() {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    project.set_mtime("a.py", 1_700_000_000);
    project.run(&["a.py"]).ok();
    let expected = [0x2b, 0x0e, 0x0d, 0x0a, 0, 0, 0, 0, 0x00, 0xf1, 0x53, 0x65, 6, 0, 0, 0, 0xe3];
    assert_eq!(project.read(PYC)[..17], expected);
}

#[test]
fn levels_are_written_each_once() {
    for (arguments, written) in [
        (&[][..], &["a.cpython-314.pyc"][..]),
        (&["-o", "1"], &["a.cpython-314.opt-1.pyc"]),
        (&["-o2", "-o0", "-o2"], &["a.cpython-314.opt-2.pyc", "a.cpython-314.pyc"]),
        (&["-o 0", "-o 1"], &["a.cpython-314.opt-1.pyc", "a.cpython-314.pyc"]),
        (&["-o", "-1"], &["a.cpython-314.pyc"]),
    ] {
        let project = Project::with(&[("a.py", "'doc'\nassert 1\n")]);
        project.run(&[arguments, &["a.py"]].concat()).ok();
        let written: Vec<String> = written.iter().map(|name| format!("__pycache__/{name}")).collect();
        assert_eq!(project.outputs(), written, "{arguments:?}");
    }
}

#[test]
fn legacy_files_lie_beside_their_sources() {
    let project = Project::package();
    project.run(&["-b", "pkg"]).ok();
    assert_eq!(project.outputs(), ["pkg/__init__.pyc", "pkg/a.pyc", "pkg/a/z.pyc", "pkg/b/c.pyc", "pkg/b/d/e.pyc"]);
    assert_eq!(project.run(&["-b", "pkg"]).ok().counts(), (0, 5, 0));
}

#[test]
fn the_last_level_wins_beside_the_source() {
    let project = Project::with(&[("a.py", "'doc'\nassert x\n")]);
    project.run(&["-o2", "a.py"]).ok();
    project.run(&["-b", "-o2", "-o0", "a.py"]).ok();
    assert_eq!(project.read("a.pyc"), project.read("__pycache__/a.cpython-314.opt-2.pyc"));
}

#[test]
fn a_prefix_moves_the_cache() {
    let project = Project::package();
    project.run(&["--pycache-prefix", "cache", "pkg/a.py"]).ok();
    let root = fs::canonicalize(project.path("")).expect("there it is");
    let moved = Path::new("cache").join(root.strip_prefix("/").expect("absolute")).join("pkg/a.cpython-314.pyc");
    assert!(project.path(&moved).is_file(), "{moved:?}");
    assert!(!project.has("pkg/__pycache__/a.cpython-314.pyc"));
    assert_eq!(project.run(&["--pycache-prefix", "cache", "pkg/a.py"]).ok().counts(), (0, 1, 0));
    let absolute = project.path("other");
    project.run(&["--pycache-prefix", absolute.to_str().expect("UTF-8"), "pkg/a.py"]).ok();
    assert!(project.path(moved.to_str().expect("UTF-8").replacen("cache", "other", 1)).is_file());
    project.run(&["-b", "--pycache-prefix", "third", "pkg/a.py"]).ok();
    assert!(project.has("pkg/a.pyc") && !project.path("third").exists());
}

#[test]
fn permissions_follow_the_source() {
    let project = Project::new();
    for mode in [0o444, 0o640, 0o755, 0o600] {
        let name = format!("m{mode:o}");
        project.write(format!("{name}.py"), "");
        fs::set_permissions(project.path(format!("{name}.py")), fs::Permissions::from_mode(mode)).expect("a mode");
        // The mode that a plain file gets shows the umask.
        project.write("plain", "");
        let umask = 0o666 & !fs::metadata(project.path("plain")).expect("there it is").mode();
        project.run(&[&format!("{name}.py")]).ok();
        let written = fs::metadata(project.path(format!("__pycache__/{name}.cpython-314.pyc"))).expect("there it is");
        assert_eq!(written.mode() & 0o777, (mode | 0o200) & 0o666 & !umask, "{mode:o}");
    }
}

#[test]
fn links_and_other_things_are_not_replaced() {
    let project = Project::with(&[("a.py", ""), ("b.py", ""), ("c.py", "")]);
    fs::create_dir_all(project.path("__pycache__/b.cpython-314.pyc")).expect("folders");
    symlink("../target.pyc", project.path(PYC)).expect("a link");
    let ran = project.run(&["-v", "."]).exits(1);
    assert_eq!(
        ran.lines(),
        [
            "Listing '.'...",
            "Compiling './a.py'...",
            "*** FileExistsError: ./__pycache__/a.cpython-314.pyc is a symlink and will be changed into a regular file if \
             import writes a byte-compiled file to it",
            "Compiling './b.py'...",
            "*** FileExistsError: ./__pycache__/b.cpython-314.pyc is a non-regular file and will be changed into a regular one \
             if import writes a byte-compiled file to it",
            "Compiling './c.py'...",
        ]
    );
    assert_eq!(ran.counts(), (1, 0, 2));
    assert!(project.path(PYC).is_symlink() && !project.path("target.pyc").exists());
    let forced = project.run(&["-f", "-q", "a.py"]).exits(1);
    assert!(forced.out.starts_with("*** Error compiling 'a.py'...\nFileExistsError: "), "{}", forced.out);
}

#[test]
fn a_link_to_a_fresh_file_is_up_to_date() {
    let project = Project::with(&[("a.py", "")]);
    project.run(&["a.py"]).ok();
    fs::rename(project.path(PYC), project.path("moved.pyc")).expect("there it was");
    symlink("../moved.pyc", project.path(PYC)).expect("a link");
    assert_eq!(project.run(&["a.py"]).ok().counts(), (0, 1, 0));
}

#[test]
fn nothing_is_written_for_a_file_that_is_refused() {
    let project = Project::with(&[("bad.py", "x = (\n"), ("good.py", "")]);
    project.write("__pycache__/bad.cpython-314.pyc", "old");
    project.run(&["-o0", "-o1", "."]).exits(1);
    assert_eq!(project.read("__pycache__/bad.cpython-314.pyc"), b"old");
    assert_eq!(
        project.outputs(),
        [
            "__pycache__/bad.cpython-314.pyc",
            "__pycache__/good.cpython-314.opt-1.pyc",
            "__pycache__/good.cpython-314.pyc"
        ]
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let project = Project::with(&[("a.py", ""), ("__pycache__", "a file")]);
    let ran = project.run(&["a.py"]).exits(1);
    assert!(
        ran.out.contains("\n*** NotADirectoryError: [Errno 20] Not a directory: '__pycache__/a.cpython-314.pyc'\n")
    );
}

#[test]
fn a_source_that_cannot_be_read_is_an_error() {
    let project = Project::with(&[("a.py", "")]);
    fs::set_permissions(project.path("a.py"), fs::Permissions::from_mode(0o000)).expect("a mode");
    // Nothing keeps the superuser out.
    if fs::read(project.path("a.py")).is_err() {
        let ran = project.run(&["-q", "a.py"]).exits(1);
        assert_eq!(ran.out, "*** Error compiling 'a.py'...\nPermissionError: [Errno 13] Permission denied: 'a.py'\n");
    }
}

#[test]
fn equal_levels_share_a_file_where_asked() {
    for (text, same) in [
        ("x = 1\n", [true, true]),
        ("'doc'\n", [true, false]),
        ("assert x\n", [false, true]),
        ("'doc'\nassert x\n", [false, false]),
    ] {
        let project = Project::with(&[("a.py", text)]);
        let [zero, one, two] = levels("a");
        project.run(&["--hardlink-dupes", "-o0", "-o1", "-o2", "a.py"]).ok();
        let shared = [inode(&project, &zero) == inode(&project, &one), inode(&project, &one) == inode(&project, &two)];
        assert_eq!(shared, same, "{text}");
        // Again over what is there.
        project.run(&["-f", "--hardlink-dupes", "-o0", "-o1", "-o2", "a.py"]).ok();
        assert_eq!(project.outputs().len(), 3);
        project.run(&["-f", "-o0", "-o1", "-o2", "a.py"]).ok();
        assert_ne!(inode(&project, &zero), inode(&project, &one));
        assert_ne!(inode(&project, &one), inode(&project, &two));
    }
}

#[test]
fn writing_one_level_anew_leaves_shared_files_alone() {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    let [zero, one, two] = levels("a");
    project.run(&["--hardlink-dupes", "-o0", "-o1", "-o2", "a.py"]).ok();
    let before = inode(&project, &one);
    project.write("a.py", "x = 2\n");
    project.run(&["-f", "--hardlink-dupes", "-o0", "-o2", "a.py"]).ok();
    assert_eq!(inode(&project, &one), before);
    assert_eq!(inode(&project, &zero), inode(&project, &two));
    assert_ne!(inode(&project, &zero), before);
}
