//! Recordings with comments, and with a byte order mark.

use super::*;

#[test]
fn a_recording_may_have_comments_and_a_byte_order_mark() {
    let dir = Dir::new();
    let recording = r#"{
        // By hand.
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"},
        "server": {"version": "9.7.4", "protocols": ["classic"]}, /* one
        part */
        "parts": {"setup": {"recorded_at": "2026-11-29T20:00:00Z", "expectations": [
            {"stmt": "select 'http://a'", "answers": [{"ok": {"message": "/* no comment */"}}]}
        ]}}
    }"#;
    for text in [recording.to_owned(), format!("\u{feff}{recording}")] {
        let path = dir.write("rec.json", &text);
        let options = ScriptOptions::default();
        let script = Script::load(path, options, Arc::new(Globals::new())).unwrap();
        assert_eq!(script.problem(), None);
        with_session(&script, |session| {
            let reply = session.statement(&Statement::query("select 'http://a'"));
            assert_eq!(said(&reply), "/* no comment */");
        });
    }
}

#[test]
fn a_mistake_behind_a_comment_has_its_line() {
    let dir = Dir::new();
    let path = dir.write(
        "rec.json",
        "/* one\ntwo */ {\n\"recording\": {\"version\": 1}, \"parts\": 5}",
    );
    let options = ScriptOptions::default();
    let script = Script::load(path, options, Arc::new(Globals::new())).unwrap();
    let problem = script.problem().unwrap();
    assert!(problem.contains("rec.json line 3: recording"), "{problem}");
}
