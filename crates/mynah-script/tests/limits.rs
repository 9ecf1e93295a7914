//! What a script may not do, and that it hurts only its own client.

mod common;

use std::time::Duration;

use common::{Dir, ask, error, error_parts, message, ok, on_worker, open, with_session};
use mynah_script::{Script, Session};

/// A session of a script that may run for so long, counted by its work.
fn with_budget<T: Send>(
    budget: Duration,
    script: &str,
    run: impl FnOnce(&Script, &mut Session) -> T + Send,
) -> T {
    let dir = Dir::new();
    dir.write("t.js", script);
    let trace = dir.load_for_work("t.js", budget);
    on_worker(|| run(&trace, &mut open(&trace)))
}

const NAUGHTY: &str = "
    function recurse() { return recurse(); }
    function F() { return new F(); }
    var getter = { get a() { return this.a; } };
    var deep = []; for (var i = 0; i < 5000; i++) deep = [deep];
    var acts = {
        loop: function () { for (;;) {} },
        loop_with_body: function () { var o = {}; for (var i = 0; ; i++) o[i % 10] = [i]; },
        loop_in_callback: function () { [1].forEach(function () { for (;;) {} }); },
        loop_in_getter: function () { return { get ok() { for (;;) {} } }; },
        loop_that_catches: function () { for (;;) { try { throw 1; } catch (e) {} } },
        recursion: recurse,
        recursion_that_catches: function f() { try { f(); } finally { f(); } },
        recursion_by_new: function () { return new F(); },
        recursion_by_getter: function () { return getter.a; },
        recursion_by_sort: function f() { [2, 1].sort(f); },
        recursion_by_replace: function f() { 'a'.replace(/a/, f); },
        recursion_by_to_string: function () { var o = { toString: function f() { return f(); } };
            return { result: { columns: [{ name: 'a', type: 'LONG' }], rows: [[o]] } }; },
        recursion_by_proxy: function () {
            return new Proxy({}, { get: function (t, k, self) { return self[k]; } }); },
        recursion_by_to_json: function () {
            var o = { toJSON: function () { return JSON.stringify(o); } }; JSON.stringify(o); },
        recursion_by_apply: function f() { f.apply(null, []); },
        recursion_by_reflect: function () { Reflect.construct(function G() {
            Reflect.construct(G, []); }, []); },
        recursion_by_iterator: function () { function f() { for (var x of o) {} }
            var o = { [Symbol.iterator]: f }; f(); },
        recursion_by_generator: function () { function* f() { yield* f(); } f().next(); },
        recursion_by_template: function () { function f() { return `${{ toString: f }}`; } f(); },
        recursion_by_class: function () { class A { constructor() { new A(); } } new A(); },
        recursion_by_destructuring: function () { function f() { var { a } = o; }
            var o = { get a() { return f(); } }; f(); },
        recursion_by_next_tick: function f() { process.nextTick(f); },
        recursion_by_function: function () { f = new Function('f()'); f(); },
        recursion_by_eval: function () { var f = function () { eval('f()'); }; f(); },
    };
    var harmless = {
        nested_eval: function () { eval(new Array(300).join('(')); },
        nested_function: function () { new Function(new Array(300).join('[')); },
        nested_json: function () { JSON.parse(new Array(5000).join('[')); },
        nested_pattern: function () { new RegExp(new Array(5000).join('(')); },
    };
    ({ stmts: function (stmt) {
        if (acts[stmt]) return acts[stmt]() || { ok: {} };
        if (harmless[stmt]) harmless[stmt]();
        if (stmt === 'acts') return { ok: { message: Object.keys(acts).join() } };
        if (stmt === 'harmless') return { ok: { message: Object.keys(harmless).join() } };
        if (stmt === 'deep') return { ok: { message: String(deep) } };
        return { ok: {} };
    } })";

