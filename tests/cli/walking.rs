//! Which files are looked at: arguments, depth, links, order.

use crate::project::Project;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

#[test]
fn folders_are_walked_in_order_of_names_depth_first() {
    let project = Project::package();
    project.write("pkg/.hidden/h.py", "");
    project.write("pkg/__pycache__/junk.py", "");
    project.write("pkg/a-b/y.py", "");
    for name in ["data.txt", "script", "gui.pyw", "x.py.bak"] {
        project.write(format!("pkg/{name}"), "not Python (");
    }
    let ran = project.run(&["-v", "pkg"]).ok();
    assert_eq!(
        ran.lines(),
        [
            "Listing 'pkg'...",
            "Listing 'pkg/.hidden'...",
            "Compiling 'pkg/.hidden/h.py'...",
            "Compiling 'pkg/__init__.py'...",
            "Listing 'pkg/a'...",
            "Compiling 'pkg/a/z.py'...",
            "Listing 'pkg/a-b'...",
            "Compiling 'pkg/a-b/y.py'...",
            "Compiling 'pkg/a.py'...",
            "Listing 'pkg/b'...",
            "Compiling 'pkg/b/c.py'...",
            "Listing 'pkg/b/d'...",
            "Compiling 'pkg/b/d/e.py'...",
        ]
    );
    assert_eq!(
        project.outputs(),
        [
            "pkg/.hidden/__pycache__/h.cpython-314.pyc",
            "pkg/__pycache__/__init__.cpython-314.pyc",
            "pkg/__pycache__/a.cpython-314.pyc",
            "pkg/__pycache__/junk.py",
            "pkg/a-b/__pycache__/y.cpython-314.pyc",
            "pkg/a/__pycache__/z.cpython-314.pyc",
            "pkg/b/__pycache__/c.cpython-314.pyc",
            "pkg/b/d/__pycache__/e.cpython-314.pyc",
        ]
    );
}

#[test]
fn reports_do_not_depend_on_the_number_of_workers() {
    let project = Project::package();
    for i in 0..40 {
        project.write(format!("pkg/m{i}.py"), "x = 1\n".repeat(i * 7 % 40) + if i % 5 == 0 { "x = (\n" } else { "" });
    }
    let run = |jobs: &str| {
        let ran = project.run(&["-v", "-f", jobs, "pkg", "pkg/a.py"]).exits(1);
        ran.lines().join("\n")
    };
    let alone = run("-j1");
    assert!(alone.contains("***   File \"pkg/m35.py\", line"));
    for jobs in ["-j2", "-j7", "-j0", "--workers=3"] {
        assert_eq!(run(jobs), alone, "{jobs}");
    }
}

#[test]
fn depth_is_limited() {
    for (arguments, compiled) in [
        (&["-l"][..], 2),
        (&["-r", "0"], 2),
        (&["-r0"], 2),
        (&["-r", " 1"], 4),
        (&["-l", "-r", "1"], 4),
        (&["-r", "1", "-l"], 4),
        (&["-r", "2"], 5),
        (&["-r", "-1"], 2),
        (&[], 5),
    ] {
        let project = Project::package();
        let ran = project.run(&[arguments, &["pkg"]].concat()).ok();
        assert_eq!((ran.counts().0, project.outputs().len()), (compiled, compiled), "{arguments:?}");
    }
}

#[test]
fn linked_folders_are_entered_only_when_named_and_linked_files_are_compiled() {
    let project = Project::package();
    symlink("b", project.path("pkg/linked")).expect("a link");
    symlink("a.py", project.path("pkg/link.py")).expect("a link");
    symlink("nowhere", project.path("pkg/dangling.py")).expect("a link");
    symlink(".", project.path("pkg/loop")).expect("a link");
    project.run(&["-q", "pkg"]).ok();
    assert!(project.has("pkg/__pycache__/link.cpython-314.pyc"));
    assert!(!project.has("pkg/__pycache__/dangling.cpython-314.pyc"));
    assert_eq!(project.outputs().len(), 6);
    let ran = project.run(&["-v", "-f", "pkg/linked"]).ok();
    assert_eq!(ran.lines()[..2], ["Listing 'pkg/linked'...", "Compiling 'pkg/linked/c.py'..."]);
}

#[test]
fn named_files_that_are_not_python_are_passed_over() {
    let project = Project::with(&[("data.txt", "("), ("a.py", "")]);
    let ran = project.run(&["-v", "data.txt", "a.py"]).ok();
    assert_eq!(ran.lines(), ["Compiling 'a.py'..."]);
}

