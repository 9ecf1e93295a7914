//! Section 7: the rows of a `result`, and the packet after them.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder, Row};

use crate::harness::{
    Done, End, Login, answers, capability, entry, fails, js, json, lenenc, ok, same_answers,
};

const COLUMN: &str = "columns: [{ name: 'a', type: 'STRING' }]";

/// The only cell of each of these values, which are JavaScript.
fn cells(values: &[&str]) -> Vec<Option<String>> {
    let entries: Vec<String> = values
        .iter()
        .map(|value| format!("{{ result: {{ {COLUMN}, rows: [[{value}]] }} }}"))
        .collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    same_answers(&entries)
        .into_iter()
        .map(|answer| answer.cell())
        .collect()
}

#[test]
fn null_and_undefined_are_null() {
    assert_eq!(cells(&["null", "undefined", "void 0"]), [None, None, None]);
}

#[test]
fn other_values_are_converted_to_strings() {
    let cases = [
        ("'text'", "text"),
        ("''", ""),
        ("'null'", "null"),
        ("true", "true"),
        ("false", "false"),
        ("0", "0"),
        ("-0", "0"),
        ("1.0", "1"),
        ("1.5", "1.5"),
        ("-17", "-17"),
        ("1e21", "1e+21"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("9007199254740993", "9007199254740992"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        (
            "123456789012345678901234567890n",
            "123456789012345678901234567890",
        ),
        ("[1, [2, null], 'x']", "1,2,,x"),
        ("[]", ""),
        ("{}", "[object Object]"),
        ("{ toString: function() { return 'mine'; } }", "mine"),
        (
            "{ valueOf: function() { return 1; }, toString: function() { return 's'; } }",
            "s",
        ),
        ("new String('boxed')", "boxed"),
        ("new Error('why')", "Error: why"),
        ("/a+/g", "/a+/g"),
    ];
    let values: Vec<&str> = cases.iter().map(|(value, _)| *value).collect();
    for (found, (value, expected)) in cells(&values).into_iter().zip(cases) {
        assert_eq!(found.as_deref(), Some(expected), "{value}");
    }
}

#[test]
fn text_is_utf8_and_complete() {
    let found = cells(&[
        "'ä€\u{1f600}'",
        "'\\ud83d\\ude00'",
        "'a\\0b\\0'",
        "'\\u00ff\\x80'",
    ]);
    let expected = ["ä€\u{1f600}", "\u{1f600}", "a\0b\0", "ÿ\u{80}"];
    assert_eq!(found, expected.map(|text| Some(text.to_owned())));
}

#[test]
fn statements_reach_the_script_as_text() {
    let trace =
        js("({ stmts: function(stmt) { return { ok: { message: stmt.length + ' ' + stmt } }; } })");
    let said = answers(&trace, &["ä€", "\u{1f600}", "a\0b"]);
    let said: Vec<String> = said.into_iter().map(|answer| answer.message()).collect();
    assert_eq!(said, ["2 ä€", "2 \u{1f600}", "3 a\0b"]);
}

#[test]
fn a_cell_without_text_fails_its_statement_only() {
    let said = same_answers(&[
        &format!("{{ result: {{ {COLUMN}, rows: [[Symbol('s')]] }} }}"),
        "{ ok: {} }",
        &format!(
            "{{ result: {{ {COLUMN}, rows: [[{{ toString: function() {{ throw 'mute'; }} }}]] }} }}"
        ),
        "{ ok: {} }",
        &format!("{{ result: {{ {COLUMN}, rows: [[Object.create(null)]] }} }}"),
        "{ ok: {} }",
    ]);
    for pair in said.chunks(2) {
        let refusal = pair[0].clone().refusal();
        assert_eq!(refusal.code, 1064);
        assert!(
            refusal.message.starts_with("executing statement failed: "),
            "{refusal:?}"
        );
        pair[1].clone().done();
    }
}

#[test]
fn rows_is_an_array_of_arrays_or_absent() {
    for entry_text in [
        format!("{{ result: {{ {COLUMN} }} }}"),
        format!("{{ result: {{ {COLUMN}, rows: undefined }} }}"),
        format!("{{ result: {{ {COLUMN}, rows: [] }} }}"),
    ] {
        let rows = entry(&entry_text).rows();
        assert_eq!(
            (rows.columns.len(), rows.rows.len()),
            (1, 0),
            "{entry_text}"
        );
    }
    let reason = "rows: expected array or undefined, get";
    fails(&[
        (
            &format!("{{ result: {{ {COLUMN}, rows: null }} }}"),
            &format!("{reason} null, primitive"),
        ),
        (
            &format!("{{ result: {{ {COLUMN}, rows: 5 }} }}"),
            &format!("{reason} number, primitive"),
        ),
        (
            &format!("{{ result: {{ {COLUMN}, rows: 'x' }} }}"),
            &format!("{reason} primitive, string"),
        ),
        (
            &format!("{{ result: {{ {COLUMN}, rows: {{}} }} }}"),
            &format!("{reason} object"),
        ),
    ]);
}

#[test]
fn a_row_that_is_not_an_array_fails_its_statement_only() {
    for row in ["null", "5", "'x'", "{}"] {
        let said = same_answers(&[
            &format!("{{ result: {{ {COLUMN}, rows: [[1], {row}] }} }}"),
            "{ ok: {} }",
        ]);
        let refusal = said[0].clone().refusal();
        assert_eq!(refusal.code, 1064, "{row}: {refusal:?}");
        assert!(
            refusal.message.contains("expected array"),
            "{row}: {refusal:?}"
        );
        said[1].clone().done();
    }
}

#[test]
fn holes_of_rows_are_skipped() {
    let said = entry(&format!(
        "{{ result: {{ {COLUMN}, rows: [, [1], , [2]] }} }}"
    ));
    let some = |text: &str| vec![Some(text.to_owned())];
    assert_eq!(said.rows().rows, [some("1"), some("2")]);
}

#[test]
fn holes_of_a_row_are_skipped() {
    let said = same_answers(&[
        "{ result: { columns: ['a', 'b', 'c'].map(function(name) {
               return { name: name, type: 'STRING' }; }), rows: [[1, , 2, 3]] } }",
        &format!("{{ result: {{ {COLUMN}, rows: [[, 1], [1, undefined], [1, , ], [, ]] }} }}"),
    ]);
    let some = |text: &str| Some(text.to_owned());
    let rows: Vec<_> = said.into_iter().map(|answer| answer.rows().rows).collect();
    assert_eq!(rows[0], [[some("1"), some("2"), some("3")]]);
    assert_eq!(
        rows[1],
        [
            vec![some("1")],
            vec![some("1"), None],
            vec![some("1")],
            vec![]
        ]
    );
}

