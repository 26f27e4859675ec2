//! Which Python the files are for.

use crate::project::Project;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const CONFIG: &str = "home = /usr/bin\nversion_info = 3.14.2.final.0\n";

/// A script in the place of an interpreter.
fn script(project: &Project, path: &str, text: &str) {
    project.write(path, format!("#!/bin/sh\n{text}\n"));
    fs::set_permissions(project.path(path), fs::Permissions::from_mode(0o755)).expect("a mode");
}

fn target(project: &Project, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let arguments = [&["-v", "-f"], arguments].concat();
    let ran = crate::project::Ran::of(project.command(&arguments).envs(variables.iter().copied())).ok();
    let line = ran.out.lines().next().unwrap_or_default();
    line.strip_prefix("Target: CPython ").unwrap_or(line).to_owned()
}

#[test]
fn versions_may_be_written_in_many_ways() {
    for version in ["3.14", "314", "py314", "cp314", "cpython-314", "3.14.2", "3.14t"] {
        for option in ["--python-version", "--target-version"] {
            let project = Project::with(&[("a.py", "")]);
            assert_eq!(target(&project, &[option, version, "a.py"], &[]), "3.14 (--python-version)");
            assert!(project.has("__pycache__/a.cpython-314.pyc"), "{version}");
        }
    }
}

#[test]
fn several_versions_are_written_in_one_run() {
    let project = Project::with(&[("a.py", "x = 1\n"), ("b.py", "")]);
    let versions = ["--python-version", "3.15", "--python-version=3.14", "--python-version", "314"];
    let ran = project.run_bare(&[&versions[..], &["-o0", "-o1", "."]].concat()).ok();
    assert!(ran.out.starts_with("Compiled 2 files for CPython 3.15, 3.14 in "), "{}", ran.out);
    assert_eq!(project.outputs().len(), 8);
    for (name, magic) in [("315", [0x52, 0x0e]), ("314", [0x2b, 0x0e])] {
        assert_eq!(project.read(format!("__pycache__/a.cpython-{name}.opt-1.pyc"))[..2], magic);
        // As if it had been the only one.
        let alone = Project::with(&[("a.py", "x = 1\n")]);
        alone.run_bare(&["-q", "--invalidation-mode=checked-hash", "--python-version", name, "a.py"]).ok();
        let pyc = format!("__pycache__/a.cpython-{name}.pyc");
        project.run_bare(&[&versions[..], &["-q", "--invalidation-mode=checked-hash", "a.py"]].concat()).ok();
        assert_eq!(project.read(&pyc), alone.read(&pyc));
    }
    // Only what is stale for a version is written for it.
    fs::remove_file(project.path("__pycache__/b.cpython-315.pyc")).expect("there it was");
    let before =
        fs::metadata(project.path("__pycache__/b.cpython-314.pyc")).expect("there it is").modified().expect("a time");
    assert_eq!(project.run_bare(&[&versions[..], &["b.py"]].concat()).ok().counts(), (1, 0, 0));
    let after =
        fs::metadata(project.path("__pycache__/b.cpython-314.pyc")).expect("there it is").modified().expect("a time");
    assert_eq!(before, after);
}

#[test]
fn each_version_is_written_as_if_it_were_alone() {
    let sources = ["x = 1\n", "x = f'{a:{b}}'\n", "x = f\"{'#'=}\"\n", "try: f()\nexcept A: pass\n"];
    let versions = ["3.11", "3.12", "3.13", "3.14", "3.15"];
    for source in sources {
        let (together, alone) = (Project::with(&[("a.py", source)]), Project::with(&[("a.py", source)]));
        let mut arguments = vec!["-q", "--invalidation-mode=unchecked-hash", "a.py"];
        for version in versions {
            alone.run_bare(&[&arguments[..3], &["--python-version", version]].concat()).ok();
        }
        versions.iter().rev().for_each(|version| arguments.extend(["--python-version", version]));
        together.run_bare(&arguments).ok();
        assert_eq!(together.outputs(), alone.outputs());
        for output in together.outputs() {
            assert_eq!(together.read(&output), alone.read(&output), "{source} {output}");
        }
    }
}

