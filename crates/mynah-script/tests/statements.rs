//! What a statement is answered with: `stmts`, `ok`, `error`, `session_trackers`.

mod common;

use std::time::Duration;

use common::{
    ask, cells, complaint, error, error_parts, first_reply, ok, reply_to, rows, with_both,
    with_session,
};
use mynah_classic::StatusFlags;
use mynah_classic::response::SessionStateChange;

#[test]
fn a_function_is_asked_for_each_statement() {
    let script = "({ stmts: function (stmt) { return { ok: { message: stmt } }; } })";
    with_session("t.js", script, |session| {
        for text in ["one", "", "zwölf €", "\u{1f426}\0\n"] {
            assert_eq!(ok(ask(session, text)).message, text);
        }
    });
}

#[test]
fn a_statement_that_is_no_utf_8_still_arrives() {
    let script = "({ stmts: function (stmt) { return { ok: { message: stmt } }; } })";
    with_session("t.js", script, |session| {
        let statement = mynah_session::Statement::query(&b"a\xffb"[..]);
        let reply = mynah_session::Handler::statement(session, &statement);
        assert_eq!(ok(reply).message, "a\u{fffd}b");
    });
}

#[test]
fn an_array_is_played_in_order_and_then_ends() {
    let json = r#"{"stmts": [
        {"stmt": "never compared", "ok": {"last_insert_id": 7}},
        {"result": {"columns": [{"name": "a", "type": "LONG"}], "rows": [["1"], [null]]}}]}"#;
    with_both(json, |name, session| {
        assert_eq!(ok(ask(session, "x")).last_insert_id, 7, "{name}");
        let result = rows(ask(session, "y"));
        assert_eq!(cells(&result), [[Some("1".to_owned())], [None]], "{name}");
        for _ in 0..2 {
            let end = error_parts(&error(ask(session, "z")));
            let want = format!(
                "all 2 entries of stmts are used up: z; entry 1 of 2 was played to: x; entry 2 of 2 was played to: y; \
                 stmts, {name} line 1"
            );
            assert_eq!(end, (1105, "HY000".to_owned(), want), "{name}");
        }
    });
}

#[test]
fn an_array_that_loops_starts_again() {
    let json = r#"{"loop": true, "stmts": [{"ok": {"affected_rows": 1}}, {"ok": {}}]}"#;
    with_both(json, |name, session| {
        for expected in [1, 0, 1, 0, 1] {
            assert_eq!(ok(ask(session, "x")).affected_rows, expected, "{name}");
        }
    });
    with_both(r#"{"loop": true, "stmts": []}"#, |name, session| {
        let end = error_parts(&error(ask(session, "x")));
        let want = format!("stmts has no entries: x; stmts, {name} line 1");
        assert_eq!(end.2, want, "{name}");
    });
}

#[test]
fn holes_of_an_array_are_skipped() {
    let script = "({stmts: [, {ok: {affected_rows: 5}}, , ,
        {result: {columns: [, {name: 'a', type: 'LONG'}], rows: [, ['1'], , ['2']]}}, ,]})";
    with_session("t.js", script, |session| {
        assert_eq!(ok(ask(session, "x")).affected_rows, 5);
        let result = rows(ask(session, "x"));
        assert_eq!(result.columns.len(), 1);
        assert_eq!(result.rows.len(), 2);
        error(ask(session, "x"));
    });
}

#[test]
fn a_wide_hole_is_skipped_at_once() {
    let script = "var wide = []; wide[100] = {ok: {affected_rows: 1}};
        wide[4294967294] = {ok: {affected_rows: 2}};
        ({stmts: wide})";
    with_session("t.js", script, |session| {
        assert_eq!(ok(ask(session, "x")).affected_rows, 1);
        assert_eq!(ok(ask(session, "x")).affected_rows, 2);
        error(ask(session, "x"));
    });
}

