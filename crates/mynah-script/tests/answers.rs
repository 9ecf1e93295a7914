//! Answers beyond those of the original: typed cells, several results, files, rows made as they
//! are sent.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests, outside of them"
)]

#[path = "common/mod.rs"]
mod common;

use bytes::Bytes;
use common::{
    ask, cells, complaint, error, error_parts, message, ok, reply_to, rows, with_session,
};
use mynah_script::Session;
use mynah_session::{
    Handler, LocalFile, Outcome, Reply, ResultSet, Rows, Statement, StatementCommand,
};

fn cell(column_type: &str, value: &str) -> Option<Vec<u8>> {
    cell_of(&format!("type: '{column_type}', decimals: 3"), value)
}

/// The cell of a column with these keys.
fn cell_of(keys: &str, value: &str) -> Option<Vec<u8>> {
    let columns = format!("[{{name: 'a', {keys}}}]");
    let entry = format!("{{result: {{columns: {columns}, rows: [[{value}]]}}}}");
    let result = rows(reply_to("t.js", &entry));
    let row = result.rows.get(0).unwrap();
    let cell = row.cells().next().unwrap().unwrap();
    cell.map(<[u8]>::to_vec)
}

#[test]
fn bytes_are_sent_as_they_are() {
    for value in [
        "new Uint8Array([0, 255, 65])",
        "new Uint8Array([9, 0, 255, 65, 9]).subarray(1, 4)",
        "new Uint8Array([0, 255, 65]).buffer",
        "new DataView(new Uint8Array([9, 0, 255, 65]).buffer, 1)",
        "{hex: '00fF41'}",
        "{base64: 'AP9B'}",
    ] {
        assert_eq!(
            cell("BLOB", value).as_deref(),
            Some(&b"\x00\xffA"[..]),
            "{value}"
        );
    }
    let floats = cell("VECTOR", "new Float32Array([1])");
    assert_eq!(floats.as_deref(), Some(&1_f32.to_le_bytes()[..]));
}

#[test]
fn moments_are_sent_as_their_column_has_them() {
    let moment = "new Date(Date.UTC(2026, 10, 24, 12, 30, 5, 250))";
    let cases = [
        ("DATE", "2026-11-24"),
        ("DATETIME", "2026-11-24 12:30:05.250"),
        ("TIMESTAMP", "2026-11-24 12:30:05.250"),
        ("TIME", "12:30:05.250"),
        ("YEAR", "2026"),
    ];
    for (column_type, want) in cases {
        let found = cell(column_type, moment).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), want, "{column_type}");
    }
}

#[test]
fn a_moment_has_as_many_decimals_as_its_column_says() {
    let moment = "new Date(Date.UTC(2026, 10, 24, 12, 30, 5, 250))";
    let cases = [
        ("type: 'DATETIME'", "2026-11-24 12:30:05.250"),
        ("type: 'DATETIME', decimals: 0", "2026-11-24 12:30:05"),
        ("type: 'DATETIME', decimals: 2", "2026-11-24 12:30:05.25"),
        ("type: 'TIME', decimals: 0", "12:30:05"),
        ("type: 12", "2026-11-24 12:30:05.250"),
        ("type: 12, decimals: 0", "2026-11-24 12:30:05"),
        // SQL's types have a number of digits.
        ("type: 'datetime'", "2026-11-24 12:30:05"),
        ("type: 'time'", "12:30:05"),
        ("type: 'TIMESTAMP(1)'", "2026-11-24 12:30:05.2"),
        ("type: 'datetime', decimals: 3", "2026-11-24 12:30:05.250"),
        // The type is inferred.
        ("flags: 0", "2026-11-24 12:30:05.250"),
        ("decimals: 0", "2026-11-24 12:30:05"),
    ];
    for (keys, want) in cases {
        let found = cell_of(keys, moment).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), want, "{keys}");
    }
}