#[test]
fn the_length_of_a_row_is_not_checked() {
    let said = entry(&format!(
        "{{ result: {{ {COLUMN}, rows: [[], [1, 2], [3]] }} }}"
    ));
    let some = |text: &str| Some(text.to_owned());
    let rows = said.rows().rows;
    assert_eq!(rows, [vec![], vec![some("1"), some("2")], vec![some("3")]]);
}

#[test]
fn sequence_ids_wrap_with_many_rows() {
    let said = entry(&format!(
        "{{ result: {{ {COLUMN}, rows: Array.apply(null, Array(1000)).map(function(_, n) {{
             return [n]; }}) }} }}"
    ));
    let rows = said.rows().rows;
    assert_eq!(rows.len(), 1000);
    assert_eq!(rows[999], [Some("999".to_owned())]);
}

#[test]
fn json_cells_keep_their_digits() {
    let trace = json(
        r#"{ "stmts": [{ "result": {
             "columns": [{ "name": "a", "type": "LONGLONG" }, { "name": "b", "type": "STRING" },
                         { "name": "c", "type": "TINY" }, { "name": "d", "type": "DOUBLE" }],
             "rows": [[9223372036854775807, "ä", true, 1.5], [null, "", false, -2]] } }] }"#,
    );
    let rows = answers(&trace, &["x"]).remove(0).rows().rows;
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows[0],
        [
            some("9223372036854775807"),
            some("ä"),
            some("true"),
            some("1.5")
        ]
    );
    assert_eq!(rows[1], [None, some(""), some("false"), some("-2")]);
}

const END: &str = "({ stmts: function() { return { result: {
    columns: [{ name: 'a', type: 'LONG' }], rows: [[1]],
    affected_rows: 1, last_insert_id: 2, status: 34, warning_count: 3 } }; } })";

#[test]
fn the_packet_after_the_rows_has_the_result_s_keys() {
    let rows = answers(&js(END), &["x"]).remove(0).rows();
    let expected = Done {
        affected_rows: 1,
        last_insert_id: 2,
        status: 34,
        warnings: 3,
        ..ok()
    };
    assert_eq!((rows.middle, rows.end), (None, End::Ok(expected)));
    let silent = entry(&format!("{{ result: {{ {COLUMN} }} }}")).rows();
    assert_eq!(silent.end, End::Ok(ok()));
}

#[test]
fn a_message_follows_the_rows() {
    let rows = entry(&format!("{{ result: {{ {COLUMN}, message: 'one row' }} }}")).rows();
    let expected = Done {
        message: "one row".to_owned(),
        ..ok()
    };
    assert_eq!(rows.end, End::Ok(expected));
}

#[test]
fn without_deprecate_eof_both_eofs_carry_the_status_and_only_the_last_the_warnings() {
    let login = Login::default().without(capability::DEPRECATE_EOF);
    let rows = js(END).play(|mock| mock.login_as(&login).query("x").rows());
    assert_eq!((rows.middle, rows.end), (Some((0, 34)), End::Eof(3, 34)));
}

