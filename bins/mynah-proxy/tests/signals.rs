//! What a second and a third signal do to a proxy that is still writing its recording.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, Read, Write};
use std::path::Path;
use std::process::Command;

use support::Proxy;

impl Proxy {
    /// Sends SIGTERM, and waits until the log says this of it.
    fn signal(&mut self, says: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").arg(pid).status();
        assert!(sent.unwrap().success());
        let mut line = String::new();
        while !line.contains(says) {
            line.clear();
            let len = self.said.read_line(&mut line).unwrap();
            assert!(len > 0, "nothing said {says}");
        }
    }
}

/// A proxy that can't read its journal before that is written anew: the journal is a pipe. Gives what was in it, too.
fn stuck(journal: &Path) -> (Proxy, String) {
    let record = format!("--record={}", journal.with_extension("json").display());
    let proxy = Proxy::start(&[1], &[&record, "--verbose"]);
    let lines = std::fs::read_to_string(journal).unwrap();
    std::fs::remove_file(journal).unwrap();
    let made = Command::new("mkfifo").arg(journal).status();
    assert!(made.unwrap().success());
    (proxy, lines)
}

#[test]
fn behind_a_second_signal_the_recording_is_still_written() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("shop.jsonl");
    let (mut proxy, lines) = stuck(&journal);
    proxy.signal("SIGTERM: ending, 0 connections");
    proxy.signal("SIGTERM: ending connections");
    let mut pipe = std::fs::File::options().write(true).open(&journal).unwrap();
    pipe.write_all(lines.as_bytes()).unwrap();
    drop(pipe);
    let mut said = String::new();
    proxy.said.read_to_string(&mut said).unwrap();
    let status = proxy.child.wait().unwrap();
    assert!(status.success(), "{status}: {said}");
    assert!(folder.path().join("shop.json").exists());
}

#[test]
fn a_third_signal_ends_the_program_without_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("shop.jsonl");
    let (mut proxy, _) = stuck(&journal);
    proxy.signal("SIGTERM: ending, 0 connections");
    proxy.signal("SIGTERM: ending connections");
    proxy.signal("SIGTERM: ended at once");
    assert_eq!(proxy.child.wait().unwrap().code(), Some(1));
    assert!(!folder.path().join("shop.json").exists());
    assert!(journal.exists());
}

#[test]
fn a_third_signal_leaves_no_temporary_folder_of_a_comparison() {
    let folder = tempfile::tempdir().unwrap();
    let recorded = folder.path().join("rec.json");
    std::fs::write(
        &recorded,
        r#"{"recording": {"version": 1, "digest": 1, "made_by": "", "recorded_at": "2026-11-29T20:00:00Z"}}"#,
    )
    .unwrap();
    let temporary = folder.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let mut command = Command::new(support::PROGRAM);
    command.env("TMPDIR", &temporary);
    let compare = format!("--compare={}", recorded.display());
    let upstreams = ["127.0.0.1:1".to_owned()];
    let mut proxy = Proxy::start_by(command, &upstreams, &[&compare, "--verbose"]);
    let within = || std::fs::read_dir(&temporary).unwrap();
    let made = within().next().unwrap().unwrap().path();
    // It can't be read to its end.
    let journal = made.join("now.jsonl");
    std::fs::remove_file(&journal).unwrap();
    let pipe = Command::new("mkfifo").arg(&journal).status();
    assert!(pipe.unwrap().success());
    proxy.signal("SIGTERM: ending, 0 connections");
    proxy.signal("SIGTERM: ending connections");
    proxy.signal("SIGTERM: ended at once");
    assert_eq!(proxy.child.wait().unwrap().code(), Some(1));
    assert_eq!(within().count(), 0);
}
