//! Files that cannot be compiled, and what is said of them.

use crate::project::Project;

const CASES: [(&str, &[u8], &str); 9] = [
    ("null.py", b"x = 1\0\n", "*** SyntaxError: source code string cannot contain null bytes\n\n"),
    (
        "syntax.py",
        b"x = (\n",
        "***   File \"syntax.py\", line 1\n    x = (\n        ^\nSyntaxError: '(' was never closed\n\n",
    ),
    (
        "late.py",
        b"return 1\n",
        "***   File \"late.py\", line 1\n    return 1\n    ^^^^^^^^\nSyntaxError: 'return' outside function\n\n",
    ),
    ("indent.py", b"  x\n", "*** Sorry: IndentationError: unexpected indent (indent.py, line 1)\n"),
    (
        "block.py",
        b"if 1:\nx\n",
        "*** Sorry: IndentationError: expected an indented block after 'if' statement on line 1 (block.py, line 2)\n",
    ),
    (
        "tab.py",
        b"if 1:\n\tx\n        y\n",
        "*** Sorry: TabError: inconsistent use of tabs and spaces in indentation (tab.py, line 3)\n",
    ),
    ("coding.py", b"# coding: foo\n", "***   File \"coding.py\", line 0\nSyntaxError: unknown encoding: foo\n\n"),
    (
        "euro.py",
        "b\"\u{20ac}\"\n".as_bytes(),
        "***   File \"euro.py\", line 1\n    b\"\u{20ac}\"\n    ^^^^\nSyntaxError: bytes can only contain ASCII literal characters\n\n",
    ),
    (
        "latin.py",
        b"x = 1\ny = '\xe9'\n",
        "***   File \"latin.py\", line 2\n    y = '\u{fffd}'\n         ^\nSyntaxError: Non-UTF-8 code starting with '\\xe9' on line 2, \
         but no encoding declared; see https://peps.python.org/pep-0263/ for details\n\n",
    ),
];

#[test]
fn errors_have_the_words_of_compileall() {
    for (name, text, expected) in CASES {
        let project = Project::new();
        project.write(name, text);
        let ran = project.run(&["-v", name]).exits(1);
        let line = format!("Compiling '{name}'...\n{expected}Compiled 0 files");
        assert!(ran.out.contains(&line), "{}\n---\n{line}", ran.out);
        assert_eq!(ran.err, "");
        // Without -v too the line is there that says which file is meant.
        let ran = project.run(&[name]).exits(1);
        assert!(ran.out.starts_with(&line), "{}\n---\n{line}", ran.out);
        let ran = project.run(&["-q", name]).exits(1);
        assert_eq!(ran.out, format!("*** Error compiling '{name}'...\n{}", &expected["*** ".len()..]));
        let ran = project.run(&["-qq", name]).exits(1);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
        assert!(project.outputs().is_empty());
    }
}

#[test]
fn a_bad_file_does_not_keep_others_from_being_compiled() {
    let project = Project::package();
    CASES.iter().for_each(|(name, text, _)| project.write(format!("pkg/{name}"), text));
    let ran = project.run(&["pkg"]).exits(1);
    assert_eq!(ran.counts(), (5, 0, CASES.len()));
    assert_eq!(project.outputs().len(), 5);
}

#[test]
fn warnings_go_to_standard_error() {
    let project = Project::with(&[("w.py", "x = '\\d'\nif x is 1:\n    pass\n")]);
    let expected = "w.py:1: SyntaxWarning: \"\\d\" is an invalid escape sequence. Such sequences will not work in the future. Did you \
                    mean \"\\\\d\"? A raw string is also an option.\n  x = '\\d'\n\
                    w.py:2: SyntaxWarning: \"is\" with 'int' literal. Did you mean \"==\"?\n  if x is 1:\n";
    let ran = project.run(&["w.py"]).exits(0);
    assert_eq!((ran.err.as_str(), ran.counts()), (expected, (1, 0, 0)));
    assert_eq!(project.run(&["-f", "-q", "w.py"]).exits(0).err, expected);
    // One warning for all levels.
    assert_eq!(project.run(&["-o1", "-o2", "w.py"]).exits(0).err, expected);
    assert_eq!(project.run(&["-f", "-qq", "w.py"]).exits(0).err, "");
    assert_eq!(project.run(&["w.py"]).ok().counts(), (0, 1, 0));
}

#[test]
fn all_is_well_in_silence() {
    let project = Project::package();
    for (arguments, out) in [(&["-q"][..], ""), (&["-qq"], ""), (&["-q", "-v"], "")] {
        assert_eq!(project.run(&[arguments, &["-f", "pkg"]].concat()).ok().out, out, "{arguments:?}");
    }
    let ran = project.run(&["-f", "pkg"]).ok();
    assert!(ran.out.starts_with("Compiled 5 files for CPython 3.14 in ") && ran.out.ends_with(" s\n"), "{}", ran.out);
    let ran = project.run(&["pkg"]).ok();
    assert!(ran.out.starts_with("Compiled 0 files") && ran.out.ends_with(" s; 5 up to date\n"), "{}", ran.out);
    let ran = project.run(&["-f", "pkg/a.py"]).ok();
    assert!(ran.out.starts_with("Compiled 1 file for"), "{}", ran.out);
}

#[test]
fn large_numbers_are_grouped() {
    let project = Project::new();
    (0..1001).for_each(|i| project.write(format!("m{i}.py"), ""));
    assert!(project.run(&["."]).ok().out.starts_with("Compiled 1,001 files for "));
    assert!(project.run(&["."]).ok().out.ends_with("; 1,001 up to date\n"));
}

#[test]
fn carets_may_leave_the_line_up_to_3_12() {
    let project = Project::new();
    project.write("x.py", b"for # not a name\n");
    for (version, carets) in [("3.11", 12), ("3.12", 13), ("3.13", 12), ("3.14", 12), ("3.15", 12)] {
        let ran = project.run(&["-q", "--python-version", version, "x.py"]).exits(1);
        let expected = format!("\n    for # not a name\n        {}\nSyntaxError: invalid syntax\n", "^".repeat(carets));
        assert!(ran.out.ends_with(&format!("{expected}\n")), "{version}: {}", ran.out);
    }
}

#[test]
fn a_cookie_that_contradicts_the_mark_is_shown_from_3_14_on() {
    let project = Project::new();
    project.write("x.py", b"\xef\xbb\xbf# coding: latin-1\n");
    let shown = "line 1\n    # coding: latin-1\n";
    for (version, place) in [("3.11", "line 0\n"), ("3.13", "line 0\n"), ("3.14", shown), ("3.15", shown)] {
        let ran = project.run(&["-q", "--python-version", version, "x.py"]).exits(1);
        let expected = format!("\"x.py\", {place}SyntaxError: encoding problem: iso-8859-1 with BOM\n");
        assert!(ran.out.contains(&expected), "{version}: {}", ran.out);
    }
}
