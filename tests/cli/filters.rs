//! What is left out: -x, -e, --exclude.

use crate::project::Project;
use std::os::unix::fs::symlink;

#[test]
fn patterns_have_the_syntax_of_python() {
    for (pattern, left) in [
        (r"/a", 3),
        (r"ba[^\\/]*$", 5),
        (r"(?<=b/)d", 4),
        (r"(?<!b)/[cz]\.py\Z", 4),
        (r"(?P<x>p)kg/(?=b)", 3),
        (r"^(?!pkg/a)", 2),
        ("", 5),
    ] {
        let project = Project::package();
        let ran = project.run(&["-x", pattern, "pkg"]).ok();
        assert_eq!((ran.counts().0, project.outputs().len()), (left, left), "{pattern}");
    }
}

#[test]
fn patterns_apply_to_named_files_and_not_to_folders() {
    let project = Project::package();
    let ran = project.run(&["-v", "-x", "b", "pkg/b", "pkg/a.py", "pkg/b/c.py"]).ok();
    assert_eq!(ran.lines(), ["Listing 'pkg/b'...", "Listing 'pkg/b/d'...", "Compiling 'pkg/a.py'..."]);
}

#[test]
fn a_bad_pattern_is_an_error() {
    let project = Project::package();
    let ran = project.run(&["-x", "(", "pkg"]).exits(1);
    assert!(ran.err.starts_with("error: bad regular expression \"(\""), "{}", ran.err);
    assert!(project.outputs().is_empty());
}

#[test]
fn links_that_lead_out_are_left_out() {
    let project = Project::with(&[("in/a.py", ""), ("out/b.py", ""), ("pkg/own.py", "")]);
    symlink("../in/a.py", project.path("pkg/a.py")).expect("a link");
    symlink(project.path("out/b.py"), project.path("pkg/b.py")).expect("a link");
    project.run(&["-e", "in", "pkg"]).ok();
    assert_eq!(project.outputs(), ["pkg/__pycache__/a.cpython-314.pyc", "pkg/__pycache__/own.cpython-314.pyc"]);
    project.run(&["-e", "", "pkg"]).ok();
    assert_eq!(project.outputs().len(), 3);
}

#[test]
fn globs_leave_out_files_and_folders() {
    for (globs, left) in [
        (&["b"][..], 3),
        (&["b/"], 3),
        (&["pkg/b"], 3),
        (&["b/*.py"], 4),
        (&["**/e.py"], 4),
        (&["[ac].py"], 3),
        (&["a", "c.py"], 3),
        (&["*.txt"], 5),
    ] {
        let project = Project::package();
        let mut arguments: Vec<&str> = globs.iter().flat_map(|glob| ["--exclude", glob]).collect();
        arguments.push("pkg");
        let ran = project.run(&arguments).ok();
        assert_eq!(ran.counts().0, left, "{globs:?}");
    }
    let project = Project::package();
    let ran = project.run(&["--exclude", "b[", "pkg"]).exits(1);
    assert!(ran.err.contains("bad glob"), "{}", ran.err);
}
