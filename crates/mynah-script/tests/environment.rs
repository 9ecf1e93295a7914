//! What a script finds around it: `mysqld`, `process`, `console`.

mod common;

use std::sync::Arc;

use common::{Dir, ask, error, error_parts, message, ok, on_worker, open, with_session};
use mynah_script::Globals;
use mynah_session::{Connection, Handler, Login, Outcome, Tls};

/// The value of an expression, as JSON, or what it throws.
fn value(expression: &str) -> String {
    let script = format!(
        "({{stmts: function () {{ return {{ok: {{message: JSON.stringify({expression}) || \
         'undefined'}}}}; }}}})"
    );
    with_session("t.js", &script, |session| {
        let reply = ask(session, "x");
        match reply.outcome {
            Outcome::Ok(_) => message(reply),
            _ => error_parts(&error(reply)).2,
        }
    })
}

#[test]
fn expressions_have_values() {
    let cases = [
        (
            "mysqld.session",
            r#"{"port":3306,"ssl_cipher":"","mysqlx_ssl_cipher":"","ssl_session_cache_hits":0}"#,
        ),
        ("mysqld.session.username", "undefined"),
        ("process.argv", "[]"),
        ("process.stdout.fd", "1"),
        ("process.stderr.fd", "2"),
        ("typeof process.stdout.write", "\"function\""),
        (
            "process.on('exit', function () { throw 1; }) === process",
            "true",
        ),
        ("process.removeListener('exit', null) === process", "true"),
        ("typeof process.env.PATH", "\"string\""),
        ("process.env.MYNAH_NOPE", "undefined"),
        ("process.env.PATH === process.getenv('PATH')", "true"),
        ("process.getenv('MYNAH_NOPE')", "undefined"),
        (
            "(process.env.MYNAH_OWN = 'x', process.env.MYNAH_OWN)",
            "\"x\"",
        ),
        (
            "[1, 2, 3].map(function () { return typeof process.env.PATH; }).join()",
            "\"string,string,string\"",
        ),
        ("typeof process.cwd()", "\"string\""),
        ("console.log('%s %d', 'a', 1)", "undefined"),
        ("process.stdout.write('')", "true"),
        ("process.stderr.write('')", "true"),
        ("process.nextTick(function () {})", "undefined"),
        ("console.warn({})", "undefined"),
        ("'abc'.substr(1, 1) + escape('ä')", "\"b%E4\""),
        ("'x'.repeat(3)", "\"xxx\""),
        ("Object.assign({a: 1}, {b: 2})", r#"{"a":1,"b":2}"#),
        ("[1, 2, 3].includes(2)", "true"),
    ];
    for (expression, want) in cases {
        assert_eq!(value(expression), want, "{expression}");
    }
}

#[test]
fn next_tick_runs_now() {
    let script = "(function () { var said = []; process.nextTick(function (a, b) { said.push(a + b); }, \
                  1, 2); said.push('after'); return said; })()";
    assert_eq!(value(script), r#"[3,"after"]"#);
    assert!(value("process.nextTick(5)").contains("TypeError"));
}

#[test]
fn mysqld_global_is_an_ordinary_object() {
    let cases = [
        ("mysqld.global.nope", "undefined"),
        ("'nope' in mysqld.global", "false"),
        (
            "(mysqld.global.a = {x: [1]}, mysqld.global.a)",
            r#"{"x":[1]}"#,
        ),
        ("(mysqld.global.a = 1, 'a' in mysqld.global)", "true"),
        (
            "(mysqld.global.a = 1, mysqld.global.hasOwnProperty('a'))",
            "true",
        ),
        ("mysqld.global.hasOwnProperty('a')", "false"),
        (
            "(mysqld.global.b = 1, mysqld.global.a = 2, Object.keys(mysqld.global))",
            r#"["b","a"]"#,
        ),
        (
            "(mysqld.global.b = 1, mysqld.global.a = 2, mysqld.global)",
            r#"{"b":1,"a":2}"#,
        ),
        (
            "(function () { mysqld.global.a = 1; var keys = []; for (var k in mysqld.global) \
             keys.push(k); return keys; })()",
            r#"["a"]"#,
        ),
        ("(mysqld.global.a = 1, delete mysqld.global.a)", "true"),
        (
            "(mysqld.global.a = 1, delete mysqld.global.a, 'a' in mysqld.global)",
            "false",
        ),
        (
            "(mysqld.global.a = 1, mysqld.global.a = undefined, Object.keys(mysqld.global))",
            "[]",
        ),
        (
            "(mysqld.global.a = null, [mysqld.global.a, 'a' in mysqld.global])",
            "[null,true]",
        ),
        (
            "(mysqld.global.a = {n: 1}, mysqld.global.a.n = 2, mysqld.global.a)",
            r#"{"n":1}"#,
        ),
        (
            "(mysqld.global.n = 1, mysqld.global.n++, ++mysqld.global.n)",
            "3",
        ),
        (
            "(mysqld.global[5] = 'five', mysqld.global['5'])",
            "\"five\"",
        ),
        (
            "(mysqld.global['ü €'] = 'ä\\u0000', mysqld.global['ü €'])",
            "\"ä\\u0000\"",
        ),
        ("(mysqld.global.a = 1.5, mysqld.global.a)", "1.5"),
        (
            "(mysqld.global.a = 12345678901, mysqld.global.a)",
            "12345678901",
        ),
        ("mysqld.global.toString()", "\"[object Object]\""),
        ("Object.assign(mysqld.global, {a: 1, b: 2}).b", "2"),
        (
            "(Object.defineProperty(mysqld.global, 'd', {value: 4}), mysqld.global.d)",
            "4",
        ),
        (
            "(mysqld.global[Symbol.for('s')] = 1, mysqld.global[Symbol.for('s')])",
            "1",
        ),
        (
            "(process.set_shared('k', {v: 1}), mysqld.global.k)",
            r#"{"v":1}"#,
        ),
        ("(mysqld.global.k = [1], process.get_shared('k'))", "[1]"),
        ("process.get_shared('k')", "undefined"),
        (
            "(mysqld.global.z = 1, mysqld.global.a = 1, process.get_keys())",
            r#"["z","a"]"#,
        ),
        (
            "(mysqld.global.k = 1, [process.erase('k'), process.erase('k')])",
            "[1,0]",
        ),
    ];
    for (expression, want) in cases {
        assert_eq!(value(expression), want, "{expression}");
    }
}

#[test]
fn sessions_share_globals_and_nothing_else() {
    let dir = Dir::new();
    dir.write("module.js", "exports.n = 0;");
    dir.write(
        "t.js",
        "var own = 0; var module = require('./module');
        ({stmts: function () {
            own += 1; module.n += 1; leaked = (typeof leaked === 'undefined' ? 0 : leaked) + 1;
            Array.prototype.seen = (Array.prototype.seen || 0) + 1;
            mysqld.global.all = (mysqld.global.all || 0) + 1;
            return {ok: {message: [own, module.n, leaked, [].seen, mysqld.global.all].join()}};
        }})",
    );
    let globals = Arc::new(Globals::new());
    let trace = dir.load_with("t.js", globals.clone());
    on_worker(|| {
        let (one, other) = (&mut open(&trace), &mut open(&trace));
        assert_eq!(ok(ask(one, "x")).message, "1,1,1,1,1");
        assert_eq!(ok(ask(one, "x")).message, "2,2,2,2,2");
        assert_eq!(ok(ask(other, "x")).message, "1,1,1,1,3");
        assert_eq!(ok(ask(one, "x")).message, "3,3,3,3,4");
    });
    on_worker(|| assert_eq!(ok(ask(&mut open(&trace), "x")).message, "1,1,1,1,5"));
    assert_eq!(globals.entries(), [("all".to_owned(), "5".into())]);
}

#[test]
fn globals_set_from_outside_are_seen_and_broken_ones_throw() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "({stmts: function (key) { return {ok: {message: mysqld.global[key].a}}; }})",
    );
    let globals = Arc::new(Globals::new());
    globals.set("good", r#"{"a": "yes"}"#).unwrap();
    globals.set("bad", "{").unwrap();
    let trace = dir.load_with("t.js", globals.clone());
    on_worker(|| {
        let session = &mut open(&trace);
        assert_eq!(ok(ask(session, "good")).message, "yes");
        assert!(
            error_parts(&error(ask(session, "bad")))
                .2
                .contains("SyntaxError")
        );
        let new = ("good".to_owned(), r#"{"a": "new"}"#.into());
        globals.replace([new]).unwrap();
        assert_eq!(ok(ask(session, "good")).message, "new");
        assert!(
            error_parts(&error(ask(session, "bad")))
                .2
                .contains("TypeError")
        );
    });
    assert!(globals.contains("good") && globals.remove("good") && !globals.remove("good"));
    assert!(globals.keys().is_empty());
}

#[test]
fn the_port_is_the_connection_s() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "({stmts: [{ok: {message: String(mysqld.session.port)}}]})",
    );
    let trace = dir.load("t.js");
    for port in [0, 65535] {
        let message = on_worker(|| {
            let session = &mut trace.worker().open(Connection { id: 1, port });
            ok(ask(session, "x")).message
        });
        assert_eq!(message, port.to_string());
    }
}

