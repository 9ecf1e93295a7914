//! `--compare-with`: what a second server answers to the same clients.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder, Value};
use serde_json::Value as Json;
use support::upstream::{Upstream, options};
use support::{Proxy, ask, run};

/// A server's script, where `OTHER` says whether the server is the second one.
fn server(is_other: bool) -> Upstream {
    Upstream::start(&format!("var OTHER = {is_other};\n{SERVER}"))
}

const SERVER: &str = r#"
var texts = [{ name: "name", type: "VAR_STRING" }];
var calls = [];
({
  handshake: { auth: { username: "ada", password: OTHER ? "second" : "first" } },
  stmts: function (stmt, call) {
    if (call.command === "prepare") {
      if (/refused/.test(stmt)) return OTHER ? { error: { code: 1146, message: "none" } } : { result: { columns: texts } };
      return /^select/.test(stmt) ? { result: { columns: texts } } : { ok: {} };
    }
    calls.push(stmt);
    if (/ rows/.test(stmt)) return { result: { columns: texts, rows: [["ada"], [OTHER ? "bert" : "carla"]] } };
    if (/ order/.test(stmt)) return { result: { columns: texts, rows: OTHER ? [["x"], ["y"]] : [["y"], ["x"]] } };
    if (/ types/.test(stmt)) return { result: { columns: [{ name: "n", type: OTHER ? "LONG" : "LONGLONG" }], rows: [[7]] } };
    if (/ fails/.test(stmt)) return { error: { code: OTHER ? 1062 : 1048, sql_state: "23000", message: "fails" } };
    if (/ only here/.test(stmt) && OTHER) return { error: { code: 1064, sql_state: "42000", message: "not there" } };
    if (/ warned/.test(stmt)) return { ok: { affected_rows: 1, warning_count: OTHER ? 2 : 1 } };
    if (/ slow/.test(stmt)) return { ok: {}, exec_time: OTHER ? 150 : 0 };
    if (/ hangs/.test(stmt)) return { ok: {}, exec_time: OTHER ? 20000 : 0 };
    if (/ uuid/.test(stmt)) return { result: { columns: texts, rows: [[OTHER ? "6fa459ea-ee8a-4ca4-894e-db77e160355e" : "f47ac10b-58cc-4372-a567-0e02b2c3d479"]] } };
    if (/ place/.test(stmt)) return { result: { columns: texts, rows: [[OTHER ? "b-host" : "a-host"]] } };
    if (/ schema/.test(stmt)) return { result: { columns: texts, rows: [[String(call.schema)]] } };
    if (/ said/.test(stmt)) return { result: { columns: texts, rows: [[calls.join("|")]] } };
    if (/ given/.test(stmt)) return { result: { columns: texts, rows: [[stmt + JSON.stringify(call.params)]] } };
    if (/^select/.test(stmt)) return { result: { columns: texts, rows: [["same"]] } };
    return { ok: { affected_rows: 1 } };
  },
})
"#;

/// Two servers, and a proxy that compares them.
struct Scene {
    _servers: [Upstream; 2],
    folder: tempfile::TempDir,
    proxy: Proxy,
}

impl Scene {
    fn new(more: &[&str]) -> Self {
        Self::with_password("second", more)
    }

    fn with_password(password: &str, more: &[&str]) -> Self {
        let servers = [server(false), server(true)];
        let address = servers[1].address();
        Self::with(servers, &address, password, more)
    }