#[test]
fn a_script_that_goes_too_far_is_ended_with_an_error_for_its_client() {
    let budget = Duration::from_millis(500);
    with_budget(budget, NAUGHTY, |trace, session| {
        let acts = message(ask(session, "acts"));
        for act in acts.split(',') {
            let (naughty, other) = (&mut open(trace), &mut open(trace));
            let (code, _, message) = error_parts(&error(ask(naughty, act)));
            assert_eq!(code, 1064, "{act}");
            // A call that goes too deep costs its statement only.
            if message.contains("RangeError: too many calls within calls") {
                assert!(act.starts_with("recursion"), "{act}: {message}");
                ok(ask(naughty, "x"));
                continue;
            }
            let known = ["RuntimeLimitError", "the script ran for longer than 500ms"];
            assert!(
                known.iter().any(|known| message.contains(known)),
                "{act}: {message}"
            );
            assert!(!PLAIN_RECURSION.contains(&act), "{act}: {message}");
            // Its session is over, and says why.
            let (_, _, again) = error_parts(&error(ask(naughty, "x")));
            assert!(again.contains("the script was ended: "), "{act}: {again}");
            // The thread's other sessions are not.
            ok(ask(other, "x"));
        }
        ok(ask(session, "x"));
    });
}

/// What is nothing but calls within calls.
const PLAIN_RECURSION: &[&str] = &[
    "recursion",
    "recursion_by_new",
    "recursion_by_getter",
    "recursion_by_sort",
    "recursion_by_apply",
    "recursion_by_class",
];

const RECURSION: &str = "
    function plain(n) { return plain(n + 1) + 1; }
    function strict() { 'use strict'; return strict() + 1; }
    function even() { return odd() + 1; }
    var odd = function () { return even() + 1; };
    var arrow = n => arrow(n + 1) + 1;
    var getter = { get a() { return this.a; } };
    class A { constructor() { new B(); } }
    class B extends A { constructor() { super(); } method() { return this.method(); } }
    var ways = {
        plain: plain, strict: strict, mutual: even, arrow: arrow,
        constructed: function () { new B(); },
        method: function () { B.prototype.method(); },
        getter: function () { return getter.a; },
        bound: function f() { f.bind(null)(); },
        apply: function f() { f.apply(null, []); },
        sort: function f() { [2, 1].sort(f); },
        map: function f() { [1].map(f); },
        replace: function f() { 'a'.replace(/a/, f); },
        to_string: function f() { return '' + { toString: f }; },
        proxy: function () { new Proxy({}, { get: function (t, k, self) { return self[k]; } }).a; },
        generator: function () { function* f() { yield* f(); } f().next(); },
        iterator: function () { var o = { [Symbol.iterator]: function () { for (var x of o) {} } }; for (var x of o) {} },
        destructuring: function f() { var { a } = { get a() { return f(); } }; },
        template: function f() { return `${f()}`; },
        nested: function f() { try { f(); } catch (e) { throw e; } },
    };
    function caught(f) {
        try { f(); } catch (e) { return String(e); }
        return 'nothing thrown';
    }";

#[test]
fn a_script_catches_calls_that_go_too_deep() {
    let script = format!(
        "{RECURSION}
        ({{ stmts: function (stmt) {{
            if (stmt === 'ways') return {{ ok: {{ message: Object.keys(ways).join() }} }};
            // More often than contexts are kept whose calls were ended.
            for (var i = stmt === 'plain' ? 60 : 1; i > 0; i--) var said = caught(ways[stmt]);
            return {{ ok: {{ message: String(said) }} }};
        }} }})"
    );
    with_budget(Duration::from_secs(3600), &script, |_, session| {
        let ways = message(ask(session, "ways"));
        for way in ways.split(',') {
            let said = message(ask(session, way));
            assert_eq!(said, "RangeError: too many calls within calls", "{way}");
        }
        ok(ask(session, "ways"));
    });
}

