//! Environment variables.

use crate::project::{CHECKED_HASH, Project, TIMESTAMP, UNCHECKED_HASH};
use std::path::Path;

const PYC: &str = "__pycache__/a.cpython-314.pyc";

#[test]
fn source_date_epoch_asks_for_hashes() {
    let project = Project::with(&[("a.py", "")]);
    for (value, arguments, flags) in [
        ("1700000000", &[][..], CHECKED_HASH),
        ("", &[], TIMESTAMP),
        ("1", &["--invalidation-mode", "timestamp"], TIMESTAMP),
        ("1", &["--invalidation-mode", "unchecked-hash"], UNCHECKED_HASH),
    ] {
        project.run_with(&[("SOURCE_DATE_EPOCH", value)], &[arguments, &["a.py"]].concat()).ok();
        assert_eq!(project.flags(PYC), flags, "{value:?} {arguments:?}");
    }
}

#[test]
fn the_mode_may_come_from_a_variable_as_in_uv() {
    let project = Project::with(&[("a.py", "")]);
    for (value, flags) in [("CHECKED_HASH", CHECKED_HASH), ("UNCHECKED_HASH", UNCHECKED_HASH), ("TIMESTAMP", TIMESTAMP)]
    {
        let variables = [("PYC_INVALIDATION_MODE", value), ("SOURCE_DATE_EPOCH", "1")];
        project.run_with(&variables, &["a.py"]).ok();
        assert_eq!(project.flags(PYC), flags, "{value}");
        project.run_with(&variables, &["--invalidation-mode", "unchecked-hash", "a.py"]).ok();
        assert_eq!(project.flags(PYC), UNCHECKED_HASH);
    }
    let ran = project.run_with(&[("PYC_INVALIDATION_MODE", "SOMETIMES")], &["a.py"]).exits(2);
    assert!(
        ran.err.starts_with("error: PYC_INVALIDATION_MODE is \"SOMETIMES\"; it must be CHECKED_HASH"),
        "{}",
        ran.err
    );
}

#[test]
fn python_optimize_is_the_default_level() {
    for (value, arguments, written) in [
        ("1", &[][..], "a.cpython-314.opt-1.pyc"),
        ("2", &[], "a.cpython-314.opt-2.pyc"),
        ("0", &[], "a.cpython-314.pyc"),
        ("", &[], "a.cpython-314.pyc"),
        ("yes", &[], "a.cpython-314.opt-1.pyc"),
        ("2", &["-o0"], "a.cpython-314.pyc"),
        ("2", &["-o-1"], "a.cpython-314.opt-2.pyc"),
    ] {
        let project = Project::with(&[("a.py", "")]);
        project.run_with(&[("PYTHONOPTIMIZE", value)], &[arguments, &["a.py"]].concat()).ok();
        assert_eq!(project.outputs(), [format!("__pycache__/{written}")], "{value:?} {arguments:?}");
    }
}

#[test]
fn pycache_prefix_moves_the_cache_but_not_legacy_files() {
    let project = Project::with(&[("a.py", "")]);
    let prefix = project.path("cache");
    let variables = [("PYTHONPYCACHEPREFIX", prefix.to_str().expect("UTF-8"))];
    let root = std::fs::canonicalize(project.path("")).expect("there it is");
    let moved = Path::new("cache").join(root.strip_prefix("/").expect("absolute")).join("a.cpython-314.pyc");
    project.run_with(&variables, &["a.py"]).ok();
    assert!(project.path(&moved).is_file() && !project.has(PYC));
    project.run_with(&variables, &["-b", "a.py"]).ok();
    assert!(project.has("a.pyc"));
    project.run_with(&variables, &["--pycache-prefix", "other", "a.py"]).ok();
    assert!(project.path("other").is_dir());
    project.run_with(&[("PYTHONPYCACHEPREFIX", "")], &["a.py"]).ok();
    assert!(project.has(PYC));
}

#[test]
fn python_dont_write_bytecode_is_ignored() {
    let project = Project::with(&[("a.py", "")]);
    project.run_with(&[("PYTHONDONTWRITEBYTECODE", "1")], &["a.py"]).ok();
    assert!(project.has(PYC));
}

#[test]
fn colours_follow_option_and_variables() {
    let project = Project::with(&[("bad.py", "x = (\n")]);
    for (variables, arguments, colored) in [
        (&[][..], &[][..], false),
        (&[], &["--color", "always"], true),
        (&[], &["--color=never"], false),
        (&[("FORCE_COLOR", "1")], &[], true),
        (&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("FORCE_COLOR", ""), ("NO_COLOR", "")], &[], false),
        (&[("FORCE_COLOR", "1")], &["--color", "never"], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
    ] {
        let ran = project.run_with(variables, &[arguments, &["bad.py"]].concat()).exits(1);
        assert_eq!(ran.out.contains('\x1b'), colored, "{variables:?} {arguments:?}: {}", ran.out);
        let help = project.run_with(variables, &[arguments, &["--help"]].concat()).ok();
        assert_eq!(help.out.contains('\x1b'), colored, "{variables:?} {arguments:?}");
    }
}
