//! `require()`.

mod common;

use common::{Dir, ask, message, on_worker, open};

/// Files by name, with their texts.
type Files = [(&'static str, &'static str)];

/// What a script that requires modules answers, or why it can't be loaded.
fn run(files: &Files, expression: &str) -> String {
    let dir = Dir::new();
    for (name, text) in files {
        let text = text.replace("DIR", &dir.path().display().to_string());
        dir.write(name, &text);
    }
    let expression = expression.replace("DIR", &dir.path().display().to_string());
    let script = format!(
        "var value = {expression};\n({{stmts: [{{ok: {{message: JSON.stringify(value)}}}}]}})"
    );
    dir.write("traces/main.js", &script);
    let trace = dir.load("traces/main.js");
    let problem = match trace.problem() {
        Some(problem) => problem.to_owned(),
        None => on_worker(|| message(ask(&mut open(&trace), "x"))),
    };
    problem.replace(&dir.path().display().to_string(), "DIR")
}

#[test]
fn a_module_is_found_where_its_name_says() {
    let cases: [(&str, &Files, &str); 14] = [
        (
            "beside the script",
            &[("traces/a.js", "exports.v = 1")],
            "require('./a').v",
        ),
        (
            "above it",
            &[("a.js", "exports.v = 1")],
            "require('../a.js').v",
        ),
        (
            "by its path",
            &[("a.js", "exports.v = 1")],
            "require('DIR/a').v",
        ),
        (
            "in local_modules",
            &[("local_modules/a.js", "exports.v = 1")],
            "require('a').v",
        ),
        (
            "in npm",
            &[("npm/node_modules/a.js", "exports.v = 1")],
            "require('a').v",
        ),
        (
            "in local_modules first",
            &[
                ("npm/node_modules/a.js", "exports.v = 2"),
                ("local_modules/a.js", "exports.v = 1"),
            ],
            "require('a').v",
        ),
        (
            "a directory's index",
            &[("local_modules/a/index.js", "exports.v = 1")],
            "require('a').v",
        ),
        (
            "a directory's main",
            &[
                ("local_modules/a/package.json", r#"{"main": "lib/b"}"#),
                ("local_modules/a/lib/b.js", "exports.v = 1"),
            ],
            "require('a').v",
        ),
        (
            "a directory's main directory",
            &[
                ("local_modules/a/package.json", r#"{"main": "./lib"}"#),
                ("local_modules/a/lib/index.js", "exports.v = 1"),
            ],
            "require('a').v",
        ),
        (
            "a broken package.json",
            &[
                ("local_modules/a/package.json", "{"),
                ("local_modules/a/index.js", "exports.v = 1"),
            ],
            "require('a').v",
        ),
        (
            "a file of a package",
            &[("local_modules/a/b.js", "exports.v = 1")],
            "require('a/b').v",
        ),
        (
            "JSON",
            &[("local_modules/a.json", r#"{"v": 1}"#)],
            "require('a').v",
        ),
        (
            "from another module",
            &[
                ("local_modules/a/index.js", "exports.v = require('./b').v"),
                ("local_modules/a/b.js", "exports.v = require('c').v"),
                ("local_modules/c.js", "module.exports = {v: 1}"),
            ],
            "require('a').v",
        ),
        (
            "with a comment at its end",
            &[("traces/a.js", "exports.v = 1 // one")],
            "require('./a').v",
        ),
    ];
    for (case, files, expression) in cases {
        assert_eq!(run(files, expression), "1", "{case}");
    }
}

#[test]
fn a_module_is_run_once_in_a_session() {
    let files = [
        (
            "a.js",
            "mysqld.global.runs = (mysqld.global.runs || 0) + 1; module.exports = {}",
        ),
        ("b.js", "exports.a = require('./a')"),
    ];
    let expression = "[require('../a') === require('../b').a, require('DIR/traces/../a.js') === \
                      require('../a'), mysqld.global.runs]";
    assert_eq!(run(&files, expression), "[true,true,1]");
}

#[test]
fn modules_may_require_each_other() {
    let files = [
        (
            "a.js",
            "exports.early = 1; exports.b = require('./b'); exports.late = 2",
        ),
        (
            "b.js",
            "var a = require('./a'); exports.seen = Object.keys(a)",
        ),
    ];
    assert_eq!(
        run(&files, "require('../a')"),
        r#"{"early":1,"b":{"seen":["early"]},"late":2}"#
    );
}

#[test]
fn a_module_that_is_not_there_or_wrong_says_so() {
    let main = "at DIR/traces/main.js:1: ";
    let cases: [(&str, &Files, &str, String); 6] = [
        (
            "missing",
            &[],
            "require('nope')",
            format!("{main}Error: Cannot find module: nope"),
        ),
        (
            "missing here",
            &[],
            "require('./nope')",
            format!("{main}Error: Cannot find module: ./nope"),
        ),
        (
            "without a name",
            &[],
            "require('')",
            format!("{main}Error: Cannot find module: "),
        ),
        (
            "a syntax error",
            &[("a.js", "var a;\nvar b;\nvar ;")],
            "require('../a')",
            "at DIR/traces/../a.js:3: SyntaxError: parse error: expected token 'identifier', got \
             ';' in identifier parsing at line 3, col 5"
                .to_owned(),
        ),
        (
            "broken JSON",
            &[("a.json", "{\n1")],
            "require('../a')",
            "at DIR/traces/../a.json:2: SyntaxError: parse error: key must be a string at line 2 \
             column 1"
                .to_owned(),
        ),
        (
            "a throw",
            &[("a.js", "\nthrow new Error('x')")],
            "require('../a')",
            "at DIR/traces/../a.js:2: Error: x".to_owned(),
        ),
    ];
    for (case, files, expression, want) in cases {
        assert_eq!(run(files, expression), want, "{case}");
    }
}

#[test]
fn a_module_that_threw_can_be_required_again() {
    let files = [(
        "a.js",
        "if (!mysqld.global.ready) throw 'not yet'; exports.v = 1",
    )];
    let expression = "(function () { try { require('../a'); } catch (e) { mysqld.global.ready = 1; \
                      return [e, require('../a').v]; } })()";
    assert_eq!(run(&files, expression), r#"["not yet",1]"#);
}

#[test]
fn built_in_modules_do_what_scripts_need() {
    let cases = [
        (
            "require('path').join('a', '..', 'b', '/c/', '.')",
            "\"b/c\"",
        ),
        ("require('path').join('/a/', '../../b/')", "\"/b/\""),
        ("require('path').join('..', 'a')", "\"../a\""),
        ("require('path').join()", "\".\""),
        (
            "require('path').resolve('DIR', 'traces', '..') === require('path').resolve('DIR')",
            "true",
        ),
        ("require('path').resolve('DIR/nope/../nope')[0]", "\"/\""),
        (
            "require('util').format('%s-%d-%i-%j-%f%%%x', 'a', '1.5', '1.5', {a: 1}, 2, 'more')",
            "\"a-1.5-1-{\\\"a\\\":1}-2%%x more\"",
        ),
        ("require('util').format('%s')", "\"%s\""),
        (
            "require('util').format(1, null, undefined, [1])",
            "\"1 null undefined [1]\"",
        ),
        (
            "(function () { function A() {} function B() {} A.prototype.x = 1; \
             require('util').inherits(B, A); return [new B().x, B.super_ === A, new B().constructor \
             === B]; })()",
            "[1,true,true]",
        ),
        ("require('fs').readSync(0)", "0"),
        ("require('tty').isatty(1)", "false"),
        ("require('os').EOL", "\"\\n\""),
        (
            "(function () { var E = require('events').EventEmitter, e = new E(), said = []; \
             e.on('a', function (x) { said.push(x); }); e.once('a', function (x) { said.push(-x); }); \
             e.emit('a', 1); e.emit('a', 2); return [said, e.emit('b'), e.listenerCount('a')]; })()",
            "[[1,-1,2],false,1]",
        ),
        (
            "(function () { var assert = require('assert'); assert(1); assert.equal(1, '1'); \
             assert.deepEqual({a: [1]}, {a: [1]}); assert.throws(function () { assert(0, 'no'); }); \
             try { assert.strictEqual(1, '1'); } catch (e) { return [e.name, e.message, e instanceof \
             Error]; } })()",
            r#"["AssertionError","1 === 1",true]"#,
        ),
    ];
    for (expression, want) in cases {
        assert_eq!(run(&[], expression), want, "{expression}");
    }
}

#[test]
fn a_module_knows_where_it_is() {
    let files = [(
        "lib/a.js",
        "exports.v = [__filename, __dirname, module.filename, module.id, module.loaded];
        exports.module = module;",
    )];
    let expression = "(function () { var a = require('../lib/a');
        return [a.v, a.module.loaded, a.module.exports === a]; })()";
    assert_eq!(
        run(&files, expression),
        r#"[["DIR/lib/a.js","DIR/lib","DIR/lib/a.js","DIR/lib/a.js",false],true,true]"#
    );
    let main = "[module.id, module.filename, module.exports === exports]";
    assert_eq!(run(&[], main), r#"[".","DIR/traces/main.js",true]"#);
}

#[test]
fn a_program_may_export_its_trace() {
    for text in [
        "module.exports = {stmts: []}",
        "exports.stmts = []; exports",
    ] {
        let dir = Dir::new();
        dir.write("t.js", text);
        assert_eq!(dir.load("t.js").problem(), None, "{text}");
    }
}

#[test]
fn where_modules_are_searched_for_can_be_changed() {
    let cases: [(&str, &Files, &str, &str); 5] = [
        (
            "as it is",
            &[],
            "module.paths",
            r#"["DIR/local_modules","DIR/npm/node_modules"]"#,
        ),
        (
            "before the others",
            &[
                ("mine/a.js", "exports.v = 1"),
                ("local_modules/a.js", "exports.v = 2"),
            ],
            "(module.paths.unshift('DIR/mine'), require('a').v)",
            "1",
        ),
        (
            "behind the others",
            &[
                ("mine/a.js", "exports.v = 1"),
                ("local_modules/a.js", "exports.v = 2"),
            ],
            "(module.paths.push('DIR/mine'), require('a').v)",
            "2",
        ),
        (
            "in a module, for all",
            &[
                ("mine/a.js", "exports.v = 1"),
                ("b.js", "module.paths.push('DIR/mine')"),
                ("c.js", "exports.v = require('a').v"),
            ],
            "(require('../b'), require('../c').v)",
            "1",
        ),
        (
            "paths of their own stay",
            &[("a.js", "exports.v = 1")],
            "(module.paths.length = 0, [require('../a').v, require('util').format('x')])",
            r#"[1,"x"]"#,
        ),
    ];
    for (case, files, expression, want) in cases {
        assert_eq!(run(files, expression), want, "{case}");
    }
    assert_eq!(
        run(
            &[("local_modules/a.js", "")],
            "(module.paths.length = 0, require('a'))"
        ),
        "at DIR/traces/main.js:1: Error: Cannot find module: a"
    );
}
