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

#[test]
fn a_signal_ends_a_start_at_any_time() {
    for signal in ["TERM", "INT"] {
        let (_folder, path) = trace_file("endless.js", ENDLESS);
        let mut mock = program()
            .env("RUST_LOG", "debug")
            .arg("-f")
            .arg(&path)
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
        assert_eq!(mock.wait().unwrap().code(), Some(0), "{signal}");
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