#[test]
fn keys_of_ok_have_defaults_and_ranges() {
    let json = r#"{"stmts": [{"ok": {}}, {"ok": {
        "affected_rows": 18446744073709551615, "last_insert_id": 4294967296,
        "status": 2, "warning_count": 65535, "message": "hi", "unknown": "key"}}]}"#;
    with_session("t.json", json, |session| {
        let plain = ok(ask(session, "x"));
        assert_eq!(plain, mynah_session::Completion::default());
        let full = ok(ask(session, "x"));
        assert_eq!(full.affected_rows, u64::MAX);
        assert_eq!(full.last_insert_id, 1 << 32);
        assert_eq!(full.status_flags, Some(StatusFlags::AUTOCOMMIT));
        assert_eq!((full.warning_count, &full.message[..]), (65535, &b"hi"[..]));
    });
    let script = "({stmts: [{ok: {affected_rows: 18446744073709551615n, last_insert_id: 1.9,
        status: NaN, warning_count: 0, message: 'ü'}}]})";
    let full = ok(first_reply("t.js", script));
    assert_eq!((full.affected_rows, full.last_insert_id), (u64::MAX, 1));
    assert_eq!(
        (full.status_flags, &full.message[..]),
        (Some(StatusFlags::empty()), "ü".as_bytes())
    );
}

