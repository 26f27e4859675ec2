//! Reports for programs: JSON and workflow annotations.

use crate::project::{Project, Ran};
use serde_json::{Value, json};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
}

#[test]
fn json_is_one_object_that_says_what_happened_to_each_file_and_why() {
    let project = Project::with(&[
        ("pkg/bad.py", "x = 1\n1 = x\n"),
        ("pkg/changed.py", ""),
        ("pkg/fresh.py", ""),
        ("pkg/mode.py", ""),
        ("pkg/new.py", "x = '\\d'\n"),
        ("pkg/skipped.py", ""),
    ]);
    project.run(&["-x", "bad|new", "pkg"]).ok();
    project.set_mtime("pkg/changed.py", 1_000_000_000);
    project.run(&["--invalidation-mode", "checked-hash", "pkg/mode.py"]).ok();
    let ran = project.run(&["--output-format", "json", "--exclude", "skipped.py", "pkg", "nothere"]).exits(1);
    assert_eq!(ran.err, "");
    let report = json(&ran);
    let reason = "--python-version";
    assert_eq!(report["targets"], json!([{ "python": "3.14", "cache_tag": "cpython-314", "reason": reason }]));
    assert_eq!(report["optimize"], json!([0]));
    assert_eq!(report["counts"], json!({ "compiled": 3, "up_to_date": 1, "skipped": 1, "failed": 2 }));
    assert!(report["seconds"].is_f64() && report["pycc"] == env!("CARGO_PKG_VERSION"));
    let files = report["files"].as_array().expect("a list");
    let summary: Vec<(&str, &str, &str)> = files
        .iter()
        .map(|file| {
            let word = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default().leak() as &str;
            let why = if file["reason"].is_string() { &file["reason"] } else { &file["targets"][0]["reason"] };
            (word(&file["path"]), word(&file["status"]), word(why))
        })
        .collect();
    assert_eq!(
        summary,
        [
            ("pkg/bad.py", "failed", ""),
            ("pkg/changed.py", "compiled", "changed"),
            ("pkg/fresh.py", "up-to-date", ""),
            ("pkg/mode.py", "compiled", "other-mode"),
            ("pkg/new.py", "compiled", "missing"),
            ("pkg/skipped.py", "skipped", "excluded"),
            ("nothere", "failed", ""),
        ]
    );
    let error = &files[0]["targets"][0]["error"];
    assert_eq!((&error["type"], &error["line"], &error["column"]), (&json!("SyntaxError"), &json!(2), &json!(1)));
    assert!(
        error["text"]
            .as_str()
            .is_some_and(|text| text.starts_with("  File \"pkg/bad.py\", line 2\n    1 = x\n    ^\n"))
    );
    assert_eq!(files[1]["targets"][0]["files"], json!(["pkg/__pycache__/changed.cpython-314.pyc"]));
    assert_eq!(files[4]["warnings"][0]["line"], 1);
    let forced = json(&project.run(&["--output-format", "json", "-f", "pkg/fresh.py"]).ok());
    assert_eq!(forced["files"][0]["targets"][0]["reason"], "forced");
}

#[test]
fn json_tells_targets_apart() {
    let project = Project::with(&[("a.py", ""), ("lazy.py", "lazy import os\n")]);
    let ran = project.run(&["--python-version", "3.15", "--output-format", "json", "a.py", "lazy.py"]).exits(1);
    let report = json(&ran);
    assert_eq!(report["files"][0]["targets"][1]["python"], "3.15");
    let statuses = |file: usize| {
        let targets = report["files"][file]["targets"].as_array().expect("a list");
        targets.iter().map(|target| target["status"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(statuses(0), ["compiled", "compiled"]);
    assert_eq!(statuses(1), ["failed", "compiled"]);
    assert_eq!(report["files"][1]["status"], "failed");
}

#[test]
fn github_gets_an_annotation_for_each_file_that_fails() {
    let project = Project::with(&[("pkg/a.py", ""), ("pkg/bad,1.py", "x = 1\n1 = 100% x\n"), ("pkg/i.py", "  x\n")]);
    let ran = project.run(&["--output-format", "github", "pkg", "nothere"]).exits(1);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[0],
        "::error file=pkg/bad%2C1.py,line=2,col=1,endLine=2,endColumn=2,title=SyntaxError::cannot assign to literal here. Maybe \
         you meant '==' instead of '='?"
    );
    assert_eq!(lines[2], "::error file=nothere,title=OSError::Can't list 'nothere'");
    assert!(lines[1].starts_with("::error file=pkg/i.py,line=1,col="), "{}", lines[1]);
    assert!(lines[1].ends_with(",title=IndentationError::unexpected indent"), "{}", lines[1]);
    assert_eq!(ran.counts(), (1, 0, 3));
    assert_eq!(project.run(&["-qq", "--output-format", "github", "pkg"]).exits(1).out, "");
    assert_eq!(project.run(&["-q", "--output-format", "github", "pkg/a.py"]).ok().out, "");
}