#[test]
fn calls_that_go_too_deep_are_caught_wherever_a_script_is() {
    let dir = Dir::new();
    dir.write("deep.js", "exports.deep = function deep() { deep(); };");
    let script = format!(
        "{RECURSION}
        var deep = require('./deep').deep;
        var said = [caught(plain), caught(deep)];
        ({{
            handshake: function () {{ said.push(caught(plain)); return {{}}; }},
            stmts: new Duktape.Thread(function (stmt) {{
                said.push(caught(plain));
                for (;;) stmt = Duktape.Thread.yield({{ ok: {{ message: said.join('; ') }} }});
            }})
        }})"
    );
    dir.write("t.js", &script);
    let trace = dir.load("t.js");
    on_worker(|| {
        let session = &mut open(&trace);
        mynah_session::Handler::greeting(session).unwrap();
        let said = message(ask(session, "x"));
        assert_eq!(
            said,
            ["RangeError: too many calls within calls"; 4].join("; ")
        );
    });
}

#[test]
fn functions_have_their_text_as_it_is_in_the_file() {
    let script = "function f() { return x => x + 1; }
        ({ stmts: function () { return { ok: { message: f + ' ' + f() } }; } })";
    with_session("t.js", script, |session| {
        let want = "function f() { return x => x + 1; } x => x + 1";
        assert_eq!(message(ask(session, "x")), want);
    });
}

#[test]
fn nesting_that_the_parser_could_not_take_is_a_syntax_error() {
    with_session("t.js", NAUGHTY, |session| {
        let harmless = message(ask(session, "harmless"));
        for act in harmless.split(',') {
            let said = error_parts(&error(ask(session, act))).2;
            assert!(said.contains("SyntaxError"), "{act}: {said}");
        }
        ok(ask(session, "deep"));
        ok(ask(session, "x"));
    });
}

#[test]
fn a_file_may_nest_two_hundred_brackets_and_no_more() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("var a =\n{open}{close};\n({{stmts: []}})")
    };
    let dir = Dir::new();
    dir.write("t.js", &nested(200));
    assert_eq!(dir.load("t.js").problem(), None);
    dir.write("t.js", &nested(201));
    let trace = dir.load("t.js");
    let problem = trace.problem().unwrap();
    let want =
        "t.js:2: SyntaxError: parse error: brackets nested deeper than 200 at line 2, col 201";
    assert!(problem.ends_with(want), "{problem}");
}

#[test]
fn what_nests_without_brackets_is_a_syntax_error_at_its_place() {
    let cases = [
        ("unary operators", "!".repeat(50_000) + "1"),
        ("ternaries", "a ? b : ".repeat(50_000) + "c"),
        ("terms", "1".to_owned() + &" + 1".repeat(200_000)),
        ("arrows", "a => ".repeat(20_000) + "a"),
        ("members", "a".to_owned() + &".a".repeat(50_000)),
        ("assignments", "a = ".repeat(50_000) + "a"),
    ];
    let dir = Dir::new();
    for (case, text) in cases {
        let made_up = format!(
            "var unused;\nvar text = '{text}'; ({{stmts: function (stmt) {{
                if (stmt === 'function') new Function('unused =' + text);
                eval('unused =' + text);
            }} }})"
        );
        dir.write(
            "t.js",
            &format!("var unused;\nunused = {text};\n({{stmts: []}})"),
        );
        let trace = dir.load("t.js");
        let problem = trace.problem().unwrap();
        let want = "t.js:2: SyntaxError: parse error: an expression or a statement with too many";
        assert!(problem.contains(want), "{case}: {problem}");
        with_session("t.js", &made_up, |session| {
            for way in ["function", "eval"] {
                let said = error_parts(&error(ask(session, way))).2;
                assert!(said.contains("too many operators"), "{case}: {said}");
            }
        });
    }
    let labels: String = (0..20_000).map(|n| format!("l{n}: ")).collect();
    dir.write("t.js", &format!("{labels};\n({{stmts: []}})"));
    let trace = dir.load("t.js");
    let problem = trace.problem().unwrap();
    assert!(
        problem.contains("too many operators at line 1"),
        "{problem}"
    );
}

