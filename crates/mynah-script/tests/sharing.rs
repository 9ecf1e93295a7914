//! That sessions of one thread see nothing of each other, however they try.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use std::time::Duration;

use common::{Dir, ask, error, error_parts, message, ok, on_worker};
use mynah_session::{Connection, Handler};

/// Scripts whose session changes something and says what it found: `1` in each session anew.
const ATTEMPTS: &[(&str, &str)] = &[
    ("a variable", "var n = 0; function act() { return ++n; }"),
    (
        "a closure",
        "var next = (function () { var n = 0; return function () { return ++n; }; })();
        function act() { return next(); }",
    ),
    (
        "a module",
        "var m = require('./m'); function act() { m.n = (m.n || 0) + 1; return m.n; }",
    ),
    (
        "a module's variable",
        "var m = require('./m'); function act() { return m.next(); }",
    ),
    (
        "a module required late",
        "function act() { return require('./m').next(); }",
    ),
    (
        "a JSON module",
        "var d = require('./d'); function act() { return ++d.n; }",
    ),
    (
        "a built-in module",
        "var e = require('events');
        function act() { e.n = (e.n || 0) + 1; return e.n; }",
    ),
    (
        "console",
        "function act() { console.n = (console.n || 0) + 1; return console.n; }",
    ),
    (
        "process",
        "function act() { process.n = (process.n || 0) + 1; return process.n; }",
    ),
    (
        "process.env",
        "function act() { process.env.N = +(process.env.N || 0) + 1; return process.env.N; }",
    ),
    (
        "process.stdout",
        "function act() { var o = process.stdout; o.n = (o.n || 0) + 1; return o.n; }",
    ),
    (
        "mysqld",
        "function act() { mysqld.n = (mysqld.n || 0) + 1; return mysqld.n; }",
    ),
    (
        "mysqld.session",
        "function act() { var s = mysqld.session; s.n = (s.n || 0) + 1; return s.n; }",
    ),
    (
        "a symbol of mysqld.global",
        "var s = Symbol.iterator; function act() {
        mysqld.global[s] = (mysqld.global[s] || 0) + 1; return mysqld.global[s]; }",
    ),
    (
        "a class",
        "class A { static next() { return A.n = (A.n || 0) + 1; } }
        function act() { return A.next(); }",
    ),
    (
        "a generator",
        "function* g() { for (var n = 1; ; n++) yield n; } var it = g();
        function act() { return it.next().value; }",
    ),
    (
        "a template",
        "function tag(t) { return t; } var m = new WeakMap();
        function act() { var t = tag`x`; m.set(t, (m.get(t) || 0) + 1); return m.get(t); }",
    ),
    (
        "a pattern",
        "var p = /a/g; function act() { p.test('aaaaa'); return p.lastIndex; }",
    ),
    (
        "an implicit global",
        "function act() { if (typeof n === 'undefined') n = 0; return ++n; }",
    ),
    (
        "a global object",
        "function act() { this.n = (this.n || 0) + 1; return this.n; }",
    ),
    (
        "a prototype",
        "function act() { var p = Object.prototype; p.n = (p.n || 0) + 1;
        var r = p.n; return r; }",
    ),
    (
        "eval",
        "function act() { return eval('n = (typeof n === \"undefined\" ? 0 : n) + 1'); }",
    ),
    (
        "a method of a built-in prototype",
        "function act() { var f = ''.trim; var r = (f.n || 0) + 1; f.n = r; return r; }",
    ),
    (
        "require's function",
        "function act() { require.n = (require.n || 0) + 1; return require.n; }",
    ),
];

