//! Sections 2 and 15: `Duktape`, which older traces use.

use crate::harness::{answers, are_worth, js};

fn said(text: &str, count: usize) -> Vec<String> {
    let numbers: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    answers(&js(text), &numbers)
        .into_iter()
        .map(|answer| answer.message())
        .collect()
}

#[test]
fn a_thread_yields_from_within_functions_it_calls() {
    let text = "function answer(text) { return Duktape.Thread.yield({ ok: { message: text } }); }
        ({ stmts: new Duktape.Thread(function() {
             answer('body');
             [1, 2].forEach(function(n) { answer('forEach ' + n); });
             'a'.replace(/a/, function() { answer('replace'); return ''; });
             (function deeper(n) { if (n) deeper(n - 1); else answer('deep'); })(100);
             try { answer('try'); } finally { answer('finally'); }
             return { ok: { message: 'returned' } };
           }) })";
    let expected = [
        "body",
        "forEach 1",
        "forEach 2",
        "replace",
        "deep",
        "try",
        "finally",
        "returned",
    ];
    assert_eq!(said(text, 8), expected);
}

#[test]
fn threads_are_resumed_from_javascript() {
    are_worth(&[
        (
            "(function() { var Thread = Duktape.Thread;
               var t = new Thread(function(a) { var b = Thread.yield(a + 1); return a + b; });
               return [Thread.resume(t, 1), Thread.resume(t, 10)]; })()",
            "[2,11]",
        ),
        (
            "(function() { var Thread = Duktape.Thread;
               function counter(from) {
                 return new Thread(function() { for (;;) Thread.yield(from++); });
               }
               var both = new Thread(function() {
                 var a = counter(10), b = counter(20);
                 for (;;) Thread.yield([Thread.resume(a), Thread.resume(b)]);
               });
               return [Thread.resume(both), Thread.resume(both)]; })()",
            "[[10,20],[11,21]]",
        ),
        (
            "(function() { var Thread = Duktape.Thread;
               var t = new Thread(function() { throw new RangeError('r'); });
               try { Thread.resume(t); } catch (e) { return [e instanceof RangeError, e.message]; } })()",
            "[true,\"r\"]",
        ),
        (
            "(function() { var Thread = Duktape.Thread;
               var t = new Thread(function() { try { Thread.yield(1); } catch (e) { return 'caught ' + e; } });
               return [Thread.resume(t), Thread.resume(t, 'x', true)]; })()",
            "[1,\"caught x\"]",
        ),
    ]);
}

#[test]
fn a_coroutine_may_resume_the_coroutines_that_answer() {
    let text = "var Thread = Duktape.Thread;
        function one(name, count) {
          return new Thread(function(stmt) {
            for (var n = 1; n < count; n++) stmt = Thread.yield({ ok: { message: name + n + stmt } });
            return { ok: { message: name + n + stmt } };
          });
        }
        ({ stmts: new Thread(function(stmt) {
             var threads = [[one('a', 2), 2], [one('b', 1), 1], [one('c', 2), 2]];
             for (var i = 0; i < threads.length; i++) {
               for (var n = 0; n < threads[i][1]; n++) {
                 stmt = Thread.yield(Thread.resume(threads[i][0], stmt));
               }
             }
             return { error: { code: 1, message: 'all said' } };
           }) })";
    assert_eq!(
        said(text, 6),
        ["a11", "a22", "b13", "c14", "c25", "all said"]
    );
}

#[test]
fn a_function_may_answer_from_a_coroutine() {
    let text = "var t = new Duktape.Thread(function(stmt) {
          for (;;) stmt = Duktape.Thread.yield('got ' + stmt); });
        ({ stmts: function(stmt) { return { ok: { message: Duktape.Thread.resume(t, stmt) } }; } })";
    assert_eq!(said(text, 2), ["got 1", "got 2"]);
}

#[test]
fn a_thread_that_throws_has_ended_and_the_connection_stays() {
    let text = "({ stmts: new Duktape.Thread(function() {
        Duktape.Thread.yield({ ok: {} }); throw 'done'; }) })";
    let said = said(text, 3);
    assert_eq!(said[..2], ["", "executing statement failed: done"]);
    assert!(said[2].contains("invalid state"), "{said:?}");
}

#[test]
fn each_session_has_threads_of_its_own() {
    let trace = js("({ stmts: new Duktape.Thread(function(stmt) {
        for (var n = 1; ; n++) stmt = Duktape.Thread.yield({ ok: { message: n + stmt } }); }) })");
    let said = trace.play(|mock| {
        let (mut one, mut other) = (mock.login(), mock.login());
        let said = [
            one.query("a"),
            one.query("b"),
            other.query("c"),
            one.query("d"),
            other.query("e"),
        ];
        said.map(|answer| answer.message())
    });
    assert_eq!(said, ["1a", "2b", "1c", "3d", "2e"]);
}

#[test]
fn a_logger_writes_to_the_log() {
    let trace = js("var log = new Duktape.Logger('people');
        ({ stmts: function(stmt) { log.warn('asked for', stmt, 5); return { ok: {} }; } })");
    trace.play(|mock| {
        mock.answer("this").done();
        let log = mock.log();
        assert!(
            log.contains("people") && log.contains("asked for this 5"),
            "{log}"
        );
    });
}

#[test]
fn a_logger_has_every_level() {
    let trace = js("var log = new Duktape.Logger();
        ({ stmts: function() {
             ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].forEach(function(level) {
               log[level]('said at ' + level); });
             return { ok: {} }; } })");
    trace.play(|mock| {
        mock.answer("x").done();
        let log = mock.log();
        for level in ["warn", "error", "fatal"] {
            assert!(log.contains(&format!("said at {level}")), "{level}: {log}");
        }
        for level in ["trace", "debug"] {
            assert!(!log.contains(&format!("said at {level}")), "{level}: {log}");
        }
    });
}
