//! Section 1: the file, when it runs, and the errors of loading it.

use crate::harness::{Refusal, Script, answers, js, json, program};

/// The error in place of the greeting, with `$DIR` for the trace's folder.
pub(crate) fn refused(trace: &Script) -> Refusal {
    let mut refusal = trace.play(|mock| mock.greeting().expect_err("no client is greeted"));
    assert_eq!(
        refusal.state, None,
        "no state goes before the greeting: {refusal:?}"
    );
    refusal.message = trace.shorten(&refusal.message);
    refusal
}

fn messages(trace: &Script, statements: &[&str]) -> Vec<String> {
    let answers = answers(trace, statements);
    answers.into_iter().map(|answer| answer.message()).collect()
}

#[test]
fn the_last_value_of_a_script_is_the_trace() {
    for text in [
        "({ stmts: [{ ok: { message: 'it' } }] })",
        "var first = { stmts: [] };\n({ stmts: [{ ok: { message: 'it' } }] });\n",
        "var trace = { stmts: [{ ok: { message: 'it' } }] };\ntrace;\n// the end",
        "if (true) { ({ stmts: [{ ok: { message: 'it' } }] }) }",
    ] {
        assert_eq!(messages(&js(text), &["x"]), ["it"], "{text}");
    }
}

#[test]
fn a_last_value_that_is_not_an_object_is_an_error_with_its_types() {
    for (text, types) in [
        ("var a = 1;", "primitive, undefined"),
        ("", "primitive, undefined"),
        ("5", "number, primitive"),
        ("'trace'", "primitive, string"),
        ("null", "null, primitive"),
        ("true", "boolean, primitive"),
    ] {
        let refusal = refused(&js(text));
        let message =
            format!("$DIR/trace.js: expected statement handler to return an object, got {types}");
        assert_eq!((refusal.code, refusal.message), (1064, message), "{text}");
    }
}

#[test]
fn a_bare_object_is_a_syntax_error() {
    let refusal = refused(&js("{ \"stmts\": [], \"handshake\": {} }"));
    assert_eq!(refusal.code, 1064);
    assert!(
        refusal
            .message
            .contains("$DIR/trace.js:1: SyntaxError: parse error"),
        "{refusal:?}"
    );
}

