//! `Duktape`, but for its threads.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use std::sync::Mutex;

use common::{Dir, ask, error, error_parts, message, ok, on_worker, open, with_session};
use log::{Level, LevelFilter, Log, Metadata, Record};
use mynah_session::Outcome;

struct Lines(Mutex<Vec<(Level, String)>>);

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        if record.target() == "mynah_script::console" {
            let line = (record.level(), record.args().to_string());
            self.0.lock().unwrap().push(line);
        }
    }

    fn flush(&self) {}
}

static LINES: Lines = Lines(Mutex::new(Vec::new()));

#[test]
fn a_logger_writes_lines_of_its_level_to_the_log() {
    assert!(log::set_logger(&LINES).is_ok());
    log::set_max_level(LevelFilter::Trace);
    let dir = Dir::new();
    dir.write("module.js", "exports.logger = new Duktape.Logger();");
    dir.write(
        "t.js",
        "var own = new Duktape.Logger(), named = new Duktape.Logger('named'),
            none = new Duktape.Logger(null), module = require('./module').logger;
        ({stmts: function () {
            own.info('a', 1, true, null, undefined, [1, 2], {toLogString: function () { return 'x'; }});
            named.debug('not shown');
            named.l = 0;
            named.trace('t'); named.debug('d'); named.warn('w'); named.error('e'); named.fatal('f');
            named.n = 'renamed';
            named.info('i', '\\u0007');
            none.info('none');
            module.info('module');
            Duktape.Logger.clog.warn('clog');
            Duktape.Logger.prototype.l = 3;
            own.info('not shown either');
            var raw = [], old = Duktape.Logger.prototype.raw;
            Duktape.Logger.prototype.raw = function (line) { raw.push(line); };
            own.error('mine');
            Duktape.Logger.prototype.raw = old;
            own.raw('whole line');
            Duktape.Logger.prototype.fmt = function () { return 'formatted'; };
            own.warn({});
            return {ok: {message: raw.join().replace(/^[-0-9]+T[:.0-9]+Z/, 'TIME')}};
        }})",
    );
    let trace = dir.load("t.js");
    assert_eq!(trace.problem(), None);
    let said = on_worker(|| message(ask(&mut open(&trace), "x")));
    assert_eq!(said, "TIME ERR t.js: mine");
    let want = [
        (Level::Info, "t.js: a 1 true null undefined 1,2 x"),
        (Level::Trace, "named: t"),
        (Level::Debug, "named: d"),
        (Level::Warn, "named: w"),
        (Level::Error, "named: e"),
        (Level::Error, "named: f"),
        (Level::Info, "renamed: i \\u{7}"),
        (Level::Info, "anon: none"),
        (Level::Info, "module.js: module"),
        (Level::Warn, "C: clog"),
        (Level::Info, "whole line"),
        (Level::Warn, "t.js: formatted"),
    ];
    assert_eq!(
        *LINES.0.lock().unwrap(),
        want.map(|(level, line)| (level, line.to_owned()))
    );
}

/// What an expression is worth as JSON, or what it throws.
fn value(expression: &str) -> String {
    let script = format!(
        "({{stmts: function () {{ return {{ok: {{message: String(JSON.stringify({expression}))}}}}; }}}})"
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
        ("typeof Duktape", r#""object""#),
        ("Duktape === Duktape", "true"),
        ("Duktape.version", "20700"),
        ("Duktape.enc('hex', 'fü')", r#""66c3bc""#),
        ("Duktape.enc('hex', Uint8Array.of(0, 255))", r#""00ff""#),
        ("Duktape.enc('hex', '')", r#""""#),
        ("String(Duktape.dec('hex', '66C3bc'))", r#""fü""#),
        ("Duktape.dec('hex', '00ff')[1]", "255"),
        ("String(Duktape.dec('hex', 'ff')).charCodeAt(0)", "255"),
        ("Duktape.enc('base64', '')", r#""""#),
        ("Duktape.enc('base64', 'f')", r#""Zg==""#),
        ("Duktape.enc('base64', 'fo')", r#""Zm8=""#),
        ("Duktape.enc('base64', 'foo')", r#""Zm9v""#),
        ("Duktape.enc('base64', 'foobar ü')", r#""Zm9vYmFyIMO8""#),
        (
            "String(Duktape.dec('base64', 'Zm9vYmFyIMO8'))",
            r#""foobar ü""#,
        ),
        ("String(Duktape.dec('base64', 'Zg=='))", r#""f""#),
        ("String(Duktape.dec('base64', 'Zm8'))", r#""fo""#),
        (
            "Duktape.enc('jx', {a: undefined, 'b c': NaN, d: [Infinity, -Infinity, 'a:\"'], e: function () {}})",
            r#""{a:undefined,\"b c\":NaN,d:[Infinity,-Infinity,\"a:\\\"\"],e:{_func:true}}""#,
        ),
        (
            "Duktape.enc('jc', {a: undefined, b: [NaN, -Infinity], c: 1})",
            r#""{\"a\":{\"_undef\":true},\"b\":[{\"_nan\":true},{\"_ninf\":true}],\"c\":1}""#,
        ),
        ("Duktape.gc()", "true"),
        ("Duktape.compact({a: 1})", r#"{"a":1}"#),
        (
            "[Duktape.fin({}, function () {}), Duktape.act(-1)]",
            "[null,null]",
        ),
        ("(Duktape.mine = 1, Duktape.mine)", "1"),
        (
            "(Duktape.enc = 1, [Duktape.enc, typeof Duktape.dec])",
            r#"[1,"function"]"#,
        ),
        ("(Duktape = {own: 1}, Duktape)", r#"{"own":1}"#),
        ("Duktape.Logger === Duktape.Logger", "true"),
    ];
    for (expression, want) in cases {
        assert_eq!(value(expression), want, "{expression}");
    }
}

#[test]
fn what_has_no_value_throws() {
    let cases = [
        (
            "Duktape.Logger('x')",
            "TypeError: Duktape.Logger is a constructor",
        ),
        (
            "Duktape.enc('rot13', 'x')",
            "TypeError: unknown format: rot13",
        ),
        (
            "Duktape.dec('toString', 'x')",
            "TypeError: unknown format: toString",
        ),
        ("Duktape.dec('hex', 'abc')", "TypeError: hex decode failed"),
        (
            "Duktape.dec('base64', '?')",
            "TypeError: base64 decode failed",
        ),
    ];
    for (expression, want) in cases {
        let said = value(expression);
        assert!(said.ends_with(want), "{expression}: {said}");
    }
}

#[test]
fn what_a_session_does_to_it_is_its_own() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "Duktape.n = (Duktape.n || 0) + 1;
        Duktape.Logger.prototype.l += 1;
        ({stmts: function () { return {ok: {message: Duktape.n + ' ' + new Duktape.Logger().l}}; }})",
    );
    let trace = dir.load("t.js");
    on_worker(|| {
        for _ in 0..3 {
            assert_eq!(ok(ask(&mut open(&trace), "x")).message, "1 3");
        }
    });
}
