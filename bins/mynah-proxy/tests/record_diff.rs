//! Where two recordings differ, as the program says it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

fn recording(id: &str, at: &str, name: &str, rules: &Value) -> Value {
    let about = "2026-11-29T20:00:00Z";
    let column = |name: &str| {
        json!({"name": name, "type": "VAR_STRING", "orig_name": name, "orig_table": "person", "character_set": 255,
            "length": 80, "flags": 0, "decimals": 0})
    };
    json!({
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": about, "volatile": rules},
        "parts": {"t7": {"recorded_at": about, "expectations": [
            {"stmt": "insert into person (id, name) values (?, 'ada')", "params": [id], "answers": [{"ok": {"last_insert_id": at.len()}}]},
            {"stmt": format!("select * from person where id = '{id}'"), "answers": [
                {"result": {"columns": [column("created_at"), column("name")], "rows": [[at, name]]}, "latency_us": at.len()}]},
        ]}},
    })
}

/// The exit code, standard output and standard error.
fn diff(folder: &Path, one: &Value, other: &Value, args: &[&str]) -> (Option<i32>, String, String) {
    for (name, recording) in [("one.json", one), ("other.json", other)] {
        std::fs::write(folder.join(name), recording.to_string()).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_mynah-proxy"))
        .current_dir(folder)
        .args(["record-diff", "one.json", "other.json"])
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn recordings_that_differ_are_the_same_with_the_options_that_are_proposed() {
    let folder = tempfile::tempdir().unwrap();
    let first = [
        "6fa459ea-ee8a-4ca4-894e-db77e160355e",
        "2026-11-29 20:00:01",
    ];
    let second = [
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "2026-11-29 20:00:07",
    ];
    let one = recording(first[0], first[1], "ada", &json!([]));
    let other = recording(second[0], second[1], "ada", &json!([]));
    let (code, said, _) = diff(folder.path(), &one, &other, &[]);
    assert_eq!(code, Some(1));
    assert_eq!(
        said,
        format!(
            "t7: insert into person (id, name) values (?, 'ada'): value 1 (id): '{0}' and '{2}'\n\
             t7: select * from person where id = '{0}': value 1 (id): '{0}' and '{2}'\n\
             t7: select * from person where id = '{0}': row 1, created_at: '{1}' and '{3}'\n\
             \n\
             The same with these options, without exception:\n\
             --volatile column:person.created_at --volatile type:uuid\n",
            first[0], first[1], second[0], second[1]
        )
    );
    let options = [
        "--volatile",
        "column:person.created_at",
        "--volatile",
        "type:uuid",
    ];
    assert_eq!(
        diff(folder.path(), &one, &other, &options),
        (Some(0), String::new(), String::new())
    );
    let rules = json!(["column:created_at", "type:uuid"]);
    let one = recording(first[0], first[1], "ada", &rules);
    let other = recording(second[0], second[1], "bert", &json!([]));
    let (code, said, _) = diff(folder.path(), &one, &other, &[]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("t7: select * from person where id = '00000000-0000-4000-8000-000000000001': row 1, name: 'ada' and 'bert'\n"), "{said}");
}

#[test]
fn recordings_that_cannot_be_compared_end_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let one = recording("1", "2", "3", &json!([]));
    let wrong = json!({"recording": {"version": 9}});
    let (code, _, said) = diff(folder.path(), &one, &wrong, &[]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("other.json line 1: version 9 of the format"),
        "{said}"
    );
    let (code, _, said) = diff(folder.path(), &one, &one, &["--volatile", "column"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("a rule is column:NAME, "), "{said}");
    let none = Command::new(env!("CARGO_BIN_EXE_mynah-proxy"))
        .arg("record-diff")
        .output()
        .unwrap();
    assert_eq!(none.status.code(), Some(2));
}
