//! `notices`: what X Protocol clients are told unasked.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use std::time::Duration;

use common::{ask, ok, told, with_both, with_session};
use mynah_session::Handler;
use mynah_session::x::{Notice, NoticePayload, NoticeScope};

#[test]
fn a_notice_has_every_key_and_defaults() {
    let trace = r#"{"stmts": [], "notices": [
        {"type": 4, "send_offset": 12.5, "scope": "GLOBAL", "payload": {"type": 1, "view-id": "v"}},
        {"type": 4, "scope": "LOCAL", "payload": {"type": 3}},
        {"type": 5, "scope": ""}]}"#;
    let changed =
        |kind, view_id: Option<&'static str>| NoticePayload::GroupReplicationStateChanged {
            kind,
            view_id: view_id.map(Into::into),
        };
    let want = [
        Notice {
            send_offset: Duration::from_micros(12500),
            scope: NoticeScope::Global,
            payload: changed(1, Some("v")),
        },
        Notice {
            send_offset: Duration::ZERO,
            scope: NoticeScope::Local,
            payload: changed(3, None),
        },
        Notice {
            send_offset: Duration::ZERO,
            scope: NoticeScope::Local,
            payload: NoticePayload::ServerHello,
        },
    ];
    with_both(trace, |name, session| {
        let notices = session.notices().unwrap();
        assert_eq!(notices, want, "{name}");
        let types = notices.iter().map(|notice| notice.payload.notice_type());
        assert_eq!(types.collect::<Vec<_>>(), [4, 4, 5], "{name}");
    });
    with_both(r#"{"stmts": []}"#, |name, session| {
        assert_eq!(session.notices(), Ok(Vec::new()), "{name}");
    });
}

#[test]
fn notices_that_are_wrong_say_how_and_matter_to_no_other_client() {
    let cases = [
        ("[5]", "expect an object"),
        (
            "[{}]",
            "Wrong statements document structure: missing field \"type\"",
        ),
        ("[{\"type\": 1}]", "Unsupported notice id: 1"),
        ("[{\"type\": -1}]", "value out-of-range for field \"type\""),
        (
            "[{\"type\": \"4\"}]",
            "wrong type for field \"type\", expected unsigned number",
        ),
        (
            "[{\"type\": 5, \"send_offset\": -0.1}]",
            "send_offset must be a non-negative number",
        ),
        (
            "[{\"type\": 5, \"send_offset\": \"1\"}]",
            "send_offset must be a number, if set, got primitive, string",
        ),
        (
            "[{\"type\": 5, \"scope\": \"local\"}]",
            "scope must be LOCAL or GLOBAL was: 'local'",
        ),
        (
            "[{\"type\": 5, \"scope\": 1}]",
            "wrong type for field \"scope\", expected string",
        ),
        (
            "[{\"type\": 4}]",
            "Wrong statements document structure: missing field \"payload\"",
        ),
        ("[{\"type\": 4, \"payload\": 1}]", "expect an object"),
        (
            "[{\"type\": 4, \"payload\": {}}]",
            "Wrong statements document structure: missing field \"type\"",
        ),
        (
            "[{\"type\": 4, \"payload\": {\"type\": 1, \"view-id\": 1}}]",
            "wrong type for field \"view-id\", expected string",
        ),
    ];
    for (notices, want) in cases {
        let trace = format!(r#"{{"stmts": [{{"ok": {{}}}}], "notices": {notices}}}"#);
        with_both(&trace, |name, session| {
            let failure = told(&session.notices().unwrap_err());
            let want = (1064, "HY000".to_owned(), want.to_owned());
            assert_eq!(failure, want, "{name} {notices}");
            assert!(session.greeting().is_ok(), "{name} {notices}");
            ok(ask(session, "x"));
        });
    }
}

#[test]
fn notices_of_a_function_or_a_coroutine_are_no_array() {
    for notices in ["function () {}", "new Duktape.Thread(function () {})"] {
        let script = format!("({{stmts: [{{ok: {{}}}}], notices: {notices}}})");
        with_session("t.js", &script, |session| {
            assert_eq!(
                told(&session.notices().unwrap_err()).2,
                "notices has to be an array!"
            );
            ok(ask(session, "x"));
        });
    }
}