#[test]
fn bits_and_documents_are_sent_as_their_column_has_them() {
    assert_eq!(cell("BIT", "5").as_deref(), Some(&[5][..]));
    assert_eq!(cell("BIT", "true").as_deref(), Some(&[1][..]));
    assert_eq!(cell("BIT", "258n").as_deref(), Some(&[1, 2][..]));
    assert_eq!(cell("BIT", "'x'").as_deref(), Some(&b"x"[..]));
    assert_eq!(
        cell("JSON", "{a: [1, null]}").as_deref(),
        Some(&br#"{"a":[1,null]}"#[..])
    );
    assert_eq!(cell("JSON", "'[1]'").as_deref(), Some(&b"[1]"[..]));
    assert_eq!(
        cell("JSON", "[1, 'x']").as_deref(),
        Some(&br#"[1,"x"]"#[..])
    );
}

#[test]
fn a_cell_that_can_not_be_sent_is_named() {
    let wrong = |column_type: &str, value: &str| {
        let columns =
            format!("[{{name: 'a', type: 'LONG'}}, {{name: 'b', type: '{column_type}'}}]");
        complaint(&format!(
            "{{result: {{columns: {columns}, rows: [[1, null], [1, {value}]]}}}}"
        ))
    };
    let cases = [
        (
            "BLOB",
            "{hex: 'abc'}",
            "hex must be an even number of hexadecimal digits",
        ),
        (
            "BLOB",
            "{hex: 12}",
            "hex must be a string, is number, primitive",
        ),
        (
            "BLOB",
            "{base64: 'A'}",
            "base64 must be base64, with its padding",
        ),
        ("DATE", "new Date(NaN)", "Invalid Date"),
        (
            "BIT",
            "1.5",
            "a number of bits must be whole and not negative",
        ),
        (
            "BIT",
            "-1",
            "a number of bits must be whole and not negative",
        ),
    ];
    for (column_type, value, why) in cases {
        assert_eq!(
            wrong(column_type, value),
            format!("executing statement failed: column 'b', row 2: {why}"),
            "{value}"
        );
    }
}

#[test]
fn json_traces_have_bytes_too() {
    let entry = r#"{"result": {"columns": [{"name": "a", "type": "BLOB"}, {"name": "b", "type": "JSON"}],
        "rows": [[{"hex": "00ff"}, {"k": [1]}]]}}"#;
    let result = rows(reply_to("t.json", entry));
    let row = result.rows.get(0).unwrap();
    let found: Vec<_> = row.cells().map(Result::unwrap).collect();
    assert_eq!(found, [Some(&b"\x00\xff"[..]), Some(br#"{"k":[1]}"#)]);
}

#[test]
fn an_entry_has_several_results() {
    let entry = r#"{"exec_time": 3, "results": [
        {"result": {"columns": [{"name": "a", "type": "LONG"}], "rows": [[1]]}},
        {"out_parameters": {"columns": [{"name": "o", "type": "LONG"}], "rows": [[2]]}},
        {"ok": {"affected_rows": 4}}
    ]}"#;
    for name in ["t.js", "t.json"] {
        let Reply {
            exec_time,
            outcome,
            more,
            ..
        } = reply_to(name, entry);
        assert_eq!(exec_time.as_millis(), 3);
        assert!(matches!(outcome, Outcome::Rows(_)));
        let [Outcome::Rows(out), Outcome::Ok(ok)] = &more[..] else {
            panic!("{more:?}")
        };
        assert!(out.is_out_parameters);
        assert_eq!(ok.affected_rows, 4);
    }
}

#[test]
fn several_results_that_are_wrong_say_how() {
    let cases = [
        (
            "{results: 1}",
            "results: expected array, get number, primitive",
        ),
        ("{results: []}", "results: expected one at least"),
        ("{results: [{}]}", "expected 'error', 'ok' or 'result'"),
        (
            "{results: [1]}",
            "expected 'stmts' to return an 'object', got number, primitive",
        ),
        (
            "{out_parameters: {columns: [{name: 'a', type: 3}], rows: []}}",
            "out_parameters: expected one row, get 0",
        ),
        (
            "{binlog: 1}",
            "binlog: expected array, get number, primitive",
        ),
        (
            "{binlog: []}",
            "a binlog answers nothing but a request for a binary log",
        ),
        (
            "{binlog: ['', {hex: '1'}]}",
            "binlog: event 2: hex must be an even number of hexadecimal digits",
        ),
        ("{local_infile: 1}", "expect an object"),
        (
            "{local_infile: {}}",
            "Wrong statements document structure: missing field \"filename\"",
        ),
        (
            "{local_infile: {filename: 'f', limit: -1}}",
            "value out-of-range for field \"limit\"",
        ),
        (
            "{local_infile: {filename: 'f', answer: 1}}",
            "local_infile.answer must be a function or an object, if set. Is number, primitive",
        ),
    ];
    for (entry, why) in cases {
        assert_eq!(
            complaint(entry),
            format!("executing statement failed: {why}"),
            "{entry}"
        );
    }
}

fn file(content: &'static [u8]) -> LocalFile {
    LocalFile {
        filename: "people.csv".into(),
        content: Bytes::from_static(content),
    }
}

#[test]
fn a_script_gets_the_file_that_it_asked_for() {
    let script = "({stmts: function (stmt) {
        return {local_infile: {filename: 'people.csv', limit: 1000, answer: function (file) {
            return {ok: {message: [file.filename, file.size, file.text, file.content[0]].join()}};
        }}};
    }})";
    with_session("t.js", script, |session| {
        let Outcome::LocalInfile(asked) = ask(session, "load").outcome else {
            panic!()
        };
        assert_eq!(
            (&asked.filename[..], asked.limit),
            (&b"people.csv"[..], 1000)
        );
        assert_eq!(message(session.file(&file(b"a,b"))), "people.csv,3,a,b,97");
    });
}

