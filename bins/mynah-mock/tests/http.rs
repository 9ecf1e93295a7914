//! Tests over HTTP: expectations, the journal, verification, events, isolation, reset, the script.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::{Arc, Barrier};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error};
use serde_json::{Value, json};
use support::{Mock, program, trace_file};

struct Http {
    mock: Mock,
    address: String,
    _folder: Option<tempfile::TempDir>,
}

impl Http {
    /// A mock without a script.
    fn empty() -> Self {
        Self::start(program().args(["--http-port", "0"]), None)
    }

    fn script(name: &str, script: &str) -> Self {
        let (folder, path) = trace_file(name, script);
        let mut program = program();
        let program = program.args(["--http-port", "0", "-f"]).arg(path);
        Self::start(program, Some(folder))
    }

    fn start(program: &mut std::process::Command, folder: Option<tempfile::TempDir>) -> Self {
        let mut mock = Mock::start(program);
        Self {
            address: mock.listening("http"),
            mock,
            _folder: folder,
        }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        ask(&self.address, method, path, body)
    }

    /// The body of an answer whose status is this.
    fn done(&self, status: u16, method: &str, path: &str, body: Value) -> Value {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let (found, answer) = self.ask(method, path, &body);
        assert_eq!(found, status, "{method} {path}: {answer}");
        answer
    }

    fn get(&self, path: &str) -> Value {
        self.done(200, "GET", path, Value::Null)
    }
}

fn ask(address: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
    let (status, text) = Mock::rest(address, method, path, body);
    (status, serde_json::from_str(&text).unwrap_or(text.into()))
}

async fn refused(conn: &mut Conn, statement: &str) -> (u16, String) {
    match conn.query_drop(statement).await.unwrap_err() {
        Error::Server(error) => (error.code, error.message),
        other => panic!("{other}"),
    }
}

