//! Rows: `result`, its columns and cells.

mod common;

use common::{cells, complaint, first_reply, ok, reply_to, rows};
use mynah_classic::{ColumnFlags, ColumnType, StatusFlags};
use mynah_session::ResultSet;

/// The first cell of an entry's rows.
fn first_cell(name: &str, value: &str) -> Option<String> {
    let entry = format!(
        r#"{{"result": {{"columns": [{{"name": "a", "type": "BLOB"}}], "rows": [[{value}]]}}}}"#
    );
    let rows = cells(&rows(reply_to(name, &entry)));
    rows.into_iter().flatten().next().flatten()
}

#[test]
fn a_column_has_defaults() {
    for (name, character_set) in [("t.js", 255), ("t.json", 63)] {
        let entry = r#"{"result": {"columns": [{"name": "a", "type": "LONG"}]}}"#;
        let result = rows(reply_to(name, entry));
        let column = &result.columns[0];
        assert_eq!(
            (column.names.catalog(), column.names.name()),
            (&b"def"[..], &b"a"[..]),
            "{name}"
        );
        for text in [
            column.names.schema(),
            column.names.table(),
            column.names.org_table(),
            column.names.org_name(),
        ] {
            assert_eq!(text, b"", "{name}");
        }
        assert_eq!(column.character_set, character_set, "{name}");
        assert_eq!((column.column_length, column.decimals), (0, 0), "{name}");
        assert_eq!(
            (column.column_type, column.flags.bits()),
            (ColumnType::LONG, 0),
            "{name}"
        );
        assert!(result.rows.is_empty(), "{name}");
        assert_eq!(result.end, mynah_session::Completion::default(), "{name}");
    }
}

#[test]
fn a_type_of_sql_implies_what_the_column_does_not_say() {
    for name in ["t.js", "t.json"] {
        let entry = r#"{"result": {"columns": [{"name": "a", "type": "bigint unsigned"},
            {"name": "b", "type": "VARCHAR(20)"}, {"name": "c", "type": "JSON"},
            {"name": "d", "type": "DATETIME(6)", "length": 7, "flags": 1, "decimals": 0, "character_set": 8}]}}"#;
        let result = rows(reply_to(name, entry));
        let found: Vec<_> = result
            .columns
            .iter()
            .map(|column| {
                let (length, flags) = (column.column_length, column.flags.bits());
                (
                    column.column_type,
                    length,
                    flags,
                    column.decimals,
                    column.character_set,
                )
            })
            .collect();
        let expected = [
            (ColumnType::LONGLONG, 20, 32, 0, 63),
            (ColumnType::VAR_STRING, 80, 0, 0, 255),
            (ColumnType::JSON, u32::MAX, 144, 0, 63),
            (ColumnType::DATETIME, 7, 1, 0, 8),
        ];
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn rows_of_objects_make_the_columns() {
    for name in ["t.js", "t.json"] {
        let entry = r#"{"result": {"rows": [
            {"z": 1, "name": "zw\u00f6lf", "yes": true, "f": null, "j": [1], "b": {"hex": "00"}, "mixed": 1},
            {"z": -2, "yes": null, "f": 1.5, "mixed": "x"}]}}"#;
        let result = rows(reply_to(name, entry));
        let found: Vec<_> = result
            .columns
            .iter()
            .map(|column| {
                let column_name = String::from_utf8_lossy(column.names.name()).into_owned();
                (column_name, column.column_type, column.column_length)
            })
            .collect();
        let expected = [
            ("z", ColumnType::LONGLONG, 20),
            ("name", ColumnType::VAR_STRING, 20),
            ("yes", ColumnType::TINY, 1),
            ("f", ColumnType::DOUBLE, 22),
            ("j", ColumnType::JSON, u32::MAX),
            ("b", ColumnType::BLOB, u32::MAX),
            ("mixed", ColumnType::VAR_STRING, 4),
        ]
        .map(|(name, column_type, length)| (name.to_owned(), column_type, length));
        assert_eq!(found, expected, "{name}");
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            cells(&result),
            [
                [
                    text("1"),
                    text("zwölf"),
                    text("1"),
                    None,
                    text("[1]"),
                    text("\0"),
                    text("1")
                ],
                [text("-2"), None, None, text("1.5"), None, None, text("x")],
            ],
            "{name}"
        );
    }
}