#[test]
fn an_old_json_trace_calls_the_warnings_warnings() {
    assert_eq!(
        ok(reply_to("t.json", r#"{"ok": {"warnings": 3}}"#)).warning_count,
        3
    );
    assert_eq!(
        ok(reply_to("t.js", r#"{"ok": {"warnings": 3}}"#)).warning_count,
        0
    );
}

#[test]
fn keys_of_error_have_defaults() {
    let json = r#"{"stmts": [{"error": {"code": 1, "message": "no"}},
        {"error": {"code": 65535, "message": "", "sql_state": "42S02"}}]}"#;
    with_both(json, |name, session| {
        let first = error_parts(&error(ask(session, "x")));
        assert_eq!(first, (1, "HY000".to_owned(), "no".to_owned()), "{name}");
        let second = error_parts(&error(ask(session, "x")));
        assert_eq!(second, (65535, "42S02".to_owned(), String::new()), "{name}");
    });
}

#[test]
fn result_comes_before_error_and_error_before_ok() {
    let result = r#""result": {"columns": [{"name": "a", "type": "LONG"}]}"#;
    let error_key = r#""error": {"code": 9, "message": "e"}"#;
    for name in ["t.js", "t.json"] {
        rows(reply_to(
            name,
            &format!(r#"{{"ok": {{}}, {error_key}, {result}}}"#),
        ));
        error(reply_to(name, &format!(r#"{{"ok": {{}}, {error_key}}}"#)));
        ok(reply_to(name, r#"{"ok": {}}"#));
    }
}

#[test]
fn a_statement_waits_as_long_as_its_entry_says() {
    let outcomes = [
        r#""ok": {}"#,
        r#""error": {"code": 1, "message": ""}"#,
        r#""result": {"columns": [{"name": "a", "type": "LONG"}]}"#,
    ];
    for name in ["t.js", "t.json"] {
        for outcome in outcomes {
            let reply = reply_to(name, &format!(r#"{{"exec_time": 1.5, {outcome}}}"#));
            assert_eq!(
                reply.exec_time,
                Duration::from_micros(1500),
                "{name} {outcome}"
            );
            let reply = reply_to(name, &format!("{{{outcome}}}"));
            assert_eq!(reply.exec_time, Duration::ZERO, "{name} {outcome}");
        }
    }
}

#[test]
fn an_old_json_trace_has_a_default_time_to_wait() {
    let json = r#"{"defaults": {"exec_time": 20}, "stmts": [
        {"stmt.regex": "x", "ok": {}}, {"exec_time": 1, "ok": {}}]}"#;
    with_session("t.json", json, |session| {
        assert_eq!(ask(session, "x").exec_time, Duration::from_millis(20));
        assert_eq!(ask(session, "x").exec_time, Duration::from_millis(1));
    });
    let script = "({defaults: {exec_time: 20}, stmts: [{ok: {}}]})";
    assert_eq!(first_reply("t.js", script).exec_time, Duration::ZERO);
}

#[test]
fn session_trackers_say_what_changed() {
    let json = r#"{"stmts": [{"ok": {"session_trackers": [
        {"type": "system_variable", "name": "autocommit", "value": "ON"},
        {"type": "schema", "schema": "zoo"},
        {"type": "state", "state": "1"},
        {"type": "gtid", "gtid": "3E11FA47-71CA-11E1-9E33-C80AA9429562:1"},
        {"type": "trx_state", "state": "T_______"},
        {"type": "trx_characteristics", "trx_stmt": "START TRANSACTION;"},
        {"type": "other", "number": 9, "hex": "01ff"}]}}]}"#;
    with_both(json, |name, session| {
        let changes = ok(ask(session, "x")).session_state_changes;
        let changes: Result<Vec<_>, _> = changes.iter().collect();
        let want = [
            SessionStateChange::SystemVariable {
                name: "autocommit".into(),
                value: "ON".into(),
            },
            SessionStateChange::Schema("zoo".into()),
            SessionStateChange::StateChange("1".into()),
            SessionStateChange::Gtids {
                encoding: 0,
                gtids: "3E11FA47-71CA-11E1-9E33-C80AA9429562:1".into(),
            },
            SessionStateChange::TransactionState("T_______".into()),
            SessionStateChange::TransactionCharacteristics("START TRANSACTION;".into()),
            SessionStateChange::Unknown {
                kind: 9,
                data: b"\x01\xff".as_slice().into(),
            },
        ];
        assert_eq!(changes.unwrap(), want, "{name}");
    });
}

#[test]
fn an_entry_that_is_wrong_says_how() {
    let cases = [
        (
            "a string",
            "'x'",
            "expected 'stmts' to return an 'object', got primitive, string",
        ),
        (
            "null",
            "null",
            "expected 'stmts' to return an 'object', got null, primitive",
        ),
        ("nothing in it", "{}", "expected 'error', 'ok' or 'result'"),
        ("ok is a number", "{ok: 1}", "expect an object"),
        ("ok is null", "{ok: null}", "expect an object"),
        ("error is a string", "{error: 'x'}", "expect an object"),
        ("result is true", "{result: true}", "expect an object"),
        (
            "error without code",
            "{error: {message: ''}}",
            "Wrong statements document structure: missing field \"code\"",
        ),
        (
            "error without message",
            "{error: {code: 1}}",
            "Wrong statements document structure: missing field \"message\"",
        ),
        (
            "error with a short state",
            "{error: {code: 1, message: '', sql_state: '42'}}",
            "sql_state must be 5 characters, is 2",
        ),
        (
            "error with a state of five bytes",
            "{error: {code: 1, message: '', sql_state: 'HY0é'}}",
            "sql_state must be ASCII, is 'HY0é'",
        ),
        (
            "error with a long code",
            "{error: {code: 65536, message: ''}}",
            "value out-of-range for field \"code\"",
        ),
        (
            "error whose message is a number",
            "{error: {code: 1, message: 5}}",
            "wrong type for field \"message\", expected string",
        ),
        (
            "a negative number",
            "{ok: {affected_rows: -1}}",
            "value out-of-range for field \"affected_rows\"",
        ),
        (
            "an infinite number",
            "{ok: {last_insert_id: Infinity}}",
            "value out-of-range for field \"last_insert_id\"",
        ),
        (
            "beyond 64 bits",
            "{ok: {last_insert_id: 18446744073709551616n}}",
            "value out-of-range for field \"last_insert_id\"",
        ),
        (
            "a status of 17 bits",
            "{ok: {status: 65536}}",
            "value out-of-range for field \"status\"",
        ),
        (
            "a string for a number",
            "{ok: {warning_count: '1'}}",
            "wrong type for field \"warning_count\", expected unsigned number",
        ),
        (
            "exec_time is a string",
            "{exec_time: '1', ok: {}}",
            "exec_time must be a number, if set, got primitive, string",
        ),
        (
            "exec_time is negative",
            "{exec_time: -0.5, ok: {}}",
            "exec_time must be a non-negative number",
        ),
        (
            "exec_time is endless",
            "{exec_time: Infinity, ok: {}}",
            "exec_time must be a non-negative number",
        ),
        (
            "trackers are an object",
            "{ok: {session_trackers: {}}}",
            "expected .session_tracker to be an array",
        ),
        (
            "a tracker of no type",
            "{ok: {session_trackers: [{}]}}",
            "unknown session_tracket.type = ",
        ),
        (
            "a tracker of unknown type",
            "{ok: {session_trackers: [{type: 'moon'}]}}",
            "unknown session_tracket.type = moon",
        ),
        (
            "a state that isn't there",
            "{ok: {session_trackers: [{type: 'state'}]}}",
            "session_tracket.state must be size==1, is 0",
        ),
        (
            "a state of two characters",
            "{ok: {session_trackers: [{type: 'state', state: '11'}]}}",
            "session_tracket.state must be size==1, is 2",
        ),
        (
            "a transaction state of one",
            "{ok: {session_trackers: [{type: 'trx_state', state: 'T'}]}}",
            "session_tracket.state must be size==8, is 1",
        ),
        (
            "a state of one character that has two bytes",
            "{ok: {session_trackers: [{type: 'state', state: 'é'}]}}",
            "session_tracket.state must be ASCII, is 'é'",
        ),
        (
            "a transaction state of eight bytes",
            "{ok: {session_trackers: [{type: 'trx_state', state: 'T_____é'}]}}",
            "session_tracket.state must be ASCII, is 'T_____é'",
        ),
    ];
    for (case, entry, want) in cases {
        assert_eq!(
            complaint(entry),
            format!("executing statement failed: {want}"),
            "{case}"
        );
    }
}

#[test]
fn a_json_entry_that_is_wrong_fails_its_statement_only() {
    let json = r#"{"stmts": [{"ok": 1}, {"error": {}}, {"result": {"columns": [null]}}, 5,
        {"ok": {}}]}"#;
    with_both(json, |name, session| {
        let want = [
            "expect an object",
            "Wrong statements document structure: missing field \"code\"",
            "expect an object",
            "expected 'stmts' to return an 'object', got number, primitive",
        ];
        for want in want {
            let message = error_parts(&error(ask(session, "x"))).2;
            assert_eq!(
                message,
                format!("executing statement failed: {want}"),
                "{name}"
            );
        }
        ok(ask(session, "x"));
    });
}

#[test]
fn what_a_statement_throws_fails_that_statement_only() {
    let script = "var zero = null;
({ stmts: function (stmt) {
  if (stmt === 'string') throw 'bare';
  if (stmt === 'number') throw 5;
  if (stmt === 'object') throw { toString: function () { return 'mine'; } };
  if (stmt === 'undefined') throw undefined;
  if (stmt === 'error') throw new TypeError('odd');
  if (stmt === 'native') return zero.x;
  if (stmt === 'callback') [1].forEach(function () {
    throw new RangeError('far');
  });
  if (stmt === 'own') {
    function Own() { this.name = 'Own'; this.message = 'class'; }
    Own.prototype = Object.create(Error.prototype);
    throw new Own();
  }
  if (stmt === 'getter') return { get ok() { throw new Error('from a getter'); } };
  if (stmt === 'cell') return { result: { columns: [{ name: 'a', type: 'LONG' }],
    rows: [[Symbol('s')]] } };
  return { ok: {} };
} })";
    let cases = [
        ("string", "bare"),
        ("number", "5"),
        ("object", "mine"),
        ("undefined", "undefined"),
        ("error", "at FILE:7: TypeError: odd"),
        (
            "native",
            "at FILE:8: TypeError: cannot convert 'null' or 'undefined' to object",
        ),
        ("callback", "at FILE:10: RangeError: far"),
        ("own", "Own: class"),
        ("getter", "at FILE:17: Error: from a getter"),
        ("cell", "TypeError: can't convert symbol to string"),
    ];
    with_session("thrown.js", script, |session| {
        for (stmt, want) in cases {
            let message = error_parts(&error(ask(session, stmt))).2;
            let message = match message.split_once("thrown.js") {
                Some((before, after)) => {
                    let (start, _path) = before.rsplit_once("at ").unwrap();
                    format!("{start}at FILE{after}")
                }
                None => message,
            };
            assert_eq!(
                message,
                format!("executing statement failed: {want}"),
                "{stmt}"
            );
            ok(ask(session, "fine"));
        }
    });
}
