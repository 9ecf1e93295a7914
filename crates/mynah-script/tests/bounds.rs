//! Built-in functions that end with an error before they take all there is.

mod common;

use std::time::Duration;

use common::{Dir, ask, error, error_parts, message, ok, on_worker, open, with_session};

/// A script that answers a statement with the value of the expression in it, as text.
const ECHO: &str = "({stmts: function (stmt) {
    return {ok: {message: String(eval(stmt))}};
}})";

/// What expressions give in a session of their own, one after the other.
fn expect(cases: &[(&str, &str)]) {
    with_session("t.js", ECHO, |session| {
        for (expression, value) in cases {
            let reply = ask(session, expression);
            assert_eq!(message(reply), *value, "{expression}");
        }
    });
}

#[test]
fn a_number_of_more_bits_than_the_engine_computes_is_refused_by_name() {
    let script = "({stmts: function (stmt) {
            try { return {ok: {message: String(eval(stmt))}}; } catch (e) { return {ok: {message: e.message}}; }
        }})";
    let refused = "a BigInt of more than 499999999 bits";
    let cases = [
        ("BigInt.asUintN(5e8, BigInt(5))", refused),
        ("BigInt.asIntN(5e8, BigInt(5))", refused),
        ("BigInt.asUintN(Math.pow(2, 30), BigInt(5))", refused),
        ("BigInt.asUintN(Math.pow(2, 40), BigInt(-1))", refused),
        ("BigInt.asUintN(100000, BigInt(5))", "5"),
        ("BigInt.asIntN(3, BigInt(5))", "-3"),
    ];
    with_session("t.js", script, |session| {
        for (form, want) in cases {
            assert_eq!(message(ask(session, form)), want, "{form}");
        }
    });
}

#[test]
fn what_would_be_too_large_is_a_range_error() {
    let forms = [
        "'x'.repeat(Math.pow(2, 29))",
        "'xy'.repeat(Math.pow(2, 40))",
        "'x'.padStart(Math.pow(2, 29))",
        "'x'.padEnd(Math.pow(2, 31), 'ab')",
        "''.concat.apply('', new Array(1025).fill('x'.repeat(524288)))",
        "new Array(4294967295).join('x')",
        "new Array(1025).join('x'.repeat(524288))",
        "'x'.repeat(65536).replaceAll('x', 'y'.repeat(65536))",
        "'x'.repeat(65536).replaceAll('x', '$`')",
        "new Array(4294967295).fill(0)",
        "new Array(4294967295).sort()",
        "new Array(4294967295).forEach(function () {})",
        "new Array(4294967295).indexOf(1)",
        "new Array(4294967295).reverse()",
        "Array.prototype.map.call({length: 1e15}, String)",
        "Array.from({length: 1e9})",
        "Math.max.apply(null, {length: 1e9})",
        "Reflect.apply(Math.max, null, {length: 1e9})",
        "Reflect.construct(Array, {length: 1e9})",
        "BigInt.asUintN(Math.pow(2, 40), BigInt(-1))",
        "new ArrayBuffer(Math.pow(2, 30))",
        "String(deep(10000))",
        "JSON.stringify(deep(10000))",
        "JSON.stringify({a: deep(10000)}, null, 1)",
        "deep(10000).flat(Infinity)",
        "deep(10000).toLocaleString()",
        "JSON.stringify(twice(60))",
    ];
    let script = "
        function deep(levels) { var a = []; while (levels--) a = [a]; return a; }
        function twice(levels) { var a = 'x'; while (levels--) a = [a, a]; return a; }
        ({stmts: function (stmt) {
            try { eval(stmt); } catch (e) { return {ok: {message: e.name}}; }
            return {ok: {message: 'nothing'}};
        }})";
    let dir = Dir::new();
    dir.write("t.js", script);
    let trace = dir.load_within("t.js", Duration::from_secs(20));
    on_worker(|| {
        for form in forms {
            // What can't be caught has taken all the time there was.
            let name = match ask(&mut open(&trace), form) {
                reply if form.contains("twice") => error_parts(&error(reply)).2,
                reply => message(reply),
            };
            let wanted = ["RangeError", "ran for longer than 20s"];
            assert!(wanted.iter().any(|w| name.contains(w)), "{form}: {name}");
        }
    });
}

#[test]
fn a_value_nested_too_deep_fails_its_statement_only() {
    let script = "
        function deep() { var a = []; for (var i = 0; i < 100000; i++) a = [a]; return a; }
        var json = [{name: 'a', type: 'JSON'}], text = [{name: 'a', type: 'STRING'}];
        var ways = {
            json_cell: function () { return {result: {columns: json, rows: [[deep()]]}}; },
            text_cell: function () { return {result: {columns: text, rows: [[deep()]]}}; },
            result: function () { return {result: deep()}; },
            answer: function () { return deep(); },
            message: function () { return {ok: {message: deep()}}; },
            global: function () { mysqld.global.deep = deep(); },
            log: function () { console.log('%j', deep()); return 1; },
        };
        ({stmts: function (stmt) { return ways[stmt] ? ways[stmt]() : {ok: {}}; }})";
    with_session("t.js", script, |session| {
        for way in [
            "json_cell",
            "text_cell",
            "result",
            "answer",
            "message",
            "global",
            "log",
        ] {
            error(ask(session, way));
            ok(ask(session, "again"));
        }
    });
}

