//! Prepared statements, results of every shape, files and compression, with independent clients.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::prelude::Queryable;
use mysql_async::{Compression, Conn, Error, InfileData, LocalInfileError, Params, Row, Value};
use support::{Mock, program, trace_file};

/// Returns the bound values: their types as text, and each value in a separate column.
const ECHO: &str = "({stmts: function (stmt, call) {
    var types = {null: 'NULL', number: 'DOUBLE', bigint: 'LONGLONG', string: 'VAR_STRING', object: 'BLOB'};
    var columns = call.params.map(function (value, index) {
        var type = value === null ? 'NULL' : types[typeof value];
        return {name: 'p' + index, type: type, flags: type === 'LONGLONG' ? 32 : 0};
    });
    columns.push({name: 'types', type: 'VAR_STRING'});
    return {
        params: (stmt.match(/\\?/g) || []).length,
        result: {columns: columns, rows: [call.params.concat(call.param_types.join())]},
    };
}})";

async fn echoed(conn: &mut Conn, params: Vec<Value>) -> Vec<Value> {
    let marks = vec!["?"; params.len()].join(", ");
    let row: Option<Row> = conn
        .exec_first(format!("select {marks}"), Params::Positional(params))
        .await
        .unwrap();
    row.unwrap().unwrap()
}

#[tokio::test]
async fn bound_values_reach_the_script_and_come_back() {
    let mock = Mock::script(ECHO);
    let mut conn = mock.connect().await;
    let bytes = Value::Bytes(vec![0, 0xff, b'a']);
    let bound = vec![
        Value::Int(-5),
        Value::UInt(u64::MAX),
        Value::Double(1.5),
        Value::Bytes("zwölf".into()),
        bytes.clone(),
        Value::NULL,
        Value::Date(2026, 11, 24, 12, 30, 5, 250_000),
        Value::Time(true, 1, 2, 3, 4, 5),
    ];
    // The second time the client sends no types.
    for _ in 0..2 {
        let back = echoed(&mut conn, bound.clone()).await;
        assert_eq!(
            back,
            [
                Value::Double(-5.0),
                Value::UInt(u64::MAX),
                Value::Double(1.5),
                Value::Bytes("zwölf".into()),
                bytes.clone(),
                Value::NULL,
                Value::Bytes("2026-11-24 12:30:05.250000".into()),
                Value::Bytes("-26:03:04.000005".into()),
                Value::Bytes(
                    "LONGLONG,LONGLONG,DOUBLE,VAR_STRING,VAR_STRING,NULL,DATETIME,TIME".into()
                ),
            ]
        );
    }
    // A value that is sent before the execution, in pieces.
    let long = vec![b'x'; 20 << 20];
    let back = echoed(&mut conn, vec![Value::Bytes(long.clone())]).await;
    assert_eq!(back[0], Value::Bytes(long));
}

#[tokio::test]
async fn every_column_type_is_read_from_a_binary_row() {
    let columns = [
        ("TINY", "-1", Value::Int(-1)),
        ("SHORT", "-2", Value::Int(-2)),
        ("INT24", "3", Value::Int(3)),
        ("LONG", "true", Value::Int(1)),
        (
            "LONGLONG",
            "9007199254740993n",
            Value::Int(9_007_199_254_740_993),
        ),
        ("YEAR", "2026", Value::Int(2026)),
        ("FLOAT", "1.5", Value::Float(1.5)),
        ("DOUBLE", "1e300", Value::Double(1e300)),
        ("NEWDECIMAL", "'12.340'", Value::Bytes(b"12.340".to_vec())),
        (
            "DATE",
            "new Date(Date.UTC(2026, 10, 24))",
            Value::Date(2026, 11, 24, 0, 0, 0, 0),
        ),
        (
            "DATETIME",
            "new Date(Date.UTC(2026, 10, 24, 1, 2, 3, 4))",
            Value::Date(2026, 11, 24, 1, 2, 3, 4000),
        ),
        (
            "TIMESTAMP",
            "'2026-11-24 01:02:03'",
            Value::Date(2026, 11, 24, 1, 2, 3, 0),
        ),
        ("TIME", "'-01:02:03'", Value::Time(true, 0, 1, 2, 3, 0)),
        ("BIT", "5", Value::Bytes(vec![5])),
        ("VAR_STRING", "'text'", Value::Bytes(b"text".to_vec())),
        ("BLOB", "{hex: '00ff'}", Value::Bytes(vec![0, 0xff])),
        ("JSON", "{a: 1}", Value::Bytes(br#"{"a":1}"#.to_vec())),
        ("ENUM", "'one'", Value::Bytes(b"one".to_vec())),
        ("LONG", "null", Value::NULL),
    ];
    let names: Vec<_> = columns
        .iter()
        .map(|(name, ..)| format!("{{name: 'c', type: '{name}'}}"))
        .collect();
    let cells: Vec<_> = columns.iter().map(|(_, cell, _)| *cell).collect();
    let script = format!(
        "({{stmts: function (stmt) {{ return {{result: {{columns: [{}], rows: [[{}]]}}}}; }}}})",
        names.join(", "),
        cells.join(", "),
    );
    let mock = Mock::script(&script);
    let mut conn = mock.connect().await;
    let row: Option<Row> = conn.exec_first("select all", ()).await.unwrap();
    for (value, (name, cell, want)) in row.unwrap().unwrap().into_iter().zip(columns) {
        assert_eq!(value, want, "{name} {cell}");
    }
}

#[tokio::test]
async fn a_cell_that_is_not_a_value_of_its_column_is_named_and_the_session_stays() {
    let script = "({stmts: function (stmt) { return {result: {
        columns: [{name: 'a', type: 'LONG'}, {name: 'b', type: 'DATE'}],
        rows: [[1, null], [2, stmt]]}}; }})";
    let mock = Mock::script(script);
    let mut conn = mock.connect().await;
    let error = conn.exec_drop("today", ()).await.unwrap_err();
    let Error::Server(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.code, 1366);
    assert_eq!(
        error.message,
        "Incorrect date value for column 'b' at row 2"
    );
    conn.exec_drop("2026-11-24", ()).await.unwrap();
}