#[test]
fn the_bytes_of_a_result() {
    let login = Login::default();
    let old = Login::default().without(capability::DEPRECATE_EOF);
    let packets = js(END).play(|mock| {
        [(&login, 4), (&old, 5)].map(|(login, count)| {
            let mut client = mock.login_as(login);
            client.write(b"\x02\0\0\0\x03x");
            (0..count)
                .map(|_| client.packet().unwrap())
                .collect::<Vec<_>>()
        })
    });
    let column = [
        &lenenc(b"def")[..],
        b"\0\0\0",
        &lenenc(b"a"),
        b"\0\x0c\xff\0\0\0\0\0\x03\0\0\0\0\0",
    ]
    .concat();
    let numbered = |payloads: &[&[u8]]| -> Vec<(u8, Vec<u8>)> {
        (1..)
            .zip(payloads.iter().map(|payload| payload.to_vec()))
            .collect()
    };
    let with_ok = numbered(&[b"\x01", &column, b"\x011", b"\xfe\x01\x02\x22\0\x03\0"]);
    let with_eof = numbered(&[
        b"\x01",
        &column,
        b"\xfe\0\0\x22\0",
        b"\x011",
        b"\xfe\x03\0\x22\0",
    ]);
    assert_eq!(packets, [with_ok, with_eof]);
}

#[test]
fn wrong_integers_after_the_rows_are_errors() {
    let mut cases = Vec::new();
    for (field, high) in [
        ("affected_rows", "18446744073709551616"),
        ("last_insert_id", "18446744073709551616"),
        ("status", "65536"),
        ("warning_count", "65536"),
    ] {
        for value in ["-1", high] {
            cases.push((
                format!("{{ result: {{ {COLUMN}, {field}: {value} }} }}"),
                format!("value out-of-range for field \"{field}\""),
            ));
        }
        cases.push((
            format!("{{ result: {{ {COLUMN}, {field}: '1' }} }}"),
            format!("wrong type for field \"{field}\", expected unsigned number"),
        ));
    }
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(entry, reason)| (&entry[..], &reason[..]))
        .collect();
    fails(&cases);
}

#[test]
fn an_independent_client_reads_a_result() {
    let trace = js("({ stmts: [{ result: {
        columns: [{ name: 'id', type: 'LONGLONG', schema: 'zoo', table: 'a', orig_table: 'animals',
                    orig_name: 'pk', length: 20, flags: 3, character_set: 63 },
                  { name: 'name', type: 'VAR_STRING', length: 80, character_set: 45 }],
        rows: [[1, 'ä'], [2, null]], affected_rows: 7, warning_count: 2 } }] })");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let found = trace.play(|mock| {
        let address = mock.address();
        let options = OptsBuilder::default()
            .ip_or_hostname(address.ip().to_string())
            .tcp_port(address.port())
            .max_allowed_packet(Some(1 << 20))
            .wait_timeout(Some(60))
            .prefer_socket(false);
        runtime.block_on(async {
            let mut conn = Conn::new(options).await.unwrap();
            let mut result = conn.query_iter("x").await.unwrap();
            let columns: Vec<_> = result
                .columns_ref()
                .iter()
                .map(|column| {
                    let names = [
                        column.schema_str(),
                        column.table_str(),
                        column.org_table_str(),
                        column.name_str(),
                        column.org_name_str(),
                    ];
                    let names = names.map(|name| name.into_owned()).join(" ");
                    let kind = column.column_type() as u8;
                    (
                        names,
                        kind,
                        column.character_set(),
                        column.column_length(),
                        column.flags().bits(),
                    )
                })
                .collect();
            let rows: Vec<Row> = result.collect().await.unwrap();
            let rows: Vec<(u64, Option<String>)> =
                rows.into_iter().map(mysql_async::from_row).collect();
            drop(result);
            let after = conn.get_warnings();
            conn.disconnect().await.unwrap();
            (columns, rows, after)
        })
    });
    let columns = vec![
        ("zoo a animals id pk".to_owned(), 8, 63, 20, 3),
        ("   name ".to_owned(), 253, 45, 80, 0),
    ];
    let rows = vec![(1, Some("ä".to_owned())), (2, None)];
    assert_eq!(found, (columns, rows, 2));
}

#[test]
fn a_row_of_16_mib_and_more_arrives_complete() {
    // With four bytes before the text, the second size fills a packet, and the third one needs
    // another packet.
    let trace = js("({ stmts: function(stmt) {
        return { result: { columns: [{ name: 'a', type: 'LONGBLOB' }, { name: 'b', type: 'LONG' }],
                 rows: [['x'.repeat(+stmt - 5) + 'y', 7]] } }; } })");
    let sizes = [
        0xff_fff8_u32,
        0xff_fff9,
        0xff_fffe,
        0xff_ffff,
        0x100_0000,
        0x200_0000,
    ];
    let found = trace.play(|mock| {
        let mut client = mock.login();
        sizes.map(|size| {
            let mut rows = client.query(&(size + 4).to_string()).rows();
            let cells = rows.rows.remove(0);
            let text = cells[0].as_deref().unwrap();
            assert!(text.ends_with("xxxxy") && text.starts_with("xxxx"));
            (text.len(), cells[1].clone())
        })
    });
    assert_eq!(
        found,
        sizes.map(|size| (size as usize, Some("7".to_owned())))
    );
}