#[test]
fn a_json_file_is_read_as_json() {
    let trace = json(r#"{ "stmts": [{ "ok": { "message": "it" } }] }"#);
    assert_eq!(messages(&trace, &["x"]), ["it"]);
    let refusal = refused(&json("({ stmts: [] })"));
    assert!(
        refusal
            .message
            .contains("$DIR/trace.json:1: SyntaxError: parse error"),
        "{refusal:?}"
    );
}

#[test]
fn a_json_file_may_have_comments() {
    let trace = json(
        "// before\n/* all */ { \"stmts\": [ // one\n { \"ok\" /* is */ : { \"message\":
        \"// no /* comment */\" } } /* \" */ ] } // after",
    );
    assert_eq!(messages(&trace, &["x"]), ["// no /* comment */"]);
    for text in [
        "{ \"stmts\": [] } /*",
        "{ \"stmts\": [] } / /",
        "{ \"stmts\": [], } // a comma",
        "{ \"stmts\": [] } # of another kind",
        "{ stmts: [] }",
        "{ 'stmts': [] }",
    ] {
        let refusal = refused(&json(&format!("/*\n*/ {text}")));
        let place = "$DIR/trace.json:2: SyntaxError: parse error";
        assert!(refusal.message.contains(place), "{text}: {refusal:?}");
    }
}

#[test]
fn json_that_is_nested_too_deep_is_an_error() {
    for depth in [600, 100_000] {
        let text = format!("{{ \"stmts\": {}", "[".repeat(depth));
        assert_eq!(refused(&json(&text)).code, 1064);
    }
}

#[test]
fn undeclared_variables_belong_to_their_session_only() {
    let acts = [
        "res = 'mine'",
        "if (res = stmt.match(/(a)ct/)) res = res[1]",
        "for (res in { mine: 1 });",
        "for (res of [1]);",
        "[res] = ['mine']",
        "({ res } = { res: 'mine' })",
        "(function() { (() => { res = 1; })(); })()",
        "res = 1; res += 1; res++",
        "require('./helper').act()",
    ];
    for act in acts {
        let trace = js(&format!(
            "var helper = require('./helper');
            ({{ stmts: function(stmt) {{
                if (stmt === 'act') {{ {act}; return {{ ok: {{ message: typeof res }} }}; }}
                return {{ ok: {{ message: typeof res + typeof helper.look() }} }};
            }} }})"
        ))
        .file(
            "helper.js",
            "exports.act = function() { res = 'mine'; };
            exports.look = function() { return typeof res === 'undefined' ? undefined : res; };",
        );
        let said = trace.play(|mock| {
            let (mut one, mut other) = (mock.login(), mock.login());
            let acted = one.query("act").message();
            let seen = one.query("look").message();
            let others = [
                other.query("look"),
                mock.answer("look"),
                mock.answer("look"),
            ];
            (acted, seen, others.map(|answer| answer.message()))
        });
        assert_eq!(said.1, said.0.repeat(2), "{act}");
        assert_ne!(said.0, "undefined", "{act}");
        assert_eq!(said.2, ["undefinedundefined"; 3], "{act}");
    }
}

#[test]
fn a_script_may_use_const_proxy_assign_and_repeat() {
    let trace = js(
        "const proxy = new Proxy({}, { get: function(target, key) { return key + '!'; } });
        ({ stmts: [{ ok: Object.assign({}, { message: proxy.hey.repeat(2) }) }] })",
    );
    assert_eq!(messages(&trace, &["x"]), ["hey!hey!"]);
}

#[test]
fn a_script_runs_once_for_each_connection_and_sees_the_globals_at_that_time() {
    let trace = js("mysqld.global.runs = (mysqld.global.runs || 0) + 1;
        var runs = mysqld.global.runs, calls = 0;
        ({ stmts: function() { return { ok: { message: runs + ':' + ++calls } }; } })");
    let said = trace.play(|mock| {
        let mut first = mock.login();
        let mut second = mock.login();
        let both = [
            first.query("a"),
            second.query("b"),
            first.query("c"),
            mock.answer("d"),
        ];
        both.map(|answer| answer.message())
    });
    assert_eq!(said, ["1:1", "2:1", "1:2", "3:1"]);
}

#[test]
fn the_position_in_an_array_is_counted_for_each_connection() {
    let trace = js("({ stmts: [{ ok: { message: 'first' } }, { ok: { message: 'second' } }] })");
    let said = trace.play(|mock| {
        let mut first = mock.login();
        let mut second = mock.login();
        let both = [
            first.query("a"),
            second.query("b"),
            first.query("c"),
            second.query("d"),
        ];
        both.map(|answer| answer.message())
    });
    assert_eq!(said, ["first", "first", "second", "second"]);
}

#[test]
fn an_edit_of_the_file_or_of_a_module_needs_a_restart() {
    let trace = js("var module = require('./module');
        ({ stmts: function() { return { ok: { message: 'old ' + module } }; } })")
    .file("module.js", "module.exports = 'old';");
    let (script, module) = (trace.path(), trace.folder().join("module.js"));
    let written = [&script, &module].map(|path| std::fs::read_to_string(path).unwrap());
    let said = trace.play(|mock| {
        let before = mock.answer("x").message();
        std::fs::write(&script, "({ stmts: [{ ok: { message: 'new' } }] })").unwrap();
        std::fs::write(&module, "module.exports = 'new';").unwrap();
        let after = mock.answer("x").message();
        std::fs::write(&script, &written[0]).unwrap();
        std::fs::write(&module, &written[1]).unwrap();
        [before, after]
    });
    assert_eq!(said, ["old old", "old old"]);
}

#[test]
fn only_mysqld_global_is_shared_with_other_sessions() {
    let trace = js("var own = 0;
        var module = require('./module');
        var count = function(object) { return object.leak = (object.leak || 0) + 1; };
        ({ stmts: function() {
             own++;
             sloppy = (typeof sloppy === 'undefined' ? 0 : sloppy) + 1;
             mysqld.global.all = (mysqld.global.all || 0) + 1;
             return { ok: { message: [own, ++module.n, sloppy, count(Array.prototype),
               count(Object), count(JSON), count(Math), count(console), count(process),
               count(process.env), count(mysqld), count(mysqld.session), count(require),
               count(require('path')), count(Function.prototype), mysqld.global.all].join() } };
        } })")
    .file("module.js", "exports.n = 0;");
    let said = trace.play(|mock| {
        let mut clients: Vec<_> = (0..6).map(|_| mock.login()).collect();
        let answers = clients.iter_mut().map(|client| client.query("x").message());
        let answers: Vec<String> = answers.collect();
        // A session that has ended leaves nothing behind, either.
        drop(clients);
        [answers, vec![mock.answer("x").message()]].concat()
    });
    for (session, said) in said.iter().enumerate() {
        // `Function.prototype` has `Object` and `require` below it, which inherit its count.
        let all = format!(",{}", session + 1);
        let own = said
            .strip_suffix(&all)
            .unwrap_or_else(|| panic!("{said}: {all}"));
        assert_eq!(own, "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "session {session}");
    }
}

#[test]
fn a_builtin_that_one_session_breaks_works_in_the_next() {
    let trace = js("({ stmts: function(stmt) {
        if (stmt === 'break') {
          Array.prototype.join = null; JSON.stringify = null; Object.keys = null;
          String.prototype.toUpperCase = null; Math.max = null;
        }
        return { ok: { message: [JSON.stringify(Object.keys({ a: 1 })), Math.max(1, 2),
          'up'.toUpperCase()].join() } };
    } })");
    let said = trace.play(|mock| {
        let broken = (0..4)
            .map(|_| mock.answer("break").refusal().code)
            .collect::<Vec<_>>();
        let whole = (0..4)
            .map(|_| mock.answer("use").message())
            .collect::<Vec<_>>();
        (broken, whole)
    });
    assert_eq!(said.0, [1064; 4]);
    assert_eq!(said.1, ["[\"a\"],2,UP"; 4]);
}

#[test]
fn a_syntax_error_is_sent_with_file_and_line_in_place_of_the_greeting() {
    let refusal = refused(&js("var a = 1;\n\n\n\n({ stmts: [{ ok: } ] })\n"));
    assert_eq!(refusal.code, 1064);
    assert!(
        refusal
            .message
            .contains("$DIR/trace.js:5: SyntaxError: parse error"),
        "{refusal:?}"
    );
    let trace = js("require('./broken'); ({ stmts: [] })").file("broken.js", "\n\nvar = 5;\n");
    let refusal = refused(&trace);
    assert_eq!(refusal.code, 1064);
    assert!(
        refusal
            .message
            .contains("broken.js:3: SyntaxError: parse error"),
        "{refusal:?}"
    );
}

#[test]
fn any_other_error_of_loading_is_sent_in_place_of_the_greeting() {
    for (text, message) in [
        (
            "\n\nthrow new RangeError('far');",
            "at $DIR/trace.js:3: RangeError: far",
        ),
        ("throw 'my own words';", "my own words"),
        (
            "({ stmts: 5 })",
            "expected 'stmts' to be one of callable, thread or array, got ",
        ),
        (
            "require('nowhere'); ({ stmts: [] })",
            "Cannot find module: nowhere",
        ),
    ] {
        let refusal = refused(&js(text));
        assert_eq!(refusal.code, 1064, "{text}");
        assert!(refusal.message.contains(message), "{text}: {refusal:?}");
    }
    let thrown = refused(&js("throw 'my own words';"));
    assert_eq!(
        thrown.message, "my own words",
        "a thrown string is sent bare"
    );
}

#[test]
fn a_script_that_fails_to_load_does_not_stop_the_server_and_each_client_gets_the_error() {
    let trace = js("({ stmts: 'x' })");
    let codes = trace.play(|mock| [(); 3].map(|()| mock.greeting().unwrap_err().code));
    assert_eq!(codes, [1064; 3]);
}

#[test]
fn a_script_may_fail_for_one_connection_only() {
    let trace = js("mysqld.global.n = (mysqld.global.n || 0) + 1;
        if (mysqld.global.n === 2) throw 'not twice';
        ({ stmts: [] })");
    let said =
        trace.play(|mock| [(); 3].map(|()| mock.greeting().err().map(|refusal| refusal.message)));
    assert_eq!(said, [None, Some("not twice".to_owned()), None]);
}

#[test]
fn a_script_that_fails_to_load_is_logged_at_the_start() {
    let trace = js("var a = 1;\n({ stmts: [ } )");
    trace.play(|mock| {
        let log = trace.shorten(&mock.log());
        assert!(
            log.contains("$DIR/trace.js:2: SyntaxError: parse error"),
            "{log}"
        );
    });
}

#[test]
fn a_file_that_is_missing_or_unreadable_ends_the_program_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for isolation in ["auto", "context"] {
        for path in [
            folder.path().join("missing.js"),
            folder.path().to_path_buf(),
        ] {
            let mut program = program();
            program.args(["--port", "0", "--filename"]).arg(&path);
            if crate::harness::isolation_is_there() {
                program.args(["--isolation", isolation]);
            }
            let output = program.output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains(path.to_str().unwrap()), "{said}");
        }
    }
}

#[test]
fn all_connections_share_one_global_scope() {
    let trace = js("({ stmts: function(stmt) {
        if (stmt !== 'get') mysqld.global.kept = stmt;
        return { ok: { message: String(mysqld.global.kept) } };
    } })");
    let said = trace.play(|mock| {
        let mut first = mock.login();
        let mut second = mock.login();
        let said = [
            first.query("one"),
            second.query("get"),
            second.query("two"),
            first.query("get"),
        ];
        said.map(|answer| answer.message())
    });
    assert_eq!(said, ["one", "one", "two", "two"]);
}
