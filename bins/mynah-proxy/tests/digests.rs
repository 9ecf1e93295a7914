//! Kinds, tables, effects and digests of statements: in traces, filters, rules for faults and metrics, and over HTTP.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mynah_testkit::Page;
use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use serde_json::Value;
use support::upstream::{Upstream, options};
use support::{Proxy, ask, client, server};

/// Answers each statement with OK, but those with `bad` with an error.
const SCRIPT: &str = r#"
({
  stmts: function (stmt) {
    if (/bad/.test(stmt)) return { error: { code: 1146, message: "no such table", sql_state: "42S02" } };
    return { ok: {} };
  },
})
"#;

async fn connect(port: u16) -> Conn {
    let options = options(port).db_name(Some("shop"));
    Conn::new(options).await.unwrap()
}

/// Runs statements of several kinds, texts and a prepared one.
async fn run_statements(port: u16) {
    let mut conn = connect(port).await;
    for value in [1, 2, 3] {
        let sql = format!("update orders set a = {value}");
        conn.query_drop(sql).await.unwrap();
    }
    let prepared = "insert into shop.log select * from orders where a = ?";
    for value in [7, 8] {
        conn.exec_drop(prepared, (value,)).await.unwrap();
    }
    conn.query_drop("delete from bad where a = 1")
        .await
        .unwrap_err();
    let with_password = "create user ada identified by 'SEKRET'";
    conn.query_drop(with_password).await.unwrap();
    conn.query_drop("set password = 'SEKRET").await.ok();
    conn.disconnect().await.unwrap();
}

/// The metrics once the proxy has noticed the end of all connections: then everything is counted.
fn metrics_at_the_end(http: u16) -> String {
    loop {
        let metrics = ask(http, "GET /metrics");
        if metrics.contains("mynah_proxy_connections_open 0\n") {
            return metrics;
        }
        std::thread::yield_now();
    }
}

