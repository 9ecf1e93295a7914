//! Files that are no traces, and traces that can't be answered from.

mod common;

use std::path::Path;
use std::sync::Arc;

use common::{Dir, error_parts, on_worker, open};
use mynah_script::{Globals, Script, ScriptError, ScriptOptions};
use mynah_session::{Handler, Login, Statement};

fn assert_send_and_sync<T: Send + Sync>(_: &T) {}

#[test]
fn a_file_that_is_missing_is_an_error_that_names_it() {
    let missing = Path::new("no/such/trace.js");
    let globals = Arc::new(Globals::new());
    let error = Script::load(missing, ScriptOptions::default(), globals).unwrap_err();
    assert_eq!(error.to_string(), "can't read the script no/such/trace.js");
    assert!(matches!(error, ScriptError::Read { path, .. } if path == missing));
}

#[test]
fn a_trace_is_shared_by_threads() {
    let dir = Dir::new();
    dir.write("t.js", "({stmts: []})");
    let trace = dir.load("t.js");
    assert_send_and_sync(&trace);
}

/// The problem that is reported at start, which is also what a client gets in place of a greeting.
fn problem(name: &str, text: &str) -> String {
    let dir = Dir::new();
    dir.write(name, text);
    let trace = dir.load(name);
    let problem = trace.problem().unwrap_or("none").to_owned();
    on_worker(|| {
        let session = &mut open(&trace);
        let greeting = session.greeting().err();
        let want = (1064, "HY000".to_owned(), problem.clone());
        assert_eq!(greeting.as_ref().map(error_parts), Some(want));
        assert_eq!(session.login(&Login::default()).err(), greeting);
        let reply = session.statement(&Statement::query("x"));
        assert_eq!(Some(common::error(reply)), greeting);
    });
    problem.replace(&dir.path().display().to_string(), "DIR")
}