fn texts(statements: &Value) -> Vec<&str> {
    let list = statements["statements"].as_array().unwrap();
    let texts = list.iter().map(|entry| entry["statement"].as_str());
    texts.map(Option::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mock_without_a_script_is_told_what_to_expect_and_what_came() {
    let http = Http::empty();
    let added = http.done(
        201,
        "POST",
        "expectations/",
        json!([
            {"stmt": "select name from t where id = ?", "params": [{"type": "integer"}], "times": 2,
             "result": {"columns": [{"name": "name", "type": "STRING"}], "rows": [["ada {{params.0}}"]]}},
            {"stmt": "delete from t", "error": "ER_LOCK_DEADLOCK"},
        ]),
    );
    assert_eq!(added, json!({"ids": [1, 2]}));
    let mut conn = http.mock.connect().await;
    let name: Option<String> = conn
        .exec_first("select name from t where id = ?", (7,))
        .await
        .unwrap();
    assert_eq!(name.as_deref(), Some("ada 7"));
    assert_eq!(refused(&mut conn, "delete from t").await.0, 1213);
    let (code, message) = refused(&mut conn, "select nmae from t where id = 5").await;
    assert_eq!(code, 1105);
    assert!(
        message.starts_with("\"nmae\" should be \"name\": "),
        "{message}"
    );

    // A client that has an answer finds the statement in the journal, done.
    let list = http.get("statements/");
    let one = &list["statements"][0];
    assert_eq!(one["statement"], "select name from t where id = ?");
    assert_eq!(one["command"], "execute");
    assert_eq!(one["params"], json!([7]));
    assert_eq!(one["protocol"], "classic");
    assert_eq!(one["connection"], conn.id());
    assert_eq!(one["state"], "done");
    assert_eq!(one["outcome"], json!({"rows": {"rows": 1}}));
    assert_eq!(one["answered_by"]["expectation"]["id"], 1);
    let digest = "SELECT NAME FROM `t` WHERE `id` = ?";
    assert_eq!(one["digest"], digest);
    assert_eq!(list["overflowed"], 0);
    let filtered = http.get("statements/?filter=error+%3D+1213");
    assert_eq!(texts(&filtered), ["delete from t"]);
    let filter = "answered_by+%3D+nothing";
    let count = http.get(&format!("statements/count?filter={filter}"));
    assert_eq!(count["count"], 1);
    let page = http.get("statements/?limit=1&after=1");
    assert_eq!(
        (texts(&page), &page["next"]),
        (vec!["delete from t"], &json!(2))
    );

    let unexpected = http.get("unexpected/");
    assert_eq!(unexpected["count"], 1);
    let explanation = &unexpected["unexpected"][0]["explanation"];
    assert_eq!(explanation["closest"]["id"], 1);
    let body = json!({"statement": "delete frm t"});
    let near = http.done(200, "POST", "near-misses", body);
    assert_eq!(near["closest"]["id"], 2);

    let checks = json!({"checks": [
        {"stmt": "select name from t where id = ?", "params": [7], "times": 1},
        {"filter": "error = 1213", "times": {"min": 2}},
    ]});
    let verdict = http.done(200, "POST", "verify", checks);
    assert_eq!(verdict["is_good"], false);
    assert_eq!(verdict["checks"][0]["is_met"], true);
    assert_eq!(verdict["checks"][1]["count"], 1);
    assert_eq!(verdict["report"]["unmet"][0]["id"], 1);

    assert_eq!(http.get("expectations/1")["calls"], 1);
    assert_eq!(
        http.done(200, "DELETE", "expectations/2", Value::Null)["calls"],
        1
    );
    http.done(404, "GET", "expectations/2", Value::Null);
    http.done(204, "DELETE", "statements/", Value::Null);
    assert_eq!(texts(&http.get("statements/")), [""; 0]);
    http.done(204, "DELETE", "expectations/", Value::Null);
    assert_eq!(http.get("expectations/")["expectations"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_waits_until_statements_have_come() {
    let http = Http::script("t.js", "({stmts: function () { return {ok: {}}; }})");
    let (status, problem) = http.ask("GET", "wait?filter=sql+~+x&timeout=1ms", "");
    assert_eq!(status, 409, "{problem}");
    assert_eq!(problem["title"], "Conflict");
    assert_eq!(problem["detail"], "after 1ms there are 0 of 1 statements");
    let address = http.address.clone();
    let waiting =
        std::thread::spawn(move || ask(&address, "GET", "wait?filter=sql+~+x&count=2", ""));
    let mut conn = http.mock.connect().await;
    for text in ["x1", "y", "x2"] {
        conn.query_drop(text).await.unwrap();
    }
    assert_eq!(waiting.join().unwrap(), (200, json!({"count": 2})));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_say_what_happens_as_it_does() {
    let http = Http::script("t.js", "({stmts: function () { return {ok: {}}; }})");
    let mut stream = TcpStream::connect(&http.address).unwrap();
    write!(
        stream,
        "GET /api/v1/mock_server/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )
    .unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let connected = lines.any(|line| line == ": connected");
    assert!(connected);
    let mut conn = http.mock.connect().await;
    conn.query_drop("hello").await.unwrap();
    let mut names = Vec::new();
    while names.last().map(String::as_str) != Some("done") {
        let line = lines.next().unwrap();
        names.extend(line.strip_prefix("event: ").map(str::to_owned));
    }
    assert_eq!(names, ["began", "answered", "done"]);
    let data = lines.next().unwrap();
    let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(data["statement"], "hello");
    assert_eq!(data["answered_by"], json!({"script": "script"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_test_has_its_own_expectations_and_journal() {
    let http = Http::empty();
    for id in ["t1", "t2"] {
        http.done(201, "POST", &format!("tests/{id}"), Value::Null);
        let expected = json!([{"stmt": "select 1", "times": 1, "ok": {"affected_rows": id.len()}}]);
        http.done(201, "POST", &format!("expectations/?test={id}"), expected);
    }
    http.done(409, "POST", "tests/t1", Value::Null);
    assert_eq!(http.get("tests/")["tests"], json!(["t1", "t2"]));
    let mut conn = http.mock.connect().await;
    conn.query_drop("select 1 /*mynah_test='t1'*/")
        .await
        .unwrap();
    assert_eq!(
        refused(&mut conn, "select a from b /*mynah_test='t2'*/")
            .await
            .0,
        1105
    );
    assert_eq!(texts(&http.get("statements/?test=t1")), ["select 1"]);
    assert_eq!(texts(&http.get("statements/")), [""; 0]);
    let report = http.done(200, "DELETE", "tests/t1", Value::Null);
    assert_eq!(
        (&report["met"][0]["calls"], &report["unmet"]),
        (&json!(1), &json!([]))
    );
    let report = http.done(200, "DELETE", "tests/t2", Value::Null);
    assert_eq!(report["unmet"][0]["calls"], 0);
    assert_eq!(report["unexpected_count"], 1);
    let text = report["text"].as_str().unwrap();
    assert!(
        text.starts_with(
            "test t2: 0 met, 1 unmet, 1 unexpected\nunmet: expectations[0]: called 0 times"
        ),
        "{text}"
    );
    let (status, problem) = http.ask("GET", "statements/?test=t1", "");
    assert_eq!(status, 404);
    let again = "the test \"t1\" has ended; open it again by POST /api/v1/mock_server/tests/t1";
    assert_eq!(problem["detail"], again);
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_without_an_id_belong_to_the_default_test_until_it_ends() {
    let http = Http::empty();
    http.done(201, "POST", "tests/t1", Value::Null);
    http.done(422, "POST", "tests/t2", json!({"defualt": true}));
    http.done(201, "POST", "tests/t2", json!({"default": true}));
    let problem = http.done(409, "POST", "tests/t3", json!({"default": true}));
    assert_eq!(
        problem["detail"],
        "statements without an id belong to the test \"t2\"; end it by DELETE /api/v1/mock_server/tests/t2, or \
         open this one without \"default\""
    );
    let expected = json!({"stmt": "select a from t", "times": 1, "ok": {}});
    http.done(201, "POST", "expectations/?test=t2", expected);
    let mut conn = http.mock.connect().await;
    conn.query_drop("select a from t").await.unwrap();
    conn.query_drop("select a from t /*mynah_test='t1'*/")
        .await
        .unwrap_err();
    let tests = json!({"tests": ["t1", "t2"], "default": "t2"});
    assert_eq!(http.get("tests/"), tests);
    let report = http.done(200, "DELETE", "tests/t2", Value::Null);
    assert_eq!(report["text"], "test t2: 1 met, 0 unmet, 0 unexpected\n");
    conn.query_drop("select b from t").await.unwrap_err();
    let shared = http.get("unexpected/");
    assert_eq!(shared["unexpected"][0]["statement"], "select b from t");
    http.done(201, "POST", "tests/t3", json!({"default": true}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mock_or_a_test_without_expectations_says_so() {
    let http = Http::empty();
    http.done(201, "POST", "tests/t1", Value::Null);
    let mut conn = http.mock.connect().await;
    for (statement, said) in [
        (
            "select a from b",
            "there are no expectations: select a from b",
        ),
        (
            "select a from b /*mynah_test='t1'*/",
            "the test \"t1\" has no expectations: select a from b",
        ),
    ] {
        assert_eq!(refused(&mut conn, statement).await, (1105, said.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_cannot_be_prepared_is_unexpected() {
    for expected in [json!([]), json!([{"stmt": "select name from t", "ok": {}}])] {
        let http = Http::empty();
        http.done(201, "POST", "expectations/", expected);
        let mut conn = http.mock.connect().await;
        conn.exec_drop("select nmae from t", ()).await.unwrap_err();
        let unexpected = http.get("unexpected/");
        assert_eq!(unexpected["count"], 1);
        assert_eq!(
            unexpected["unexpected"][0]["statement"],
            "select nmae from t"
        );
        let list = http.get("statements/");
        assert_eq!(texts(&list), ["select nmae from t"]);
        let entry = &list["statements"][0];
        assert_eq!(
            (&entry["answered_by"], &entry["state"]),
            (&json!("nothing"), &json!("done"))
        );
        assert_eq!(entry["outcome"]["error"]["code"], 1105);
    }
}

/// Drivers end transactions by themselves, so that no comment can be in the statement.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_transaction_belongs_to_the_test_of_the_statement_before() {
    let http = Http::empty();
    for id in ["t1", "t2"] {
        http.done(201, "POST", &format!("tests/{id}"), Value::Null);
        http.done(
            201,
            "POST",
            &format!("expectations/?test={id}"),
            json!([{"stmt_prefix": "insert ", "ok": {}}]),
        );
    }
    let expected = json!([{"stmt": "COMMIT", "times": 1, "ok": {}}]);
    http.done(201, "POST", "expectations/?test=t1", expected);
    let mut conn = http.mock.connect().await;
    for statement in [
        "insert into t values (1) /*mynah_test='t1'*/",
        "SAVEPOINT a",
        "COMMIT",
        "insert into t values (2) /*mynah_test='t2'*/",
        "ROLLBACK",
        "START TRANSACTION",
        "COMMIT",
        "insert into t values (3) /*mynah_test='t2'*/",
    ] {
        conn.query_drop(statement).await.unwrap();
    }
    let of_test = |id: &str| http.get(&format!("statements/?test={id}"));
    let first = ["insert into t values (1)", "SAVEPOINT a", "COMMIT"];
    assert_eq!(texts(&of_test("t1")), first);
    let second = [
        "insert into t values (2)",
        "ROLLBACK",
        "insert into t values (3)",
    ];
    assert_eq!(texts(&of_test("t2")), second);
    assert_eq!(
        texts(&http.get("statements/")),
        ["START TRANSACTION", "COMMIT"]
    );
    let report = http.done(200, "DELETE", "tests/t1", Value::Null);
    assert_eq!(
        (&report["is_good"], &report["text"]),
        (
            &json!(true),
            &json!("test t1: 1 met, 0 unmet, 0 unexpected\n")
        )
    );
    // That of a test that has ended is all tests'.
    http.done(200, "DELETE", "tests/t2", Value::Null);
    conn.query_drop("COMMIT").await.unwrap();
    assert_eq!(http.get("statements/count")["count"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_ends_waits_for_no_answer_and_leaves_those_of_others() {
    let http = Http::empty();
    let mut slow = Vec::new();
    for id in ["t1", "t2"] {
        http.done(201, "POST", &format!("tests/{id}"), Value::Null);
        let expected = json!([{"stmt": "slow", "exec_time": 3_600_000, "ok": {}}]);
        http.done(201, "POST", &format!("expectations/?test={id}"), expected);
        let mut conn = http.mock.connect().await;
        slow.push(tokio::spawn(async move {
            conn.query_drop(format!("slow /*mynah_test='{id}'*/")).await
        }));
        http.get(&format!("wait?filter=progress+%3D+pending&test={id}"));
    }
    let (second, first) = (slow.pop().unwrap(), slow.pop().unwrap());
    http.done(200, "DELETE", "tests/t1", Value::Null);
    first.await.unwrap().unwrap();
    let pending = "statements/count?filter=progress+%3D+pending&test=t2";
    assert_eq!(http.get(pending)["count"], 1);
    http.done(204, "POST", "reset?test=t2", json!({"delays": true}));
    second.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_has_changed_is_set_back() {
    let script = r#"{"stmts": [{"ok": {"affected_rows": 1}}], "expectations": [
        {"stmt": "once", "times": 1, "ok": {}},
        {"stmt": "step", "when": "start", "then": "next", "ok": {"affected_rows": 7}},
        {"stmt": "slow", "exec_time": 3600000, "ok": {"affected_rows": 9}}
    ]}"#;
    let http = Http::script("t.json", script);
    let mut conn = http.mock.connect().await;
    for text in ["once", "step", "first"] {
        conn.query_drop(text).await.unwrap();
    }
    http.done(204, "PUT", "globals/", json!({"a": 1}));
    for text in ["once", "step", "first"] {
        assert_eq!(refused(&mut conn, text).await.0, 1105, "{text}");
    }
    let mut slow = http.mock.connect().await;
    let slow = tokio::spawn(async move {
        slow.query_drop("slow").await.unwrap();
        slow.affected_rows()
    });
    let wait = "wait?filter=sql+%3D+slow+and+progress+%3D+pending";
    http.get(wait);
    http.done(204, "POST", "reset", json!({"delays": true}));
    assert_eq!(slow.await.unwrap(), 9);
    assert_eq!(http.get("statements/count")["count"], 7);
    // What is false stays, and so does what isn't named beside it.
    for nothing in [
        json!({"journal": false}),
        json!({"scenarios": false, "positions": false}),
        json!({"scenarios": []}),
    ] {
        http.done(204, "POST", "reset", nothing);
        assert_eq!(http.get("statements/count")["count"], 7);
        assert_eq!(http.get("globals/"), json!({"a": 1}));
    }
    http.done(422, "POST", "reset", json!({"journal": null}));
    http.done(204, "POST", "reset", json!({}));
    assert_eq!(http.get("statements/count")["count"], 0);
    assert_eq!(http.get("unexpected/")["count"], 0);
    assert_eq!(http.get("globals/"), json!({}));
    for text in ["once", "step", "first"] {
        conn.query_drop(text).await.unwrap();
    }
    http.done(204, "POST", "reset", json!({"scenarios": ["default"]}));
    conn.query_drop("step").await.unwrap();
    http.done(422, "POST", "reset", json!({"jornal": true}));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_script_is_played_by_new_sessions_and_a_broken_one_is_refused() {
    let http = Http::script(
        "t.json",
        r#"{"stmts": [{"ok": {"affected_rows": 1}}, {"ok": {}}]}"#,
    );
    let mut old = http.mock.connect().await;
    old.query_drop("a").await.unwrap();
    let put = |content: &str, body: &str| {
        let mut stream = TcpStream::connect(&http.address).unwrap();
        write!(
            stream,
            "PUT /api/v1/mock_server/script HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: {content}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let function = "({stmts: function (s) { return {ok: {affected_rows: s.length}}; }})";
    assert_eq!(put("text/javascript", function), "200");
    let mut new = http.mock.connect().await;
    new.query_drop("12345").await.unwrap();
    assert_eq!(new.affected_rows(), 5);
    // The session that was open keeps the script it began with.
    old.query_drop("b").await.unwrap();
    assert_eq!(refused(&mut old, "c").await.0, 1105);
    assert_eq!(put("text/javascript", "({stmts: "), "422");
    assert_eq!(put("text/css", function), "415");
    let mut new = http.mock.connect().await;
    new.query_drop("123").await.unwrap();
    assert_eq!(new.affected_rows(), 3);
    assert_eq!(http.get("statements/count")["count"], 5);
    // Without a body, it is the file that is read.
    assert_eq!(put("application/json", ""), "200");
    let mut new = http.mock.connect().await;
    new.query_drop("123").await.unwrap();
    assert_eq!(new.affected_rows(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_lose_no_call_however_many_sessions_count() {
    let script = "({stmts: function (stmt) {
        process.increment('calls');
        process.push('list', stmt);
        process.update('object', function (value) { return {n: (value ? value.n : 0) + 1}; });
        return {ok: {}};
    }})";
    let http = Http::script("t.js", script);
    let start = Arc::new(Barrier::new(4));
    let mut clients = Vec::new();
    for _ in 0..4 {
        let mut conn = http.mock.connect().await;
        let start = Arc::clone(&start);
        clients.push(tokio::spawn(async move {
            tokio::task::block_in_place(|| start.wait());
            for _ in 0..100 {
                conn.query_drop("x").await.unwrap();
            }
        }));
    }
    for _ in 0..100 {
        http.done(200, "POST", "globals/calls/increment", json!({"by": 2}));
    }
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(http.get("globals/calls"), 600);
    assert_eq!(http.get("globals/object"), json!({"n": 400}));
    let pushed = http.done(200, "POST", "globals/list/push", json!("y"));
    assert_eq!(pushed, json!({"length": 401}));
    let (status, problem) = http.ask("POST", "globals/list/increment", "");
    assert_eq!(status, 409);
    assert_eq!(
        problem["detail"],
        "what is stored under 'list' is no number"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_ends_with_a_deadlock_and_a_set_that_is_expected_holds() {
    let script = r#"{"expectations": [
        {"stmt_prefix": "set ", "ok": {}},
        {"stmt": "update t set a = 1", "error": "ER_LOCK_DEADLOCK"},
        {"stmt": "insert into t values (1)", "ok": {}}
    ]}"#;
    let http = Http::script("t.json", script);
    let mut conn = http.mock.connect().await;
    conn.query_drop("set session transaction_isolation = 'SERIALIZABLE'")
        .await
        .unwrap();
    let level: Option<String> = conn
        .query_first("select @@transaction_isolation")
        .await
        .unwrap();
    assert_eq!(level.as_deref(), Some("SERIALIZABLE"));
    let in_transaction = mysql_async::consts::StatusFlags::SERVER_STATUS_IN_TRANS;
    conn.query_drop("begin").await.unwrap();
    conn.query_drop("insert into t values (1)").await.unwrap();
    assert!(
        conn.last_ok_packet()
            .unwrap()
            .status_flags()
            .contains(in_transaction)
    );
    assert_eq!(refused(&mut conn, "update t set a = 1").await.0, 1213);
    conn.query_drop("insert into t values (1)").await.unwrap();
    assert!(
        !conn
            .last_ok_packet()
            .unwrap()
            .status_flags()
            .contains(in_transaction)
    );
}

#[test]
fn errors_of_new_routes_are_problem_documents() {
    let http = Http::empty();
    for (status, method, path, body) in [
        (400, "GET", "statements/?fliter=x", ""),
        (400, "GET", "statements/?filter=x", ""),
        (400, "GET", "wait?timeout=1h", ""),
        (404, "GET", "statements/?test=none", ""),
        (404, "DELETE", "tests/none", ""),
        (404, "GET", "globals/none", ""),
        (405, "PUT", "statements/", "{}"),
        (422, "POST", "expectations/", "[{\"stmnt\": \"a\"}]"),
        (422, "POST", "expectations/", "["),
        (422, "POST", "verify", "{\"checks\": [{\"stmt\": \"a\"}]}"),
    ] {
        let (found, problem) = http.ask(method, path, body);
        assert_eq!(found, status, "{method} {path}: {problem}");
        assert_eq!(problem["status"], status, "{method} {path}: {problem}");
    }
    let detail = &http.ask("GET", "statements/?fliter=x", "").1["detail"];
    assert_eq!(detail, "unknown parameter 'fliter'; did you mean 'filter'?");
    let detail = &http.ask("POST", "expectations/", "[{\"stmnt\": \"a\"}]").1["detail"];
    let wanted = "expectations[0]: unknown key \"stmnt\"; did you mean \"stmt\"?";
    assert_eq!(detail, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_share_values_within_a_test() {
    let script = "mysqld.global.step = mysqld.global.step || 10;
        ({
            handshake: function (is_greeting) { if (!is_greeting) process.increment('logins'); return {}; },
            stmts: function (stmt) {
                if (stmt === 'rows') {
                    var rows = (function* () { yield [mysqld.global.n]; })();
                    return {result: {columns: [{name: 'n', type: 'LONG'}], rows: rows}};
                }
                mysqld.global.n = (mysqld.global.n || 0) + mysqld.global.step;
                return {ok: {affected_rows: process.get_shared('n')}};
            }
        })";
    for isolation in ["auto", "context"] {
        let (folder, path) = trace_file("t.js", script);
        let mut program = program();
        let program = program.args(["--http-port", "0", "--isolation", isolation, "-f"]);
        let http = Http::start(program.arg(path), Some(folder));
        http.done(201, "POST", "tests/t1", Value::Null);
        http.done(201, "POST", "tests/t2", Value::Null);
        let mut pooled = http.mock.connect().await;
        let mut own = Conn::new(http.mock.options().user(Some("app+t2"))).await;
        let own = own.as_mut().unwrap();
        let texts = ["a /*mynah_test='t1'*/", "a", "a /*mynah_test='t1'*/", "a"];
        let mut counted = Vec::new();
        for text in texts {
            pooled.query_drop(text).await.unwrap();
            counted.push(pooled.affected_rows());
        }
        assert_eq!(counted, [10, 10, 20, 20], "{isolation}");
        http.done(200, "POST", "globals/n/increment?test=t2", json!({"by": 5}));
        own.query_drop("a").await.unwrap();
        assert_eq!(own.affected_rows(), 15, "{isolation}");
        let n: Option<u32> = own.exec_first("rows", ()).await.unwrap();
        assert_eq!(n, Some(15), "{isolation}");
        let n: Option<u32> = pooled
            .query_first("rows /*mynah_test='t1'*/")
            .await
            .unwrap();
        assert_eq!(n, Some(20), "{isolation}");

        let held = |query: &str| http.get(&format!("globals/{query}"));
        assert_eq!(held(""), json!({"step": 10, "logins": 1, "n": 20}));
        assert_eq!(held("?test=t1"), json!({"step": 10, "n": 20}));
        assert_eq!(held("?test=t2"), json!({"step": 10, "logins": 1, "n": 15}));
        http.done(204, "POST", "reset?test=t2", Value::Null);
        assert_eq!(held("?test=t2"), json!({"step": 10}));
        http.done(200, "DELETE", "tests/t1", Value::Null);
        http.done(201, "POST", "tests/t1", Value::Null);
        assert_eq!(held("?test=t1"), json!({"step": 10}));
        assert_eq!(held("")["n"], 20);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_shown_nowhere_and_long_statements_by_their_beginning() {
    let expected = json!([
        {"stmt": "alter user ada identified by 'SEKRET1'", "times": 1, "error": {"code": 1396, "message": "no SEKRET1"}},
        {"stmt": "update users set password = ?", "ok": {}},
    ]);
    for (name, script, options) in [
        ("t.json", "{\"stmts\": []}", &["--verbose"][..]),
        (
            "t.json",
            "{\"stmts\": [{\"stmt\": \"set password = 'SEKRET3'\", \"ok\": {}}]}",
            &["--strict"],
        ),
        (
            "t.json",
            "{\"stmts\": [{\"stmt\": \"a\", \"ok\": {}}]}",
            &["--strict", "--compatible"],
        ),
        ("t.js", "({stmts: function () {}})", &[]),
    ] {
        let (folder, path) = trace_file(name, script);
        let report = folder.path().join("report.xml");
        let mut program = program();
        let program = program.args(["--http-port", "0"]).args(options);
        let program = program.arg("--report").arg(&report);
        let http = Http::start(program.arg("-f").arg(path), Some(folder));
        let mut shown = String::new();
        for with_expectations in [false, true] {
            if with_expectations {
                http.done(201, "POST", "expectations/", expected.clone());
            }
            let mut conn = http.mock.connect().await;
            for text in [
                "alter user ada identified by 'SEKRET1'",
                "alter user ada identified by 'SEKRET2'",
                "set password = 'SEKRET2'",
                "create user ada identified by \"SEKRET2",
            ] {
                shown += &refused(&mut conn, text).await.1.replace("no SEKRET1", "");
            }
            let _answer = conn
                .exec_drop("update users set password = ?", ("SEKRET2",))
                .await;
            // The log, which is read at the end, has whole statements.
            if options != ["--verbose"] {
                let long = format!("select '{}'", "x".repeat(1 << 20));
                let message = refused(&mut conn, &long).await.1;
                // The original's errors have whole statements, too.
                assert!(message.len() < 1_000 || options.contains(&"--compatible"));
            }
        }
        for path in [
            "statements/",
            "unexpected/",
            "statements/?filter=sql+~+SEKRET",
        ] {
            let body = http.get(path).to_string();
            assert!(body.len() < 1_000_000, "{path}: {}", body.len());
            shown += &body;
        }
        assert!(
            shown.contains("alter user ada identified by ***"),
            "{shown}"
        );
        assert_eq!(
            shown.contains("... (1048585 bytes)"),
            options != ["--verbose"]
        );
        let near = json!({"statement": "alter user ada identified by 'SEKRET4'"});
        shown += &http.done(200, "POST", "near-misses", near).to_string();
        http.mock.signal("TERM");
        shown += &http.mock.wait().2;
        shown += &std::fs::read_to_string(report).unwrap();
        let found = shown
            .find("SEKRET")
            .map(|at| &shown[at.saturating_sub(200)..][..220]);
        assert_eq!(found, None, "{options:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_is_set_back_leaves_the_sessions_of_others_where_they_are() {
    let entry = |rows: u64| format!("{{\"ok\": {{\"affected_rows\": {rows}}}}}");
    let stmts = [1, 2, 3].map(entry).join(", ");
    let http = Http::script("t.json", &format!("{{\"stmts\": [{stmts}]}}"));
    http.done(201, "POST", "tests/t1", Value::Null);
    let mut conn = http.mock.connect().await;
    let mut played = Vec::new();
    for reset in ["reset?test=t1", "reset", "reset?test=t1"] {
        conn.query_drop("x").await.unwrap();
        played.push(conn.affected_rows());
        http.done(204, "POST", reset, Value::Null);
    }
    http.done(204, "POST", "reset?test=t1", json!({"positions": true}));
    conn.query_drop("x").await.unwrap();
    played.push(conn.affected_rows());
    assert_eq!(played, [1, 2, 1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_without_an_id_leaves_tests_with_ids_alone() {
    for (name, before, behind) in [
        ("t.json", "", ""),
        ("t.js", "(", ")"),
        ("t.js", "process.argv; (", ")"),
    ] {
        let script = r#"{"stmts": [1, 2, 3], "expectations": [{"stmt": "slow", "exec_time": 3600000, "ok": {}}]}"#;
        let entries = [1, 2, 3].map(|rows| format!("{{\"ok\": {{\"affected_rows\": {rows}}}}}"));
        let script = script.replace("1, 2, 3", &entries.join(", "));
        let http = Http::script(name, &format!("{before}{script}{behind}"));
        http.done(201, "POST", "tests/t1", Value::Null);
        let mut slow = Vec::new();
        for (text, query) in [("slow", ""), ("slow /*mynah_test='t1'*/", "&test=t1")] {
            let mut conn = http.mock.connect().await;
            slow.push(tokio::spawn(async move { conn.query_drop(text).await }));
            http.get(&format!("wait?filter=progress+%3D+pending{query}"));
        }
        let (of_test, shared) = (slow.pop().unwrap(), slow.pop().unwrap());
        let (mut one, mut other) = (http.mock.connect().await, http.mock.connect().await);
        let mut played = Vec::new();
        for round in 0..2 {
            for (conn, text) in [(&mut one, "x"), (&mut other, "x /*mynah_test='t1'*/")] {
                conn.query_drop(text).await.unwrap();
                played.push(conn.affected_rows());
            }
            if round == 0 {
                http.done(204, "POST", "reset", Value::Null);
            }
        }
        shared.await.unwrap().unwrap();
        let pending = "statements/count?filter=progress+%3D+pending&test=t1";
        assert_eq!(http.get(pending)["count"], 1, "{name}");
        // The session is set back when it leaves the test.
        other.query_drop("x").await.unwrap();
        played.push(other.affected_rows());
        assert_eq!(played, [1, 1, 1, 2, 1], "{name}");
        http.done(200, "DELETE", "tests/t1", Value::Null);
        of_test.await.unwrap().unwrap();
    }
}