#[test]
fn paths_are_shown_as_they_are_named() {
    let project = Project::with(&[("pkg/a.py", ""), ("pkg/it's.py", ""), ("pkg/\u{e9}\u{200b}.py", "")]);
    let ran = project.run(&["-v", "./pkg/"]).ok();
    assert_eq!(
        ran.lines(),
        [
            "Listing './pkg/'...",
            "Compiling './pkg/a.py'...",
            "Compiling \"./pkg/it's.py\"...",
            "Compiling './pkg/é\\u200b.py'...",
        ]
    );
    assert!(project.stores("pkg/__pycache__/a.cpython-314.pyc", "./pkg/a.py"));
}

#[test]
fn names_need_not_be_utf8() {
    let project = Project::new();
    let name = Path::new(OsStr::from_bytes(b"caf\xe9.py"));
    project.write(name, "def f(): pass\n");
    let ran = project.run(&["-v", "."]).ok();
    assert_eq!(ran.lines(), ["Listing '.'...", "Compiling './caf\\udce9.py'..."]);
    let written = project.read(Path::new(OsStr::from_bytes(b"__pycache__/caf\xe9.cpython-314.pyc")));
    let stored = b"./caf\xed\xb3\xa9.py";
    assert!(written.windows(stored.len()).any(|window| window == stored));
}

#[test]
fn an_argument_that_names_files_twice_is_dealt_with_in_turn() {
    let project = Project::package();
    let ran = project.run(&["-v", "pkg", "pkg/b", "pkg/a.py"]).ok();
    assert_eq!(ran.lines().iter().filter(|line| line.starts_with("Compiling")).count(), 5);
    assert_eq!(ran.counts(), (5, 3, 0));
    // The path stored last stays, as with compileall.
    project.run(&["-f", "pkg", "./pkg/b"]).ok();
    assert!(project.stores("pkg/b/__pycache__/c.cpython-314.pyc", "./pkg/b/c.py"));
    assert!(project.stores("pkg/__pycache__/a.cpython-314.pyc", "pkg/a.py"));
}

#[test]
fn a_named_path_that_is_not_there_is_an_error() {
    let project = Project::with(&[("a.py", "")]);
    let ran = project.run(&["nothere", "a.py"]).exits(1);
    assert_eq!(ran.lines(), ["Can't list 'nothere'"]);
    assert_eq!(ran.counts(), (1, 0, 1));
    let ran = project.run(&["-v", "nothere"]).exits(1);
    assert_eq!(ran.lines(), ["Listing 'nothere'...", "Can't list 'nothere'"]);
    assert_eq!(project.run(&["-q", "nothere"]).exits(1).out, "Can't list 'nothere'\n");
    assert_eq!(project.run(&["-qq", "nothere"]).exits(1).out, "");
}

#[test]
fn lists_of_files_come_after_the_arguments() {
    let project = Project::package();
    project.write("one.py", "");
    project.write("list", "pkg/a.py\n  pkg/b \r\n\n");
    let expected = [
        "Compiling 'one.py'...",
        "Compiling 'pkg/a.py'...",
        "Listing 'pkg/b'...",
        "Compiling 'pkg/b/c.py'...",
        "Listing 'pkg/b/d'...",
        "Compiling 'pkg/b/d/e.py'...",
    ];
    let ran = project.run(&["-v", "-i", "list", "one.py"]).ok();
    assert_eq!(ran.lines(), expected);
    let ran = project.run_fed(&["-v", "-f", "-i", "-", "one.py"], "pkg/a.py\npkg/b\n").ok();
    assert_eq!(ran.lines(), expected);
}

#[test]
fn a_list_that_cannot_be_read_is_an_error() {
    let project = Project::package();
    let ran = project.run(&["-i", "nolist", "pkg"]).exits(1);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("Error reading file list nolist\n", ""));
    assert_eq!(project.run(&["-qq", "-i", "nolist", "pkg"]).exits(1).out, "");
    assert!(project.outputs().is_empty());
}

#[test]
fn folders_that_cannot_be_listed_are_told_of() {
    let project = Project::package();
    let folder = project.path("pkg/b");
    let set_mode = |mode| {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(&folder, permissions).expect("the mode can be set");
    };
    set_mode(0);
    let is_superuser = fs::read_dir(&folder).is_ok();
    let ran = project.run(&["pkg"]);
    set_mode(0o755);
    // Nothing keeps the superuser out.
    if !is_superuser {
        let ran = ran.ok();
        assert_eq!(ran.lines(), ["Can't list 'pkg/b'"]);
        assert_eq!(ran.counts(), (3, 0, 0));
    }
}