fn commands(text: &str) -> Vec<Value> {
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter(|event| event["event"] == "command").collect()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

/// The kind, the tables, and whether there is a digest.
fn shown(command: &Value) -> String {
    let tables = command["tables"].as_array();
    let tables = tables
        .into_iter()
        .flatten()
        .map(|table| table.as_str().unwrap());
    let digest = match &command["digest"] {
        Value::Null => "",
        _ => "#",
    };
    let words = command["kind"].as_str().into_iter().chain(tables);
    words.chain([digest]).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn json_has_kind_tables_and_digest_of_each_statement() {
    let upstream = Upstream::start(SCRIPT);
    let proxy = Proxy::start(&[upstream.port()], &["--format=json", "--trace=2"]);
    run_statements(proxy.ports[0]).await;
    let text = proxy.end();
    assert!(!text.contains("SEKRET"), "{text}");
    let all = commands(&text);
    let of = |name: &str, sql: &str| -> Vec<&Value> {
        let has = |command: &&Value| {
            let found = command["sql"].as_str().unwrap_or_default();
            command["command"] == name && found.contains(sql)
        };
        all.iter().filter(has).collect()
    };
    let updates = of("QUERY", "update orders");
    assert_eq!(updates.len(), 3);
    assert!(
        updates
            .iter()
            .all(|update| shown(update) == "update orders #")
    );
    assert!(
        updates
            .iter()
            .all(|update| update["digest"] == updates[0]["digest"])
    );
    assert_eq!(updates[0]["digest_text"], "UPDATE `orders` SET `a` = ?");
    for name in ["STMT_PREPARE", "STMT_EXECUTE"] {
        let found = of(name, "insert into");
        assert!(!found.is_empty(), "{name}");
        let is_same = |command: &&Value| shown(command) == "insert shop.log orders #";
        assert!(found.iter().all(is_same), "{found:?}");
    }
    assert_eq!(shown(of("QUERY", "delete from")[0]), "delete bad #");
    let account = of("QUERY", "create user")[0];
    assert_eq!(
        account["digest_text"],
        "CREATE SYSTEM_USER `ada` IDENTIFIED BY ?"
    );
    // Its literal has no end, so it is hidden as a whole.
    let hidden = of("QUERY", "(hidden)");
    let hidden = hidden.iter().find(|command| command["sql"] == "(hidden)");
    assert_eq!(shown(hidden.unwrap()), "unknown ");
    let quit = all.iter().find(|command| command["command"] == "QUIT");
    assert_eq!(shown(quit.unwrap()), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_compare_kinds_tables_and_digests() {
    for (filter, lines) in [
        ("command = query and kind = update", 3),
        (
            "table = orders and command != stmt_close and command != stmt_prepare",
            5,
        ),
        ("table = log and command = stmt_execute", 2),
        ("table = shop.log and command = stmt_execute", 2),
        ("table ~ shop. and command = stmt_execute", 2),
        ("table != orders and command = query and kind = delete", 1),
        ("digest ~ \"UPDATE `orders`\"", 3),
        ("kind = unknown", 1),
        ("kind != unknown and command = quit", 0),
    ] {
        let upstream = Upstream::start(SCRIPT);
        let filter_option = format!("--filter={filter}");
        let proxy = Proxy::start(&[upstream.port()], &["--trace=1", &filter_option]);
        run_statements(proxy.ports[0]).await;
        let text = proxy.end();
        let found = text.lines().filter(|line| {
            let words: Vec<_> = line.split(' ').collect();
            words.get(2).is_some_and(|word| {
                *word == "QUERY" || *word == "QUIT" || word.starts_with("STMT_")
            })
        });
        assert_eq!(found.count(), lines, "{filter}:\n{text}");
    }
}

/// Runs statements that change their session.
async fn run_statements_of_sessions(port: u16) {
    let mut conn = connect(port).await;
    for sql in [
        "set sql_mode = 'ANSI', @total = 5, global max_connections = 9",
        "select @total := 1, get_lock('a', 2), later(3)",
        "select 1 from orders",
        "set password = 'SEKRET",
    ] {
        conn.query_drop(sql).await.ok();
    }
    conn.exec_drop("create temporary table t (a int)", ())
        .await
        .unwrap();
    conn.disconnect().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn json_has_the_effects_of_statements_and_what_they_set() {
    let upstream = Upstream::start(SCRIPT);
    let proxy = Proxy::start(&[upstream.port()], &["--format=json"]);
    run_statements_of_sessions(proxy.ports[0]).await;
    let text = proxy.end();
    assert!(!text.contains("SEKRET"), "{text}");
    let all = commands(&text);
    let of = |command: &str, start: &str| {
        let has = |event: &&Value| {
            let sql = event["sql"].as_str().unwrap_or_default();
            event["command"] == command && sql.starts_with(start)
        };
        let event = all.iter().find(has).unwrap();
        format!("{} {}", event["effects"], event["sets"])
    };
    assert_eq!(
        of("QUERY", "set sql_mode"),
        r#"["variable","global_variable","user_variable"] ["sql_mode","@total","global.max_connections"]"#
    );
    assert_eq!(
        of("QUERY", "select @total"),
        r#"["user_variable","named_lock","unknown_function"] ["@total"]"#
    );
    assert_eq!(of("QUERY", "select 1"), "null null");
    assert_eq!(of("QUERY", "(hidden)"), r#"["unknown"] null"#);
    for command in ["STMT_PREPARE", "STMT_EXECUTE"] {
        let found = of(command, "create temporary");
        assert_eq!(found, r#"["create_temporary"] null"#, "{command}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_compare_effects_and_variables() {
    for (filter, lines) in [
        ("effect = user_variable", 2),
        ("effect = create_temporary and command = stmt_execute", 1),
        ("effect = unknown", 1),
        ("effect ~ lock", 1),
        ("sets = sql_mode", 1),
        ("sets ~ @", 2),
        ("sets ~ global. and command = query", 1),
        ("effect != user_variable and table = orders", 1),
    ] {
        let upstream = Upstream::start(SCRIPT);
        let filter_option = format!("--filter={filter}");
        let proxy = Proxy::start(&[upstream.port()], &["--trace=1", &filter_option]);
        run_statements_of_sessions(proxy.ports[0]).await;
        let text = proxy.end();
        let found = text.lines().filter(|line| {
            let word = line.split(' ').nth(2);
            word.is_some_and(|word| word == "QUERY" || word.starts_with("STMT_"))
        });
        assert_eq!(found.count(), lines, "{filter}:\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_of_the_trace_selects_its_statements() {
    let upstream = Upstream::start(SCRIPT);
    let proxy = Proxy::start(&[upstream.port()], &["--format=json"]);
    run_statements(proxy.ports[0]).await;
    let all = commands(&proxy.end());
    let delete = all
        .iter()
        .find(|command| command["kind"] == "delete")
        .unwrap();
    assert_eq!(
        delete["digest_text"],
        Value::Null,
        "it is shown from level 2 on"
    );
    let filter = format!("--filter=digest = {}", delete["digest"].as_str().unwrap());
    let upstream = Upstream::start(SCRIPT);
    let proxy = Proxy::start(&[upstream.port()], &["--format=json", &filter]);
    run_statements(proxy.ports[0]).await;
    let found = commands(&proxy.end());
    let sql: Vec<_> = found.iter().map(|command| &command["sql"]).collect();
    assert_eq!(sql, ["delete from bad where a = 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_for_faults_may_ask_for_kinds_tables_and_digests() {
    let upstream = Upstream::start(SCRIPT);
    let args = [
        "--trace=off",
        "--http-port=0",
        "--fault=kind = update and table = orders: before_forward latency=1 times=1",
        "--fault=kind = insert and table = log: before_forward latency=1",
        "--fault=digest = \"DELETE FROM `bad` WHERE `a` = ?\": before_forward latency=1",
    ];
    let proxy = Proxy::start(&[upstream.port()], &args);
    run_statements(proxy.ports[0]).await;
    let rules: Value = serde_json::from_str(body(&ask(proxy.ports[1], "GET /faults/"))).unwrap();
    let matched: Vec<_> = rules
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["matched"])
        .collect();
    // Of the prepared statement: PREPARE, two executions, and CLOSE, if the client sent it.
    assert_eq!((matched[0], matched[2]), (&3.into(), &1.into()), "{rules}");
    assert!(matched[1].as_u64().unwrap() >= 3, "{rules}");
    proxy.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn http_has_the_digests_and_metrics_have_the_kinds() {
    let upstream = Upstream::start(SCRIPT);
    let proxy = Proxy::start(&[upstream.port()], &["--trace=off", "--http-port=0"]);
    run_statements(proxy.ports[0]).await;
    let http = proxy.ports[1];
    let metrics = metrics_at_the_end(http);
    for line in [
        "mynah_proxy_statements_total{kind=\"update\"} 3",
        "mynah_proxy_statements_total{kind=\"insert\"} 2",
        "mynah_proxy_statements_total{kind=\"delete\"} 1",
        "mynah_proxy_statements_total{kind=\"account\"} 1",
        "mynah_proxy_statements_total{kind=\"unknown\"} 1",
    ] {
        assert!(metrics.contains(line), "no {line} in\n{metrics}");
    }
    for word in ["orders", "digest", "bad"] {
        assert!(!metrics.contains(word), "{metrics}");
    }
    let answer = ask(http, "GET /digests/?sort=count");
    assert!(!answer.contains("SEKRET"), "{answer}");
    let page: Value = serde_json::from_str(body(&answer)).unwrap();
    let first = &page["digests"][0];
    assert_eq!(
        (&first["digest_text"], &first["schema"], &first["count"]),
        (
            &"UPDATE `orders` SET `a` = ?".into(),
            &"shop".into(),
            &3.into()
        ),
        "{page}"
    );
    let second = &page["digests"][1];
    assert_eq!(
        (&second["kind"], &second["count"]),
        (&"insert".into(), &2.into()),
        "{page}"
    );
    let list = page["digests"].as_array().unwrap();
    let delete = list.iter().find(|row| row["kind"] == "delete").unwrap();
    assert_eq!(
        (&delete["errors"], &delete["count"]),
        (&1.into(), &1.into())
    );
    assert_eq!(delete["example"], "delete from bad where a = 1");
    let account = list.iter().find(|row| row["kind"] == "account").unwrap();
    assert_eq!(account["example"], "create user ada identified by (hidden)");
    assert_eq!(
        page["other"]["count"], 1,
        "the statement that is hidden as a whole"
    );
    let few: Value =
        serde_json::from_str(body(&ask(http, "GET /digests/?limit=1&sort=rows"))).unwrap();
    assert_eq!(few["digests"].as_array().unwrap().len(), 1);
    assert_eq!(few["known"], list.len());
    for (request, status) in [
        ("GET /digests", "200"),
        ("HEAD /digests/", "200"),
        ("GET /digests/?sort=none", "400"),
        ("GET /digests/?limit=-1", "400"),
        ("GET /digests/?limits=1", "400"),
        ("GET /digests/1", "404"),
        ("PUT /digests/", "405"),
        ("DELETE /digests/", "204"),
    ] {
        let answer = ask(http, request);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{request}: {answer}"
        );
    }
    let page: Value = serde_json::from_str(body(&ask(http, "GET /digests/"))).unwrap();
    assert_eq!(
        (&page["digests"], &page["other"]),
        (&Value::Array(vec![]), &Value::Null)
    );
    proxy.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_digests_is_limited_and_0_turns_them_off() {
    let upstream = Upstream::start(SCRIPT);
    let proxy = Proxy::start(
        &[upstream.port()],
        &["--trace=off", "--http-port=0", "--digests=2"],
    );
    run_statements(proxy.ports[0]).await;
    let metrics = metrics_at_the_end(proxy.ports[1]);
    let page: Value = serde_json::from_str(body(&ask(proxy.ports[1], "GET /digests/"))).unwrap();
    assert_eq!(
        (&page["known"], &page["most"]),
        (&2.into(), &2.into()),
        "{page}"
    );
    let counts = page["digests"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&page["other"]]);
    let counted: u64 = counts.map(|row| row["count"].as_u64().unwrap()).sum();
    let kinds = metrics
        .lines()
        .filter(|line| line.starts_with("mynah_proxy_statements_total"));
    let run: u64 = kinds
        .map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap())
        .sum();
    assert_eq!(counted, run);
    proxy.end();

    let proxy = Proxy::start(
        &[upstream.port()],
        &["--trace=off", "--http-port=0", "--digests=0"],
    );
    let answer = ask(proxy.ports[1], "GET /digests/");
    assert!(
        answer.starts_with("HTTP/1.1 404") && answer.contains("--digests 0"),
        "{answer}"
    );
    proxy.end();
}

#[test]
fn messages_of_the_x_protocol_have_kinds_tables_and_digests() {
    for (name, want) in [
        ("x/mysql-9.7/prepared.hex", X_PREPARED),
        ("x/mysql-9.7/documents.hex", X_DOCUMENTS),
    ] {
        let names: &'static [&'static str] = Box::leak(Box::new([name]));
        let args = ["--protocol=x", "--format=json", "--http-port=0"];
        let proxy = Proxy::start(&[server(names)], &args);
        client(proxy.ports[0], name);
        let metrics = metrics_at_the_end(proxy.ports[1]);
        let text = proxy.end();
        let found: Vec<_> = commands(&text)
            .iter()
            .filter(|command| command["kind"].is_string())
            .map(|command| {
                format!(
                    "{}: {}",
                    command["command"].as_str().unwrap(),
                    shown(command)
                )
            })
            .collect();
        assert_eq!(found, want, "{name}: {text}");
        assert!(
            metrics.contains("mynah_proxy_statements_total{kind="),
            "{metrics}"
        );
    }
}

const X_PREPARED: &[&str] = &[
    "PREPARE_PREPARE: select t #",
    "PREPARE_EXECUTE: select t #",
    "PREPARE_EXECUTE: select t #",
    "PREPARE_EXECUTE: select t #",
    "PREPARE_EXECUTE: unknown ",
    "PREPARE_EXECUTE: select t #",
    "PREPARE_PREPARE: insert t #",
    "PREPARE_EXECUTE: insert t #",
    "PREPARE_PREPARE: select test.t ",
    "PREPARE_EXECUTE: select test.t ",
    "PREPARE_PREPARE: unknown #",
    "PREPARE_DEALLOCATE: insert t #",
];

const X_DOCUMENTS: &[&str] = &[
    "DELETE: delete test.zoo ",
    "INSERT: insert test.zoo ",
    "INSERT: insert test.zoo ",
    "INSERT: insert test.zoo ",
    "INSERT: insert test.zoo ",
    "INSERT: insert test.zoo ",
    "FIND: select test.zoo ",
    "FIND: locking_select test.zoo ",
    "FIND: select test.nosuch ",
    "UPDATE: update test.zoo ",
    "DELETE: delete test.zoo ",
];

/// The example of the page is sent, and its answer has the keys that the page shows.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_the_guide_is_answered_as_the_guide_says() {
    let page = Page::all()
        .into_iter()
        .find(|page| page.name == "docs/tracing.md")
        .unwrap();
    let blocks = page.blocks();
    let place = blocks
        .iter()
        .position(|block| block.lines.iter().any(|line| line.contains("/digests/?")));
    let place = place.unwrap();
    let path = blocks[place].lines[0]
        .split("localhost:9104")
        .nth(1)
        .unwrap()
        .trim_end_matches('\'');
    let wanted: Value = serde_json::from_str(&blocks[place + 1].lines.join("\n")).unwrap();

    let upstream = Upstream::start(SCRIPT);
    let proxy = Proxy::start(&[upstream.port()], &["--trace=off", "--http-port=0"]);
    run_statements(proxy.ports[0]).await;
    metrics_at_the_end(proxy.ports[1]);
    let answer = ask(proxy.ports[1], &format!("GET {path}"));
    let found: Value = serde_json::from_str(body(&answer)).unwrap();
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(keys(&found), keys(&wanted));
    assert_eq!(keys(&found["digests"][0]), keys(&wanted["digests"][0]));
    assert_eq!(keys(&found["other"]), keys(&wanted["other"]));
    let len = |page: &Value| page["digests"].as_array().unwrap().len();
    assert_eq!(len(&found), len(&wanted));
    proxy.end();
}
