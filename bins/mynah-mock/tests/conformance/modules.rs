//! Section 10: `require()`.

use crate::harness::{Script, are_worth, js, values, values_of};
use crate::life_cycle::refused;

/// A trace that answers with the JSON of `expression`, with the module prefix `$DIR/prefix`.
fn with_prefix(text: &str) -> Script {
    js(text).args(&["--module-prefix", "$DIR/prefix"])
}

#[test]
fn modules_that_are_built_in() {
    are_worth(&[
        ("require('path').join('a', 'b', '../c')", "\"a/c\""),
        ("require('path').join('/a', './b')", "\"/a/b\""),
        ("typeof require('path').resolve", "\"function\""),
        (
            "(function() { function Dog() {} function Animal() {}
               Animal.prototype.legs = function() { return 4; };
               require('util').inherits(Dog, Animal);
               return [new Dog().legs(), new Dog() instanceof Animal]; })()",
            "[4,true]",
        ),
        ("typeof require('fs').readSync", "\"function\""),
        (
            "(function() { var E = require('events').EventEmitter || require('events');
               return typeof E; })()",
            "\"function\"",
        ),
        ("typeof require('events').EventEmitter", "\"function\""),
        ("typeof require('assert')", "\"function\""),
        ("typeof require('tty')", "\"object\""),
        ("typeof require('os')", "\"object\""),
        ("require('path') === require('path')", "true"),
    ]);
}

#[test]
fn an_assertion_that_fails_throws() {
    let found = values(&[
        "(require('assert')(true), 'held')",
        "(function() { try { require('assert')(false); } catch (e) { return 'threw'; } })()",
    ]);
    assert_eq!(found, ["\"held\"", "\"threw\""]);
}

#[test]
fn an_event_emitter_can_be_inherited_from() {
    are_worth(&[(
        "(function() {
           var EventEmitter = require('events').EventEmitter;
           function Mine() { EventEmitter.call(this); }
           require('util').inherits(Mine, EventEmitter);
           return new Mine() instanceof EventEmitter; })()",
        "true",
    )]);
}

#[test]
fn path_resolve_is_the_real_path() {
    let trace = js("({ stmts: function(name) {
        return { ok: { message: require('path').resolve(name) } }; } })")
    .file("folder/file.txt", "");
    let link = trace.folder().join("link");
    std::os::unix::fs::symlink(trace.folder().join("folder"), &link).unwrap();
    let found = trace.play(|mock| mock.answer(&trace.expand("$DIR/link/../folder/./file.txt")));
    assert_eq!(trace.shorten(&found.message()), "$DIR/folder/file.txt");
    let found = trace.play(|mock| mock.answer(&trace.expand("$DIR/link/file.txt")));
    assert_eq!(trace.shorten(&found.message()), "$DIR/folder/file.txt");
}

#[test]
fn a_relative_name_is_looked_up_from_the_requiring_module() {
    let found = values_of(
        |text| {
            js(text)
                .file("one.js", "module.exports = 'one beside';")
                .file("lib/one.js", "module.exports = 'one in lib';")
                .file(
                    "lib/two.js",
                    "module.exports = [require('./one'), require('../one')];",
                )
        },
        &[
            "require('./one')",
            "require('./one.js')",
            "require('./lib/two')",
            "require('./lib/../one')",
        ],
    );
    let beside = "\"one beside\"";
    assert_eq!(
        found,
        [beside, beside, "[\"one in lib\",\"one beside\"]", beside]
    );
}

#[test]
fn an_absolute_name_is_a_path() {
    let trace = js("({ stmts: function(name) { return { ok: { message: require(name) } }; } })")
        .file("one.js", "module.exports = 'one';");
    for name in ["$DIR/one", "$DIR/one.js"] {
        let name = trace.expand(name);
        assert_eq!(
            trace.play(|mock| mock.answer(&name)).message(),
            "one",
            "{name}"
        );
    }
}