#[test]
fn what_a_session_keeps_is_its_own() {
    for (what, script) in ATTEMPTS {
        let dir = Dir::new();
        dir.write(
            "m.js",
            "var n = 0; exports.next = function () { return ++n; };",
        );
        dir.write("d.json", "{\"n\": 0}");
        let trace = format!(
            "{script}\n({{stmts: function () {{ return {{ok: {{message: String(act())}}}}; }}}})"
        );
        dir.write("t.js", &trace);
        let trace = dir.load("t.js");
        on_worker(|| {
            let worker = trace.worker();
            let open = || worker.open(Connection { id: 1, port: 3306 });
            let (mut one, mut other) = (open(), open());
            let ones = [message(ask(&mut one, "x")), message(ask(&mut one, "x"))];
            let others = [message(ask(&mut other, "x")), message(ask(&mut other, "x"))];
            let class = trace.class();
            assert_eq!(ones, others, "{what} ({class})");
            assert_eq!(ones[0], "1", "{what} ({class})");
            drop((one, other));
            assert_eq!(message(ask(&mut open(), "x")), "1", "{what} ({class})");
        });
    }
}

#[test]
fn lists_may_have_properties_that_are_named_as_methods_of_lists() {
    let script = "class Stack extends Array {}
        Stack.prototype.map = function () { return 42; };
        function Old() {}
        Old.prototype = Object.create(Array.prototype);
        Old.prototype.join = function () { return 'old'; };
        var n = 0;
        ({stmts: function () {
            var list = [1, 2];
            list.keys = 'own';
            n += 1;
            var found = [new Stack().map(), new Old().join(), list.keys, Object.keys(list).join('/'), [3].map(String)];
            return {ok: {message: found.join()}};
        }})";
    let dir = Dir::new();
    dir.write("t.js", script);
    let trace = dir.load("t.js");
    on_worker(|| {
        let worker = trace.worker();
        let mut session = worker.open(Connection { id: 1, port: 3306 });
        let found = message(ask(&mut session, "x"));
        assert_eq!(found, "42,old,own,0/1/keys,3");
    });
}

#[test]
fn names_made_up_at_run_time_lead_to_nothing_that_is_shared() {
    let acts = [
        "[][k][k]('return this')().n = 1",
        "[][k].n = 1",
        "[][proto].n = 1",
        "({})[proto].n = 1",
        "({})[proto].toString = function () { return 1; }",
        "(function () {})[k]('n = 1')()",
        "(function* () {})[k]('n = 1')().next()",
        "({})[k].keys = 1",
        "({})[k].assign(({})[proto], {n: 1})",
        "[][proto].push = 1",
        "new Map()[proto].get = 1",
        "''[k].n = 1",
        "[].push.n = 1",
    ];
    let dir = Dir::new();
    let cases: Vec<_> = acts
        .iter()
        .map(|act| format!("function () {{ {act}; }}"))
        .collect();
    let script = format!(
        "var acts = [{}], k = ['cons', 'tructor'].join(''), proto = ['__pro', 'to__'].join('');
         ({{stmts: function (stmt) {{
            if (stmt !== 'look') {{ acts[stmt](); return {{ok: {{}}}}; }}
            var found = [typeof n, typeof [].n, typeof [].push, typeof ({{}}).n, String({{}}),
                typeof Object.keys, typeof Object.n, typeof ''[k].n, typeof new Map().get, typeof [].push.n];
            return {{ok: {{message: found.join()}}}};
         }}}})",
        cases.join(", ")
    );
    dir.write("t.js", &script);
    let trace = dir.load("t.js");
    on_worker(|| {
        for (act, text) in acts.iter().enumerate() {
            let worker = trace.worker();
            let open = || worker.open(Connection { id: 1, port: 3306 });
            let (mut one, mut other) = (open(), open());
            let _whatever = one.statement(&mynah_session::Statement::query(act.to_string()));
            for session in [&mut other, &mut open()] {
                let found = message(ask(session, "look"));
                let clean = "undefined,undefined,function,undefined,[object Object],function,undefined,undefined,function,undefined";
                assert_eq!(found, clean, "{text}");
            }
        }
    });
}

