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
use std::os::unix::fs::PermissionsExt as _;
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
    let mode = report.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
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
async fn no_client_is_served_any_more_when_the_report_is_written() {
    let (folder, path) = trace_file("shop.json", &recording().to_string());
    let report = folder.path().join("report.txt");
    let made = std::process::Command::new("mkfifo").arg(&report).status();
    assert!(made.unwrap().success());
    let report_arg = format!("--report={}", report.display());
    let mock = start(&path, &["--prune", &report_arg]);
    let mut conn = mock.connect().await;
    assert_eq!(name(&mut conn, "").await, "ada");
    mock.signal("TERM");
    // The program writes to the pipe once it is read.
    let mut pipe = std::fs::File::open(&report).unwrap();
    let late = conn.query_drop("no such statement").await;
    assert!(late.is_err());
    let mut text = String::new();
    pipe.read_to_string(&mut text).unwrap();
    assert!(text.contains("stmt \"no such statement\""), "{text}");
    let (status, _, stderr) = mock.wait();
    assert!(status.success(), "{stderr}");
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

#[tokio::test]
async fn values_that_differ_from_run_to_run_are_those_that_the_client_sends() {
    let column = |name: &str, kind: &str| {
        json!({"name": name, "type": kind, "orig_name": name, "table": "p", "orig_table": "person",
            "character_set": 255, "length": 144, "flags": 0, "decimals": 0})
    };
    let columns = [column("id", "STRING"), column("created_at", "DATETIME")];
    let row = |id: &str| json!([id.replace('-', ""), "2026-11-29 20:00:00"]);
    let stable = [1, 2].map(|number| format!("00000000-0000-4000-8000-00000000000{number}"));
    let insert = "insert into person (id, created_at) values (?, ?)";
    let entries = stable.iter().flat_map(|id| {
        let rows = [row(id)];
        [
            json!({"stmt": insert, "params": [id, "2026-11-29 20:00:00"], "answers": [{"ok": {"affected_rows": 1}}]}),
            json!({"stmt": "select id, created_at from person where id = ?", "params": [id],
                "answers": [{"result": {"columns": columns, "rows": rows, "status": 2}}]}),
        ]
    });
    let about = "2026-11-29T20:00:00Z";
    let entries: Vec<_> = entries.collect();
    let recording = json!({
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": about, "volatile": ["type:uuid", "column:created_at"]},
        "server": {"version": "9.7.4", "collation": 255, "status": 2, "protocols": ["classic"]},
        "parts": {"setup": {"recorded_at": about, "expectations": entries}},
    });
    let (_folder, path) = trace_file("shop.json", &recording.to_string());
    let mock = start(&path, &["--fail-on-unexpected"]);
    let mut conn = mock.connect().await;
    let made = [
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "6fa459ea-ee8a-4ca4-894e-db77e160355e",
    ];
    conn.exec_drop(insert, (made[0], "2031-02-03 04:05:06"))
        .await
        .unwrap();
    let written = format!(
        "insert into person (id, created_at) values ('{}', '2031-02-03 04:05:07')",
        made[1]
    );
    conn.query_drop(written).await.unwrap();
    let find = "select id, created_at from person where id = ?";
    for id in made {
        let (found, at): (String, String) = conn
            .query_first(find.replace('?', &format!("'{id}'")))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((found, &*at), (id.replace('-', ""), "2031-02-03 04:05:07"));
        let found: Row = conn.exec_first(find, (id,)).await.unwrap().unwrap();
        assert_eq!(found.get::<String, _>(0).unwrap(), id.replace('-', ""));
    }
    // The same answer again, with another value.
    let again = (made[0], "2032-01-01 00:00:00");
    conn.exec_drop(insert, again).await.unwrap();
    let written = find.replace('?', &format!("'{}'", made[0]));
    let (_, at): (String, String) = conn.query_first(written).await.unwrap().unwrap();
    assert_eq!(at, again.1);
    conn.disconnect().await.unwrap();
}

#[test]
fn a_command_and_a_test_know_when_the_recording_was_made() {
    let mut recording = recording();
    recording["parts"]["t7"]["recorded_at"] = json!("2026-11-30T01:02:03Z");
    let (_folder, path) = trace_file("shop.json", &recording.to_string());
    let output = program()
        .args(["run", "--filename"])
        .arg(&path)
        .args(["--", "sh", "-c", "echo $MYNAH_RECORDED_AT"])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "2026-11-29T20:00:00Z\n"
    );
    let mut mock = start(&path, &["--http-port=0"]);
    let mut stream = TcpStream::connect(mock.listening("http")).unwrap();
    let request =
        "POST /recording/parts/t7 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.contains(r#"{"part":"t7","recorded_at":"2026-11-30T01:02:03Z"}"#),
        "{answer}"
    );
}
