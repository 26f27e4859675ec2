//! The command line itself.

use crate::project::Project;

#[test]
fn long_options_may_be_abbreviated() {
    let project = Project::package();
    project.run(&["--inv", "unchecked-hash", "--work", "2", "--hard", "-o0", "-o1", "pkg"]).ok();
    assert_eq!(project.flags("pkg/__pycache__/a.cpython-314.pyc"), crate::project::UNCHECKED_HASH);
    // Every abbreviation that compileall takes.
    for option in ["--w=1", "--wo=1", "--worker=1", "--i=timestamp", "--invalidation=timestamp"] {
        project.run(&[option, "pkg"]).ok();
    }
    project.run(&["--ha", "-o0", "-o1", "pkg"]).ok();
}

#[test]
fn options_may_be_repeated_and_come_after_paths() {
    let project = Project::package();
    project.run(&["pkg", "-l", "-l", "-f", "-f", "-d", "one", "-d", "two", "-j1", "-j2"]).ok();
    assert!(project.stores("pkg/__pycache__/a.cpython-314.pyc", "two/a.py"));
    assert_eq!(project.outputs().len(), 2);
    project.write("-odd.py", "");
    assert_eq!(project.run(&["--", "-odd.py"]).ok().counts(), (1, 0, 0));
}

#[test]
fn bad_options_exit_with_2() {
    let project = Project::package();
    for arguments in [
        &["--nonsense"][..],
        &["-r", "x"],
        &["-o", "3"],
        &["-o", "x"],
        &["-j", "-1"],
        &["--invalidation-mode", "sometimes"],
        &["--hardlink-dupes"],
        &["--hardlink-dupes", "-o1"],
        &["--hardlink-dupes", "-o1", "-o1"],
        &["--output-format", "xml"],
        &["--color", "perhaps"],
        &["--python-version", "3.9"],
        &["-b", "--python-version", "3.15"],
        &["--python", "."],
    ] {
        let ran = project.run(&[arguments, &["pkg"]].concat()).exits(2);
        assert!(ran.out.is_empty() && ran.err.starts_with("error: "), "{arguments:?}: {}{}", ran.out, ran.err);
    }
    assert!(project.outputs().is_empty());
}

#[test]
fn arguments_may_lie_in_files() {
    let project = Project::package();
    project.write("args", "-v\r\n-l\n\npkg\npkg/b\n");
    let ran = project.run(&["@args", "-r", "0"]).ok();
    assert_eq!(
        ran.lines(),
        [
            "Listing 'pkg'...",
            "Compiling 'pkg/__init__.py'...",
            "Compiling 'pkg/a.py'...",
            "Listing 'pkg/b'...",
            "Compiling 'pkg/b/c.py'..."
        ]
    );
    let ran = project.run(&["@none"]).exits(2);
    assert!(ran.err.starts_with("error: cannot read arguments from none: "), "{}", ran.err);
    // A path that begins with an @ is one, where no file is meant.
    project.write("@scope/a.py", "");
    assert_eq!(project.run(&["@scope"]).ok().counts(), (1, 0, 0));
    assert_eq!(project.run(&["--", "@scope"]).ok().counts(), (0, 1, 0));
}

#[test]
fn help_is_grouped_and_the_version_names_those_of_python() {
    let project = Project::new();
    let help = project.run_bare(&["-h"]).ok().out;
    for heading in ["Arguments:", "Target:", "Which files:", "What is written:", "How it runs:", "What it says:"] {
        assert!(help.contains(&format!("\n{heading}\n")), "{heading}\n{help}");
    }
    let long = project.run_bare(&["--help"]).ok().out;
    for word in
        ["SOURCE_DATE_EPOCH", "PYC_INVALIDATION_MODE", "PYTHONPYCACHEPREFIX", "Exit status", "--exclude", "@LIST"]
    {
        assert!(long.contains(word), "{word}\n{long}");
    }
    assert!(long.len() > help.len());
    for option in ["--version", "-V", "--vers"] {
        let version = project.run_bare(&[option]).ok().out;
        assert!(version.starts_with(concat!("pycc ", env!("CARGO_PKG_VERSION"), " (")), "{version}");
        assert!(version.contains("3.11, 3.12, 3.13, 3.14, 3.15"), "{version}");
    }
}