#[test]
fn other_names_are_looked_up_below_the_module_prefix() {
    let found = values_of(
        |text| {
            with_prefix(text)
                .file("prefix/local_modules/a.js", "module.exports = 'local a';")
                .file("prefix/npm/node_modules/a.js", "module.exports = 'npm a';")
                .file("prefix/npm/node_modules/b.js", "module.exports = 'npm b';")
                .file(
                    "prefix/local_modules/deep/c.js",
                    "module.exports = 'deep c';",
                )
                .file("a.js", "module.exports = 'beside the trace';")
        },
        &[
            "require('a')",
            "require('b')",
            "require('a.js')",
            "require('deep/c')",
        ],
    );
    assert_eq!(
        found,
        ["\"local a\"", "\"npm b\"", "\"local a\"", "\"deep c\""]
    );
}

#[test]
fn a_name_is_a_file_with_or_without_js_or_a_folder_with_package_or_index() {
    let found = values_of(
        |text| {
            with_prefix(text)
                .file("prefix/local_modules/plain", "module.exports = 'plain';")
                .file(
                    "prefix/local_modules/plain.js",
                    "module.exports = 'plain.js';",
                )
                .file(
                    "prefix/local_modules/ended.js",
                    "module.exports = 'ended.js';",
                )
                .file(
                    "prefix/local_modules/packed/package.json",
                    r#"{ "main": "lib/start.js" }"#,
                )
                .file(
                    "prefix/local_modules/packed/lib/start.js",
                    "module.exports = 'main';",
                )
                .file(
                    "prefix/local_modules/packed/index.js",
                    "module.exports = 'not this';",
                )
                .file(
                    "prefix/local_modules/packed2/package.json",
                    r#"{ "main": "./lib/start" }"#,
                )
                .file(
                    "prefix/local_modules/packed2/lib/start.js",
                    "module.exports = 'main2';",
                )
                .file(
                    "prefix/local_modules/indexed/index.js",
                    "module.exports = 'index';",
                )
                .file(
                    "prefix/local_modules/nameless/package.json",
                    r#"{ "name": "nameless" }"#,
                )
                .file(
                    "prefix/local_modules/nameless/index.js",
                    "module.exports = 'nameless';",
                )
                .file("prefix/local_modules/data.json", r#"{ "from": ["json"] }"#)
        },
        &[
            "require('plain')",
            "require('ended')",
            "require('packed')",
            "require('packed2')",
            "require('indexed')",
            "require('nameless')",
            "require('data.json')",
        ],
    );
    let expected = [
        "\"plain\"",
        "\"ended.js\"",
        "\"main\"",
        "\"main2\"",
        "\"index\"",
        "\"nameless\"",
        "{\"from\":[\"json\"]}",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_module_is_loaded_once_for_a_session() {
    let found = values_of(
        |text| {
            js(text)
                .file("counter.js", "mysqld.global.loads = (mysqld.global.loads || 0) + 1;
                    exports.n = 0; exports.next = function() { return ++exports.n; };")
                .file("other.js", "exports.next = require('./counter').next;")
        },
        &["[require('./counter').next(), require('./other').next(), require('./counter.js').next(),
            mysqld.global.loads]"],
    );
    assert_eq!(found, ["[1,2,3,1]"]);
}

#[test]
fn modules_see_module_exports_and_require() {
    let found = values_of(
        |text| {
            js(text)
                .file("by_exports.js", "exports.a = 1;")
                .file("by_module.js", "module.exports = function() { return 2; };")
                .file(
                    "types.js",
                    "module.exports = [typeof require, typeof module, typeof exports,
                    module.exports === exports, typeof mysqld.session.port, typeof process.env];",
                )
        },
        &[
            "require('./by_exports').a",
            "require('./by_module')()",
            "require('./types')",
        ],
    );
    let types = "[\"function\",\"object\",\"object\",true,\"number\",\"object\"]";
    assert_eq!(found, ["1", "2", types]);
}

#[test]
fn modules_may_require_each_other_in_circles() {
    let found = values_of(
        |text| {
            js(text)
                .file(
                    "a.js",
                    "exports.early = 1; var b = require('./b'); exports.seen = b.seen;",
                )
                .file(
                    "b.js",
                    "var a = require('./a'); exports.seen = [a.early, typeof a.seen];",
                )
        },
        &["require('./a').seen"],
    );
    assert_eq!(found, ["[1,\"undefined\"]"]);
}

#[test]
fn a_missing_module_is_an_error() {
    for name in ["nowhere", "./nowhere", "$DIR/nowhere"] {
        let trace = js("");
        let name = trace.expand(name);
        let text = format!("\nrequire('{name}');\n({{ stmts: [] }})");
        let trace = js(&text);
        let refusal = refused(&trace);
        assert_eq!(refusal.code, 1064);
        let expected = format!("Cannot find module: {name}");
        assert!(refusal.message.contains(&expected), "{refusal:?}");
    }
    are_worth(&[(
        "(function() { try { require('nowhere'); } catch (e) { return e.message; } })()",
        "\"Cannot find module: nowhere\"",
    )]);
}

#[test]
fn an_error_in_a_module_has_its_place() {
    let trace = js("require('./lib/broken');\n({ stmts: [] })")
        .file("lib/broken.js", "\n\nthrow new RangeError('far');");
    let refusal = refused(&trace);
    assert!(
        refusal.message.contains("lib/broken.js:3: RangeError: far"),
        "{refusal:?}"
    );
}

#[test]
fn the_usual_helper_modules_answer_by_statement() {
    let trace = with_prefix(
        "var common = require('common_statements');
         var keyed = common.prepare_statement_responses(['select_one', 'greet'], { name: 'ada' });
         var regexes = common.prepare_statement_responses_regex(['any_drop']);
         ({ stmts: function(stmt) {
              if (keyed.hasOwnProperty(stmt)) return keyed[stmt];
              var answer = common.handle_regex_stmt(stmt, regexes);
              return answer !== undefined ? answer : common.unknown_statement_response(stmt);
            } })",
    )
    .file("prefix/local_modules/common_statements.js", HELPERS);
    let said = trace.play(|mock| mock.answers(&["select 1", "hello", "drop table t", "nonsense"]));
    assert_eq!(said[0].clone().cell().as_deref(), Some("1"));
    assert_eq!(said[1].clone().message(), "hello ada");
    assert_eq!(said[2].clone().done().affected_rows, 1);
    let refusal = said[3].clone().refusal();
    assert_eq!(
        (refusal.code, refusal.state.as_deref()),
        (1273, Some("HY001"))
    );
    assert_eq!(refusal.message, "Syntax Error at: nonsense");
}

/// A module with the function names by which traces usually share answers.
const HELPERS: &str = r#"
function answers(options) {
  return {
    select_one: { stmt: "select 1",
      result: { columns: [{ name: "1", type: "LONGLONG" }], rows: [[1]] } },
    greet: { stmt: "hello", ok: { message: "hello " + options.name } },
    any_drop: { stmt_regex: "^drop table", ok: { affected_rows: 1 } },
  };
}
exports.get = function(key, options) { return answers(options || {})[key]; };
exports.prepare_statement_responses = function(keys, options) {
  return keys.reduce(function(all, key) {
    var answer = exports.get(key, options);
    all[answer.stmt] = answer;
    return all;
  }, {});
};
exports.prepare_statement_responses_regex = function(keys, options) {
  return keys.map(function(key) { return exports.get(key, options); });
};
exports.handle_regex_stmt = function(stmt, answers) {
  for (var i = 0; i < answers.length; i++) {
    if (stmt.match(answers[i].stmt_regex)) return answers[i];
  }
};
exports.unknown_statement_response = function(stmt) {
  return { error: { code: 1273, sql_state: "HY001", message: "Syntax Error at: " + stmt } };
};
"#;
