//! Section 4: an entry of `stmts`.

use std::time::{Duration, Instant};

use crate::harness::{answers, entry, fails, js, json, same_answers};

#[test]
fn an_entry_is_an_object() {
    fails(&[
        (
            "5",
            "expected 'stmts' to return an 'object', got number, primitive",
        ),
        (
            "'x'",
            "expected 'stmts' to return an 'object', got primitive, string",
        ),
        (
            "null",
            "expected 'stmts' to return an 'object', got null, primitive",
        ),
        (
            "undefined",
            "expected 'stmts' to return an 'object', got primitive, undefined",
        ),
        (
            "false",
            "expected 'stmts' to return an 'object', got boolean, primitive",
        ),
    ]);
}

#[test]
fn an_entry_has_one_of_result_error_and_ok() {
    fails(&[
        ("{}", "expected 'error', 'ok' or 'result'"),
        (
            "{ stmt: 'select 1', exec_time: 1 }",
            "expected 'error', 'ok' or 'result'",
        ),
        ("{ OK: {} }", "expected 'error', 'ok' or 'result'"),
        ("{ ok: undefined }", "expected 'error', 'ok' or 'result'"),
        ("[]", "expected 'error', 'ok' or 'result'"),
    ]);
}

#[test]
fn a_result_takes_precedence_over_an_error_and_an_error_over_an_ok() {
    let said = same_answers(&[
        "{ ok: { message: 'ok' }, error: { code: 1, message: 'e' },
           result: { columns: [{ name: 'a', type: 'LONG' }], rows: [[7]] } }",
        "{ ok: { message: 'ok' }, error: { code: 1, message: 'e' } }",
        "{ ok: { message: 'ok' }, error: undefined, result: undefined }",
    ]);
    assert_eq!(said[0].clone().cell().as_deref(), Some("7"));
    assert_eq!(said[1].clone().refusal().message, "e");
    assert_eq!(said[2].clone().done().message, "ok");
}

#[test]
fn ok_error_and_result_are_objects() {
    fails(&[
        ("{ ok: 5 }", "expect an object"),
        ("{ ok: 'x' }", "expect an object"),
        ("{ ok: null }", "expect an object"),
        ("{ ok: true }", "expect an object"),
        ("{ error: 5 }", "expect an object"),
        ("{ error: 'x' }", "expect an object"),
        ("{ error: null }", "expect an object"),
        ("{ result: 5 }", "expect an object"),
        ("{ result: 'x' }", "expect an object"),
        ("{ result: null }", "expect an object"),
    ]);
}

#[test]
fn the_statement_an_entry_names_is_ignored() {
    let said = same_answers(&[
        "{ stmt: 'select 1', ok: { message: 'a' } }",
        "{ stmt: 5, ok: { message: 'b' } }",
        "{ stmt_regex: '^select', ok: { message: 'c' } }",
        "{ 'stmt.regex': '^select', ok: { message: 'd' } }",
    ]);
    let said: Vec<String> = said.into_iter().map(|answer| answer.message()).collect();
    assert_eq!(said, ["a", "b", "c", "d"]);
    let trace = json(
        r#"{ "stmts": [{ "stmt": "select 1", "ok": { "message": "a" } },
                       { "stmt.regex": "^drop", "ok": { "message": "b" } }] }"#,
    );
    let said = answers(&trace, &["insert", "insert"]);
    assert_eq!(said[0].clone().message() + &said[1].clone().message(), "ab");
}

#[test]
fn a_time_is_a_number_and_not_negative() {
    let number = "exec_time must be a number, if set, got";
    let negative = "exec_time must be a non-negative number";
    fails(&[
        (
            "{ exec_time: '1', ok: {} }",
            &format!("{number} primitive, string"),
        ),
        (
            "{ exec_time: null, ok: {} }",
            &format!("{number} null, primitive"),
        ),
        (
            "{ exec_time: {}, error: { code: 1, message: 'x' } }",
            &format!("{number} object"),
        ),
        (
            "{ exec_time: true, result: { columns: [{ name: 'a', type: 'LONG' }] } }",
            &format!("{number} boolean, primitive"),
        ),
        ("{ exec_time: -1, ok: {} }", negative),
        (
            "{ exec_time: -0.5, result: { columns: [{ name: 'a', type: 'LONG' }] } }",
            negative,
        ),
    ]);
    entry("{ exec_time: undefined, ok: {} }").done();
}