#[test]
fn functions_of_strings_find_what_the_standard_says() {
    expect(&[
        ("'abcabc'.indexOf('c')", "2"),
        ("'abcabc'.indexOf('c', 3)", "5"),
        ("'abcabc'.indexOf('', 99)", "6"),
        ("'abcabc'.indexOf('x')", "-1"),
        ("'undefined'.indexOf()", "0"),
        ("'abc'.indexOf('a', -Infinity)", "0"),
        ("'abcabc'.lastIndexOf('c')", "5"),
        ("'abcabc'.lastIndexOf('c', 4)", "2"),
        ("'abcabc'.lastIndexOf('abc', 3)", "3"),
        ("'abcabc'.lastIndexOf('', 2)", "2"),
        ("'abc'.lastIndexOf('abcd')", "-1"),
        ("'abc'.lastIndexOf('a', -1)", "0"),
        ("'abc'.includes('bc')", "true"),
        ("'abc'.includes('')", "true"),
        ("'abc'.startsWith('b', 1)", "true"),
        ("'abc'.startsWith('abcd')", "false"),
        ("'abc'.endsWith('b', 2)", "true"),
        ("'abc'.endsWith('')", "true"),
        ("'\u{e9}\u{100}'.indexOf('\u{100}')", "1"),
        ("'a1b'.replace('1', '[$&$$$1$`$\\']')", "a[1$$1ab]b"),
        ("'aaa'.replaceAll('a', 'b')", "bbb"),
        ("'aa'.replaceAll('', '-')", "-a-a-"),
        (
            "'a.b'.replaceAll('.', function (m, at, all) { return m + at + all; })",
            "a.1a.bb",
        ),
        ("'a,b,c'.split(',').length", "3"),
        ("'a,b,c'.split(',', 2)", "a,b"),
        ("'abc'.split('')", "a,b,c"),
        ("'abc'.split().length", "1"),
        ("''.split(',').length", "1"),
        ("''.split('').length", "0"),
        ("'abc'.split('', 0).length", "0"),
        ("'ab'.repeat(3)", "ababab"),
        ("'ab'.repeat(0) + ''.repeat(1e9)", ""),
        ("'a'.padStart(5, 'xy')", "xyxya"),
        ("'a'.padEnd(3)", "a  "),
        ("'a'.padEnd(1e9, '')", "a"),
        ("'a'.concat(1, null)", "a1null"),
        ("'a1b2'.replace(/[0-9]/g, '#')", "a#b#"),
        ("'a1b2'.split(/[0-9]/)", "a,b,"),
    ]);
}

#[test]
fn objects_say_what_is_found_in_their_own_way() {
    expect(&[
        (
            "'x'.split({[Symbol.split]: function (s, n) { return s + n; }}, 7)",
            "x7",
        ),
        (
            "'x'.replace({[Symbol.replace]: function (s, w) { return s + w; }}, 'w')",
            "xw",
        ),
        (
            "'x'.replaceAll({[Symbol.replace]: function (s) { return s; }}, '')",
            "x",
        ),
        (
            "try { 'x'.includes(/x/) } catch (e) { e.name }",
            "TypeError",
        ),
        (
            "'/x/'.includes((r => (r[Symbol.match] = false, r))(/x/))",
            "true",
        ),
        (
            "try { 'x'.startsWith({[Symbol.match]: 1}) } catch (e) { e.name }",
            "TypeError",
        ),
        (
            "try { 'x'.replaceAll(/x/, '') } catch (e) { e.name }",
            "TypeError",
        ),
        (
            "try { 'x'.split({[Symbol.split]: 1}) } catch (e) { e.name }",
            "TypeError",
        ),
        (
            "try { ''.indexOf.call(null, '') } catch (e) { e.name }",
            "TypeError",
        ),
        ("try { 'x'.repeat(-1) } catch (e) { e.name }", "RangeError"),
        ("''.indexOf.call(121, 2)", "1"),
        (
            "''.indexOf.name + ''.indexOf.length + [].join.name + [].join.length",
            "indexOf1join1",
        ),
        (
            "[].map.name + [].map.length + JSON.stringify.length",
            "map13",
        ),
        (
            "Object.keys(String.prototype).length + Object.keys(JSON).length",
            "0",
        ),
        (
            "try { new (''.indexOf)() } catch (e) { e.name }",
            "TypeError",
        ),
        ("''.split.toString().indexOf('native code') > 0", "true"),
        ("[1, [2, null], undefined, 'x'].join('-')", "1-2,--x"),
        ("[].join.call({length: 2, 0: 'a', 1: 'b'})", "a,b"),
        ("[1, [2, [3, [4]]]].flat(Infinity)", "1,2,3,4"),
    ]);
}