#[test]
fn how_a_connection_is_encrypted_is_seen_from_the_login_on() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "var session = mysqld.session, seen = [];
        function look() {
            seen.push([session.ssl_cipher, session.mysqlx_ssl_cipher, session.ssl_session_cache_hits]);
        }
        look();
        ({
            handshake: function () { look(); },
            stmts: function () { look(); return {ok: {message: JSON.stringify(seen)}}; },
        })",
    );
    let trace = dir.load("t.js");
    let seen = |tls: Option<Tls>| {
        on_worker(|| {
            let session = &mut open(&trace);
            assert!(session.greeting().is_ok());
            let login = Login {
                tls,
                ..Login::default()
            };
            assert!(session.login(&login).is_ok());
            message(ask(session, "x"))
        })
    };
    let tls = Tls {
        cipher: "TLS_AES_256_GCM_SHA384".to_owned(),
        session_cache_hits: 3,
        ..Tls::default()
    };
    let (before, after) = (
        r#"["","",0]"#,
        r#"["TLS_AES_256_GCM_SHA384","TLS_AES_256_GCM_SHA384",3]"#,
    );
    assert_eq!(
        seen(Some(tls)),
        format!("[{before},{before},{after},{after}]")
    );
    assert_eq!(seen(None), format!("[{before},{before},{before},{before}]"));
}