#[tokio::test]
async fn a_procedure_answers_with_several_results() {
    let script = "({stmts: function (stmt) { return {results: [
        {result: {columns: [{name: 'a', type: 'LONG'}], rows: [[1], [2]]}},
        {result: {columns: [{name: 'b', type: 'VAR_STRING'}], rows: [['x']]}},
        {out_parameters: {columns: [{name: 'o', type: 'LONG'}], rows: [[7]]}},
        {ok: {affected_rows: 3}},
    ]}; }})";
    let mock = Mock::script(script);
    let mut conn = mock.connect().await;
    let mut result = conn.exec_iter("call p(?)", (1,)).await.unwrap();
    assert_eq!(result.collect::<i32>().await.unwrap(), [1, 2]);
    assert_eq!(result.collect::<String>().await.unwrap(), ["x"]);
    assert_eq!(result.collect::<i32>().await.unwrap(), [7]);
    let _ok: Vec<Row> = result.collect().await.unwrap();
    assert!(result.is_empty());
    drop(result);
    assert_eq!(conn.affected_rows(), 3);
    // The text protocol has no OUT parameters.
    let mut result = conn.query_iter("call p(@o)").await.unwrap();
    assert_eq!(result.collect::<i32>().await.unwrap(), [1, 2]);
    assert_eq!(result.collect::<String>().await.unwrap(), ["x"]);
    let _ok: Vec<Row> = result.collect().await.unwrap();
    assert!(result.is_empty());
}

#[tokio::test]
async fn a_client_sends_the_file_that_a_script_asks_for() {
    let script = "({stmts: function (stmt) { return {local_infile: {
        filename: 'people.csv', limit: 100,
        answer: function (file) { return {ok: {affected_rows: file.text.split('\\n').length}}; },
    }}; }})";
    let mock = Mock::script(script);
    for (content, want) in [
        ("a\nb\nc", Ok(3)),
        ("x", Ok(1)),
        (&*"y".repeat(101), Err(1105)),
    ] {
        let content = bytes::Bytes::from(content.to_owned());
        let options = mock
            .options()
            .local_infile_handler(Some(move |name: &[u8]| {
                assert_eq!(name, b"people.csv");
                let content = content.clone();
                Box::pin(async move {
                    let stream = futures_util::stream::once(async move { Ok(content) });
                    Ok::<InfileData, LocalInfileError>(Box::pin(stream))
                }) as _
            }));
        let mut conn = Conn::new(options).await.unwrap();
        let sent = conn
            .query_drop("load data local infile 'people.csv' into table people")
            .await;
        let found = match sent {
            Ok(()) => Ok(conn.affected_rows()),
            Err(Error::Server(error)) => Err(error.code),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(found, want);
        conn.ping().await.unwrap();
    }
}