#[test]
fn json_is_as_the_standard_says() {
    expect(&[
        (
            "JSON.stringify({a: [1, 'x', null, undefined, NaN], b: undefined})",
            r#"{"a":[1,"x",null,null,null]}"#,
        ),
        ("JSON.stringify(undefined)", "undefined"),
        ("JSON.stringify(function () {})", "undefined"),
        (
            "JSON.stringify({a: {}, b: []}, null, 2)",
            "{\n  \"a\": {},\n  \"b\": []\n}",
        ),
        (
            "JSON.stringify([1, [2]], null, '--')",
            "[\n--1,\n--[\n----2\n--]\n]",
        ),
        (
            "JSON.stringify({a: 1, b: {a: 2, c: 3}}, ['b', 'a'])",
            r#"{"b":{"a":2},"a":1}"#,
        ),
        (
            "JSON.stringify({a: 1}, function (k, v) { return k === 'a' ? this.a + 1 : v; })",
            r#"{"a":2}"#,
        ),
        (
            "JSON.stringify({toJSON: function (k) { return 'k' + k; }})",
            "\"k\"",
        ),
        (
            "JSON.stringify([{toJSON: function (k) { return k; }}])",
            "[\"0\"]",
        ),
        (
            "JSON.stringify([new Number(1), new String('s'), new Boolean(true)])",
            "[1,\"s\",true]",
        ),
        (
            "JSON.stringify('\\u0001\\n\"\\\\\\ud800\\ud83d\\ude00\\u00e9')",
            "\"\\u0001\\n\\\"\\\\\\ud800\u{1f600}\u{e9}\"",
        ),
        (
            "JSON.stringify(new Date(0))",
            "\"1970-01-01T00:00:00.000Z\"",
        ),
        (
            "JSON.stringify({2: 'b', 1: 'a', x: 1})",
            r#"{"1":"a","2":"b","x":1}"#,
        ),
        ("JSON.stringify(new Proxy([1], {}))", "[1]"),
        ("JSON.stringify(new Uint8Array(2))", r#"{"0":0,"1":0}"#),
        (
            "JSON.stringify(Object.defineProperty({a: 1}, 'b', {value: 2}))",
            r#"{"a":1}"#,
        ),
        (
            "try { JSON.stringify(BigInt(1)) } catch (e) { e.name }",
            "TypeError",
        ),
        (
            "var o = {}; o.o = o; try { JSON.stringify(o) } catch (e) { e.name }",
            "TypeError",
        ),
        ("JSON.stringify(1e21) + JSON.stringify(-0)", "1e+210"),
    ]);
}

#[test]
fn a_budget_holds_whatever_the_instructions_cost() {
    let forms = [
        "for (;;) new Array(1000).join('x');",
        "for (;;) s += 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy';",
        "for (;;) new Array(1000).fill(0);",
        "for (;;) s.split('');",
        "for (;;) JSON.stringify(objects);",
        "for (;;) /a.*b.*c.*d/.test(s);",
        "[1].forEach(function () { for (;;) new Array(1000).join('x'); });",
        "for (;;) s.replace(/x/g, 'y');",
        "for (;;) objects.map(String);",
    ];
    let script = "
        var s = 'x'.repeat(1000), objects = new Array(1000).fill({a: 1});
        ({stmts: function (stmt) { return new Function('s', 'objects', stmt)(s, objects); }})";
    let dir = Dir::new();
    dir.write("t.js", script);
    let budget = Duration::from_millis(500);
    let trace = dir.load_within("t.js", budget);
    on_worker(|| {
        for form in forms {
            let started = std::time::Instant::now();
            let said = error_parts(&error(ask(&mut open(&trace), form))).2;
            let took = started.elapsed();
            assert!(said.contains("longer than 500ms"), "{form}: {said}");
            assert!(took < budget * 10, "{form}: {took:?}");
        }
    });
}

/// `scripts/split.tsv` has expressions and what Node.js 20 gives for them.
#[test]
fn patterns_split_as_in_other_engines() {
    let script = "var a; ({stmts: function (stmt) {
        var value = eval(stmt).replace(/[\\u0080-\\uffff]/g, function (c) {
            return '\\\\u' + c.charCodeAt(0).toString(16).padStart(4, '0');
        });
        return {ok: {message: value}};
    }})";
    with_session("t.js", script, |session| {
        for line in include_str!("scripts/split.tsv").lines() {
            let (expression, value) = line.split_once('\t').unwrap();
            assert_eq!(message(ask(session, expression)), value, "{expression}");
        }
    });
}

#[test]
fn patterns_that_scripts_change_split_in_their_way() {
    expect(&[
        (
            "var p = /,/; p.exec = function () { return null; }; 'a,b'.split(p).length",
            "2",
        ),
        (
            "class P extends RegExp { exec(s) { return null; } } 'a,b'.split(new P(',')).length",
            "1",
        ),
        (
            "/x/[Symbol.split].name + /x/[Symbol.split].length + /x/.exec.name + /x/.exec.length",
            "[Symbol.split]2exec1",
        ),
        (
            "try { /x/[Symbol.split].call(1) } catch (e) { e.name }",
            "TypeError",
        ),
    ]);
}
