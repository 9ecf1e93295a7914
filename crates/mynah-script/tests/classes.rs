//! What a trace is run as, and why.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod common;

use common::Dir;

/// The class of a script that may use a few modules.
fn class(script: &str) -> String {
    let dir = Dir::new();
    dir.write(
        "counter.js",
        "var n = 0; exports.next = function () { return ++n; };",
    );
    dir.write("clock.js", "exports.now = Date.now();");
    dir.write(
        "patch.js",
        "String.prototype.shout = function () { return this + '!'; };",
    );
    dir.write("late.js", "exports.f = function () { eval('1'); };");
    dir.write(
        "uses_late.js",
        "exports.f = function () { return require('./late').f; };",
    );
    dir.write(
        "paths.js",
        "exports.f = function () { module.paths.push('elsewhere'); };",
    );
    dir.write("data.json", r#"{"a": 1}"#);
    dir.write("t.js", script);
    dir.load("t.js").class().to_string()
}

#[test]
fn a_trace_that_is_data_is_static() {
    let scripts = [
        "({stmts: [{ok: {}}]})",
        "var rows = []; for (var i = 0; i < 3; i++) rows.push([i, 'x' + i]);
         ({stmts: [{result: {columns: [{name: 'a', type: 'LONG'}], rows: rows}}]})",
        "function entry(code) { return {error: {code: code, message: 'no'}}; }
         ({stmts: [1, 2, 3].map(entry), handshake: {auth: {username: 'me'}}, loop: true})",
        "var d = require('./data'); ({stmts: [{ok: {affected_rows: d.a}}]})",
        "require('./counter').next(); ({stmts: []})",
        "({stmts: [{ok: {message: new Date(0).toISOString()}}]})",
        "eval('({stmts: [{ok: {}}]})')",
        "throw new Error('always')",
        "this is no JavaScript",
        "'no trace'",
        "({stmts: [{}, 1, {ok: 1}, {result: {columns: [null]}}]})",
    ];
    for script in scripts {
        assert_eq!(class(script), "static", "{script}");
    }
}

#[test]
fn a_script_that_keeps_to_itself_is_a_factory() {
    let scripts = [
        "({stmts: new Duktape.Thread(function (stmt) {
            for (;;) stmt = Duktape.Thread.yield({ok: {message: stmt}}); })})",
        "var module = require('./counter'); ({stmts: function () { module.next(); return {ok: {}}; }})",
        "var log = new Duktape.Logger('x'); ({stmts: function () { log.info('y'); return {ok: {}}; }})",
        "({stmts: function* () { var stmt = yield; for (;;) stmt = yield {ok: {message: stmt}}; }})",
        "({stmts: function (stmt) { return {ok: {message: stmt}}; }})",
        "var n = 0; ({stmts: function () { n += 1; return {ok: {affected_rows: n}}; }})",
        "const c = require('./counter'); ({stmts: () => ({ok: {affected_rows: c.next()}})})",
        "if (mysqld.global.x === undefined) mysqld.global.x = 0;
         ({stmts: function () { mysqld.global.x = mysqld.global.x + 1; return {ok: {}}; }})",
        "({stmts: [{ok: {message: String(Date.now())}}]})",
        "({stmts: [{ok: {affected_rows: Math.floor(Math.random() * 3)}}]})",
        "({stmts: [{ok: {affected_rows: mysqld.session.port}}]})",
        "console.log('hello'); ({stmts: []})",
        "process.env.HOME; ({stmts: []})",
        "require('./clock').now; ({stmts: []})",
        "({stmts: [{get ok() { return {}; }}]})",
        "({stmts: [{result: {columns: [{name: 'a', type: 253}], rows: [[{toString: function () { return 'x'; }}]]}}]})",
        "({stmts: [], handshake: function () { return {}; }})",
        "var o = {a: 1}; ({stmts: function (s) {
            for (var k in o) if (o.hasOwnProperty(k)) return {ok: {message: k}};
            return Object.keys(o).map(function (k) { return o[k]; }); }})",
        "function Shape() { this.n = 0; } Shape.prototype.toString = function () { return 's' + this.n; };
         Shape.prototype.constructor = Shape;
         var s = new Shape(); ({stmts: function () { return {ok: {message: String(s)}}; }})",
        "class A extends Error { constructor(m) { super(m); this.name = 'A'; } }
         ({stmts: function () { throw new A('x'); }})",
        "var util = require('util'), E = require('events');
         function My() { E.call(this); } util.inherits(My, E);
         My.prototype.hi = function () { this.emit('hi'); };
         ({stmts: function () { new My().hi(); return {ok: {}}; }})",
        "var args = function () { return Array.prototype.slice.call(arguments, 1); };
         ({stmts: function () { return {ok: {affected_rows: args(1, 2).length}}; }})",
        "'use strict'; let n = 0; ({stmts() { return {ok: {affected_rows: ++n}}; }})",
        "({stmts: later}); function later() { return {ok: {}}; }",
        "var trace = {stmts: function () { return {ok: {}}; }}; trace",
        "function* f() { yield 1; } ({stmts: function () { return {ok: {affected_rows: f().next().value}}; }})",
        "var debug = typeof DEBUG !== 'undefined'; ({stmts: function () { return {ok: {}}; }})",
        "console.log = function () {}; ({stmts: function () { console.log(1); return {ok: {}}; }})",
    ];
    for script in scripts {
        assert_eq!(class(script), "factory", "{script}");
    }
}