#[test]
fn an_entry_answers_the_file_that_it_asked_for() {
    let json = r#"{"stmts": [
        {"local_infile": {"filename": "people.csv"}},
        {"local_infile": {"filename": "people.csv", "answer": {"error": {"code": 1, "message": "no"}}}}
    ]}"#;
    common::with_both(json, |name, session| {
        let Outcome::LocalInfile(asked) = ask(session, "load").outcome else {
            panic!("{name}")
        };
        assert_eq!(asked.limit, 16 << 20, "{name}");
        ok(session.file(&file(b"a")));
        ask(session, "load");
        assert_eq!(error(session.file(&file(b"a"))).code, 1, "{name}");
    });
}

/// All the rows of a reply.
fn drained(session: &mut Session, reply: Reply) -> Result<Vec<Rows>, (u16, String, String)> {
    let mut all = vec![rows(reply).rows];
    while let Some(source) = all.last().unwrap().source() {
        all.push(
            session
                .rows(source)
                .map_err(|failure| error_parts(&failure))?,
        );
    }
    Ok(all)
}

fn result(rows: &str) -> String {
    format!(
        "({{stmts: function (stmt) {{ return {{result: {{
            columns: [{{name: 'n', type: 'LONG'}}], rows: {rows}}}}}; }}}})"
    )
}

#[test]
fn rows_are_made_as_they_are_sent() {
    let makers = [
        "function* () { for (var n = 0; n < 5000; n++) yield [n]; }",
        "(function* () { for (var n = 0; n < 5000; n++) yield [n]; })()",
        "{n: 0, next: function () { return {done: this.n >= 5000, value: [this.n++]}; }}",
        "{[Symbol.iterator]: function () { var n = 0; return {
            next: function () { return {done: n >= 5000, value: [n++]}; }}; }}",
        "new Set(Array.from({length: 5000}, function (_, n) { return [n]; }))",
    ];
    for maker in makers {
        with_session("t.js", &result(maker), |session| {
            for _ in 0..2 {
                let reply = ask(session, "x");
                let parts = drained(session, reply).unwrap();
                let count: usize = parts.iter().map(Rows::len).sum();
                assert_eq!(count, 5000, "{maker}");
                assert!(parts.iter().all(|rows| rows.len() <= 1024), "{maker}");
                let last = parts.iter().rev().find(|rows| !rows.is_empty()).unwrap();
                let row = last.get(last.len() - 1).unwrap();
                assert_eq!(
                    row.cells().next().unwrap().unwrap(),
                    Some(&b"4999"[..]),
                    "{maker}"
                );
            }
        });
    }
}

#[test]
fn rows_that_are_large_are_made_one_by_one() {
    let script = result("function* () { for (;;) yield ['x'.repeat(100000)]; }");
    with_session("t.js", &script, |session| {
        let mut source = rows(ask(session, "x")).rows.source().unwrap();
        let mut last = 0;
        for _ in 0..8 {
            let more = session.rows(source).unwrap();
            last = more.len();
            source = more.source().unwrap();
        }
        assert_eq!(last, 1);
        session.drop_rows(source);
        assert_eq!(session.rows(source), Ok(Rows::default()));
    });
}