#[test]
fn exec_time_delays_a_result_an_ok_and_an_error() {
    for outcome in [
        "ok: {}",
        "error: { code: 1, message: 'x' }",
        "result: { columns: [{ name: 'a', type: 'LONG' }] }",
    ] {
        for trace in [
            format!("({{ stmts: [{{ exec_time: 20.5, {outcome} }}] }})"),
            format!("({{ stmts: function() {{ return {{ exec_time: 20.5, {outcome} }}; }} }})"),
        ] {
            js(&trace).play(|mock| {
                let mut client = mock.login();
                let began = Instant::now();
                client.query("x");
                let waited = began.elapsed();
                assert!(
                    waited >= Duration::from_micros(20_500),
                    "{trace}: {waited:?}"
                );
            });
        }
    }
}

#[test]
fn a_session_that_waits_does_not_delay_others() {
    let trace = js("({ stmts: function(stmt) {
        return { exec_time: stmt === 'slow' ? 3600000 : 0, ok: { message: stmt } }; } })");
    trace.play(|mock| {
        let mut slow: Vec<_> = (0..4).map(|_| mock.login()).collect();
        for client in &mut slow {
            client.write(b"\x05\0\0\0\x03slow");
        }
        for _ in 0..4 {
            assert_eq!(mock.answer("quick").message(), "quick");
        }
        assert!(slow.iter().all(|client| !client.stream.has_input()));
    });
}

#[test]
fn an_exception_fails_its_statement_and_the_connection_stays() {
    let trace = js("({ stmts: function(stmt) {
        if (stmt === 'throw') throw new TypeError('thrown');
        if (stmt === 'string') throw 'bare words';
        if (stmt === 'call') nothing.known;
        return { ok: { message: 'on' } };
    } })");
    let said = answers(&trace, &["throw", "on", "string", "on", "call", "on"]);
    for (number, reason) in [
        (0, "at $DIR/trace.js:2: TypeError: thrown"),
        (2, "bare words"),
        (4, "ReferenceError: nothing is not defined"),
    ] {
        let refusal = said[number].clone().refusal();
        assert_eq!(
            (refusal.code, refusal.state.as_deref()),
            (1064, Some("HY000"))
        );
        let message = trace.shorten(&refusal.message);
        let found = message
            .strip_prefix("executing statement failed: ")
            .expect("why");
        assert!(found.contains(reason), "{found}");
        assert_eq!(said[number + 1].clone().message(), "on");
    }
    assert_eq!(
        said[2].clone().message(),
        "executing statement failed: bare words"
    );
}

#[test]
fn a_getter_that_throws_fails_its_statement_only() {
    let said = same_answers(&[
        "{ get ok() { throw 'no ok'; } }",
        "{ ok: {} }",
        "{ ok: { get message() { throw 'no message'; } } }",
        "{ ok: {} }",
        "{ result: { get columns() { throw 'no columns'; } } }",
        "{ ok: {} }",
        "{ result: { columns: [{ name: 'a', get type() { throw 'no type'; } }] } }",
        "{ ok: {} }",
        "{ result: { columns: [{ name: 'a', type: 'LONG' }], get rows() { throw 'no rows'; } } }",
        "{ ok: {} }",
    ]);
    for (answers, what) in said
        .chunks(2)
        .zip(["ok", "message", "columns", "type", "rows"])
    {
        let message = answers[0].clone().refusal().message;
        assert_eq!(message, format!("executing statement failed: no {what}"));
        answers[1].clone().done();
    }
}

#[test]
fn holes_of_an_array_are_skipped() {
    let trace = js(
        "var stmts = [, { ok: { message: 'a' } }, , , { ok: { message: 'b' } }];
        stmts[9] = { ok: { message: 'c' } };
        ({ stmts: stmts })",
    );
    let said = answers(&trace, &["1", "2", "3", "4"]);
    let said: Vec<String> = said.into_iter().map(|answer| answer.message()).collect();
    assert_eq!(said, ["a", "b", "c", "Unknown statement. (end of stmts)"]);
}