#[test]
fn any_other_script_is_isolated_and_says_why() {
    let f = "({stmts: function () { return {ok: {}}; }})";
    let cases = [
        ("eval('1');", "'eval' at t.js:1"),
        ("\nvar e = eval; e('1');", "'eval' at t.js:2"),
        ("new Function('return 1')();", "'Function' at t.js:1"),
        ("globalThis.x = 1;", "'globalThis' at t.js:1"),
        (
            "this.x = 1;",
            "'this' outside of a method or constructor at t.js:1",
        ),
        (
            "function g() { this.x = 1; } g();",
            "'this' outside of a method or constructor at t.js:1",
        ),
        ("with ({}) {}", "'with' at t.js:1"),
        (
            "function g() {\n i = 1; }",
            "'i', which isn't declared, at t.js:2",
        ),
        ("{ let i; } i = 1;", "'i', which isn't declared, at t.js:1"),
        ("for (k in {}) {}", "'k', which isn't declared, at t.js:1"),
        ("[k] = [1];", "'k', which isn't declared, at t.js:1"),
        (
            "var g = function () { undeclared(); };",
            "'undeclared', which isn't declared, at t.js:1",
        ),
        ("Object.prototype.x = 1;", "a change of 'Object' at t.js:1"),
        (
            "var g = function () { Array.prototype.x.y = 1; };",
            "a change of 'Array' at t.js:1",
        ),
        (
            "var g = function () { delete Math.max; };",
            "a change of 'Math' at t.js:1",
        ),
        (
            "var g = function () { Math.n++; };",
            "a change of 'Math' at t.js:1",
        ),
        ("var M = Math;", "'Math' at t.js:1"),
        (
            "var g = function () { Object.assign(Math, {}); };",
            "'Math' at t.js:1",
        ),
        (
            "var g = function () { var p = Array.prototype; };",
            "'Array.prototype' at t.js:1",
        ),
        ("var g = function () { JSON = {}; };", "'JSON' at t.js:1"),
        ("var JSON;", "'JSON' is declared anew, in t.js"),
        ("function escape() {}", "'escape' is declared anew, in t.js"),
        (
            "var g = function () { ({}).__proto__.x = 1; };",
            "'__proto__' at t.js:1",
        ),
        (
            "var g = function () { return (0).constructor; };",
            "'constructor' at t.js:1",
        ),
        (
            "var g = function (o) { return o?.constructor; };",
            "'constructor' at t.js:1",
        ),
        (
            "var g = function ({constructor: c}) {};",
            "'constructor' at t.js:1",
        ),
        (
            "var g = function () { return []['constructor']; };",
            "'constructor' at t.js:1",
        ),
        (
            "Object.getPrototypeOf([]);",
            "'Object.getPrototypeOf' at t.js:1",
        ),
        ("Symbol.for('x');", "'Symbol.for' at t.js:1"),
        (
            "Object['keys' + '']({});",
            "a computed property of 'Object' at t.js:1",
        ),
        (
            "require('./' + 'counter');",
            "'require' of a name that is computed at t.js:1",
        ),
        ("require('./paths');", "'module.paths' at paths.js:1"),
        (
            "var module = module || {};",
            "'module' is declared anew, in t.js",
        ),
        ("if (typeof module === 'object') {}", "'module' at t.js:1"),
        ("var r = require;", "'require' at t.js:1"),
        ("require('./patch');", "a change of 'String' at patch.js:1"),
        (
            "['x'].forEach(k => { [][['__pro', 'to__'].join('')][k] = 1; });",
            "it changes built-in objects when it is loaded",
        ),
        ("require('./uses_late');", "'eval' at late.js:1"),
        ("var g = async () => import('x');", "'import' at t.js:1"),
    ];
    for (script, reason) in cases {
        let script = format!("{script} {f}");
        assert_eq!(class(&script), format!("isolated: {reason}"), "{script}");
    }
    let endings = [
        (
            "if (true) ({stmts: () => 1});",
            "its last statement is no expression, in t.js",
        ),
        (
            "({stmts: () => 1}); var after = 1;",
            "its last statement is no expression, in t.js",
        ),
        (
            "({stmts: function () { return {ok: {message: this.x}}; }})",
            "'this' outside of a method or constructor at t.js:1",
        ),
        (
            "#!/usr/bin/mynah\n({stmts: () => 1})",
            "the first line is for a shell at t.js:1",
        ),
    ];
    for (script, reason) in endings {
        assert_eq!(class(script), format!("isolated: {reason}"), "{script}");
    }
}
