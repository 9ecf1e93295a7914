//! A slow start, as the script can't be interrupted while it is parsed or compiled.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use support::{program, trace_file};

/// A regular expression that takes for ever.
const ENDLESS: &str =
    "({ stmts: [{ ok: { message: String(/^(a+)+$/.test('a'.repeat(60) + 'b')) } }] })";

/// Sends the signal to a mock that is starting; returns its exit code, and its last line on standard error.
fn ended_while_starting(signal: &str, before: &[&str], behind: &[&str]) -> (Option<i32>, String) {
    let (_folder, path) = trace_file("endless.js", ENDLESS);
    let mut mock = program()
        .env("RUST_LOG", "debug")
        .args(before)
        .arg("-f")
        .arg(&path)
        .args(behind)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(mock.stderr.take().unwrap());
    let mut line = String::new();
    // It handles signals from here on.
    while !line.contains("starting") {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "it has ended");
    }
    let id = mock.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &id]).status();
    assert!(sent.unwrap().success());
    let code = mock.wait().unwrap().code();
    let rest: Vec<_> = stderr.lines().map(Result::unwrap).collect();
    (code, rest.last().cloned().unwrap_or_default())
}

#[test]
fn a_signal_ends_a_start_at_any_time() {
    for signal in ["TERM", "INT"] {
        let (code, _) = ended_while_starting(signal, &[], &[]);
        assert_eq!(code, Some(0), "{signal}");
    }
}

#[test]
fn a_signal_before_the_command_of_run_ends_with_the_reason() {
    for signal in ["TERM", "INT"] {
        let (code, last) = ended_while_starting(signal, &["run"], &["--", "echo"]);
        let expected = format!(
            "error: SIG{signal} came while the mock was starting, so the command 'echo' wasn't run; start it again"
        );
        assert_eq!((code, last), (Some(1), expected));
    }
}

#[test]
fn a_start_that_takes_too_long_ends_with_the_place() {
    let (_folder, path) = trace_file("endless.js", ENDLESS);
    let path = path.to_str().unwrap();
    let ended = support::run(&["-f", path, "--start-budget", "300ms"]);
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("--start-budget"), "{stderr}");
    assert!(stderr.contains(path), "{stderr}");
}

#[test]
fn the_place_is_the_module_that_takes_too_long() {
    let (folder, path) = trace_file("t.js", "var m = require('./m'); ({ stmts: [] })");
    let module = folder.path().join("m.js");
    std::fs::write(&module, "exports.n = /^(a+)+$/.test('a'.repeat(60) + 'b')").unwrap();
    let ended = support::run(&["-f", path.to_str().unwrap(), "--start-budget", "300ms"]);
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert!(stderr.contains("m.js"), "{stderr}");
}
