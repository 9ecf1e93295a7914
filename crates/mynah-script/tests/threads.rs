//! `Duktape.Thread`, and generators, as `stmts`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use std::time::{Duration, Instant};

use common::{Dir, ask, error, error_parts, message, ok, on_worker, open, with_session};
use mynah_session::{Outcome, Reply};

/// What a reply says: the message of an OK, or of an error.
fn said(reply: Reply) -> String {
    match reply.outcome {
        Outcome::Ok(_) => message(reply),
        _ => error_parts(&error(reply)).2,
    }
}

/// What the statements `1`, `2`, … are answered.
fn answers(script: &str, count: usize) -> Vec<String> {
    with_session("t.js", script, |session| {
        let answers = (1..=count).map(|n| said(ask(session, &n.to_string())));
        answers.collect()
    })
}

/// What an expression is worth as JSON, or what it throws; with `Thread`, `resume` and
/// `yield_` at hand.
fn value(expression: &str) -> String {
    let script = format!(
        "var Thread = Duktape.Thread, resume = Thread.resume, yield_ = Thread.yield;
        ({{stmts: function () {{ return {{ok: {{message: String(JSON.stringify({expression}))}}}}; }}}})"
    );
    with_session("t.js", &script, |session| said(ask(session, "x")))
}

const FAILED: &str = "executing statement failed: ";

#[test]
fn a_thread_is_resumed_with_each_statement_and_yields_its_answer() {
    let script = "({stmts: new Duktape.Thread(function (stmt) {
        for (var n = 1; ; n++) stmt = Duktape.Thread.yield({ok: {message: n + ':' + stmt}});
    })})";
    assert_eq!(answers(script, 3), ["1:1", "2:2", "3:3"]);
}

#[test]
fn what_a_thread_returns_is_its_last_answer() {
    let script = "({stmts: new Duktape.Thread(function (stmt) {
        Duktape.Thread.yield({ok: {message: 'first'}});
        return {ok: {message: 'last'}};
    })})";
    let said = answers(script, 4);
    assert_eq!(said[..2], ["first", "last"]);
    for said in &said[2..] {
        assert!(
            said.starts_with(FAILED) && said.contains("invalid state"),
            "{said}"
        );
    }
}

#[test]
fn a_thread_yields_from_however_deep() {
    let script = "
        function answer(text) { return Duktape.Thread.yield({ok: {message: text}}); }
        var getter = {get it() { return answer('getter'); }};
        var proxy = new Proxy({}, {get: function () { return answer('proxy'); }});
        function F() { answer('new'); }
        ({stmts: new Duktape.Thread(function (stmt) {
            [1, 2].forEach(function (n) { answer('forEach ' + n); });
            [1].map(function () { [2].filter(function () { answer('filter'); }); });
            getter.it;
            proxy.it;
            new F();
            'a'.replace(/a/, function () { answer('replace'); return ''; });
            [2, 1].sort(function (a, b) { answer('sort'); return a - b; });
            JSON.stringify({toJSON: function () { answer('toJSON'); }});
            String({toString: function () { answer('toString'); return ''; }});
            (function deeper(n) { if (n) deeper(n - 1); else answer('deep'); })(500);
            try { answer('try'); } finally { answer('finally'); }
            eval('answer(\"eval\")');
            for (var x of (function* () { yield answer('generator'); })()) answer('of');
            return {ok: {message: 'end'}};
        })})";
    let want = "forEach 1,forEach 2,filter,getter,proxy,new,replace,sort,toJSON,toString,deep,try,\
                finally,eval,generator,of,end";
    assert_eq!(answers(script, 17).join(), want);
}

trait Join {
    fn join(&self) -> String;
}

impl Join for Vec<String> {
    fn join(&self) -> String {
        self.as_slice().join(",")
    }
}