/// gh-116034: what a failed assertion raises moved to its test in 3.11.9.
#[test]
fn the_patch_release_counts_where_it_changed_the_files() {
    let project = Project::with(&[("a.py", "assert a, b\n"), ("venv/pyvenv.cfg", "version = 3.11.9\n")]);
    script(&project, "bin/python3.11", "echo cpython 3.11.14");
    script(&project, "broken/python3.11", "exit 1");
    let written = |arguments: &[&str]| {
        let said = target(&project, &[arguments, &["a.py"]].concat(), &[]);
        let code = project.read("__pycache__/a.cpython-311.pyc")[16..].to_vec();
        (code, said.contains("as 3.11.9 and later write"))
    };
    let (old, is_new) = written(&["--python-version", "3.11"]);
    assert!(!is_new);
    let (new, is_new) = written(&["--python-version", "3.11.9"]);
    assert!(is_new && new != old);
    assert_eq!(written(&["--python-version", "3.11.8"]), (old.clone(), false));
    assert_eq!(written(&["--python", "venv"]), (new.clone(), true));
    assert_eq!(written(&["--python", "bin/python3.11"]), (new, true));
    assert_eq!(written(&["--python", "broken/python3.11"]), (old, false));
    let ran = project.run_bare(&["--python-version", "3.11.8", "--python-version", "3.11.12", "a.py"]).exits(2);
    assert!(ran.err.contains("3.11.8 and 3.11.12 have the same files"), "{}", ran.err);
}

#[test]
fn what_one_version_refuses_is_written_for_the_others() {
    let project = Project::with(&[("lazy.py", "lazy import os\n"), ("bad.py", "x = (\n")]);
    let ran = project.run_bare(&["--python-version", "3.14", "--python-version", "3.15", "."]).exits(1);
    assert!(ran.out.contains("*** CPython 3.14, 3.15:   File \"./bad.py\", line 1\n"), "{}", ran.out);
    assert!(ran.out.contains("*** CPython 3.14:   File \"./lazy.py\", line 1\n"), "{}", ran.out);
    assert_eq!(project.outputs(), ["__pycache__/lazy.cpython-315.pyc"]);
}

#[test]
fn an_environment_around_the_path_decides() {
    let project = Project::with(&[("env/pyvenv.cfg", CONFIG), ("env/lib/python3.14/site-packages/p/a.py", "")]);
    let root = project.path("env");
    for path in ["env", "env/lib/python3.14/site-packages/p/a.py"] {
        let found = target(&project, &[path], &[("VIRTUAL_ENV", "/nowhere")]);
        assert_eq!(found, format!("3.14 (pyvenv.cfg of {})", root.display()), "{path}");
    }
}

#[test]
fn a_library_within_the_path_or_around_it_decides() {
    for library in ["usr/lib/python3.14", "usr/lib64/python3.14t"] {
        let project = Project::with(&[(&format!("{library}/os.py"), "")]);
        assert!(target(&project, &["usr"], &[]).starts_with("3.14 ("), "{library}");
        assert!(target(&project, &[library], &[]).starts_with("3.14 ("), "{library}");
        assert!(project.has(&format!("{library}/__pycache__/os.cpython-314.pyc")));
    }
}

