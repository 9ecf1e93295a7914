//! Section 7: the columns of a `result`.

use crate::harness::{Column, Rows, answers, entry, fails, json, same_answers};

/// All names of types, with their numbers.
const TYPES: &[(&str, u8)] = &[
    ("DECIMAL", 0),
    ("TINY", 1),
    ("SHORT", 2),
    ("LONG", 3),
    ("FLOAT", 4),
    ("DOUBLE", 5),
    ("NULL", 6),
    ("TIMESTAMP", 7),
    ("LONGLONG", 8),
    ("INT24", 9),
    ("DATE", 10),
    ("TIME", 11),
    ("DATETIME", 12),
    ("YEAR", 13),
    ("BIT", 16),
    ("NEWDECIMAL", 246),
    ("ENUM", 247),
    ("SET", 248),
    ("TINYBLOB", 249),
    ("MEDIUMBLOB", 250),
    ("LONGBLOB", 251),
    ("BLOB", 252),
    ("VAR_STRING", 253),
    ("STRING", 254),
    ("GEOMETRY", 255),
    // Names that the original doesn't have.
    ("NEWDATE", 14),
    ("VARCHAR", 15),
    ("TIMESTAMP2", 17),
    ("DATETIME2", 18),
    ("TIME2", 19),
    ("TYPED_ARRAY", 20),
    ("VECTOR", 242),
    ("BOOL", 244),
    ("JSON", 245),
];

/// The columns of entries with these keys, whose results have one column each.
fn columns(keys: &[String]) -> Vec<Column> {
    let entries: Vec<String> = keys
        .iter()
        .map(|keys| format!("{{ result: {{ columns: [{{ {keys} }}] }} }}"))
        .collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let answers = same_answers(&entries).into_iter();
    answers
        .map(|answer| answer.rows().columns.remove(0))
        .collect()
}

fn column(keys: &str) -> Column {
    columns(&[keys.to_owned()]).remove(0)
}

/// Asserts the errors of columns with these keys.
fn column_fails(cases: &[(String, String)]) {
    let entries: Vec<(String, &String)> = cases
        .iter()
        .map(|(keys, reason)| {
            (
                format!("{{ result: {{ columns: [{{ {keys} }}] }} }}"),
                reason,
            )
        })
        .collect();
    let entries: Vec<(&str, &str)> = entries
        .iter()
        .map(|(entry, reason)| (&entry[..], &reason[..]))
        .collect();
    fails(&entries);
}

#[test]
fn a_type_has_a_name_or_a_number_in_a_string() {
    let keys = TYPES.iter().flat_map(|(name, number)| {
        [
            format!("name: 'a', type: '{name}'"),
            format!("name: 'a', type: '{number}'"),
        ]
    });
    let columns = columns(&keys.collect::<Vec<_>>());
    for (pair, (name, number)) in columns.chunks(2).zip(TYPES) {
        assert_eq!([pair[0].kind, pair[1].kind], [*number; 2], "{name}");
    }
}

#[test]
fn an_unknown_type_is_an_error() {
    column_fails(
        &[
            "X",
            "long",
            "LONG ",
            "",
            "MEDIUMINT",
            "256",
            "-1",
            "3.5",
            "0x03",
            "99999999999",
        ]
        .map(|name| {
            (
                format!("name: 'a', type: '{name}'"),
                format!("Unknown type: \"{name}\""),
            )
        }),
    );
}

#[test]
fn a_column_with_only_a_name_and_a_type_has_the_defaults() {
    let defaults = Column {
        name: "a".to_owned(),
        kind: 3,
        ..Column::default()
    };
    assert_eq!(column("name: 'a', type: 'LONG'"), defaults);
    assert_eq!(
        column(
            "name: 'a', type: 'LONG', catalog: undefined, schema: undefined, table: undefined,
             orig_table: undefined, orig_name: undefined, character_set: undefined,
             length: undefined, flags: undefined, decimals: undefined"
        ),
        defaults
    );
}

#[test]
fn a_column_has_each_of_its_keys() {
    let found = column(
        "name: 'n ä', type: 'VAR_STRING', catalog: 'c', schema: 's', table: 't',
         orig_table: 'ot', orig_name: 'on', character_set: 45, length: 80, flags: 4097,
         decimals: 31",
    );
    let expected = Column {
        catalog: "c".to_owned(),
        schema: "s".to_owned(),
        table: "t".to_owned(),
        orig_table: "ot".to_owned(),
        name: "n ä".to_owned(),
        orig_name: "on".to_owned(),
        character_set: 45,
        length: 80,
        kind: 253,
        flags: 4097,
        decimals: 31,
    };
    assert_eq!(found, expected);
}

#[test]
fn integers_of_a_column_go_up_to_their_widths_and_are_whole() {
    let found = columns(
        &[
            "name: 'a', type: 'LONG', character_set: 65535, length: 4294967295, flags: 65535,
             decimals: 255",
            "name: 'a', type: 'LONG', character_set: 0, length: 0, flags: 0, decimals: 0",
            "name: 'a', type: 'LONG', character_set: NaN, length: NaN, flags: NaN, decimals: NaN",
            "name: 'a', type: 'LONG', character_set: 1.9, length: 1.9, flags: 1.9, decimals: 1.9",
        ]
        .map(str::to_owned),
    );
    let found: Vec<_> = found
        .into_iter()
        .map(|column| {
            (
                column.character_set,
                column.length,
                column.flags,
                column.decimals,
            )
        })
        .collect();
    let most = (u16::MAX, u32::MAX, u16::MAX, u8::MAX);
    assert_eq!(found, [most, (0, 0, 0, 0), (0, 0, 0, 0), (1, 1, 1, 1)]);
}