#[test]
fn threads_are_driven_from_javascript() {
    let cases = [
        (
            "the first value is the argument, others what yield returns",
            "(function () { var t = new Thread(function (a) { var b = yield_(a + 1); return a + b; });
             return [resume(t, 1), resume(t, 10)]; })()",
            "[2,11]",
        ),
        (
            "without values",
            "(function () { var t = new Thread(function (a) { return [typeof a, typeof yield_()]; });
             return [typeof resume(t), resume(t)]; })()",
            r#"["undefined",["undefined","undefined"]]"#,
        ),
        (
            "this",
            "resume(new Thread(function () { 'use strict'; return typeof this; }))",
            "\"undefined\"",
        ),
        (
            "threads that drive threads",
            "(function () {
                function counter(from) { return new Thread(function () {
                    for (;;) yield_(from++); }); }
                var both = new Thread(function () {
                    var a = counter(10), b = counter(20);
                    for (;;) yield_([resume(a), resume(b)]);
                });
                return [resume(both), resume(both), resume(both)];
            })()",
            "[[10,20],[11,21],[12,22]]",
        ),
        (
            "a thread that another began",
            "(function () {
                var inner = new Thread(function (v) { for (;;) v = yield_('inner ' + v); });
                var outer = new Thread(function (v) { for (;;) v = yield_(resume(inner, v)); });
                return [resume(outer, 1), resume(inner, 2), resume(outer, 3), resume(inner, 4)];
            })()",
            r#"["inner 1","inner 2","inner 3","inner 4"]"#,
        ),
        (
            "what a thread throws reaches its resumer",
            "(function () { var t = new Thread(function () { yield_(1); throw new RangeError('r'); });
             resume(t); try { resume(t); } catch (e) { return [e instanceof RangeError, e.message]; } })()",
            r#"[true,"r"]"#,
        ),
        (
            "over two threads",
            "(function () {
                var inner = new Thread(function () { throw 'far'; });
                var outer = new Thread(function () { resume(inner); });
                try { resume(outer); } catch (e) { return e; }
            })()",
            "\"far\"",
        ),
        (
            "resume can throw into a thread",
            "(function () { var t = new Thread(function () {
                try { yield_(1); } catch (e) { return 'caught ' + e; } });
             return [resume(t), resume(t, 'x', true)]; })()",
            r#"[1,"caught x"]"#,
        ),
        (
            "resume can throw into a thread that doesn't catch it",
            "(function () { var t = new Thread(function () { yield_(1); }); resume(t);
             try { resume(t, 'x', true); } catch (e) { return e; } })()",
            "\"x\"",
        ),
        (
            "resume can throw into a new thread, and so ends it",
            "(function () { var ran = 0, t = new Thread(function () { ran++; }), said = [];
             for (var i = 0; i < 2; i++)
                try { resume(t, 'x', true); } catch (e) { said.push(String(e)); }
             return [ran, said]; })()",
            r#"[0,["x","TypeError: invalid state"]]"#,
        ),
        (
            "yield can throw at the resumer",
            "(function () { var t = new Thread(function () { yield_('x', true); return 'on'; });
             try { resume(t); } catch (e) { return [e, resume(t)]; } })()",
            r#"["x","on"]"#,
        ),
        (
            "current",
            "(function () { var c = Thread.current, t = new Thread(function () { return c() === t; });
             return [resume(t), c() === c(), c() === t, typeof c()]; })()",
            r#"[true,true,false,"object"]"#,
        ),
        (
            "its kind",
            "(function () { var t = new Thread(function () {});
             return [t instanceof Thread, typeof t, String(t), t.constructor === Thread,
                Duktape.Thread(function () {}) instanceof Thread]; })()",
            r#"[true,"object","[object Thread]",true,true]"#,
        ),
        (
            "generators within",
            "(function () { function* g() { yield 1; yield 2; }
             var t = new Thread(function () { for (var x of g()) yield_(x); return 'end'; });
             return [resume(t), resume(t), resume(t)]; })()",
            r#"[1,2,"end"]"#,
        ),
        (
            "what is shared is the same",
            "(function () { var list = []; var t = new Thread(function () {
                list.push([] instanceof Array, list instanceof Array, typeof mysqld.session.port,
                    require('util') === require('util'), new Error() instanceof Error); });
             resume(t); return list; })()",
            r#"[true,true,"number",true,true]"#,
        ),
    ];
    for (case, expression, want) in cases {
        assert_eq!(value(expression), want, "{case}");
    }
}