#[test]
fn rows_before_a_wrong_one_are_sent() {
    let cases = [
        (
            "throw new Error('out of rows')",
            "t.js:",
            "Error: out of rows",
        ),
        ("yield 1", "row: expected array, get number", ""),
        ("yield [{hex: 'x'}]", "column 'n', row 4: hex must be", ""),
    ];
    for (then, why, and) in cases {
        let script = result(&format!(
            "function* () {{ yield [1]; yield [2]; yield [3]; {then}; }}"
        ));
        with_session("t.js", &script, |session| {
            let source = rows(ask(session, "x")).rows.source().unwrap();
            let before = session.rows(source).unwrap();
            assert_eq!(before.len(), 3, "{then}");
            let (code, state, text) =
                error_parts(&session.rows(before.source().unwrap()).unwrap_err());
            assert_eq!((code, state.as_str()), (1064, "HY000"));
            assert!(text.contains(why) && text.contains(and), "{text}");
        });
    }
}

#[test]
fn rows_may_end_with_an_error_of_the_script_s_own() {
    let error = "{error: {code: 1317, sql_state: '70100', message: 'Query was interrupted'}}";
    for then in ["yield", "throw"] {
        let script = format!(
            "var closed = 0;
            ({{stmts: function (stmt) {{
                if (stmt === 'closed') return {{ok: {{affected_rows: closed}}}};
                return {{result: {{columns: [{{name: 'n', type: 'LONG'}}], rows: function* () {{
                    try {{ yield [1]; {then} {error}; yield [2]; }} finally {{ closed++; }}
                }}}}}};
            }}}})"
        );
        with_session("t.js", &script, |session| {
            let source = rows(ask(session, "x")).rows.source().unwrap();
            let before = session.rows(source).unwrap();
            assert_eq!(before.len(), 1, "{then}");
            let failure = session.rows(before.source().unwrap()).unwrap_err();
            let expected = (1317, "70100".to_owned(), "Query was interrupted".to_owned());
            assert_eq!(error_parts(&failure), expected, "{then}");
            assert_eq!(ok(ask(session, "closed")).affected_rows, 1, "{then}");
        });
    }
}

#[test]
fn an_error_of_the_script_s_own_that_is_wrong_says_how() {
    let script = result("function* () { yield {error: {code: 1317}}; }");
    with_session("t.js", &script, |session| {
        let source = rows(ask(session, "x")).rows.source().unwrap();
        let (code, _, text) = error_parts(&session.rows(source).unwrap_err());
        assert_eq!(code, 1064);
        assert!(text.contains("missing field \"message\""), "{text}");
    });
}

#[test]
fn an_iterator_is_closed_when_no_more_rows_are_wanted() {
    let script = "var closed = 0;
    ({stmts: function (stmt) {
        if (stmt === 'closed') return {ok: {affected_rows: closed}};
        return {result: {columns: [{name: 'n', type: 'LONG'}], rows: (function* () {
            try { for (;;) yield [1]; } finally { closed++; }
        })()}};
    }})";
    with_session("t.js", script, |session| {
        let source = rows(ask(session, "x")).rows.source().unwrap();
        session.rows(source).unwrap();
        session.drop_rows(source);
        assert_eq!(ok(ask(session, "closed")).affected_rows, 1);
    });
}

#[test]
fn what_makes_no_rows_is_refused() {
    for (value, kind) in [
        ("{}", "object"),
        ("1", "number, primitive"),
        ("function () { return []; }", "callable, function, object"),
        ("'text'", "primitive, string"),
    ] {
        assert_eq!(
            complaint(&format!(
                "{{result: {{columns: [{{name: 'a', type: 3}}], rows: {value}}}}}"
            )),
            format!("executing statement failed: rows: expected array or undefined, get {kind}"),
        );
    }
}

#[test]
fn an_endless_iterator_is_ended_with_its_script_only() {
    let script = result("{next: function () { for (;;); }}");
    let dir = common::Dir::new();
    dir.write("t.js", &script);
    let trace = dir.load_for_work("t.js", std::time::Duration::from_millis(50));
    common::on_worker(|| {
        let session = &mut common::open(&trace);
        let source = rows(ask(session, "x")).rows.source().unwrap();
        let (_, _, text) = error_parts(&session.rows(source).unwrap_err());
        assert!(
            text.contains("ran for longer than 50ms") || text.contains("RuntimeLimitError"),
            "{text}"
        );
        let mut other = common::open(&trace);
        assert!(rows(ask(&mut other, "x")).rows.source().is_some());
    });
}