#[test]
fn wrong_integers_of_a_column_are_errors() {
    let mut cases = Vec::new();
    for (field, high) in [
        ("character_set", "65536"),
        ("length", "4294967296"),
        ("flags", "65536"),
        ("decimals", "256"),
    ] {
        for value in ["-1", "Infinity", "-Infinity", high] {
            let reason = format!("value out-of-range for field \"{field}\"");
            cases.push((format!("name: 'a', type: 'LONG', {field}: {value}"), reason));
        }
        for value in ["'1'", "null", "true", "[]"] {
            let reason = format!("wrong type for field \"{field}\", expected unsigned number");
            cases.push((format!("name: 'a', type: 'LONG', {field}: {value}"), reason));
        }
    }
    column_fails(&cases);
}

#[test]
fn strings_of_a_column_of_another_type_are_errors() {
    for field in [
        "name",
        "type",
        "catalog",
        "schema",
        "table",
        "orig_table",
        "orig_name",
    ] {
        let other = match field {
            "name" => "type: 'LONG'",
            "type" => "name: 'a'",
            _ => "name: 'a', type: 'LONG'",
        };
        let said = same_answers(&[
            &format!("{{ result: {{ columns: [{{ {other}, {field}: null }}] }} }}"),
            &format!("{{ result: {{ columns: [{{ {other}, {field}: {{}} }}] }} }}"),
        ]);
        for said in said {
            let refusal = said.refusal();
            assert_eq!(refusal.code, 1064, "{field}: {refusal:?}");
            assert!(refusal.message.contains(field), "{field}: {refusal:?}");
        }
    }
}

#[test]
fn name_and_type_are_required_and_type_is_checked_first() {
    let missing = "Wrong statements document structure: missing field";
    column_fails(&[
        (String::new(), format!("{missing} \"type\"")),
        ("name: 'a'".to_owned(), format!("{missing} \"type\"")),
        ("type: 'LONG'".to_owned(), format!("{missing} \"name\"")),
        (
            "name: 'a', type: undefined".to_owned(),
            format!("{missing} \"type\""),
        ),
        ("type: 'X'".to_owned(), "Unknown type: \"X\"".to_owned()),
    ]);
}

#[test]
fn columns_is_an_array_of_objects() {
    fails(&[
        ("{ result: {} }", "expect an object"),
        ("{ result: { columns: undefined } }", "expect an object"),
        ("{ result: { columns: null } }", "expect an object"),
        ("{ result: { columns: 'x' } }", "expect an object"),
        ("{ result: { columns: {} } }", "expect an object"),
        ("{ result: { columns: [null] } }", "expect an object"),
        ("{ result: { columns: ['a'] } }", "expect an object"),
        (
            "{ result: { columns: [{ name: 'a', type: 'LONG' }, 5] } }",
            "expect an object",
        ),
    ]);
}

#[test]
fn holes_of_columns_are_skipped() {
    let said = entry(
        "{ result: { columns: [, { name: 'a', type: 'LONG' }, , { name: 'b', type: 'TINY' }] } }",
    );
    let names: Vec<String> = said
        .rows()
        .columns
        .into_iter()
        .map(|column| column.name)
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn repeat_is_not_supported_in_a_script_with_any_value() {
    column_fails(&["1", "2", "undefined", "null", "'x'"].map(|value| {
        (
            format!("name: 'a', type: 'LONG', repeat: {value}"),
            "repeat is not supported".to_owned(),
        )
    }));
}

#[test]
fn repeat_writes_the_cells_of_json_so_many_times() {
    let trace = json(
        r#"{ "stmts": [{ "result": {
             "columns": [{ "name": "a", "type": "STRING", "repeat": 3 },
                         { "name": "b", "type": "STRING" }],
             "rows": [["ab", "c"], [null, "d"]] } }] }"#,
    );
    let rows = answers(&trace, &["x"]).remove(0).rows().rows;
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(rows, [[some("ababab"), some("c")], [None, some("d")]]);
}

#[test]
fn a_comment_is_ignored() {
    let said = columns(
        &[
            "name: 'a', type: 'LONG', comment: 'x'",
            "name: 'a', type: 'LONG', comment: 5",
        ]
        .map(str::to_owned),
    );
    let defaults = Column {
        name: "a".to_owned(),
        kind: 3,
        ..Column::default()
    };
    assert_eq!(said, [defaults.clone(), defaults]);
}

#[test]
fn the_character_set_of_json_is_63_by_default() {
    let trace = json(
        r#"{ "stmts": [{ "result": { "columns": [{ "name": "a", "type": "LONG" },
             { "name": "b", "type": "STRING", "character_set": 8 }] } }] }"#,
    );
    let Rows { columns, .. } = answers(&trace, &["x"]).remove(0).rows();
    assert_eq!(
        [columns[0].character_set, columns[1].character_set],
        [63, 8]
    );
}

#[test]
fn many_columns_are_one_result() {
    let said = entry(
        "{ result: { columns: Array.apply(null, Array(300)).map(function(_, n) {
             return { name: 'c' + n, type: 'LONG' }; }), rows: [[1]] } }",
    );
    let rows = said.rows();
    assert_eq!(rows.columns.len(), 300);
    assert_eq!(rows.columns[299].name, "c299");
}