#[test]
fn columns_may_be_names_alone() {
    for name in ["t.js", "t.json"] {
        for (rows_said, types) in [
            (
                r#"[[1, "ada"]]"#,
                [ColumnType::LONGLONG, ColumnType::VAR_STRING],
            ),
            (
                r#"[{"name": "ada", "id": 1}]"#,
                [ColumnType::LONGLONG, ColumnType::VAR_STRING],
            ),
            ("[]", [ColumnType::VAR_STRING; 2]),
        ] {
            let entry =
                format!(r#"{{"result": {{"columns": ["id", "name"], "rows": {rows_said}}}}}"#);
            let result = rows(reply_to(name, &entry));
            let found: Vec<_> = result
                .columns
                .iter()
                .map(|column| column.column_type)
                .collect();
            assert_eq!(found, types, "{name}: {rows_said}");
            let expected = match rows_said {
                "[]" => Vec::new(),
                _ => vec![vec![Some("1".to_owned()), Some("ada".to_owned())]],
            };
            assert_eq!(cells(&result), expected, "{name}: {rows_said}");
        }
        let result = rows(reply_to(name, r#"{"result": {"columns": ["id"]}}"#));
        assert_eq!(
            (result.columns.len(), cells(&result).len()),
            (1, 0),
            "{name}"
        );
    }
}

#[test]
fn rows_of_objects_with_another_shape_say_where() {
    for (result, expected) in [
        (
            r#"{"rows": [[1]]}"#,
            "row 1: without columns, expected an object, get array, object",
        ),
        (
            r#"{"rows": [{"a": 1}, 7]}"#,
            "row 2: without columns, expected an object, get number, primitive",
        ),
        (
            r#"{"rows": [{"a": 1}, {"b": 1}]}"#,
            "row 2: there is no column 'b'",
        ),
        (
            r#"{"rows": [{"a": 1}, {"a": {"b": 1}}]}"#,
            "column 'a', row 2: the value is of another kind",
        ),
        (
            r#"{"rows": []}"#,
            "rows: without columns, the first row's keys name them",
        ),
        (
            r#"{"columns": ["a"], "rows": 1}"#,
            "rows: types of columns come from an array of rows, get number",
        ),
        (
            r#"{"columns": ["a", {"name": "b", "type": "INT"}], "rows": []}"#,
            "wrong type for field \"columns\", expected string",
        ),
        (
            r#"{"rows": 1}"#,
            "rows: without columns, expected an array of objects, get number",
        ),
        (
            r#"{"columns": [{"name": "a", "type": "INT"}], "rows": [{"a": 1, "b": 2}]}"#,
            "row 1: there is no column 'b'",
        ),
    ] {
        let said = complaint(&format!(r#"{{"result": {result}}}"#));
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_column_has_every_key() {
    let entry = r#"{"result": {"columns": [{"catalog": "c", "schema": "s", "table": "t",
        "orig_table": "ot", "name": "n", "orig_name": "on", "character_set": 33,
        "length": 4294967295, "type": "NEWDECIMAL", "flags": 1, "decimals": 31,
        "comment": "ignored"}], "rows": [["1"]], "affected_rows": 1, "last_insert_id": 2,
        "status": 34, "warning_count": 3,
        "session_trackers": [{"type": "schema", "schema": "x"}]}}"#;
    for name in ["t.js", "t.json"] {
        let result = rows(reply_to(name, entry));
        let column = &result.columns[0];
        assert_eq!(
            (column.names.catalog(), column.names.schema()),
            (&b"c"[..], &b"s"[..]),
            "{name}"
        );
        assert_eq!(
            (column.names.table(), column.names.org_table()),
            (&b"t"[..], &b"ot"[..]),
            "{name}"
        );
        assert_eq!(
            (column.names.name(), column.names.org_name()),
            (&b"n"[..], &b"on"[..]),
            "{name}"
        );
        assert_eq!(
            (column.character_set, column.column_length),
            (33, u32::MAX),
            "{name}"
        );
        assert_eq!(column.column_type, ColumnType::NEWDECIMAL, "{name}");
        assert_eq!(
            (column.flags, column.decimals),
            (ColumnFlags::NOT_NULL, 31),
            "{name}"
        );
        assert_eq!(
            (result.end.affected_rows, result.end.last_insert_id),
            (1, 2),
            "{name}"
        );
        let status = StatusFlags::AUTOCOMMIT | StatusFlags::NO_INDEX_USED;
        assert_eq!(
            (result.end.status_flags, result.end.warning_count),
            (Some(status), 3),
            "{name}"
        );
        assert_eq!(result.end.session_state_changes.iter().count(), 1, "{name}");
    }
}

#[test]
fn a_column_has_a_type_by_name_or_number() {
    let named = [
        ("DECIMAL", 0x00),
        ("TINY", 0x01),
        ("SHORT", 0x02),
        ("LONG", 0x03),
        ("FLOAT", 0x04),
        ("DOUBLE", 0x05),
        ("NULL", 0x06),
        ("TIMESTAMP", 0x07),
        ("LONGLONG", 0x08),
        ("INT24", 0x09),
        ("DATE", 0x0a),
        ("TIME", 0x0b),
        ("DATETIME", 0x0c),
        ("YEAR", 0x0d),
        ("NEWDATE", 0x0e),
        ("VARCHAR", 0x0f),
        ("BIT", 0x10),
        ("TIMESTAMP2", 0x11),
        ("DATETIME2", 0x12),
        ("TIME2", 0x13),
        ("TYPED_ARRAY", 0x14),
        ("VECTOR", 0xf2),
        ("BOOL", 0xf4),
        ("JSON", 0xf5),
        ("NEWDECIMAL", 0xf6),
        ("ENUM", 0xf7),
        ("SET", 0xf8),
        ("TINYBLOB", 0xf9),
        ("MEDIUMBLOB", 0xfa),
        ("LONGBLOB", 0xfb),
        ("BLOB", 0xfc),
        ("VAR_STRING", 0xfd),
        ("STRING", 0xfe),
        ("GEOMETRY", 0xff),
        ("3", 0x03),
        ("255", 0xff),
    ];
    let columns = named.map(|(name, _)| format!(r#"{{"name": "a", "type": "{name}"}}"#));
    let entry = format!(r#"{{"result": {{"columns": [{}]}}}}"#, columns.join(","));
    for name in ["t.js", "t.json"] {
        let result = rows(reply_to(name, &entry));
        for (column, (known, code)) in result.columns.iter().zip(named) {
            assert_eq!(column.column_type, ColumnType(code), "{name} {known}");
        }
        let entry = r#"{"result": {"columns": [{"name": "a", "type": 8}]}}"#;
        let result = rows(reply_to(name, entry));
        assert_eq!(
            result.columns[0].column_type,
            ColumnType::LONGLONG,
            "{name}"
        );
    }
}

#[test]
fn a_cell_is_what_string_says_of_it() {
    let cases = [
        ("null", None),
        ("undefined", None),
        ("''", Some("")),
        ("'a'", Some("a")),
        ("'zwölf €'", Some("zwölf €")),
        ("'\\u{1f426}'", Some("\u{1f426}")),
        ("'a\\0b'", Some("a\0b")),
        ("true", Some("true")),
        ("1.0", Some("1")),
        ("-0", Some("0")),
        ("1e21", Some("1e+21")),
        ("0.1", Some("0.1")),
        ("123456789012345678901n", Some("123456789012345678901")),
        ("[1, [2, null], 'x']", Some("1,2,,x")),
        ("{}", Some("[object Object]")),
        ("{toString: function () { return 'own'; }}", Some("own")),
    ];
    for (value, want) in cases {
        assert_eq!(first_cell("t.js", value).as_deref(), want, "{value}");
    }
}

#[test]
fn a_json_cell_is_what_string_says_of_it_and_keeps_its_digits() {
    let cases = [
        ("null", None),
        (r#""a""#, Some("a")),
        ("true", Some("true")),
        ("1.0", Some("1")),
        ("-0.0", Some("0")),
        ("1e21", Some("1e+21")),
        ("-1.5", Some("-1.5")),
        ("18446744073709551615", Some("18446744073709551615")),
        ("-9223372036854775808", Some("-9223372036854775808")),
        (r#"[1, [2, null], "x"]"#, Some("1,2,,x")),
        ("{}", Some("[object Object]")),
    ];
    for (value, want) in cases {
        assert_eq!(first_cell("t.json", value).as_deref(), want, "{value}");
    }
}

#[test]
fn a_cell_of_more_than_a_packet_arrives_whole() {
    let script = "var cell = 'x';
        for (var i = 0; i < 25; i++) cell += cell;
        ({stmts: [{result: {columns: [{name: 'a', type: 'LONGBLOB'}], rows: [[cell]]}}]})";
    let result = rows(first_reply("t.js", script));
    let row = result.rows.get(0).unwrap();
    let cell = row.cells().next().unwrap().unwrap().unwrap();
    assert_eq!(cell.len(), 32 * 1024 * 1024);
}

#[test]
fn rows_need_not_be_as_long_as_the_columns_are_many() {
    let entry = r#"{"result": {"columns": [{"name": "a", "type": "LONG"}],
        "rows": [[], ["1", "2"]]}}"#;
    for name in ["t.js", "t.json"] {
        let read = cells(&rows(reply_to(name, entry)));
        assert_eq!(
            read,
            [vec![], vec![Some("1".to_owned()), Some("2".to_owned())]],
            "{name}"
        );
    }
}

#[test]
fn an_old_json_trace_repeats_cells() {
    let entry = r#"{"result": {"columns": [{"name": "a", "type": "LONG", "repeat": 3},
        {"name": "b", "type": "LONG"}], "rows": [["ab", "c"], [null, 1]]}}"#;
    let read = cells(&rows(reply_to("t.json", entry)));
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(read, [[text("ababab"), text("c")], [None, text("1")]]);
}

#[test]
fn a_result_that_is_wrong_says_how() {
    let cases = [
        ("no columns", "{}", "expect an object"),
        ("columns is an object", "{columns: {}}", "expect an object"),
        ("a column is null", "{columns: [null]}", "expect an object"),
        (
            "neither name nor type",
            "{columns: [{}]}",
            "Wrong statements document structure: missing field \"name\"",
        ),
        (
            "no name",
            "{columns: [{type: 'LONG'}]}",
            "Wrong statements document structure: missing field \"name\"",
        ),
        (
            "no such type",
            "{columns: [{name: 'a', type: 'MOON'}]}",
            "Unknown type: \"MOON\"",
        ),
        (
            "type 256",
            "{columns: [{name: 'a', type: '256'}]}",
            "Unknown type: \"256\"",
        ),
        (
            "type by another name",
            "{columns: [{name: 'a', type: 'TINY_BLOB'}]}",
            "Unknown type: \"TINY_BLOB\"",
        ),
        (
            "type in small letters",
            "{columns: [{name: 'a', type: 'long'}]}",
            "Unknown type: \"long\"",
        ),
        (
            "decimals is negative",
            "{columns: [{name: 'a', type: 'LONG', decimals: -1}]}",
            "value out-of-range for field \"decimals\"",
        ),
        (
            "decimals is infinite",
            "{columns: [{name: 'a', type: 'LONG', decimals: Infinity}]}",
            "value out-of-range for field \"decimals\"",
        ),
        (
            "length is a string",
            "{columns: [{name: 'a', type: 'LONG', length: '1'}]}",
            "wrong type for field \"length\", expected unsigned number",
        ),
        (
            "repeat",
            "{columns: [{name: 'a', type: 'LONG', repeat: 3}]}",
            "repeat is not supported",
        ),
        (
            "repeat is undefined",
            "{columns: [{name: 'a', type: 'LONG', repeat: undefined}]}",
            "repeat is not supported",
        ),
        (
            "rows is a string",
            "{columns: [{name: 'a', type: 'LONG'}], rows: 'x'}",
            "rows: expected array or undefined, get primitive, string",
        ),
        (
            "rows is null",
            "{columns: [{name: 'a', type: 'LONG'}], rows: null}",
            "rows: expected array or undefined, get null, primitive",
        ),
        (
            "a row is an object with a key that is no column",
            "{columns: [{name: 'a', type: 'LONG'}], rows: [{}, {b: 1}]}",
            "row 2: there is no column 'b'",
        ),
        (
            "a row is a number",
            "{columns: [{name: 'a', type: 'LONG'}], rows: [1]}",
            "row: expected array, get number, primitive",
        ),
        (
            "a row as long as an array can be",
            "{columns: [{name: 'a', type: 'LONG'}], rows: [new Array(4294967295)]}",
            "row: expected 65535 cells at most, get 4294967295",
        ),
        (
            "trackers is a string",
            "{columns: [{name: 'a', type: 'LONG'}], session_trackers: ''}",
            "expected .session_tracker to be an array",
        ),
    ];
    for (case, result, want) in cases {
        let entry = format!("{{result: {result}}}");
        assert_eq!(
            complaint(&entry),
            format!("executing statement failed: {want}"),
            "{case}"
        );
    }
}

#[test]
fn column_integers_are_cut_to_whole_numbers() {
    let entry = "{result: {columns: [{name: 'a', type: 'LONG', decimals: NaN, length: 1.9}]}}";
    let result = rows(reply_to("t.js", entry));
    assert_eq!(
        (result.columns[0].decimals, result.columns[0].column_length),
        (0, 1)
    );
}

#[test]
fn a_result_has_a_column_at_least() {
    let expected = "executing statement failed: columns: expected one at least; a statement without \
                    rows is answered by an ok";
    for entry in [
        "{result: {columns: []}}",
        "{result: {columns: [], rows: [[1]]}}",
    ] {
        assert_eq!(complaint(entry), expected, "{entry}");
    }
}

#[test]
fn a_statement_after_a_wrong_one_is_answered() {
    let script = "({stmts: [{result: {columns: [{name: 'a', type: 'MOON'}]}}, {ok: {}}]})";
    common::with_session("t.js", script, |session| {
        common::error(common::ask(session, "x"));
        ok(common::ask(session, "x"));
    });
    ok(first_reply(
        "t.js",
        "({stmts: function () { return {ok: {}}; }})",
    ));
}

/// Names, types and lengths of columns.
fn described(result: &ResultSet) -> Vec<(String, ColumnType, u32)> {
    let columns = result.columns.iter();
    columns
        .map(|column| {
            let name = String::from_utf8_lossy(column.names.name()).into_owned();
            (name, column.column_type, column.column_length)
        })
        .collect()
}

#[test]
fn columns_without_types_have_those_that_fit_their_values() {
    let entry = r#"{"result": {"columns": [{"name": "id"}, {"name": "price", "type": "DECIMAL(5,2)"},
        {"name": "name", "length": 99}, {"name": "none"}],
        "rows": [[1, "1.50", "ada"], {"id": -3, "name": 7, "price": null}, []]}}"#;
    for name in ["t.js", "t.json"] {
        let result = rows(reply_to(name, entry));
        let expected = [
            ("id", ColumnType::LONGLONG, 20),
            ("price", ColumnType::NEWDECIMAL, 7),
            ("name", ColumnType::VAR_STRING, 99),
            ("none", ColumnType::VAR_STRING, 4),
        ]
        .map(|(name, column_type, length)| (name.to_owned(), column_type, length));
        assert_eq!(described(&result), expected, "{name}");
        let found = cells(&result);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(found[1], [text("-3"), None, text("7"), None], "{name}");
    }
    let said = complaint("{result: {columns: [{name: 'a'}], rows: [[1], [[2]]]}}");
    assert!(
        said.contains("column 'a', row 2: the value is of another kind"),
        "{said}"
    );
    let said = complaint("{result: {columns: [{name: 'a'}], rows: 1}}");
    assert!(
        said.contains("rows: types of columns come from an array of rows, get number"),
        "{said}"
    );
}

#[test]
fn an_isolated_scripts_objects_have_the_keys_of_their_prototypes() {
    for script in [
        "Object.prototype.schema = 'zoo'; COLUMN = {name: 'a', type: 'LONG'}",
        "COLUMN = Object.create({schema: 'zoo'}); COLUMN.name = 'a'; COLUMN.type = 'LONG'",
        "COLUMN = {name: 'a', type: 'LONG', get schema() { return 'zoo'; }}",
        "COLUMN = new Proxy({name: 'a', type: 'LONG'}, \
         {get: (target, key) => key == 'schema' ? 'zoo' : target[key]})",
    ] {
        // `eval` makes each of them isolated.
        let script = format!(
            "eval(''); var COLUMN; {script};
             ({{stmts: () => ({{result: {{columns: [COLUMN], rows: [[1]]}}}})}})"
        );
        let result = rows(first_reply("t.js", &script));
        assert_eq!(result.columns[0].names.schema(), b"zoo", "{script}");
        assert_eq!(result.columns[0].names.name(), b"a", "{script}");
    }
}
