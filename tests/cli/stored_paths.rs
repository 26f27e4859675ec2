//! The paths in code objects: -d, -s, -p.

use crate::project::Project;

const C: &str = "pkg/b/__pycache__/c.cpython-314.pyc";
const ONE: &str = "__pycache__/one.cpython-314.pyc";

fn project() -> Project {
    let project = Project::package();
    project.write("one.py", "def f(): pass\n");
    project
}

fn check(arguments: &[&str], pyc: &str, stored: &str) {
    let project = project();
    project.run(arguments).ok();
    assert!(project.stores(pyc, stored), "{arguments:?}: {stored}");
}

#[test]
fn paths_are_stored_as_named() {
    check(&["pkg"], C, "pkg/b/c.py");
    check(&["./pkg"], C, "./pkg/b/c.py");
    check(&["one.py"], ONE, "one.py");
}

#[test]
fn a_destination_takes_the_place_of_the_argument() {
    check(&["-d", "/usr/lib/x", "pkg"], C, "/usr/lib/x/b/c.py");
    check(&["-d", "dest", "one.py"], ONE, "dest/one.py");
    check(&["-d", "dest", "pkg/b/c.py"], C, "dest/c.py");
    check(&["-d", "", "pkg"], C, "b/c.py");
}

#[test]
fn prefixes_are_stripped_and_put_in_front() {
    check(&["-s", "pkg", "pkg"], C, "b/c.py");
    check(&["-s", "pkg/b", "pkg/b"], C, "c.py");
    check(&["-p", "/x", "pkg"], C, "/x/pkg/b/c.py");
    check(&["-s", "pkg", "-p", "/x", "pkg"], C, "/x/b/c.py");
    let project = project();
    let root = project.path("");
    let root = root.to_str().expect("UTF-8").trim_end_matches('/');
    project.run(&["-s", root, "-p", "/", &format!("{root}/pkg")]).ok();
    assert!(project.stores(C, "/pkg/b/c.py"));
}

#[test]
fn a_prefix_that_does_not_fit_is_told_of_and_ignored() {
    let project = Project::with(&[("pkg/a.py", "x = 1\n"), ("pkg/data.txt", "")]);
    let note =
        |name: &str| format!("The stripdir path 'pk' is not a valid prefix for source path 'pkg/{name}'; ignoring");
    let ran = project.run(&["-v", "-s", "pk", "pkg"]).ok();
    let expected = ["Listing 'pkg'...", &note("a.py"), "Compiling 'pkg/a.py'...", &note("data.txt")];
    assert_eq!(ran.lines(), expected);
    let pyc = "pkg/__pycache__/a.cpython-314.pyc";
    assert!(project.stores(pyc, "pkg/a.py"));
    assert_eq!(project.run(&["-q", "-s", "pk", "pkg/a.py"]).ok().out, note("a.py") + "\n");
    assert_eq!(project.run(&["-qq", "-s", "pk", "pkg"]).ok().out, "");
    project.run(&["-qq", "-f", "-s", "pk", "-p", "new", "pkg"]).ok();
    assert!(project.stores(pyc, "new/pkg/a.py"));
}

#[test]
fn errors_name_the_stored_path() {
    let project = Project::with(&[("pkg/bad.py", "x = (\n"), ("pkg/late.py", "return 1\n")]);
    let ran = project.run(&["-q", "-d", "dest", "pkg"]).exits(1);
    assert_eq!(
        ran.out,
        "*** Error compiling 'pkg/bad.py'...\n  File \"dest/bad.py\", line 1\n    x = (\n        ^\nSyntaxError: '(' was never \
         closed\n\n*** Error compiling 'pkg/late.py'...\n  File \"dest/late.py\", line 1\nSyntaxError: 'return' outside function\n\n"
    );
}

#[test]
fn a_destination_excludes_the_others() {
    let project = project();
    for other in ["-s", "-p"] {
        let ran = project.run(&["-d", "x", other, "y", "pkg"]).exits(2);
        assert!(ran.err.contains("cannot be used with"), "{}", ran.err);
    }
    assert!(project.outputs().is_empty());
}
