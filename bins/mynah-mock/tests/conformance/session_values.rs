//! Section 10: `mysqld`.

use crate::harness::{are_worth, js, values};

#[test]
fn the_session_has_the_port_and_ssl_cipher() {
    let trace = js("({ stmts: function() { var session = mysqld.session;
        return { ok: { message: JSON.stringify([session.port, session.ssl_cipher,
          session.mysqlx_ssl_cipher, session.ssl_session_cache_hits]) } }; } })");
    trace.play(|mock| {
        let expected = format!("[{},\"\",\"\",0]", mock.address().port());
        assert_eq!(mock.answer("x").message(), expected);
    });
}

#[test]
fn the_session_has_no_other_keys() {
    are_worth(&[
        ("typeof mysqld.session.username", "\"undefined\""),
        ("typeof mysqld.session.schema", "\"undefined\""),
        ("typeof mysqld.session.attributes", "\"undefined\""),
        ("typeof mysqld.session.last_insert_id", "\"undefined\""),
    ]);
}

#[test]
fn the_session_is_there_while_the_program_runs() {
    let trace = js("var port = mysqld.session.port;
        ({ stmts: [{ ok: { message: String(port) } }] })");
    trace.play(|mock| {
        assert_eq!(
            mock.answer("x").message(),
            mock.address().port().to_string()
        );
    });
}

#[test]
fn a_global_is_kept_as_json() {
    are_worth(&[
        ("mysqld.global.nope", "undefined"),
        ("(mysqld.global.a = 'text', mysqld.global.a)", "\"text\""),
        ("(mysqld.global.a = 5, mysqld.global.a + 1)", "6"),
        ("(mysqld.global.a = null, mysqld.global.a)", "null"),
        ("(mysqld.global.a = [1, { b: 2 }], mysqld.global.a)", "[1,{\"b\":2}]"),
        ("(mysqld.global.a = { n: 1 }, mysqld.global.a.n = 2, mysqld.global.a)", "{\"n\":1}"),
        (
            "(function() { var copy = (mysqld.global.a = { n: 1 }); copy.n = 2; mysqld.global.a = copy;
               return mysqld.global.a; })()",
            "{\"n\":2}",
        ),
        ("(mysqld.global.a = { at: new Date(0) }, mysqld.global.a)", "{\"at\":\"1970-01-01T00:00:00.000Z\"}"),
        ("(mysqld.global.n = 1, mysqld.global.n++, mysqld.global.n += 5)", "7"),
        ("(mysqld.global['ü €'] = 'ä\\u0000', mysqld.global['ü €'])", "\"ä\\u0000\""),
        ("(mysqld.global[5] = 'five', mysqld.global['5'])", "\"five\""),
    ]);
}

#[test]
fn mysqld_global_is_an_ordinary_object() {
    are_worth(&[
        ("'nope' in mysqld.global", "false"),
        ("(mysqld.global.a = 1, 'a' in mysqld.global)", "true"),
        ("(mysqld.global.a = null, 'a' in mysqld.global)", "true"),
        ("mysqld.global.hasOwnProperty('a')", "false"),
        ("(mysqld.global.a = 1, mysqld.global.hasOwnProperty('a'))", "true"),
        ("(mysqld.global.b = 1, mysqld.global.a = 2, Object.keys(mysqld.global).sort())", "[\"a\",\"b\"]"),
        (
            "(function() { mysqld.global.a = 1; var keys = []; for (var key in mysqld.global) keys.push(key);
               return keys; })()",
            "[\"a\"]",
        ),
        ("(mysqld.global.a = 1, delete mysqld.global.a)", "true"),
        ("(mysqld.global.a = 1, delete mysqld.global.a, 'a' in mysqld.global)", "false"),
        ("(mysqld.global.a = 1, mysqld.global.a = undefined, 'a' in mysqld.global)", "false"),
        ("(mysqld.global.a = 1, JSON.stringify(mysqld.global))", "\"{\\\"a\\\":1}\""),
        ("(Object.assign(mysqld.global, { a: 1, b: 2 }), mysqld.global.b)", "2"),
        ("Object.getOwnPropertyNames(mysqld.global)", "[]"),
        ("typeof mysqld.global", "\"object\""),
    ]);
}

#[test]
fn shared_values_of_process_are_those_of_mysqld_global() {
    are_worth(&[
        ("process.get_shared('nope')", "undefined"),
        (
            "(process.set_shared('k', { v: [1] }), process.get_shared('k'))",
            "{\"v\":[1]}",
        ),
        (
            "(process.set_shared('k', { v: 1 }), mysqld.global.k)",
            "{\"v\":1}",
        ),
        ("(mysqld.global.k = [1], process.get_shared('k'))", "[1]"),
        (
            "(mysqld.global.b = 1, mysqld.global.a = 2, process.get_keys().sort())",
            "[\"a\",\"b\"]",
        ),
        ("process.get_keys()", "[]"),
        ("process.get_keys() instanceof Array", "true"),
        ("process.erase('nope')", "0"),
        (
            "(mysqld.global.k = 1, [process.erase('k'), process.erase('k'), mysqld.global.k === undefined])",
            "[1,0,true]",
        ),
    ]);
}

#[test]
fn a_value_that_cannot_be_stored_is_an_error_or_ignored_and_the_session_stays() {
    let found = values(&[
        "(function() { try { mysqld.global.f = function() {}; } catch (e) {} return typeof mysqld.global.f; })()",
        "(function() { var a = {}; a.a = a; try { mysqld.global.c = a; } catch (e) { return e instanceof TypeError; } })()",
    ]);
    assert_eq!(found, ["\"undefined\"", "true"]);
}