    fn with(servers: [Upstream; 2], address: &str, password: &str, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let accounts = folder.path().join("accounts.json");
        std::fs::write(&accounts, format!(r#"{{"ada": "{password}"}}"#)).unwrap();
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&accounts, private).unwrap();
        let with = format!("--compare-with={address}");
        let accounts = format!("--compare-with-accounts={}", accounts.display());
        let report = format!("--report={}", folder.path().join("report.json").display());
        let own = ["--trace=off", &with, &accounts, &report];
        let proxy = Proxy::start(&[servers[0].port()], &[&own, more].concat());
        Self {
            _servers: servers,
            folder,
            proxy,
        }
    }

    fn login(&self) -> OptsBuilder {
        let options = options(self.proxy.ports[0]);
        options.user(Some("ada")).pass(Some("first"))
    }

    async fn connect(&self) -> Conn {
        Conn::new(self.login()).await.unwrap()
    }

    /// Ends the proxy; returns the exit code, what it said, and the report.
    fn end(self) -> (Option<i32>, String, Json) {
        let (code, said) = self.proxy.end_with_status();
        let report = std::fs::read(self.folder.path().join("report.json"));
        let report = report.map(|report| serde_json::from_slice(&report).unwrap());
        (code, said, report.unwrap_or_default())
    }
}

async fn texts(conn: &mut Conn, stmt: &str) -> Vec<String> {
    conn.query(stmt).await.unwrap()
}

#[tokio::test]
async fn servers_that_answer_in_the_same_way_end_the_proxy_with_0() {
    let scene = Scene::new(&[]);
    let login = scene.login().db_name(Some("shop"));
    let mut conn = Conn::new(login).await.unwrap();
    assert_eq!(texts(&mut conn, "select 1 schema").await, ["shop"]);
    conn.query_drop("begin").await.unwrap();
    conn.query_drop("insert into t values (1)").await.unwrap();
    conn.query_drop("commit").await.unwrap();
    let given: Option<String> = conn
        .exec_first("select given from t where a = ? and b = ?", (7, "seven"))
        .await
        .unwrap();
    assert!(given.unwrap().contains("seven"));
    assert_eq!(texts(&mut conn, "select 1 order").await, ["y", "x"]);
    texts(&mut conn, "select 1 uuid").await;
    conn.ping().await.unwrap();
    conn.disconnect().await.unwrap();
    let (code, said, report) = scene.end();
    assert_eq!(code, Some(0), "{said}");
    // With the preparation.
    let compared = "8 answers compared: 0 differences, 0 answers only on one server\n";
    assert!(said.contains(compared), "{said}");
    assert!(
        said.contains("differs from run to run: --volatile type:uuid"),
        "{said}"
    );
    assert_eq!(report["is_good"], true);
}

#[tokio::test]
async fn each_difference_is_reported_with_the_answers_of_both_servers() {
    let scene = Scene::new(&[]);
    let mut conn = scene.connect().await;
    texts(&mut conn, "select rows").await;
    let rows: Vec<String> = conn.exec("select a, rows", ()).await.unwrap();
    assert_eq!(rows, ["ada", "carla"]);
    conn.query_drop("select types").await.unwrap();
    conn.query_drop("select fails").await.unwrap_err();
    conn.query_drop("select only here").await.unwrap();
    conn.query_drop("update t warned").await.unwrap();
    conn.query_drop("update t slow").await.unwrap();
    conn.disconnect().await.unwrap();
    let (code, said, report) = scene.end();
    assert_eq!(code, Some(3), "{said}");
    for expected in [
        "differs: setup: select rows, time 1\n  row 2, name: first 'carla', second 'bert'",
        "differs: setup: select a, rows, time 1\n  row 2, name: first 'carla', second 'bert'",
        "definition of column 1, n: first '{\"name\":\"n\",\"type\":\"LONGLONG\"",
        "differs: setup: select fails, time 1\n  error",
        "differs: setup: select only here, time 1\n  answer: first ",
        "differs: setup: update t warned, time 1\n  warning",
        "latency: setup: update t slow, time 1: first ",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert_eq!(report["is_good"], false);
    let latencies = report["latencies"].as_array().unwrap();
    assert!(
        latencies
            .iter()
            .any(|each| each["statement"] == "update t slow")
    );
}

#[tokio::test]
async fn volatile_values_are_not_compared() {
    let scene = Scene::new(&["--volatile=column:name"]);
    let mut conn = scene.connect().await;
    texts(&mut conn, "select place").await;
    conn.disconnect().await.unwrap();
    let (code, said, _) = scene.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 answers compared: 0 differences"), "{said}");
}

#[tokio::test]
async fn both_servers_get_the_same_statements_of_each_connection_in_order() {
    let scene = Scene::new(&[]);
    let (mut one, mut other) = (scene.connect().await, scene.connect().await);
    for number in 0..200 {
        let (first, second) = (format!("insert {number}"), format!("delete {number}"));
        let (first, second) = tokio::join!(one.query_drop(first), other.query_drop(second));
        first.unwrap();
        second.unwrap();
    }
    texts(&mut one, "select said").await;
    texts(&mut other, "select said").await;
    one.disconnect().await.unwrap();
    other.disconnect().await.unwrap();
    let (code, said, _) = scene.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("402 answers compared: 0 differences"),
        "{said}"
    );
}

#[tokio::test]
async fn a_statement_has_the_second_servers_own_id_there() {
    let scene = Scene::new(&[]);
    let mut conn = scene.connect().await;
    // The second server doesn't get this one, so that its ids are others from here on.
    conn.prep("kill query 1000").await.unwrap();
    let refused = conn.prep("select refused").await.unwrap();
    let _row: Option<String> = conn.exec_first(&refused, ()).await.unwrap();
    let statements = [
        conn.prep("select given one ?").await.unwrap(),
        conn.prep("select given two ?").await.unwrap(),
    ];
    for (number, statement) in statements.iter().enumerate() {
        let row: Option<String> = conn.exec_first(statement, (number,)).await.unwrap();
        assert!(row.unwrap().contains(&number.to_string()));
    }
    for statement in statements {
        conn.close(statement).await.unwrap();
    }
    conn.disconnect().await.unwrap();
    let (code, said, report) = scene.end();
    assert_eq!(code, Some(3), "{said}");
    assert_eq!(report["differing"].as_array().unwrap().len(), 1, "{said}");
    let compared = "5 answers compared: 1 differences, 0 answers only on one server\n";
    assert!(said.contains(compared), "{said}");
    assert!(
        said.contains("differs: setup: select refused, time 1\n  answer"),
        "{said}"
    );
    let skipped = "not compared: the second server hasn't prepared the statement: 1 answers\n";
    assert!(said.contains(skipped), "{said}");
}

#[tokio::test]
async fn the_session_is_the_same_on_both_servers() {
    let scene = Scene::new(&[]);
    let mut conn = scene.connect().await;
    conn.query_drop("use zoo").await.unwrap();
    assert_eq!(texts(&mut conn, "select schema").await, ["zoo"]);
    let statement = conn.prep("select 5").await.unwrap();
    conn.reset().await.unwrap();
    drop(statement);
    let again: Option<Value> = conn.exec_first("select 6", ()).await.unwrap();
    assert!(again.is_some());
    let change = mysql_async::ChangeUserOpts::default()
        .with_user(Some("ada".to_owned()))
        .with_pass(Some("first".to_owned()))
        .with_db_name(Some("shop".to_owned()));
    conn.change_user(change).await.unwrap();
    assert_eq!(texts(&mut conn, "select schema").await, ["shop"]);
    let again: Option<Value> = conn.exec_first("select 7", ()).await.unwrap();
    assert!(again.is_some());
    conn.disconnect().await.unwrap();
    let (code, said, _) = scene.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("not compared"), "{said}");
}

