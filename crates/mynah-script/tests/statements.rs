//! What a statement is answered with: contract of `stmts`.

mod common;

use common::{ask, cells, error, ok, rows, told, with_session};

#[test]
fn a_function_is_asked_for_each_statement() {
    let script = "({ stmts: function (stmt) { return { ok: { message: stmt } }; } })";
    with_session("t.js", script, |session| {
        assert_eq!(ok(ask(session, "one")).message, "one");
        assert_eq!(ok(ask(session, "zwölf €")).message, "zwölf €");
    });
}

#[test]
fn an_array_is_played_in_order_and_then_ends() {
    for name in ["t.js", "t.json"] {
        let json = r#"{"stmts": [{"ok": {"last_insert_id": 7}}, {"result": {
            "columns": [{"name": "a", "type": "LONG"}], "rows": [["1"], [null]]}}]}"#;
        let text = if name == "t.js" {
            format!("({json})")
        } else {
            json.to_owned()
        };
        with_session(name, &text, |session| {
            assert_eq!(ok(ask(session, "x")).last_insert_id, 7, "{name}");
            let result = rows(ask(session, "y"));
            assert_eq!(cells(&result), [[Some("1".to_owned())], [None]], "{name}");
            let end = (
                1064,
                "HY000".to_owned(),
                "Unknown statement. (end of stmts)".to_owned(),
            );
            assert_eq!(told(&error(ask(session, "z"))), end, "{name}");
            assert_eq!(told(&error(ask(session, "z"))), end, "{name}");
        });
    }
}

#[test]
fn what_a_statement_throws_fails_that_statement_only() {
    let script = "({ stmts: function (stmt) {\n  if (stmt === 's') throw 'bare';\n  \
                  if (stmt === 'e') throw new TypeError('odd');\n  return { ok: {} };\n} })";
    with_session("t.js", script, |session| {
        for _ in 0..5000 {
            let failure = error(ask(session, "s"));
            assert_eq!(told(&failure).2, "executing statement failed: bare");
            let message = told(&error(ask(session, "e"))).2;
            assert!(message.contains("t.js:3: TypeError: odd"), "{message}");
            assert!(
                message.starts_with("executing statement failed: at "),
                "{message}"
            );
        }
        ok(ask(session, "fine"));
    });
}
