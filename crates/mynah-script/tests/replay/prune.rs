//! What was never played is dropped from the file.

use std::path::Path;

use serde_json::{Value, json};

use crate::{load, ok, query, with_session};

fn entry(text: &str) -> Value {
    json!({"stmt": text, "answers": [ok("yes")]})
}

fn recording(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Writes other entries of a part to the file, as another program would.
fn set(path: &Path, part: &str, entries: Value) {
    let mut recording = recording(path);
    recording["parts"][part]["expectations"] = entries;
    std::fs::write(path, recording.to_string()).unwrap();
}

#[test]
fn entries_that_moved_are_found_and_those_that_came_meanwhile_stay() {
    let (dir, script) = load(&json!({
        "setup": [entry("a"), entry("b"), entry("c"), entry("d")],
    }));
    let path = dir.path().join("rec.json");
    with_session(&script, |session| {
        assert_eq!(query(session, "b"), "yes");
        assert_eq!(query(session, "d"), "yes");
    });
    // `a` was never played, and is changed; `c` was never played, and has moved.
    let changed = json!({"stmt": "a", "answers": [ok("no")]});
    let moved = json!({"answers": [ok("yes")], "at": [7], "stmt": "c"});
    let entries = [entry("new"), moved, entry("b"), changed.clone(), entry("d")];
    set(&path, "setup", json!(entries));
    assert_eq!(script.prune(&path), Ok((5, 4)));
    let left = json!([entry("new"), entry("b"), changed, entry("d")]);
    assert_eq!(recording(&path)["parts"]["setup"]["expectations"], left);
}

#[test]
fn of_equal_entries_as_many_are_dropped_as_were_never_played() {
    let (dir, script) = load(&json!({
        "setup": [entry("a"), entry("b"), entry("a")],
    }));
    let path = dir.path().join("rec.json");
    with_session(&script, |session| assert_eq!(query(session, "a"), "yes"));
    let entries = [entry("a"), entry("a"), entry("b"), entry("x")];
    set(&path, "setup", json!(entries));
    assert_eq!(script.prune(&path), Ok((4, 2)));
    let left = json!([entry("a"), entry("x")]);
    assert_eq!(recording(&path)["parts"]["setup"]["expectations"], left);
}

#[test]
fn a_journal_stays_what_it_is() {
    let (dir, script) = load(&json!({"setup": [entry("a"), entry("b")]}));
    with_session(&script, |session| assert_eq!(query(session, "a"), "yes"));
    let journal = dir.write(
        "rec.jsonl",
        "{\"open\": {\"version\": 1, \"digest\": 1, \"made_by\": \"\", \"recorded_at\": \"2026-11-29T20:00:00Z\"}}\n",
    );
    let before = std::fs::read(&journal).unwrap();
    let error = script.prune(&journal).unwrap_err();
    assert!(error.contains("is the journal of a recording"), "{error}");
    assert_eq!(std::fs::read(&journal).unwrap(), before);
}

#[test]
fn what_was_never_played_can_be_dropped_from_the_file() {
    let (dir, script) = load(&json!({
        "setup": [entry("a"), entry("b")],
        "t1": [entry("c"), entry("d")],
        "t2": [entry("e")],
    }));
    let path = dir.path().join("rec.json");
    let untouched = std::fs::read_to_string(&path).unwrap();
    assert!(
        script
            .prune(&path)
            .unwrap_err()
            .contains("nothing was played")
    );
    with_session(&script, |session| {
        assert_eq!(query(session, "b"), "yes");
        script.tests().begin_part("t1").unwrap();
        assert_eq!(query(session, "d"), "yes");
    });
    assert_eq!(std::fs::read_to_string(&path).unwrap(), untouched);
    assert_eq!(script.prune(&path), Ok((5, 2)));
    let left: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let parts = left["parts"].as_object().unwrap();
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["setup", "t1"]);
    assert_eq!(parts["setup"]["expectations"], json!([entry("b")]));
    assert_eq!(parts["t1"]["expectations"], json!([entry("d")]));
}
