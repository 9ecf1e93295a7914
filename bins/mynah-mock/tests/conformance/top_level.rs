//! Section 2: the keys of a trace.

use crate::harness::{answers, err, failed, js, json};
use crate::life_cycle::refused;

#[test]
fn stmts_is_required_and_an_array_a_function_or_a_thread() {
    for (text, types) in [
        ("({})", "primitive, undefined"),
        ("({ stmts: undefined })", "primitive, undefined"),
        ("({ stmts: null })", "null, primitive"),
        ("({ stmts: 'x' })", "primitive, string"),
        ("({ stmts: 5 })", "number, primitive"),
        ("({ stmts: true })", "boolean, primitive"),
        ("({ stmts: {} })", "object"),
    ] {
        let refusal = refused(&js(text));
        let message =
            format!("expected 'stmts' to be one of callable, thread or array, got {types}");
        assert_eq!((refusal.code, refusal.message), (1064, message), "{text}");
    }
}

#[test]
fn an_array_is_played_in_order_whatever_the_statements_are() {
    let trace = js("({ stmts: [
        { stmt: 'select 1', ok: { message: 'a' } }, { ok: { message: 'b' } } ] })");
    let said = answers(
        &trace,
        &[
            "drop table t",
            "drop table t",
            "drop table t",
            "select 1 from t",
        ],
    );
    let end = err(1064, "HY000", "Unknown statement. (end of stmts)");
    assert_eq!(said[0].clone().message(), "a");
    assert_eq!(said[1].clone().message(), "b");
    assert_eq!(said[2], end.clone().into());
    assert_eq!(said[3], end.into());
}

#[test]
fn an_array_that_is_empty_is_at_its_end() {
    let end = err(1064, "HY000", "Unknown statement. (end of stmts)");
    for trace in [js("({ stmts: [] })"), json(r#"{ "stmts": [] }"#)] {
        assert_eq!(answers(&trace, &["x"]), [end.clone().into()]);
    }
}

#[test]
fn a_function_gets_each_statement_and_returns_its_answer() {
    let trace = js("({ stmts: function(stmt) {
        return { ok: { message: typeof stmt + arguments.length + ' ' + stmt } }; } })");
    // The second argument is an extension: further facts about the statement.
    let said = answers(&trace, &["select 'ä €'", "", "x\ny"]);
    let said: Vec<String> = said.into_iter().map(|answer| answer.message()).collect();
    assert_eq!(said, ["string2 select 'ä €'", "string2 ", "string2 x\ny"]);
}

#[test]
fn an_arrow_function_is_a_function() {
    let trace = js("({ stmts: (stmt) => ({ ok: { message: stmt } }) })");
    assert_eq!(answers(&trace, &["x"])[0].clone().message(), "x");
}

#[test]
fn a_thread_is_resumed_with_each_statement_and_yields_its_answer() {
    let trace = js("({ stmts: new Duktape.Thread(function(stmt) {
        for (var n = 1; n < 3; n++) stmt = Duktape.Thread.yield({ ok: { message: n + stmt } });
        return { ok: { message: 'last ' + stmt } };
    }) })");
    let said = answers(&trace, &["a", "b", "c", "d", "e"]);
    let said: Vec<String> = said.into_iter().map(|answer| answer.message()).collect();
    assert_eq!(said[..3], ["1a", "2b", "last c"]);
    for said in &said[3..] {
        assert!(said.starts_with("executing statement failed: "), "{said}");
        assert!(said.contains("invalid state"), "{said}");
    }
}

#[test]
fn a_generator_is_resumed_with_each_statement_and_yields_its_answer() {
    for stmts in ["answers", "answers()"] {
        let trace = js(&format!(
            "function* answers() {{
              var stmt = yield;
              for (var n = 1; n < 3; n++) stmt = yield {{ ok: {{ message: n + stmt }} }};
              return {{ ok: {{ message: 'last ' + stmt }} }};
            }}
            ({{ stmts: {stmts} }})"
        ));
        let said = answers(&trace, &["a", "b", "c", "d"]);
        let said: Vec<String> = said.into_iter().map(|answer| answer.message()).collect();
        assert_eq!(said[..3], ["1a", "2b", "last c"], "{stmts}");
        assert!(said[3].contains("invalid state"), "{stmts}: {said:?}");
    }
}