#[test]
fn found_rows_are_kept_apart_from_affected_ones() {
    let entry = r#"{"ok": {"affected_rows": 1, "found_rows": 3}}"#;
    for name in ["t.js", "t.json"] {
        let completion = ok(reply_to(name, entry));
        assert_eq!(
            (completion.affected_rows, completion.found_rows),
            (1, Some(3))
        );
    }
    assert_eq!(
        cells(&rows(reply_to(
            "t.js",
            "{result: {columns: [{name: 'a', type: 'LONG'}], rows: [[1]]}}"
        ))),
        [[Some("1".to_owned())]]
    );
}

/// A script whose results have these members.
fn untyped(members: &str) -> String {
    format!("({{stmts: function (stmt) {{ return {{result: {{{members}}}}}; }}}})")
}

/// The columns of a result, as `name:type` separated by spaces.
fn columns(result: &ResultSet) -> String {
    let columns = result.columns.iter().map(|column| {
        let name = String::from_utf8_lossy(column.names.name()).into_owned();
        format!("{name}:{:?}", column.column_type)
    });
    columns.collect::<Vec<_>>().join(" ")
}

#[test]
fn rows_that_are_made_tell_columns_and_types() {
    let few = "id:LONGLONG name:VAR_STRING admin:TINY";
    let many = "id:LONGLONG name:BLOB admin:TINY";
    let row = "{id: n, name: 'ada', admin: n > 2}";
    for (members, count, expected) in [
        (
            format!("rows: function* () {{ for (var n = 0; n < 3; n++) yield {row}; }}"),
            3,
            few,
        ),
        (
            format!("rows: (function* () {{ for (var n = 0; n < 5000; n++) yield {row}; }})()"),
            5000,
            many,
        ),
        (
            format!("rows: new Set([1, 2, 3].map(function (n) {{ return {row}; }}))"),
            3,
            few,
        ),
        (
            "columns: [{name: 'id'}, {name: 'name', type: 'BLOB'}, {name: 'admin'}],
             rows: function* () { for (var n = 0; n < 40; n++) yield [n, 'ada', true]; }"
                .to_owned(),
            40,
            many,
        ),
    ] {
        with_session("t.js", &untyped(&members), |session| {
            for _ in 0..2 {
                let reply = ask(session, "x");
                let result = rows(reply.clone());
                assert_eq!(columns(&result), expected, "{members}");
                let parts = drained(session, reply).unwrap();
                let sent: usize = parts.iter().map(Rows::len).sum();
                assert_eq!(sent, count, "{members}");
            }
        });
    }
}

#[test]
fn a_row_that_does_not_fit_the_types_of_the_first_rows_is_an_error() {
    for (later, expected) in [
        (
            "1.5",
            "column 'a', row 31: the value is of another kind than those above",
        ),
        (
            "'x'",
            "column 'a', row 31: the value is of another kind than those above",
        ),
    ] {
        let members = format!(
            "rows: function* () {{ for (var n = 0; n < 29; n++) yield {{a: n}}; yield {{a: -1}}; yield {{a: {later}}}; }}"
        );
        with_session("t.js", &untyped(&members), |session| {
            let reply = ask(session, "x");
            let (_, _, text) = drained(session, reply).unwrap_err();
            assert!(text.contains(expected), "{text}");
        });
    }
}

#[test]
fn rows_without_columns_whose_first_is_wrong_fail_the_statement() {
    for (body, expected) in [
        ("throw new Error('early')", "Error: early"),
        ("throw {error: {code: 1317, message: 'own'}}", "own"),
        ("yield {error: {code: 1317, message: 'own'}}", "own"),
        (
            "yield [1]",
            "row 1: without columns, expected an object, get array",
        ),
        ("", "rows: without columns, the first row's keys name them"),
    ] {
        let members = format!("rows: function* () {{ {body}; }}");
        with_session("t.js", &untyped(&members), |session| {
            let (_, _, text) = error_parts(&error(ask(session, "x")));
            assert!(text.contains(expected), "{body}: {text}");
        });
    }
}

#[test]
fn a_statement_that_is_prepared_takes_no_row_of_a_generator() {
    let script = "({stmts: [{result: {rows: (function* () {
        for (var n = 0; n < 20; n++) yield {n: n};
    })()}}]})";
    with_session("t.js", script, |session| {
        let mut statement = Statement::query("x");
        assert_eq!(
            session.prepare(&statement).unwrap().columns.unwrap().len(),
            1
        );
        statement.command = StatementCommand::Execute;
        let reply = session.statement(&statement);
        let parts = drained(session, reply).unwrap();
        assert_eq!(parts.iter().map(Rows::len).sum::<usize>(), 20);
    });
}