#[tokio::test]
async fn a_kill_goes_to_the_first_server_only_and_is_counted() {
    let scene = Scene::new(&[]);
    let mut conn = scene.connect().await;
    conn.query_drop("kill query 1000").await.unwrap();
    texts(&mut conn, "select said").await;
    conn.disconnect().await.unwrap();
    let (code, said, report) = scene.end();
    // What the servers got is another text.
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("first 'kill query 1000|select said', second 'select said'"),
        "{said}"
    );
    assert_eq!(report["not_compared"][0]["answers"], 1);
    assert_eq!(report["not_compared"][0]["connections"], 0);
}

#[tokio::test]
async fn a_second_server_that_refuses_the_login_is_reported_and_clients_do_not_notice() {
    let scene = Scene::with_password("wrong", &[]);
    let mut conn = scene.connect().await;
    for _ in 0..3 {
        assert_eq!(texts(&mut conn, "select 1").await, ["same"]);
    }
    conn.disconnect().await.unwrap();
    let (code, said, report) = scene.end();
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("0 answers compared"), "{said}");
    assert!(
        said.contains("not compared: can't log in to the second server 127.0.0.1:"),
        "{said}"
    );
    assert!(said.contains("as 'ada': "), "{said}");
    assert!(!said.contains("wrong"), "{said}");
    assert_eq!(report["not_compared"][0]["answers"], 3);
    assert_eq!(report["not_compared"][0]["connections"], 1);
}