#[test]
fn a_session_that_is_ended_hurts_none_that_shares_its_context() {
    let script = "var n = 0;
        function deep(f) { return f(); }
        var acts = {
            loop: function () { for (;;) {} },
            loop_in_calls: function () { deep(function () { deep(function () { for (;;) {} }); }); },
            recursion: function f() { return f(); },
            recursion_in_callbacks: function f() { [1].forEach(f); },
            thrown: function () { throw new Error('x'); },
        };
        ({stmts: function (stmt) {
            if (acts[stmt]) acts[stmt]();
            n += 1;
            return {ok: {affected_rows: n}};
        }})";
    let dir = Dir::new();
    dir.write("t.js", script);
    let trace = dir.load_for_work("t.js", Duration::from_millis(50));
    on_worker(|| {
        let worker = trace.worker();
        let open = || worker.open(Connection { id: 1, port: 3306 });
        let mut others: Vec<_> = (0..3).map(|_| open()).collect();
        let mut asked = 0;
        let acts = [
            "loop",
            "recursion",
            "loop_in_calls",
            "recursion_in_callbacks",
            "thrown",
        ];
        for round in 0..4 {
            for act in acts {
                // Sessions of the first context, too, can go too far one after the other.
                let mut naughty = open();
                ok(ask(&mut naughty, "x"));
                let mut last = open();
                let refused = error_parts(&error(ask(&mut naughty, act))).2;
                asked += 1;
                for other in &mut others {
                    assert_eq!(ok(ask(other, "x")).affected_rows, asked, "{act}, {round}");
                }
                assert_eq!(ok(ask(&mut last, "x")).affected_rows, 1, "{refused}");
            }
        }
        // Also when they are ended in one and the same context, again and again.
        let mut many: Vec<_> = (0..12).map(|_| open()).collect();
        let mut last = many.pop().unwrap();
        for (index, naughty) in many.iter_mut().enumerate() {
            let act = acts[index % 4];
            error(ask(naughty, act));
            let next = u64::try_from(index).unwrap() + 1;
            assert_eq!(ok(ask(&mut last, "x")).affected_rows, next, "{act}");
        }
        // What is deep but not too deep still is no error.
        ok(ask(&mut last, "x"));
    });
}

#[test]
fn sessions_in_one_context_have_threads_of_their_own() {
    let dir = Dir::new();
    dir.write(
        "local_modules/steps.js",
        "exports.answer = function (text) { return Duktape.Thread.yield({ok: {message: text}}); };
        exports.log = new Duktape.Logger('steps');",
    );
    dir.write(
        "t.js",
        "var steps = require('./local_modules/steps'), n = 0;
        ({stmts: new Duktape.Thread(function (stmt) {
            Duktape.mine = (Duktape.mine || 0) + 1;
            var me = Duktape.Thread.current();
            for (;;) {
                n++;
                if (stmt === 'loop') for (;;);
                if (stmt === 'throw') throw 'out';
                var same = me === Duktape.Thread.current();
                stmt = steps.answer([stmt, n, Duktape.mine, same, steps.log.n].join());
            }
        })})",
    );
    let trace = dir.load_for_work("t.js", Duration::from_millis(300));
    assert_eq!(trace.problem(), None);
    on_worker(|| {
        let worker = trace.worker();
        let open = || worker.open(Connection { id: 1, port: 1 });
        let (one, other) = (&mut open(), &mut open());
        for n in 1..=3 {
            for session in [&mut *one, &mut *other] {
                assert_eq!(ok(ask(session, "x")).message, format!("x,{n},1,true,steps"));
            }
        }
        drop(open());
        let third = &mut open();
        assert_eq!(ok(ask(third, "x")).message, "x,1,1,true,steps");
        assert_eq!(
            error_parts(&error(ask(one, "throw"))).2,
            "executing statement failed: out"
        );
        assert!(
            error_parts(&error(ask(one, "x")))
                .2
                .contains("invalid state")
        );
        let looped = error_parts(&error(ask(other, "loop"))).2;
        let ended = looped.contains("ran for longer than") || looped.contains("RuntimeLimitError");
        assert!(ended, "{looped}");
        assert_eq!(ok(ask(third, "y")).message, "y,2,1,true,steps");
        assert_eq!(ok(ask(&mut open(), "z")).message, "z,1,1,true,steps");
    });
}
