//! Recordings whose large results are in side files, played by the program.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::path::{Path, PathBuf};

use mysql_async::prelude::Queryable;
use serde_json::json;
use support::{Mock, program, run, trace_file};

fn side_files(path: &Path) -> Vec<PathBuf> {
    match std::fs::read_dir(path.with_extension("json.rows")) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    }
}

#[tokio::test]
async fn side_files_are_played_and_pruned_with_their_entries() {
    let column = json!({"name": "a", "type": "LONG", "character_set": 63, "length": 11, "flags": 0, "decimals": 0});
    let entry = |stmt: &str, rows: [i64; 2]| {
        let rows = rows.map(|row| [row.to_string()]);
        json!({"stmt": stmt, "answers": [{"result": {"columns": [column], "rows": rows, "status": 2}}]})
    };
    let at = "2026-11-29T20:00:00Z";
    let recording = json!({
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": at, "rows_limit": 1},
        "server": {"version": "9.7.4", "collation": 255, "status": 2, "protocols": ["classic"]},
        "parts": {"setup": {"recorded_at": at, "expectations": [
            entry("select a from t", [3, 4]),
            entry("select a from u", [5, 6]),
        ]}},
    });
    let (_folder, path) = trace_file("rec.json", &recording.to_string());
    let file = path.to_str().unwrap();
    // The limit moves the rows.
    let output = run(&["convert", file, file]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(side_files(&path).len(), 2);

    let mock = Mock::start(program().args(["--prune", "--filename", file]));
    let mut conn = mock.connect().await;
    let rows: Vec<i64> = conn.query("select a from t").await.unwrap();
    assert_eq!(rows, [3, 4]);
    conn.disconnect().await.unwrap();
    mock.signal("TERM");
    let (status, stdout, stderr) = mock.wait();
    assert!(status.success(), "{stderr}");
    assert!(stdout.contains("1 of 2 entries"), "{stdout}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("select a from t") && text.contains("\"rows_limit\": 1"));
    let [side] = &side_files(&path)[..] else {
        panic!("{:?}", side_files(&path))
    };
    let rows = std::fs::read_to_string(side).unwrap();
    assert_eq!(rows, "[\"3\"]\n[\"4\"]\n");

    std::fs::write(side, "[\"3\"]\n[\"5\"]\n").unwrap();
    for args in [
        &["--port=0", "--filename", file][..],
        &["check", file],
        &["convert", file, "out.js"],
    ] {
        let output = program().args(args).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(!output.status.success(), "{args:?}: {said}");
        let changed = format!("'{}', has changed", side.display());
        assert!(said.contains(&changed), "{args:?}: {said}");
    }
}