#[test]
fn the_environment_variables_come_next_then_version_files_then_the_path() {
    let project = Project::with(&[
        ("a.py", ""),
        ("venv/pyvenv.cfg", "version = 3.14.0\n"),
        ("conda/lib/python3.15/os.py", ""),
        (".python-version", "3.15.0\n"),
        ("bin/python3.14", ""),
    ]);
    script(&project, "bin/python3", "echo cpython 3.14");
    let path = |name: &str| project.path(name).to_str().expect("UTF-8").to_owned();
    let (venv, conda, bin) = (path("venv"), path("conda"), path("bin"));
    let all = [("VIRTUAL_ENV", venv.as_str()), ("CONDA_PREFIX", &conda), ("PATH", &bin)];
    assert_eq!(target(&project, &["a.py"], &all), format!("3.14 (VIRTUAL_ENV, pyvenv.cfg of {venv})"));
    let library = path("conda/lib/python3.15");
    assert_eq!(target(&project, &["a.py"], &all[1..]), format!("3.15 (CONDA_PREFIX, {library} is there)"));
    assert!(target(&project, &["a.py"], &all[2..]).ends_with(".python-version)"));
    fs::remove_file(project.path(".python-version")).expect("there it was");
    assert_eq!(target(&project, &["a.py"], &all[2..]), format!("3.14 ({bin}/python3 says so)"));
    let ran = project.run_bare(&["a.py"]).exits(2);
    assert!(ran.err.starts_with("error: which Python shall the files be for?"), "{}", ran.err);
    assert!(ran.err.contains("3.11, 3.12, 3.13, 3.14, 3.15"), "{}", ran.err);
}

#[test]
fn paths_of_different_versions_need_a_word() {
    let project = Project::with(&[
        ("one/pyvenv.cfg", "version = 3.14.0\n"),
        ("one/a.py", ""),
        ("two/pyvenv.cfg", "version = 3.15.0\n"),
        ("two/a.py", ""),
    ]);
    let ran = project.run_bare(&["one", "two"]).exits(2);
    assert!(ran.err.contains("one is for Python 3.14") && ran.err.contains("two for 3.15"), "{}", ran.err);
    project.run(&["one", "two"]).ok();
}

#[test]
fn an_interpreter_a_venv_or_a_prefix_may_be_named() {
    let project = Project::with(&[
        ("a.py", ""),
        ("venv/pyvenv.cfg", CONFIG),
        ("venv/bin/python", "not run"),
        ("prefix/lib/python3.14/os.py", ""),
        ("named/python3.14", "not run"),
    ]);
    script(&project, "asked/python", "echo cpython 3.14");
    script(&project, "other/python", "echo pypy 3.11");
    for path in ["venv", "venv/bin/python", "prefix", "named/python3.14", "asked/python"] {
        for option in ["--python", "--venv"] {
            assert!(target(&project, &[option, path, "a.py"], &[]).starts_with("3.14 ("), "{path}");
        }
    }
    let ran = project.run_bare(&["--python", "other/python", "a.py"]).exits(2);
    assert!(ran.err.contains("pypy 3.11; pycc writes for CPython only"), "{}", ran.err);
    for path in ["nothere", "named", "a.py"] {
        project.run_bare(&["--python", path, "a.py"]).exits(2);
    }
}

#[test]
fn without_a_path_it_is_the_sys_path_of_the_interpreter() {
    let project = Project::package();
    let folder = |name: &str| project.path(name).to_str().expect("UTF-8").to_owned();
    let listed = ["", &folder("pkg"), &folder("python314.zip"), &folder("pkg/b")].join("\\0");
    script(&project, "bin/python3.14", &format!("printf '{listed}'"));
    let ran = project.run_bare(&["-v", "--python", "bin/python3.14"]).ok();
    let compiled = |path: &str| format!("Compiling '{}'...", folder(path));
    let listing = |path: &str| format!("Listing '{}'...", folder(path));
    assert_eq!(
        ran.lines(),
        [
            "Skipping current directory".to_owned(),
            listing("pkg"),
            compiled("pkg/__init__.py"),
            compiled("pkg/a.py"),
            listing("python314.zip"),
            format!("Can't list '{}'", folder("python314.zip")),
            listing("pkg/b"),
            compiled("pkg/b/c.py"),
        ]
    );
    assert_eq!(ran.counts(), (3, 0, 0));
    // The interpreter of a version is looked for on PATH.
    let bin = folder("bin");
    assert_eq!(project.run_with(&[("PATH", &bin)], &["-q"]).ok().out, "");
    let ran = project.run(&[]).exits(2);
    assert!(ran.err.contains("there is no python3.14 to ask for its sys.path"), "{}", ran.err);
}