#[test]
fn what_a_thread_can_t_do_is_an_error() {
    let cases = [
        ("yield_(1)", "TypeError: invalid state"),
        ("resume(Thread.current())", "TypeError: invalid state"),
        (
            "(function () { var t = new Thread(function () {}); resume(t); resume(t); })()",
            "TypeError: invalid state",
        ),
        (
            "(function () { var t = new Thread(function () { throw 1; });
             try { resume(t); } catch (e) {} resume(t); })()",
            "TypeError: invalid state",
        ),
        (
            "(function () { var t = new Thread(function () { resume(t); }); resume(t); })()",
            "TypeError: invalid state",
        ),
        (
            "(function () { var a = new Thread(function () { resume(b); });
             var b = new Thread(function () { resume(a); }); resume(a); })()",
            "TypeError: invalid state",
        ),
        ("new Thread()", "TypeError: invalid args"),
        ("new Thread({})", "TypeError: invalid args"),
        ("resume()", "TypeError: thread required"),
        ("resume({})", "TypeError: thread required"),
    ];
    for (expression, want) in cases {
        let said = value(expression);
        assert!(
            said.starts_with(FAILED) && said.ends_with(want),
            "{expression}: {said}"
        );
    }
}

#[test]
fn an_error_of_a_thread_says_where_it_is() {
    let script = "({stmts: new Duktape.Thread(function (stmt) {
        Duktape.Thread.yield({ok: {}});
        null.x;
    })})";
    let said = with_session("t.js", script, |session| {
        ok(ask(session, "x"));
        error_parts(&error(ask(session, "x"))).2
    });
    assert!(said.contains("t.js:3: TypeError: "), "{said}");
}

#[test]
fn a_thread_that_throws_is_over_and_the_session_continues() {
    let script = "({stmts: new Duktape.Thread(function (stmt) {
        Duktape.Thread.yield({ok: {}}); throw 'done'; })})";
    let said = answers(script, 3);
    assert_eq!(said[1], format!("{FAILED}done"));
    assert!(said[2].contains("invalid state"), "{said:?}");
}

#[test]
fn a_wrong_answer_of_a_thread_fails_its_statement_only() {
    let script = "({stmts: new Duktape.Thread(function (stmt) {
        Duktape.Thread.yield(5); Duktape.Thread.yield({});
        return Duktape.Thread.yield({ok: {message: 'well'}}); })})";
    let want = [
        format!("{FAILED}expected 'stmts' to return an 'object', got number, primitive"),
        format!("{FAILED}expected 'error', 'ok' or 'result'"),
        "well".to_owned(),
        format!("{FAILED}expected 'stmts' to return an 'object', got primitive, string"),
    ];
    assert_eq!(answers(script, 4), want);
}

#[test]
fn a_thread_that_never_ends_ends_its_session_only() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "({stmts: new Duktape.Thread(function loop(stmt) {
            for (;;) {
                stmt = Duktape.Thread.yield({ok: {message: stmt}});
                if (stmt === 'loop') for (;;);
                if (stmt === 'nest') Duktape.Thread.resume(new Duktape.Thread(function () { for (;;); }));
                if (stmt === 'spawn') for (;;) Duktape.Thread.resume(new Duktape.Thread(function () {}));
                if (stmt === 'recurse') (function f() { f(); })();
                if (stmt === 'callbacks') (function f() { [1].forEach(f); })();
                if (stmt === 'new') (function F() { new F(); })();
                if (stmt === 'getters') ({get it() { return this.it; }}).it;
                if (stmt === 'threads') (function f() {
                    Duktape.Thread.resume(new Duktape.Thread(f)); })();
            }
        })})",
    );
    let trace = dir.load_for_work("t.js", Duration::from_millis(200));
    on_worker(|| {
        let other = &mut open(&trace);
        ok(ask(other, "first"));
        for way in [
            "loop",
            "nest",
            "spawn",
            "recurse",
            "callbacks",
            "new",
            "getters",
        ] {
            let session = &mut open(&trace);
            assert_eq!(message(ask(session, "first")), "first");
            let said = error_parts(&error(ask(session, way))).2;
            let limits = ["ran for longer than 200ms", "too many calls within calls"];
            assert!(
                limits.iter().any(|limit| said.contains(limit)),
                "{way}: {said}"
            );
            // A call that goes too deep ends the thread only, as what it throws does.
            let over = match said.contains("RangeError") {
                true => "invalid state",
                false => "the script was ended",
            };
            let said = error_parts(&error(ask(session, "more"))).2;
            assert!(said.contains(over), "{way}: {said}");
            assert_eq!(message(ask(other, "still")), "still", "{way}");
        }
        let session = &mut open(&trace);
        ok(ask(session, "first"));
        error(ask(session, "threads"));
        assert_eq!(message(ask(other, "still")), "still");
    });
}

