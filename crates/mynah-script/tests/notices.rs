//! `notices`: messages that X Protocol clients get unasked.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use std::time::Duration;

use common::{ask, error_parts, ok, with_both, with_session};
use mynah_script::Session;
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
            let failure = error_parts(&session.notices().unwrap_err());
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
                error_parts(&session.notices().unwrap_err()).2,
                "notices has to be an array!"
            );
            ok(ask(session, "x"));
        });
    }
}

/// What stands under a key, and what error texts call it; JSON has no `undefined` and no holes.
const VALUES: [(&str, &str); 9] = [
    ("", "primitive, undefined"),
    ("undefined", "primitive, undefined"),
    ("null", "null, primitive"),
    ("\"\"", "primitive, string"),
    ("7", "number, primitive"),
    ("\"x\"", "primitive, string"),
    ("{}", "object"),
    ("[]", "array, object"),
    ("[,]", "array, object"),
];

/// Why a value isn't taken, by the value and its kind.
type Rule = fn(&str, &str) -> Option<String>;

#[test]
fn every_key_of_a_notice_is_read_by_its_rule() {
    let keys: [(&str, &str, Rule); 7] = [
        ("", "[$]", |value, kind| match value {
            "" | "[,]" => None,
            _ if kind.ends_with("object") => Some(missing("type")),
            _ => Some("expect an object".to_owned()),
        }),
        ("type", "[{$}]", |value, _| match value {
            "7" => Some("Unsupported notice id: 7".to_owned()),
            _ => unsigned("type", value),
        }),
        (
            "send_offset",
            "[{\"type\": 5, $}]",
            |value, kind| match value {
                "" | "undefined" | "7" => None,
                _ => Some(format!("send_offset must be a number, if set, got {kind}")),
            },
        ),
        ("scope", "[{\"type\": 5, $}]", |value, kind| match value {
            "\"x\"" => Some("scope must be LOCAL or GLOBAL was: 'x'".to_owned()),
            _ => string("scope", kind),
        }),
        ("payload", "[{\"type\": 4, $}]", |value, kind| match value {
            "" | "undefined" => Some(missing("payload")),
            _ if kind.ends_with("object") => Some(missing("type")),
            _ => Some("expect an object".to_owned()),
        }),
        ("type", "[{\"type\": 4, \"payload\": {$}}]", |value, _| {
            unsigned("type", value)
        }),
        (
            "view-id",
            "[{\"type\": 4, \"payload\": {\"type\": 1, $}}]",
            |_, kind| string("view-id", kind),
        ),
    ];
    for (name, at, rule) in keys {
        for (value, kind) in VALUES {
            let notices = match (name, value) {
                (_, "") => at.replace(", $", "").replace('$', ""),
                ("", "[,]") => at.replace('$', ","),
                ("", _) => at.replace('$', value),
                _ => at.replace('$', &format!("{name:?}: {value}")),
            };
            let trace = format!("{{\"stmts\": [], \"notices\": {notices}}}");
            let judge = |name: &str, session: &mut Session| {
                let found = session
                    .notices()
                    .err()
                    .map(|failure| error_parts(&failure).2);
                assert_eq!(found, rule(value, kind), "{name} {notices}");
            };
            match value {
                "undefined" | "[,]" => with_session("t.js", &format!("({trace})"), |session| {
                    judge("t.js", session);
                }),
                _ => with_both(&trace, judge),
            }
        }
    }
}

fn missing(name: &str) -> String {
    format!("Wrong statements document structure: missing field \"{name}\"")
}

fn unsigned(name: &str, value: &str) -> Option<String> {
    match value {
        "7" => None,
        "" | "undefined" => Some(missing(name)),
        _ => Some(format!(
            "wrong type for field \"{name}\", expected unsigned number"
        )),
    }
}

fn string(name: &str, kind: &str) -> Option<String> {
    match kind {
        "primitive, undefined" | "primitive, string" => None,
        _ => Some(format!("wrong type for field \"{name}\", expected string")),
    }
}
