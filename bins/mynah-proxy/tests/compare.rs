//! `--compare`: what a server answers is compared with a recording.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use mynah_testkit::fixtures_folder;
use serde_json::Value;
use support::{Proxy, client, run, server};

/// Lets a client talk to its server through a proxy with these arguments; returns the exit code and what was said.
fn compared(name: &'static str, args: &[&str]) -> (Option<i32>, String) {
    let names: &'static [&'static str] = Box::leak(Box::new([name]));
    let args = [&["--trace=off"], args].concat();
    let proxy = Proxy::start(&[server(names)], &args);
    client(proxy.ports[0], name);
    proxy.end_with_status()
}

fn recorded(name: &str, path: &Path) -> String {
    let from = match name.strip_prefix("x/") {
        Some(file) => fixtures_folder("x").join(file),
        None => fixtures_folder("classic").join(name),
    };
    let output = run(&["convert", from.to_str().unwrap(), path.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    format!("--compare={}", path.display())
}

#[test]
fn a_server_that_answers_as_recorded_ends_the_proxy_with_0_and_another_with_3() {
    for (name, from, to) in [
        ("mysql-9.7/query.hex", "\"two\"", "\"zwei\""),
        ("x/mysql-9.7/documents.hex", "\"", ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rec.json");
        let compare = recorded(name, &path);
        let (code, said) = compared(name, &[&compare]);
        assert_eq!(code, Some(0), "{name}: {said}");
        assert!(said.contains(" answers compared: 0 differences"), "{said}");
        assert!(!said.contains("\n0 answers"), "{said}");
        if to.is_empty() {
            continue;
        }

        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&path, text.replace(from, to)).unwrap();
        let report = folder.path().join("report.json");
        let report_arg = format!("--report={}", report.display());
        let (code, said) = compared(name, &[&compare, &report_arg]);
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains("recorded 'zwei', now 'two'"), "{said}");
        let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
        assert_eq!(report["is_good"], false);
        let mode = path.with_file_name("report.json").metadata().unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_is_compared_may_be_recorded_as_well() {
    let name = "mysql-9.7/query.hex";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    let compare = recorded(name, &path);
    let kept = folder.path().join("kept.json");
    let record = format!("--record={}", kept.display());
    let (code, said) = compared(name, &[&compare, &record]);
    assert_eq!(code, Some(0), "{said}");
    assert!(kept.exists());
    let compare = format!("--compare={}", kept.display());
    let report = folder.path().join("report.xml");
    let report_arg = format!("--report={}", report.display());
    let (code, said) = compared(name, &[&compare, &report_arg]);
    assert_eq!(code, Some(0), "{said}");
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.contains("failures=\"0\""), "{report}");
}

#[test]
fn a_recording_that_is_not_there_ends_the_proxy_before_it_listens() {
    let output = run(&["-l127.0.0.1:0", "-u127.0.0.1:1", "--compare=nowhere.json"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nowhere.json: "), "{said}");
}
