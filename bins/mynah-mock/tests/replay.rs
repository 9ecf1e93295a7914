//! Recordings of real servers, played by the program.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use mysql_async::consts::ColumnType;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row};
use serde_json::{Value, json};
use support::{Mock, program, trace_file};

fn recording() -> Value {
    let column = |name: &str, kind: &str| {
        json!({"name": name, "type": kind, "catalog": "def", "schema": "shop", "table": "p", "orig_table": "person",
            "orig_name": name, "character_set": 255, "length": 80, "flags": 1, "decimals": 0})
    };
    let rows = |id: i64, name: &str| {
        json!({"result": {"columns": [column("id", "LONG"), column("name", "VAR_STRING")],
            "rows": [[id.to_string(), name]], "status": 34}, "latency_us": 100})
    };
    let about = "2026-11-29T20:00:00Z";
    let part = |entries: Value| json!({"recorded_at": about, "expectations": entries});
    json!({
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": about},
        "server": {"version": "11.8.3-MariaDB", "collation": 45, "status": 2, "protocols": ["classic"]},
        "parts": {
            "setup": part(json!([
                {"stmt": "select id, name from person p where id = 1", "answers": [rows(1, "ada"), rows(1, "ada l.")]},
                {"stmt": "insert into person values (?, ?)", "params": [2, "bert"], "answers": [
                    {"ok": {"affected_rows": 1, "last_insert_id": 2, "status": 2, "message": "Records: 1"}},
                    {"error": {"code": 1062, "sql_state": "23000", "message": "Duplicate entry"}},
                ]},
                {"stmt": "no such statement", "answers": [{"ok": {}}]},
            ])),
            "t7": part(json!([
                {"stmt": "select id, name from person p where id = 1", "answers": [rows(1, "of t7")]},
            ])),
        },
    })
}

fn start(path: &Path, args: &[&str]) -> Mock {
    Mock::start(program().arg("--filename").arg(path).args(args))
}

async fn name(conn: &mut Conn, comment: &str) -> String {
    let text = format!("select id, name from person p where id = 1{comment}");
    let row: Row = conn.query_first(text).await.unwrap().unwrap();
    row.get(1).unwrap()
}

#[tokio::test]
async fn a_recording_is_played_to_clients_that_prepare_and_those_that_do_not() {
    let (_folder, path) = trace_file("shop.json", &recording().to_string());
    let mock = start(&path, &[]);
    let mut conn = mock.connect().await;
    assert_eq!(conn.server_version(), (11, 8, 3));
    let first = "select id, name from person p where id = ?";
    let row: Row = conn.exec_first(first, (1,)).await.unwrap().unwrap();
    let columns = row.columns();
    assert_eq!(columns[0].column_type(), ColumnType::MYSQL_TYPE_LONG);
    assert_eq!(columns[1].org_table_str(), "person");
    assert_eq!(columns[1].schema_str(), "shop");
    assert_eq!((row.get(0), row.get(1)), (Some(1), Some("ada".to_owned())));
    assert_eq!(name(&mut conn, "").await, "ada l.");
    let insert = "insert into person values (2, 'bert')";
    conn.query_drop(insert).await.unwrap();
    assert_eq!((conn.affected_rows(), conn.last_insert_id()), (1, Some(2)));
    assert_eq!(conn.info(), "Records: 1");
    let mut refused = async |text: &str| match conn.query_drop(text).await {
        Err(Error::Server(error)) => (error.code, error.message),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(insert).await, (1062, "Duplicate entry".to_owned()));
    let (code, message) = refused("insert into person values (2, 'berta')").await;
    assert_eq!(code, 1105);
    let difference = "'berta' should be 'bert': insert into person values (2, 'berta'); closest: expectations[1], ";
    assert!(message.starts_with(difference), "{message}");
    assert!(message.ends_with("shop.json, part setup"), "{message}");
    let (code, _) = refused("select count(*) from information_schema.tables").await;
    assert_eq!(code, 1105);
    conn.query_drop("start transaction").await.unwrap();
    conn.disconnect().await.unwrap();
}

fn begin_part(http: &str, name: &str) -> u16 {
    let mut stream = TcpStream::connect(http).unwrap();
    write!(
        stream,
        "POST /recording/parts/{name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn parts_are_told_by_ids_and_by_http_and_what_was_never_played_is_reported_and_dropped() {
    let (folder, path) = trace_file("shop.json", &recording().to_string());
    let report = folder.path().join("report.txt");
    let report_arg = format!("--report={}", report.display());
    let mut mock = start(&path, &["--http-port=0", "--prune", &report_arg]);
    let http = mock.listening("http");
    let mut conn = mock.connect().await;
    assert_eq!(name(&mut conn, "").await, "ada");
    assert_eq!(name(&mut conn, " /*mynah_test='t7'*/").await, "of t7");
    assert_eq!(begin_part(&http, "t7"), 200);
    assert_eq!(name(&mut conn, "").await, "of t7");
    assert_eq!(begin_part(&http, "t8"), 404);
    assert_eq!(begin_part(&http, "setup"), 200);
    assert_eq!(name(&mut conn, "").await, "ada l.");
    conn.disconnect().await.unwrap();
    mock.signal("TERM");
    let (status, stdout, stderr) = mock.wait();
    assert!(status.success(), "{stderr}");
    assert!(
        stdout.contains("2 of 4 entries were never played, and are dropped"),
        "{stdout}"
    );
    let report = std::fs::read_to_string(report).unwrap();
    assert!(
        report.contains("never played: expectations[2], "),
        "{report}"
    );
    assert!(
        report.contains("part setup: stmt \"no such statement\""),
        "{report}"
    );
    let left: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let count = |part: &str| {
        left["parts"][part]["expectations"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((count("setup"), count("t7")), (1, 1));
}

#[tokio::test]
async fn a_recording_takes_any_login_unless_a_password_is_demanded() {
    let (_folder, path) = trace_file("shop.json", &recording().to_string());
    let login = |mock: &Mock, password: &'static str| {
        let options = mock.options().user(Some("anyone")).pass(Some(password));
        Conn::new(options)
    };
    let mock = start(&path, &[]);
    login(&mock, "whatever").await.unwrap();
    let mock = start(&path, &["--replay-password=secret"]);
    login(&mock, "secret").await.unwrap();
    match login(&mock, "whatever").await {
        Err(Error::Server(error)) => assert_eq!(error.code, 1045),
        other => panic!("{other:?}"),
    }
}
