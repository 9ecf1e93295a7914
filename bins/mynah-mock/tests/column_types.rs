//! Types of columns as a client of the classic protocol sees them: text and prepared, JSON and JavaScript.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::consts::{ColumnFlags, ColumnType};
use mysql_async::prelude::Queryable;
use mysql_async::{Row, Value};
use support::{Mock, program, trace_file};

const ANSWER: &str = r#"{"result": {
    "columns": [{"name": "id", "type": "BIGINT UNSIGNED"}, {"name": "born", "type": "DATETIME(6)"},
                {"name": "price", "type": "DECIMAL(10, 2)"}, {"name": "size", "type": "enum('s', 'm')"}],
    "rows": [["18446744073709551615", "1815-12-10 08:30:00.250000", "9.99", "s"]]}}"#;

#[tokio::test]
async fn types_of_sql_describe_columns_and_write_their_cells() {
    let trace = format!("{{\"stmts\": [{ANSWER}, {ANSWER}]}}");
    let expected =
        format!("({{stmts: [], expectations: [Object.assign({{stmt: 'select 1'}}, {ANSWER})]}})");
    for mock in [
        Mock::json(&trace),
        Mock::script(&format!("({trace})")),
        Mock::script(&format!("({{stmts: function () {{ return {ANSWER}; }}}})")),
        Mock::script(&expected),
    ] {
        let mut conn = mock.connect().await;
        let text: Row = conn.query_first("select 1").await.unwrap().unwrap();
        let prepared: Row = conn.exec_first("select 1", ()).await.unwrap().unwrap();
        assert_eq!(prepared[0], Value::UInt(u64::MAX));
        assert_eq!(prepared[1], Value::Date(1815, 12, 10, 8, 30, 0, 250_000));
        for row in [text, prepared] {
            let columns = row.columns_ref().iter();
            let found: Vec<_> = columns
                .map(|column| {
                    (
                        column.column_type(),
                        column.column_length(),
                        column.decimals(),
                        column.flags(),
                        column.character_set(),
                    )
                })
                .collect();
            let none = ColumnFlags::empty();
            assert_eq!(
                found,
                [
                    (
                        ColumnType::MYSQL_TYPE_LONGLONG,
                        20,
                        0,
                        ColumnFlags::UNSIGNED_FLAG,
                        63
                    ),
                    (
                        ColumnType::MYSQL_TYPE_DATETIME,
                        26,
                        6,
                        ColumnFlags::BINARY_FLAG,
                        63
                    ),
                    (ColumnType::MYSQL_TYPE_NEWDECIMAL, 12, 2, none, 63),
                    (
                        ColumnType::MYSQL_TYPE_STRING,
                        4,
                        0,
                        ColumnFlags::ENUM_FLAG,
                        255
                    ),
                ]
            );
        }
    }
}

#[tokio::test]
async fn rows_of_objects_are_a_result() {
    let answer = r#"{"result": {"rows": [{"id": 1, "name": "ada", "admin": true}, {"id": 2}]}}"#;
    for mock in [
        Mock::json(&format!("{{\"stmts\": [{answer}, {answer}]}}")),
        Mock::script(&format!("({{stmts: function () {{ return {answer}; }}}})")),
        Mock::script(&format!(
            "({{stmts: [], expectations: [Object.assign({{stmt: 'select 1'}}, {answer})]}})"
        )),
    ] {
        let mut conn = mock.connect().await;
        let expected = [(1, Some("ada".to_owned()), Some(true)), (2, None, None)];
        let text: Vec<(u64, Option<String>, Option<bool>)> = conn.query("select 1").await.unwrap();
        assert_eq!(text, expected);
        let prepared: Vec<(u64, Option<String>, Option<bool>)> =
            conn.exec("select 1", ()).await.unwrap();
        assert_eq!(prepared, expected);
    }
}

#[tokio::test]
async fn compatible_mode_does_not_know_them() {
    for (name, trace) in [
        ("t.json", format!("{{\"stmts\": [{ANSWER}]}}")),
        ("t.js", format!("({{stmts: [{ANSWER}]}})")),
    ] {
        let (_folder, path) = trace_file(name, &trace);
        let mock = Mock::start(program().arg("--compatible").arg("--filename").arg(path));
        let error = mock.connect().await.query_drop("select 1").await;
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("Unknown type: \"BIGINT UNSIGNED\""),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_client_that_does_not_ask_for_extended_metadata_gets_columns_without_it() {
    let mock = Mock::json(
        r#"{"stmts": [], "expectations": [{"stmt_prefix": "select shape ", "result": {
            "columns": [{"name": "shape", "type": "GEOMETRY", "extended": {"type": "point"}}], "rows": [["here"]]}}]}"#,
    );
    let mut conn = mock.connect().await;
    let text: Option<Vec<u8>> = conn.query_first("select shape from t").await.unwrap();
    assert_eq!(text.as_deref(), Some(b"here".as_slice()));
    let statement = conn.prep("select shape from t where id = ?").await.unwrap();
    assert_eq!(statement.columns().len(), 1);
    let prepared: Option<Vec<u8>> = conn.exec_first(statement, (1,)).await.unwrap();
    assert_eq!(prepared.as_deref(), Some(b"here".as_slice()));
}