#[test]
fn threads_in_threads_have_an_end() {
    let said = value(
        "(function () { var depth = 0; function f() { depth++; resume(new Thread(f)); }
         try { f(); } catch (e) { return [e.name, depth > 50]; } })()",
    );
    assert_eq!(said, r#"["RangeError",true]"#);
}

#[test]
fn threads_that_can_not_be_resumed_any_more_are_dropped() {
    let script = "var n = 0;
        ({stmts: function () {
            for (var i = 0; i < 110; i++) {
                var t = new Duktape.Thread(function () {
                    var kept = new Array(2000).fill('x'); Duktape.Thread.yield(1); return kept; });
                Duktape.Thread.resume(t);
                n++;
            }
            return {ok: {message: String(n)}};
        }})";
    with_session("t.js", script, |session| {
        for round in 1..=3 {
            assert_eq!(said(ask(session, "x")), (round * 110).to_string());
        }
    });
}

#[test]
fn a_session_with_too_many_threads_gets_an_error() {
    let said = value(
        "(function () { var all = []; try { for (;;) {
            var t = new Thread(function () { yield_(1); }); resume(t); all.push(t); } }
         catch (e) { return [all.length, e.name, e.message]; } })()",
    );
    assert_eq!(
        said,
        r#"[100,"RangeError","more than 100 threads in one session"]"#
    );
}

#[test]
fn a_thread_that_holds_itself_is_dropped_with_its_session() {
    let script = "({stmts: new Duktape.Thread(function (stmt) {
            var me = Duktape.Thread.current(), others = [];
            for (var i = 0; i < 5; i++) {
                others.push(new Duktape.Thread(function (me) { Duktape.Thread.yield(me); }));
                Duktape.Thread.resume(others[i], me);
            }
            try { for (;;) stmt = Duktape.Thread.yield({ok: {message: stmt}}); }
            finally { mysqld.global.ran = true; }
        })})";
    let dir = Dir::new();
    dir.write("t.js", script);
    let globals = std::sync::Arc::new(mynah_script::Globals::new());
    let trace = dir.load_with("t.js", globals.clone());
    on_worker(|| {
        for _ in 0..20 {
            let sessions: Vec<_> = (0..5).map(|_| open(&trace)).collect();
            for mut session in sessions {
                assert_eq!(message(ask(&mut session, "a")), "a");
            }
        }
    });
    assert!(
        !globals.contains("ran"),
        "dropping a thread runs nothing of it"
    );
}

#[test]
fn a_thousand_sessions_may_be_in_a_thread() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "({stmts: new Duktape.Thread(function (stmt) {
            for (var n = 1; ; n++) stmt = Duktape.Thread.yield({ok: {message: n + stmt}}); })})",
    );
    let trace = dir.load("t.js");
    on_worker(|| {
        let mut sessions: Vec<_> = (0..1000).map(|_| open(&trace)).collect();
        for round in 1..=3 {
            for session in &mut sessions {
                assert_eq!(message(ask(session, "x")), format!("{round}x"));
            }
        }
    });
}

#[test]
fn a_generator_answers_statements() {
    let cases = [
        (
            "that asks first",
            "function* g() { var stmt = yield; for (;;) stmt = yield {ok: {message: 'got ' + stmt}}; }
             ({stmts: g()})",
            ["got 1", "got 2", "got 3"],
        ),
        (
            "that answers first",
            "function* g() { var stmt = yield {ok: {message: 'first'}};
                for (;;) stmt = yield {ok: {message: 'got ' + stmt}}; }
             ({stmts: g()})",
            ["first", "got 2", "got 3"],
        ),
        (
            "by its function",
            "({stmts: function* () { var n = arguments.length, stmt = yield;
                for (;;) stmt = yield {ok: {message: n + stmt}}; }})",
            ["01", "02", "03"],
        ),
        (
            "that returns",
            "({stmts: function* () { yield; yield {ok: {message: 'a'}}; return {ok: {message: 'b'}}; }})",
            ["a", "b", "executing statement failed: TypeError: invalid state"],
        ),
        (
            "that returns nothing",
            "({stmts: function* () { yield {ok: {message: 'a'}}; }})",
            [
                "a",
                "the function returned no answer: 2; stmts, t.js line 1",
                "executing statement failed: TypeError: invalid state",
            ],
        ),
        (
            "that is empty",
            "({stmts: function* () {}})",
            ["executing statement failed: TypeError: invalid state"; 3],
        ),
        (
            "that throws",
            "({stmts: function* () { yield; yield {ok: {message: 'a'}}; throw 'out'; }})",
            [
                "a",
                "executing statement failed: out",
                "executing statement failed: TypeError: invalid state",
            ],
        ),
        (
            "that delegates",
            "function* two(stmt) { stmt = yield {ok: {message: 'two ' + stmt}}; return stmt; }
             ({stmts: function* () { var stmt = yield; for (;;) stmt = yield {ok: {message: 'one ' +
                (yield* two(stmt))}}; }})",
            ["two 1", "one 2", "two 3"],
        ),
    ];
    for (case, script, want) in cases {
        assert_eq!(answers(script, 3), want, "{case}");
    }
}

