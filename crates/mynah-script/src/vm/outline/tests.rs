use std::path::Path;

use crate::outline::{ALL, ENTRIES, Outline, Places, json};

fn found(outline: &Outline, path: &str) -> (String, String) {
    let found = outline.find(path);
    (found.value.to_string(), found.key.to_string())
}

#[test]
fn values_of_json_and_javascript_are_found_by_their_paths() {
    let json_text = "{\n  \"stmts\": [\n    {\"ok\": {}},\n    {\"stmt\": \"é\", \"stmt.regex\": \"x\"}\n  ]\n}";
    let script =
        "({\n  'stmts': [\n    {'ok'': {}},\n    {'stmt': 'é', 'stmt.regex': 'x'}\n  ]\n})"
            .replace("''", "'");
    let from_json = json(json_text, ALL).unwrap();
    let from_script = super::outline(&script, None, ALL).unwrap();
    for (path, value, key) in [
        ("stmts", "2:12", "2:3"),
        ("stmts[0]", "3:5", "3:5"),
        ("stmts[0].ok", "3:12", "3:6"),
        ("stmts[1].stmt", "4:14", "4:6"),
        ("stmts[1].stmt.regex", "4:33", "4:19"),
        ("stmts[1].unknown.deeper", "4:5", "4:5"),
        ("stmts[7]", "2:12", "2:12"),
    ] {
        let expected = (value.to_owned(), key.to_owned());
        assert_eq!(found(&from_json, path), expected, "{path}");
        assert_eq!(found(&from_script, path), expected, "{path}");
    }
}

#[test]
fn a_script_is_followed_through_variables_spreads_and_module_exports() {
    let script = "const first = {ok: {}};
var list = [first,
  {ok: {}}, ,
  ...[{ok: 1}],
];
const more = {
  expectations: [],
};
let handshake = make();
module.exports = {stmts: list, ...more, handshake, notices() {}};";
    let outline = super::outline(script, None, ALL).unwrap();
    for (path, expected) in [
        ("", "10:18"),
        ("stmts", "2:12"),
        ("stmts[0]", "1:15"),
        ("stmts[1]", "3:3"),
        ("stmts[2]", "2:12"),
        ("stmts[3]", "4:7"),
        ("expectations", "7:17"),
        ("handshake", "9:17"),
        ("handshake.greeting", "9:17"),
    ] {
        assert_eq!(found(&outline, path).0, expected, "{path}");
    }
    assert_eq!(found(&outline, "notices").1, "10:52");
}

#[test]
fn elements_behind_a_spread_of_unknown_length_are_where_their_array_is() {
    let outline =
        super::outline("({stmts: [{ok: {}},\n ...make(), {ok: {}}]})", None, ALL).unwrap();
    assert_eq!(found(&outline, "stmts[0]").0, "1:11");
    assert_eq!(found(&outline, "stmts[1]").0, "1:10");
    assert_eq!(found(&outline, "stmts[2]").0, "1:10");
}

#[test]
fn an_outline_ends_at_its_level_and_texts_without_a_value_have_none() {
    let outline = json("{\"stmts\": [{\"ok\": {}}]}", ENTRIES).unwrap();
    assert_eq!(found(&outline, "stmts[0].ok.x").0, "1:19");
    for text in ["", "{", "// nothing"] {
        assert_eq!(json(text, ALL), None, "{text}");
    }
    for text in ["", "({", "var a = a; for (;;) {}"] {
        assert_eq!(super::outline(text, None, ALL), None, "{text}");
    }
    // A variable that is itself ends somewhere.
    assert!(super::outline("var a = [a]; a", None, ALL).is_some());
}

#[test]
fn entries_have_names_with_file_and_line() {
    let script =
        "({\n  stmts: [{ok: {}}],\n  expectations: {order: 'any',\n expectations: [\n{}]}})";
    let places = Places::new(
        Path::new("dir/shop.js"),
        super::outline(script, None, ENTRIES),
    );
    let said = places.describe("entry 1 of stmts", "stmts[0]");
    assert_eq!(said, "entry 1 of stmts, shop.js line 2");
    assert_eq!(places.expectation(0).unwrap().to_string(), "5:1");
    let unknown = Places::new(Path::new("shop.js"), None);
    assert_eq!(
        unknown.describe("entry 1 of stmts", "stmts[0]"),
        "entry 1 of stmts, shop.js"
    );
}
