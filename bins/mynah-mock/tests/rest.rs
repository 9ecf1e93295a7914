//! HTTP together with clients: stored values reach scripts, and connections are listed and closed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::prelude::Queryable;
use support::{Mock, program, trace_file};

const TRACE: &str = "({ stmts: function(stmt) {
    if (stmt === 'slow') return { exec_time: 3600000, ok: {} };
    if (stmt === 'count') mysqld.global.n = (mysqld.global.n || 0) + 1;
    return { result: { columns: [{ name: 'n', type: 'STRING' }], rows: [[mysqld.global.n]] } };
  } })";

struct Rest {
    mock: Mock,
    http: String,
    _folder: tempfile::TempDir,
}

impl Rest {
    fn start() -> Self {
        let (folder, path) = trace_file("trace.js", TRACE);
        let mut mock = program();
        let mut mock = Mock::start(mock.args(["--http-port", "0", "-f"]).arg(path));
        Self {
            http: mock.listening("http"),
            mock,
            _folder: folder,
        }
    }

    /// Status and body of an answer.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        Mock::rest(&self.http, method, path, body)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_and_http_clients_see_the_same_globals() {
    let rest = Rest::start();
    assert_eq!(rest.ask("PUT", "globals/", r#"{"n": 41}"#).0, 204);
    let mut conn = rest.mock.connect().await;
    let n: Option<String> = conn.query_first("count").await.unwrap();
    assert_eq!(n.as_deref(), Some("42"));
    assert_eq!(rest.ask("GET", "globals/", "").1, r#"{"n":42}"#);
    assert_eq!(rest.ask("PATCH", "globals/", r#"{"n":"x"}"#).0, 204);
    let n: Option<String> = conn.query_first("n").await.unwrap();
    assert_eq!(n.as_deref(), Some("x"));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_listed_and_closed_whatever_they_do() {
    let rest = Rest::start();
    let options = rest.mock.options().user(Some("ada")).db_name(Some("zoo"));
    let idle = mysql_async::Conn::new(options).await.unwrap();
    let mut busy = rest.mock.connect().await;
    busy.query_drop("n").await.unwrap();
    let busy_id = busy.id();
    let slow = tokio::spawn(async move { busy.query_drop("slow").await });
    // Both statements are counted once the second one has arrived.
    let list = loop {
        let (status, list) = rest.ask("GET", "connections/", "");
        assert_eq!(status, 200);
        let list: serde_json::Value = serde_json::from_str(&list).unwrap();
        if list[1]["statements"] == 2 {
            break list;
        }
    };
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(list[0]["id"], idle.id());
    assert_eq!(list[0]["user"], "ada");
    assert_eq!(list[0]["schema"], "zoo");
    assert_eq!(list[0]["tls"], serde_json::Value::Null);
    assert_eq!(list[0]["listener"], rest.mock.address.to_string());
    assert!(list[0]["peer"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert!(list[0]["since"].as_str().unwrap().ends_with('Z'));

    let path = format!("connections/{busy_id}");
    assert_eq!(rest.ask("DELETE", &path, ""), (204, String::new()));
    assert!(slow.await.unwrap().is_err());
    assert_eq!(rest.ask("DELETE", &path, "").0, 404);
    let mut idle = idle;
    idle.ping().await.unwrap();
    assert_eq!(rest.ask("DELETE", "connections/", ""), (200, String::new()));
    assert!(idle.ping().await.is_err());
    while rest.ask("GET", "connections/", "").1 != "[]" {}
    rest.mock.connect().await.ping().await.unwrap();
}
