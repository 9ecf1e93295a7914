use std::path::Path;

use super::program;

#[test]
fn the_last_value_is_returned_wherever_it_stands() {
    let cases = [
        ("({a: 1})", "return ({a: 1})"),
        ("var a = 1;\n  a;\n", "var a = 1;\n  return a;\n"),
        ("var é = 'ü'; ((é))", "var é = 'ü'; return ((é))"),
        ("var a;\r\na = {b: 1}", "var a;\r\nreturn a = {b: 1}"),
        (
            "a()\n[0]; function a() {}",
            "return a()\n[0]; function a() {}",
        ),
        ("a(1).b; function a() {}", "return a(1).b; function a() {}"),
        ("/* x */ 'a' + 1 // end", "/* x */ return 'a' + 1 // end"),
        ("var a = {}; a.b.c; ;;", "var a = {}; return a.b.c; ;;"),
        ("'use strict'", "return 'use strict'"),
    ];
    for (text, expected) in cases {
        let cleared = program(Path::new("t.js"), text);
        assert_eq!(
            cleared.map(|cleared| cleared.body),
            Ok(expected.to_owned()),
            "{text}"
        );
    }
}