#[tokio::test]
async fn rows_are_streamed_as_text_and_as_binary() {
    let script = "({stmts: function (stmt) { return {result: {
        columns: [{name: 'n', type: 'LONG'}, {name: 't', type: 'VAR_STRING'}],
        rows: function* () { for (var n = 0; n < 50000; n++) yield [n, 'row ' + n]; }}}; }})";
    let mock = Mock::script(script);
    let mut conn = mock.connect().await;
    let text: Vec<(u32, String)> = conn.query("select rows").await.unwrap();
    let binary: Vec<(u32, String)> = conn.exec("select rows", ()).await.unwrap();
    assert_eq!(text.len(), 50_000);
    assert_eq!(text[49_999], (49_999, "row 49999".to_owned()));
    assert_eq!(binary, text);
}

#[tokio::test]
async fn a_connection_is_compressed_if_the_trace_or_an_option_offers_it() {
    let offering = ECHO.replacen(
        "({",
        "({handshake: {greeting: {capabilities: ['compress']}}, ",
        1,
    );
    let (_folder, path) = trace_file("t.js", ECHO);
    let mocks = [
        Mock::script(&offering),
        Mock::start(
            program()
                .arg("-f")
                .arg(path)
                .args(["--compression-algorithms", "zlib,zstd"]),
        ),
    ];
    for mock in mocks {
        let options = mock.options().compression(Compression::best());
        let mut conn = Conn::new(options).await.unwrap();
        for len in [1, 100, 1 << 20, 17 << 20] {
            let long = Value::Bytes(vec![b'x'; len]);
            assert_eq!(
                echoed(&mut conn, vec![long.clone()]).await[0],
                long,
                "{len} bytes"
            );
        }
        conn.ping().await.unwrap();
        conn.disconnect().await.unwrap();
    }
}

#[tokio::test]
async fn statements_that_drivers_send_on_connect_are_answered_unless_the_trace_does() {
    let script = "({stmts: function (stmt) {
        if (stmt === 'select @@wait_timeout') return {error: {code: 1, message: 'mine'}};
        if (stmt === 'select 1') return {result: {columns: [{name: '1', type: 'LONG'}], rows: [[1]]}};
    }})";
    let mock = Mock::script(script);
    // Without these the client asks the server for both.
    let options = mock.options().max_allowed_packet(None).wait_timeout(None);
    let mut conn = Conn::new(options).await.unwrap();
    let one: Option<u8> = conn.query_first("select 1").await.unwrap();
    assert_eq!(one, Some(1));
    let version: Option<(String, u32)> = conn
        .exec_first("SELECT VERSION(), CONNECTION_ID()", ())
        .await
        .unwrap();
    assert_eq!(version, Some(("9.7.4-mock".to_owned(), conn.id())));
    conn.query_drop("set names utf8mb4").await.unwrap();
    // The trace's own answers take precedence.
    assert!(conn.query_drop("select @@wait_timeout").await.is_err());
    // Statements that neither answers are errors.
    let error = conn.query_drop("select nothing").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the function returned no answer: select nothing"),
        "{error}"
    );
}

#[tokio::test]
async fn without_the_prelude_only_the_trace_answers() {
    let (_folder, path) = trace_file("t.js", "({stmts: function (stmt) {}})");
    let mock = Mock::start(program().arg("-f").arg(path).args(["--prelude", "none"]));
    let mut conn = mock.connect().await;
    assert!(conn.query_drop("set names utf8mb4").await.is_err());
    conn.ping().await.unwrap();
}

#[tokio::test]
async fn a_strict_trace_never_loses_an_entry_to_statements_that_drivers_send() {
    let trace = r#"{"stmts": [
        {"stmt": "select a", "result": {"columns": [{"name": "a", "type": "LONG"}], "rows": [["1"]]}},
        {"stmt": "set names latin1", "ok": {"affected_rows": 9}},
        {"stmt": "insert ?", "params": [2], "ok": {"affected_rows": 1}}]}"#;
    let (_folder, path) = trace_file("t.json", trace);
    let mock = Mock::start(program().arg("--strict").arg("-f").arg(path));
    let mut conn = mock.connect().await;
    conn.query_drop("SET NAMES utf8mb4").await.unwrap();
    assert!(conn.query_drop("select b").await.is_err());
    let row: Option<u32> = conn.exec_first("select a", ()).await.unwrap();
    assert_eq!(row, Some(1));
    conn.query_drop("set names latin1").await.unwrap();
    assert_eq!(conn.affected_rows(), 9);
    assert!(conn.exec_drop("insert ?", (3,)).await.is_err());
    conn.exec_drop("insert ?", (2,)).await.unwrap();
    assert_eq!(conn.affected_rows(), 1);
}