#[test]
fn a_handshake_is_an_object_or_a_function() {
    for (handshake, types) in [
        ("'x'", "primitive, string"),
        ("5", "number, primitive"),
        ("true", "boolean, primitive"),
        ("null", "null, primitive"),
    ] {
        let refusal = refused(&js(&format!("({{ stmts: [], handshake: {handshake} }})")));
        let message = format!("handshake must be an object, if set. Is {types}");
        assert_eq!(
            (refusal.code, refusal.message),
            (1064, message),
            "{handshake}"
        );
    }
}

#[test]
fn a_handshake_function_that_returns_no_object_is_error_2013() {
    for returned in ["'x'", "5", "null", "false"] {
        let text = format!("({{ stmts: [], handshake: function() {{ return {returned}; }} }})");
        let refusal = refused(&js(&text));
        let message = "handshake-function must return an object, if set".to_owned();
        assert_eq!(
            (refusal.code, refusal.message),
            (2013, message),
            "{returned}"
        );
    }
}

#[test]
fn a_handshake_function_is_called_before_the_greeting_and_when_the_login_is_checked() {
    let trace = js("var calls = [];
        ({ handshake: function(is_greeting) {
             calls.push(typeof is_greeting + ' ' + is_greeting + ' ' + arguments.length);
             return {};
           },
           stmts: function() { return { ok: { message: calls.join() } }; } })");
    let said = answers(&trace, &["x", "y"]);
    for said in said {
        assert_eq!(said.message(), "boolean true 1,boolean false 1");
    }
}

#[test]
fn without_a_handshake_every_user_is_greeted_and_accepted() {
    for text in [
        "({ stmts: [{ ok: {} }] })",
        "({ stmts: [{ ok: {} }], handshake: {} })",
        "({ stmts: [{ ok: {} }], handshake: undefined })",
        "({ stmts: [{ ok: {} }], handshake: function() { return {}; } })",
        "({ stmts: [{ ok: {} }], handshake: function() {} })",
    ] {
        assert_eq!(
            answers(&js(text), &["x"])[0].clone().message(),
            "",
            "{text}"
        );
    }
}

#[test]
fn a_default_exec_time_is_ignored_in_a_script() {
    for default in ["'x'", "-1", "3600000"] {
        let text = format!("({{ defaults: {{ exec_time: {default} }}, stmts: [{{ ok: {{}} }}] }})");
        assert_eq!(
            answers(&js(&text), &["x"])[0].clone().message(),
            "",
            "{default}"
        );
    }
}

#[test]
fn a_default_exec_time_is_for_json_answers_that_have_none() {
    let trace = json(
        r#"{ "defaults": { "exec_time": 3600000 },
             "stmts": [{ "exec_time": 0, "ok": {} }, { "ok": {} }] }"#,
    );
    let waits = trace.play(|mock| {
        let mut client = mock.login();
        client.query("at once").done();
        client.write(b"\x02\0\0\0\x03x");
        // Another session is answered meanwhile, while this one waits.
        mock.answer("at once").done();
        !client.stream.has_input()
    });
    assert!(waits);
}

#[test]
fn unknown_keys_are_ignored() {
    let trace = js(
        "({ stmts: [{ ok: { other: 1 }, unknown: 2 }], knows: { this: 3 },
        handshake: { one: 1, greeting: { two: 2 }, auth: { three: 3 } } })",
    );
    assert_eq!(answers(&trace, &["x"])[0].clone().message(), "");
}

#[test]
fn an_invalid_answer_fails_its_statement_only() {
    let trace = js("({ stmts: function(stmt) { return stmt === 'good' ? { ok: {} } : stmt; } })");
    let said = answers(&trace, &["bad", "good", "bad", "good"]);
    let bad = failed("expected 'stmts' to return an 'object', got primitive, string");
    assert_eq!(said[0], bad.clone().into());
    assert_eq!(said[2], bad.into());
    assert_eq!(said[1].clone().message() + &said[3].clone().message(), "");
}