#[test]
fn what_only_looks_like_a_coroutine_is_none() {
    let cases = [
        ("{next: function () {}}", "object"),
        ("[1].values()", "object"),
        ("Duktape.Thread.prototype", "object"),
        ("'x'", "primitive, string"),
    ];
    let dir = Dir::new();
    for (stmts, kind) in cases {
        dir.write("t.js", &format!("({{stmts: {stmts}}})"));
        let want = format!("expected 'stmts' to be one of callable, thread or array, got {kind}");
        assert_eq!(dir.load("t.js").problem(), Some(want.as_str()), "{stmts}");
    }
}

#[test]
fn a_collection_leaves_what_a_suspended_thread_holds() {
    let script = "({stmts: new Duktape.Thread(function (stmt) {
            function yielded(text) { return Duktape.Thread.yield({ok: {message: text}}); }
            for (;;) {
                var list = ['a', {b: ['c']}].map(function (each) {
                    // Only a native frame knows the new array now.
                    stmt = yielded(stmt);
                    return JSON.stringify([each, {here: stmt}]);
                });
                stmt = yielded(list.join());
            }
        })})";
    with_session("t.js", script, |session| {
        let want = [
            "1",
            "2",
            r#"["a",{"here":"2"}],[{"b":["c"]},{"here":"3"}]"#,
            "4",
        ];
        for (n, want) in (1..).zip(want) {
            assert_eq!(said(ask(session, &n.to_string())), want);
            boa_gc::force_collect();
        }
    });
}

#[test]
fn what_a_thread_parses_may_be_as_deep_as_elsewhere() {
    let cases = [
        "resume(new Thread(function () { return eval('('.repeat(199) + '7' + ')'.repeat(199)); }))",
        "resume(new Thread(function () {
            return eval('[' .repeat(199) + '7' + ']'.repeat(199)).flat(Infinity)[0]; }))",
        "resume(new Thread(function () {
            return new Function('return ' + '-('.repeat(190) + '7' + ')'.repeat(190))(); }))",
    ];
    for case in cases {
        assert_eq!(value(case), "7", "{case}");
    }
    let said = value("resume(new Thread(function () { return eval('('.repeat(201)); }))");
    assert!(said.contains("brackets nested deeper than 200"), "{said}");
}

#[test]
fn a_generator_that_never_ends_ends_its_session_only() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "({stmts: function* () { var stmt = yield; for (;;) {
            stmt = yield {ok: {message: stmt}};
            if (stmt === 'loop') for (;;);
        } }})",
    );
    let trace = dir.load_for_work("t.js", Duration::from_millis(200));
    on_worker(|| {
        let (session, other) = (&mut open(&trace), &mut open(&trace));
        assert_eq!(message(ask(session, "a")), "a");
        error(ask(session, "loop"));
        assert_eq!(message(ask(other, "b")), "b");
    });
}

#[test]
fn the_time_for_a_statement_is_counted_anew_for_each() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "var t = new Duktape.Thread(function () { for (;;) Duktape.Thread.yield({}); });
        ({loop: true, stmts: [{get ok() { return Duktape.Thread.resume(t); }}]})",
    );
    let budget = Duration::from_millis(300);
    let trace = dir.load_within("t.js", budget);
    on_worker(|| {
        let (session, begun) = (&mut open(&trace), Instant::now());
        while begun.elapsed() < budget * 2 {
            ok(ask(session, "x"));
        }
    });
}