#[test]
fn a_script_that_loops_when_it_is_loaded_is_ended() {
    let loops = "for (;;) {}";
    with_budget(Duration::from_millis(100), loops, |trace, _| {
        assert!(trace.problem().is_some());
    });
    let greets = "({stmts: [], handshake: function () { for (;;) {} }})";
    with_budget(Duration::from_millis(100), greets, |_, session| {
        let failure = mynah_session::Handler::greeting(session).unwrap_err();
        assert_eq!(failure.code, 1064);
    });
}

#[test]
fn a_budget_is_for_each_statement_anew() {
    let script = "({stmts: function () {
        for (var round = 0; round < 50000; round++) {}
        return {ok: {}};
    }})";
    with_budget(Duration::from_millis(300), script, |_, session| {
        for _ in 0..10 {
            ok(ask(session, "x"));
        }
    });
}

#[test]
fn thousands_of_throws_leave_a_session_as_it_was() {
    let script = "
        function F() { throw new Error('in new'); }
        function plain() { throw 'plain'; }
        var bound = plain.bind(null);
        var proxy = new Proxy(plain, {});
        var ways = {
            plain: plain,
            error: function () { throw new TypeError('x'); },
            construct: function () { new F(); },
            bound: function () { bound(1, 2, 3); },
            proxy: function () { proxy(1, 2, 3); },
            apply: function () { plain.apply(null, [1, 2, 3]); },
            callback: function () { [1].map(bound); },
            native: function () { null.x; },
            required: function () { require('nope'); },
            caught: function () { try { proxy(); } catch (e) {} try { new F(); } catch (e) {} throw 1; },
            finally_: function () { try { bound(); } finally { try { new F(); } catch (e) {} } },
            getter: function () { return { get ok() { throw 1; } }; },
            bound_getter: function () {
                return Object.defineProperty({}, 'ok', { get: bound }); },
            proxy_getter: function () {
                return Object.defineProperty({}, 'ok', { get: proxy }); },
            to_string: function () {
                return { result: { columns: [{ name: 'a', type: 'LONG' }], rows: [[{ toString: bound }]] } };
            },
        };
        ({ stmts: function (stmt) {
            if (ways[stmt]) return ways[stmt]();
            return { ok: { message: Object.keys(ways).join() } };
        } })";
    with_session("t.js", script, |session| {
        let ways = message(ask(session, "ways"));
        for round in 0..3000 {
            for way in ways.split(',') {
                let said = error_parts(&error(ask(session, way))).2;
                let limits = said.contains("RuntimeLimit") || said.contains("ended");
                assert!(!limits, "{way}, round {round}: {said}");
            }
        }
        ok(ask(session, "ways"));
    });
}

#[test]
fn many_sessions_one_after_the_other_are_forgotten() {
    let dir = Dir::new();
    dir.write(
        "t.js",
        "var kept = new Array(1000).fill('x'); ({stmts: [{ok: {}}]})",
    );
    let trace = dir.load("t.js");
    on_worker(|| {
        for _ in 0..300 {
            ok(ask(&mut open(&trace), "x"));
        }
    });
}

#[test]
fn a_script_that_nothing_interrupts_is_noticed_while_it_runs() {
    let script = "({stmts: function () {
        function busy() { for (var start = Date.now(); Date.now() - start < 20;) {} }
        new Array(40).fill(0).forEach(busy);
        return {ok: {}};
    }})";
    let dir = Dir::new();
    dir.write("t.js", script);
    let trace = dir.load_within("t.js", Duration::from_millis(30));
    let (sender, threads) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(mynah_script::STACK_SIZE);
        let answer = || {
            let mut session = open(&trace);
            sender.send(std::thread::current().id()).unwrap();
            let _late = mynah_session::Handler::statement(
                &mut session,
                &mynah_session::Statement::query("select 1"),
            );
        };
        let worker = worker.spawn_scoped(scope, answer).unwrap();
        let id = threads.recv().unwrap();
        while !trace.is_stuck(id) {
            assert!(!worker.is_finished(), "it wasn't noticed");
            std::thread::yield_now();
        }
        worker.join().unwrap();
        assert!(!trace.is_stuck(id));
    });
}