#[tokio::test]
async fn a_second_server_that_is_not_there_or_goes_is_reported_and_clients_do_not_notice() {
    let servers = [server(false), server(true)];
    let scene = Scene::with(servers, "127.0.0.1:1", "", &[]);
    let mut conn = scene.connect().await;
    assert_eq!(texts(&mut conn, "select 1").await, ["same"]);
    conn.disconnect().await.unwrap();
    let (code, said, _) = scene.end();
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("can't connect to the second server 127.0.0.1:1: "),
        "{said}"
    );

    let mut scene = Scene::new(&[]);
    let mut conn = scene.connect().await;
    assert_eq!(texts(&mut conn, "select 1").await, ["same"]);
    scene._servers[1].end();
    for _ in 0..5 {
        assert_eq!(texts(&mut conn, "select 2").await, ["same"]);
    }
    conn.disconnect().await.unwrap();
    let (code, said, report) = scene.end();
    assert_eq!(code, Some(3), "{said}");
    let ended = &report["not_compared"][0];
    assert_eq!(ended["connections"], 1, "{said}");
    let compared = report["compared"].as_u64().unwrap();
    assert_eq!(compared + ended["answers"].as_u64().unwrap(), 6, "{said}");
}

#[tokio::test]
async fn clients_do_not_wait_for_the_second_server() {
    let scene = Scene::new(&["--drain=1s"]);
    let mut conn = scene.connect().await;
    let start = Instant::now();
    conn.query_drop("update t hangs").await.unwrap();
    for _ in 0..100 {
        texts(&mut conn, "select 1").await;
    }
    conn.disconnect().await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(15));
    let (code, said, report) = scene.end();
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("the proxy has ended before the second server answered"),
        "{said}"
    );
    assert_eq!(report["not_compared"][0]["answers"], 101);
    assert!(start.elapsed() < Duration::from_secs(18));
}

#[tokio::test]
async fn differences_are_reported_in_the_part_of_their_test() {
    for with_recording in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let record = format!("--record={}", folder.path().join("rec.json").display());
        let more = ["--http-port=0", &record];
        let scene = Scene::new(&more[..1 + usize::from(with_recording)]);
        let mut conn = scene.connect().await;
        texts(&mut conn, "select a, rows /*mynah_test='t1'*/").await;
        let http = scene.proxy.ports[1];
        assert!(ask(http, "POST /recording/parts/t2").contains("204"));
        texts(&mut conn, "select b, rows").await;
        // The second server gets the last statement only when another part has begun.
        conn.query_drop("update t slow").await.unwrap();
        texts(&mut conn, "select c, rows").await;
        assert!(ask(http, "POST /recording/parts/t3").contains("204"));
        conn.disconnect().await.unwrap();
        let (code, said, _) = scene.end();
        assert_eq!(code, Some(3), "{said}");
        assert!(
            said.contains("differs: t1: select a, rows, time 1\n"),
            "{said}"
        );
        assert!(
            said.contains("differs: t2: select b, rows, time 1\n"),
            "{said}"
        );
        assert!(
            said.contains("differs: t2: select c, rows, time 1\n"),
            "{said}"
        );
        assert_eq!(folder.path().join("rec.json").exists(), with_recording);
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    for (more, expected) in [
        (&["--compare-with-user=ada"][..], "without --compare-with"),
        (
            &["--compare-with=1", "--compare=rec.json"],
            "with --compare or --replay",
        ),
        (
            &["--compare-with=1", "--tls=passthrough"],
            "--tls passthrough",
        ),
        (
            &["--compare-with=1", "--compare-with=2"],
            "neither once nor for each --listen",
        ),
        (&["--compare-with=nowhere:"], "is neither HOST:PORT"),
    ] {
        let args = [&["-l127.0.0.1:0", "-u127.0.0.1:1"], more].concat();
        let output = run(&args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}
