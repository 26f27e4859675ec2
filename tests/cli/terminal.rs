//! Terminals and signals: the progress bar and Ctrl-C.

use crate::project::Project;
use std::fs::{self, File};
use std::io::Read;
use std::os::fd::FromRawFd;
use std::process::{Child, Command, Stdio};
use std::ptr;

/// A folder that takes much longer to compile than any test waits for.
fn endless() -> Project {
    let project = Project::new();
    project.write("m.py", "def f(a, b):\n    return [x + a for x in range(b) if x < a]\n".repeat(400));
    fs::create_dir(project.path("pkg")).expect("a folder");
    for i in 0..4000 {
        fs::hard_link(project.path("m.py"), project.path(format!("pkg/m{i}.py"))).expect("a link");
    }
    project
}

fn signal(child: &Child, number: i32) {
    // SAFETY: the process is our child and has not been waited for, so its number is still its own.
    assert_eq!(unsafe { libc::kill(child.id() as i32, number) }, 0);
}

/// The reading end of a terminal of 24 lines of 80 columns, and its other end.
fn terminal() -> (File, File) {
    let (mut reader, mut writer) = (0, 0);
    let size = libc::winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the pointers are to locals of the right types, or null where the function allows it.
    let result = unsafe { libc::openpty(&mut reader, &mut writer, ptr::null_mut(), ptr::null_mut(), &size) };
    assert_eq!(result, 0, "there is a terminal to be had");
    // SAFETY: the function has opened both, and nobody else owns them.
    unsafe { (File::from_raw_fd(reader), File::from_raw_fd(writer)) }
}

/// Reads from a terminal until a text has come, or its other end is closed.
fn read_until(terminal: &mut File, wanted: &str) -> String {
    let mut shown = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = terminal.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..count]);
        if String::from_utf8_lossy(&shown).contains(wanted) {
            break;
        }
    }
    String::from_utf8_lossy(&shown).into_owned()
}

fn start(command: &mut Command, error: Stdio) -> Child {
    command.stdout(Stdio::piped()).stderr(error).spawn().expect("pycc starts")
}

#[test]
fn signals_end_the_run_at_once_and_leave_no_temporary_file() {
    for (number, status) in [(libc::SIGINT, 130), (libc::SIGTERM, 143)] {
        let project = endless();
        let mut command = project.command(&["--python-version", "3.14", "pkg"]);
        let child = start(&mut command, Stdio::piped());
        while project.outputs().is_empty() {
            std::thread::yield_now();
        }
        signal(&child, number);
        let output = child.wait_with_output().expect("pycc ends");
        assert_eq!(output.status.code(), Some(status));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "pycc: interrupted\n");
        let left = project.outputs();
        assert!(left.len() < 4000, "{}", left.len());
        assert_eq!(left.iter().filter(|name| !name.ends_with(".pyc")).count(), 0, "{left:?}");
    }
}

#[test]
fn a_long_run_shows_on_a_terminal_how_far_it_is() {
    let project = endless();
    let (mut reader, writer) = terminal();
    let mut command = project.command(&["--python-version", "3.14", "pkg"]);
    command.env("TERM", "xterm");
    let mut child = start(&mut command, writer.into());
    drop(command);
    let shown = read_until(&mut reader, " left");
    assert!(shown.contains("/4,000 files") && shown.contains("/s"), "{shown:?}");
    signal(&child, libc::SIGINT);
    read_until(&mut reader, "interrupted");
    assert_eq!(child.wait().expect("pycc ends").code(), Some(130));
}

#[test]
fn there_is_no_bar_in_a_pipe_or_where_it_is_not_wanted() {
    let files = 40;
    let project = Project::new();
    project.write("m.py", "def f(a, b):\n    return [x + a for x in range(b) if x < a]\n".repeat(400));
    fs::create_dir(project.path("pkg")).expect("a folder");
    for i in 0..files {
        fs::hard_link(project.path("m.py"), project.path(format!("pkg/m{i}.py"))).expect("a link");
    }
    assert_eq!(project.run(&["-f", "pkg"]).ok().counts(), (files, 0, 0));
    for (arguments, term) in [(&["--no-progress"][..], "xterm"), (&["-q"], "xterm"), (&[], "dumb")] {
        let (mut reader, writer) = terminal();
        let arguments = [&["--python-version", "3.14", "-f"], arguments, &["pkg"]].concat();
        let mut command = project.command(&arguments);
        command.env("TERM", term);
        let child = start(&mut command, writer.into());
        drop(command);
        let output = child.wait_with_output().expect("pycc ends");
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(read_until(&mut reader, "never"), "", "{arguments:?}");
    }
}
