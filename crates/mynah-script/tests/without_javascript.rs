//! What is played without the engine, which the feature `javascript` brings:
//! `cargo test --package mynah-script --no-default-features --test without_javascript`.

#![cfg(not(feature = "javascript"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::sync::Arc;

use common::{Dir, ask, cells, error, message, open, rows};
use mynah_classic::Capabilities;
use mynah_script::{Class, Globals, Script, ScriptError, ScriptOptions};
use mynah_session::{Handler, Login};

#[test]
fn scripts_in_json_answer_and_so_do_expectations_and_the_prelude() {
    let dir = Dir::new();
    let text = r#"{
        "stmts": [
            {"stmt_regex": "^select \\d from t$", "result": {"columns": ["a"], "rows": [[1.5e-7], [1e21], [-0.0]]}},
            {"ok": {"message": "second"}}
        ],
        "expectations": [{"stmt": "select ?", "params": [7], "answers": [{"ok": {"message": "expected"}}]}]
    }"#;
    dir.write("shop.json", text);
    let script = dir.load("shop.json");
    assert_eq!(script.problem(), None);
    assert_eq!(*script.class(), Class::Static);
    let session = &mut open(&script);
    let numbers = cells(&rows(ask(session, "select 1 from t")));
    let numbers: Vec<_> = numbers.iter().flatten().flatten().collect();
    assert_eq!(numbers, ["1.5e-7", "1e+21", "0"]);
    assert_eq!(message(ask(session, "select 7")), "expected");
    assert_eq!(message(ask(session, "select 2 from t")), "second");
    let port = cells(&rows(ask(session, "select @@port")));
    assert_eq!(port.len(), 1);
    let failure = error(ask(session, "select 3 from t"));
    assert_eq!(failure.code, 1105);
}

#[test]
fn a_recording_is_played() {
    let dir = Dir::new();
    let text = r#"{
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"},
        "server": {"version": "9.7.4", "collation": 255, "status": 2, "protocols": ["classic"]},
        "parts": {"setup": {"recorded_at": "2026-11-29T20:00:00Z", "expectations": [
            {"stmt": "select name from t", "answers": [{"ok": {"message": "ada", "status": 2}}]}
        ]}}
    }"#;
    dir.write("rec.json", text);
    let script = dir.load("rec.json");
    assert_eq!(script.problem(), None);
    let session = &mut open(&script);
    let login = Login {
        capabilities: Capabilities::PROTOCOL_41,
        ..Login::default()
    };
    session.login(&login).unwrap();
    assert_eq!(message(ask(session, "select name from t")), "ada");
    assert_eq!(error(ask(session, "select name from u")).code, 1105);
}

#[test]
fn a_script_in_javascript_is_refused_with_the_program_and_the_feature_that_read_it() {
    let dir = Dir::new();
    let path = dir.write("shop.js", "({stmts: []})");
    let options = ScriptOptions::default;
    let globals = || Arc::new(Globals::new());
    let refused = [
        Script::load(&path, options(), globals()).map(drop),
        Script::from_text(&path, "({})", options(), globals()).map(drop),
        Script::check(&path, options()).map(drop),
    ];
    let expected = format!(
        "can't play the script {}: JavaScript is read only by mynah-mock, and by programs that are built with the \
         cargo feature `javascript`",
        path.display()
    );
    for refused in refused {
        let refused = refused.unwrap_err();
        assert!(matches!(refused, ScriptError::NoJavaScript { .. }));
        assert_eq!(refused.to_string(), expected);
    }
}