#[test]
fn a_trace_that_is_none_says_why() {
    let cases = [
        (
            "a syntax error",
            "t.js",
            "var a = 1;\nvar b = 2;\n\n\n  ({a: 1,, })",
            "at DIR/t.js:5: SyntaxError: parse error: expected token 'identifier', got ',' in \
             identifier parsing at line 5, col 10",
        ),
        (
            "an end that comes too early",
            "t.js",
            "({\n  stmts: [\n",
            "at DIR/t.js:2: SyntaxError: parse error: abrupt end at line 2, col 11",
        ),
        (
            "a block",
            "t.js",
            "{ stmts: []; ({stmts: []}) }",
            "at DIR/t.js:1: SyntaxError: parse error: ",
        ),
        (
            "a bare object that is broken",
            "t.js",
            "{\n stmts: [1 1],\n x: 1 }",
            "at DIR/t.js:2: SyntaxError: parse error: ",
        ),
        (
            "no value",
            "t.js",
            "var a = 1;",
            "DIR/t.js: expected statement handler to return an object, got primitive, undefined",
        ),
        (
            "a number",
            "t.js",
            "5",
            "DIR/t.js: expected statement handler to return an object, got number, primitive",
        ),
        (
            "an empty file",
            "t.js",
            "",
            "DIR/t.js: expected statement handler to return an object, got primitive, undefined",
        ),
        (
            "a throw",
            "t.js",
            "\n\nthrow new RangeError('x')",
            "at DIR/t.js:3: RangeError: x",
        ),
        ("a thrown string", "t.js", "throw 'x'", "x"),
        (
            "an unknown name",
            "t.js",
            "var a = 1;\nunknown.knows",
            "at DIR/t.js:2: ReferenceError: unknown is not defined",
        ),
        (
            "a name whose line Boa doesn't know",
            "t.js",
            "unknown.name()",
            "at DIR/t.js: ReferenceError: unknown is not defined",
        ),
        (
            "no stmts",
            "t.js",
            "({})",
            "expected 'stmts' to be one of callable, thread or array, got primitive, undefined",
        ),
        (
            "stmts is an object",
            "t.js",
            "({stmts: {}})",
            "expected 'stmts' to be one of callable, thread or array, got object",
        ),
        (
            "notices is a string",
            "t.js",
            "({stmts: [], notices: 'x'})",
            "expected 'notices' to be one of callable, thread or array, got primitive, string",
        ),
        (
            "loop is a number",
            "t.js",
            "({stmts: [], loop: 1})",
            "loop must be a boolean, if set. Is number, primitive",
        ),
        (
            "JSON that is broken",
            "t.json",
            "{\n  \"stmts\": [}\n}",
            "at DIR/t.json:2: SyntaxError: parse error: Unexpected close brace on line 2 column 13",
        ),
        (
            "JSON that is broken behind comments",
            "t.json",
            "/* one\n two é */ // three\n{ \"stmts\": [ /* \" */ }",
            "at DIR/t.json:3: SyntaxError: parse error: Unexpected close brace on line 3 column 22",
        ),
        (
            "JSON whose comment has no end",
            "t.json",
            "{ \"stmts\": [] }\n/* /",
            "at DIR/t.json:2: SyntaxError: parse error: Unterminated comment block on line 2 column 1",
        ),
        (
            "JSON of which something is JavaScript",
            "t.json",
            "{ \"stmts\": [ { \"ok\": {}, } ] }",
            "at DIR/t.json:1: SyntaxError: parse error: Trailing commas are not allowed on line 1 column 24",
        ),
        (
            "JSON that is an array",
            "t.json",
            "[]",
            "expected 'stmts' to be one of callable, thread or array, got primitive, undefined",
        ),
        (
            "JSON that is null",
            "T.JSON",
            "null",
            "DIR/T.JSON: expected statement handler to return an object, got null, primitive",
        ),
        (
            "JSON without stmts",
            "t.json",
            "{}",
            "expected 'stmts' to be one of callable, thread or array, got primitive, undefined",
        ),
        (
            "JSON whose default is no number",
            "t.json",
            r#"{"stmts": [], "defaults": {"exec_time": "1"}}"#,
            "exec_time must be a number, if set, got primitive, string",
        ),
    ];
    for (case, name, text, want) in cases {
        let problem = problem(name, text);
        match want.ends_with(": ") {
            true => assert!(problem.starts_with(want), "{case}: {problem}"),
            false => assert_eq!(problem, want, "{case}"),
        }
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    for (name, text) in [
        ("t.js", "\u{feff}({stmts: []})"),
        ("t.json", "\u{feff}{\"stmts\": []}"),
    ] {
        let dir = Dir::new();
        dir.write(name, text);
        assert_eq!(dir.load(name).problem(), None, "{name}");
    }
}

#[test]
fn the_last_value_is_the_trace_whatever_follows_it() {
    for text in [
        "({stmts: []});",
        "var t = {stmts: []}; t",
        "({stmts: []})\n// end",
        "({stmts: []});;",
    ] {
        let dir = Dir::new();
        dir.write("t.js", text);
        assert_eq!(dir.load("t.js").problem(), None, "{text}");
    }
}

#[test]
fn looking_a_script_over_leaves_no_trace() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "mysqld.global.runs = (mysqld.global.runs || 0) + 1; ({stmts: []})",
    );
    let globals = Arc::new(Globals::new());
    let trace = dir.load_with("t.js", globals.clone());
    assert_eq!(globals.get("runs"), None);
    on_worker(|| {
        drop(open(&trace));
        drop(open(&trace));
    });
    assert_eq!(globals.get("runs").as_deref(), Some("2"));
}

#[test]
fn an_edit_is_not_seen_before_the_next_load() {
    let dir = Dir::new();
    dir.write("t.js", "({stmts: [{ok: {message: 'old'}}]})");
    let trace = dir.load("t.js");
    dir.write("t.js", "({stmts: [{ok: {message: 'new'}}]})");
    on_worker(|| {
        assert_eq!(
            common::ok(common::ask(&mut open(&trace), "x")).message,
            "old"
        );
    });
}

#[test]
fn a_bare_object_is_a_script_but_for_the_original() {
    let dir = Dir::new();
    for text in [
        "{ \"stmts\": [{ok: {affected_rows: 7}}] }",
        "// seven\n{ stmts(stmt) { return {ok: {affected_rows: 7}}; }, };",
    ] {
        dir.write("t.js", text);
        let trace = dir.load("t.js");
        assert_eq!(trace.problem(), None, "{text}");
        on_worker(|| {
            let session = &mut open(&trace);
            session.greeting().unwrap();
            let reply = session.statement(&Statement::query("x"));
            assert_eq!(common::ok(reply).affected_rows, 7, "{text}");
        });
        let mut options = ScriptOptions::default();
        options.compatible = true;
        let globals = Arc::new(Globals::new());
        let trace = Script::load(dir.path().join("t.js"), options, globals).unwrap();
        assert!(trace.problem().unwrap().contains("SyntaxError"), "{text}");
    }
}
