//! The rows of large results, in files of their own.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::path::{Path, PathBuf};

use mynah_recording::{Recording, RowsLimit, read};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A recording with results in each place where an answer can have one; `large` has three rows.
fn recording(limit: Option<u64>) -> Recording {
    let column = json!({"name": "a", "type": "LONG", "character_set": 63, "length": 11, "flags": 0, "decimals": 0});
    let set = |rows: &[Value]| json!({"columns": [column], "rows": rows, "status": 2});
    let rows = [json!(["1"]), json!([null]), json!([{"hex": "00ff"}])];
    let (large, small) = (set(&rows), set(&rows[..1]));
    let file = json!({"filename": "f", "size": 1, "sha256": "00", "answer": {"result": large}});
    let mut about = json!({"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"});
    if let Some(limit) = limit {
        about["rows_limit"] = json!(limit);
    }
    let entry = |stmt: &str, answers: Value| json!({"stmt": stmt, "answers": answers});
    serde_json::from_value(json!({
        "recording": about,
        "parts": {"setup": {"recorded_at": "2026-11-29T20:00:00Z", "expectations": [
            entry("one", json!([{"result": small, "latency_us": 7}, {"result": large}])),
            entry("two", json!([{"results": [{"result": large}, {"out_parameters": large}, {"ok": {}}]}])),
            entry("three", json!([{"local_infile": file}])),
            entry("four", json!([{"error": {"code": 1, "message": "rows_file"}}])),
        ]}},
    }))
    .unwrap()
}

fn written(recording: &Recording) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    recording.write(&path).unwrap();
    (folder, path)
}

fn side_files(path: &Path) -> Vec<PathBuf> {
    match std::fs::read_dir(path.with_extension("json.rows")) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    }
}

#[test]
fn rows_beyond_the_limit_are_in_one_side_file_however_often_they_came() {
    let recording = recording(Some(2));
    let (_folder, path) = written(&recording);
    let text = std::fs::read_to_string(&path).unwrap();
    let [side] = &side_files(&path)[..] else {
        panic!("{:?}", side_files(&path))
    };
    let rows = std::fs::read_to_string(side).unwrap();
    assert_eq!(rows, "[\"1\"]\n[null]\n[{\"hex\":\"00ff\"}]\n");
    let sha256 = side.file_stem().unwrap().to_str().unwrap();
    let left_out = format!("\"rows_file\": {{\"sha256\": \"{sha256}\", \"rows\": 3}}");
    assert_eq!(text.matches(&left_out).count(), 4, "{text}");
    assert_eq!(text.matches("\"rows\": [[\"1\"]]").count(), 1, "{text}");
    assert!(text.contains("\"rows_limit\": 2"), "{text}");
    assert_eq!(read::<mynah_recording::Entry>(&path).unwrap(), recording);
    let plain: Recording<Value> = read(&path).unwrap();
    let plain = serde_json::to_value(plain).unwrap();
    assert_eq!(plain, serde_json::to_value(&recording).unwrap());
}

#[test]
fn without_a_limit_all_rows_are_in_the_file_and_side_files_are_removed() {
    let (_folder, path) = written(&recording(Some(0)));
    assert_eq!(side_files(&path).len(), 2);
    let own = path.with_extension("json.rows").join("notes.txt");
    std::fs::write(&own, "not a side file").unwrap();
    recording(Some(2)).write(&path).unwrap();
    assert_eq!(side_files(&path).len(), 2);
    recording(None).write(&path).unwrap();
    assert_eq!(side_files(&path), std::slice::from_ref(&own));
    std::fs::remove_file(own).unwrap();
    recording(None).write(&path).unwrap();
    assert!(!path.with_extension("json.rows").exists());
    let read: Recording = read(&path).unwrap();
    assert_eq!(read, recording(None));
}

#[test]
fn rows_of_many_bytes_are_in_a_side_file_whatever_their_number() {
    let mut large = recording(Some(1_000));
    let (_folder, path) = written(&large);
    assert!(side_files(&path).is_empty());
    let part = large.parts.values_mut().next().unwrap();
    let text = "x".repeat(300_000);
    part.expectations[0].answers[0] =
        serde_json::from_value(json!({"result": {"columns": [], "rows": [[text]]}})).unwrap();
    large.write(&path).unwrap();
    assert_eq!(side_files(&path).len(), 1);
    assert_eq!(read::<mynah_recording::Entry>(&path).unwrap(), large);
}

fn error(path: &Path) -> String {
    let typed = read::<mynah_recording::Entry>(path).unwrap_err();
    let plain = read::<Value>(path).unwrap_err();
    assert_eq!(typed.to_string(), plain.to_string());
    typed.to_string()
}

#[test]
fn a_side_file_that_is_missing_or_changed_is_an_error_that_says_which() {
    let (_folder, path) = written(&recording(Some(2)));
    let [side] = &side_files(&path)[..] else {
        panic!("{:?}", side_files(&path))
    };
    let rows = std::fs::read_to_string(side).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(side, rows.replace('1', "2")).unwrap();
    let said = error(&path);
    let place = format!("{}: parts.setup.expectations[0]: ", path.display());
    assert!(said.starts_with(&place), "{said}");
    let changed = format!("'{}', has changed", side.display());
    assert!(said.contains(&changed), "{said}");
    std::fs::remove_file(side).unwrap();
    let said = error(&path);
    assert!(said.starts_with(&place), "{said}");
    let missing = format!("'{}', can't be read", side.display());
    assert!(said.contains(&missing), "{said}");
    // What the recording says of it counts, too.
    std::fs::write(side, &rows).unwrap();
    for (from, to, why) in [
        ("\"rows\": 3}", "\"rows\": 4}", "has 3 rows, but 4"),
        ("\"rows\": 3}", "\"rows\": 3, \"x\": 1}", "unknown field"),
        (
            "{\"sha256\": \"",
            "{\"sha256\": \"../",
            "64 hexadecimal digits",
        ),
    ] {
        std::fs::write(&path, text.replace(from, to)).unwrap();
        let said = error(&path);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn an_entry_beside_side_files_has_the_error_of_its_place() {
    let (_folder, path) = written(&recording(Some(2)));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"code\": 1", "\"code\": \"x\"")).unwrap();
    let said = read::<mynah_recording::Entry>(&path)
        .unwrap_err()
        .to_string();
    let place = format!("{}: parts.setup.expectations[3].answers[0]", path.display());
    assert!(said.starts_with(&place), "{said}");
}

#[test]
fn a_limit_is_a_number_or_none() {
    assert_eq!("12".parse(), Ok(RowsLimit(Some(12))));
    assert_eq!("none".parse(), Ok(RowsLimit(None)));
    assert!("-1".parse::<RowsLimit>().is_err());
}
