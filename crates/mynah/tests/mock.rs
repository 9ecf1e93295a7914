//! A mock inside a test, with `mysql_async` and a client of the X Protocol.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use mynah::expect::{Call, Command, Protocol, Value};
use mynah::matchers::{
    anything, between, command, digest, prefix, protocol, query, query_attribute, regex, schema,
    user,
};
use mynah::{Cell, Mock, MockServer, Rows, codes, error, ok, rows};
use mynah_testkit::XClient;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts};
use serde::Serialize;

const LONG: Duration = Duration::from_secs(20);

async fn connect(server: &MockServer) -> Conn {
    let url = server.url("mysql");
    Conn::new(Opts::from_url(&url).unwrap()).await.unwrap()
}

async fn names(conn: &mut Conn, statement: &str) -> Vec<String> {
    conn.query(statement).await.unwrap()
}

/// The number of the error that a statement gets.
async fn code(conn: &mut Conn, statement: &str) -> u16 {
    match conn.query_drop(statement).await {
        Err(mysql_async::Error::Server(error)) => error.code,
        other => panic!("{other:?}"),
    }
}

/// The message that a test ends with.
fn panic_of(test: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(test)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

fn people() -> Rows {
    rows![("name" => VarString); ["ada"], ["bert"]]
}

#[tokio::test]
async fn a_mock_answers_clients_of_both_protocols() {
    let server = MockServer::builder().x().start().await;
    Mock::given(query("select name from t"))
        .respond_with(people())
        .expect(2)
        .mount(&server);
    let mut conn = connect(&server).await;
    assert_eq!(
        names(&mut conn, "select  name from t").await,
        ["ada", "bert"]
    );
    let mut x = XClient::log_in(server.x_address().unwrap(), "app").unwrap();
    assert_eq!(
        x.query("select name from t").unwrap().unwrap(),
        ["ada", "bert"]
    );
    let report = server.verify();
    assert!(report.is_good(), "{report}");
    let came = server.statements();
    let of_us: Vec<_> = came
        .iter()
        .filter(|entry| entry.call.statement.text().contains("from t"))
        .map(|entry| entry.call.connection.protocol)
        .collect();
    assert_eq!(of_us, [Protocol::Classic, Protocol::X]);
    conn.disconnect().await.unwrap();
}

#[tokio::test]
async fn an_unmet_mock_ends_the_test_with_its_place_and_the_near_miss() {
    let server = MockServer::start().await;
    let line = line!() + 4;
    Mock::given(query("select name from t").and(user("app")))
        .expect(1..=2)
        .named("reads names")
        .mount(&server);
    let mut conn = connect(&server).await;
    assert_eq!(code(&mut conn, "select name from t").await, 1105);
    let message = panic_of(|| drop(server));
    let place = format!("\"reads names\", crates/mynah/tests/mock.rs line {line}");
    let unmet = format!("unmet: {place}: called 0 times, has to be 1 to 2 times");
    assert!(message.contains(&unmet), "{message}");
    assert!(
        message.contains("unexpected: user is 'root' but should be 'app'"),
        "{message}"
    );
    assert!(message.contains(&format!("closest: {place}")), "{message}");
}

#[test]
fn a_server_that_is_dropped_by_a_panic_does_not_panic_again() {
    let message = panic_of(|| {
        let server = MockServer::start_blocking();
        Mock::given(query("select 1")).expect(1).mount(&server);
        let _guard = Mock::given(query("select 2"))
            .expect(1)
            .mount_scoped(&server);
        panic!("{}", String::from("the test's own"));
    });
    assert_eq!(message, "the test's own");
}

#[tokio::test]
async fn a_scoped_mock_is_checked_and_gone_with_its_guard() {
    let server = MockServer::start().await;
    let mut conn = connect(&server).await;
    Mock::given(query("select name from t"))
        .respond_with(people())
        .mount(&server);
    let guard = Mock::given(query("select name from t"))
        .respond_with(rows![("name" => VarString); ["eve"]])
        .expect(1)
        .mount_scoped(&server);
    assert_eq!(names(&mut conn, "select name from t").await, ["eve"]);
    drop(guard);
    assert_eq!(
        names(&mut conn, "select name from t").await,
        ["ada", "bert"]
    );
    let guard = Mock::given(query("select 3 from t"))
        .expect(1)
        .mount_scoped(&server);
    let message = panic_of(|| drop(guard));
    assert!(
        message.contains("called 0 times, has to be 1 time: stmt \"select 3 from t\""),
        "{message}"
    );
    assert!(server.verify().is_met());
}

#[tokio::test]
async fn the_first_answers_come_in_order_and_the_last_stays() {
    let server = MockServer::start().await;
    Mock::given(prefix("insert into "))
        .respond_with(ok().affected_rows(1).last_insert_id(41))
        .respond_with(error(codes::ER_DUP_ENTRY))
        .respond_with(error("ER_LOCK_DEADLOCK").message("again"))
        .mount(&server);
    let mut conn = connect(&server).await;
    conn.query_drop("insert into t values (1)").await.unwrap();
    assert_eq!((conn.affected_rows(), conn.last_insert_id()), (1, Some(41)));
    assert_eq!(code(&mut conn, "insert into t values (1)").await, 1062);
    for _ in 0..2 {
        let refused = conn
            .query_drop("insert into t values (1)")
            .await
            .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "Server error: `ERROR 1213 (40001): again'"
        );
    }
}

#[tokio::test]
async fn a_function_answers_by_what_the_statement_has() {
    let server = MockServer::start().await;
    Mock::given(query("select name from t where id = ?"))
        .respond_with(|call: &Call| {
            let id = call.values()[0].as_i64().unwrap();
            assert_ne!(id, 13, "no luck");
            rows![("name" => VarString, "id" => LongLong); [format!("person {id}"), id]]
        })
        .mount(&server);
    let mut conn = connect(&server).await;
    let name: Option<(String, i64)> = conn
        .exec_first("select name from t where id = ?", (7,))
        .await
        .unwrap();
    assert_eq!(name, Some(("person 7".to_owned(), 7)));
    let literal: Vec<(String, i64)> = conn.query("select name from t where id = 8").await.unwrap();
    assert_eq!(literal, [("person 8".to_owned(), 8)]);
    let refused = conn
        .query_drop("select name from t where id = 13")
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("the responder panicked"),
        "{refused}"
    );
    assert!(refused.to_string().contains("no luck"), "{refused}");
    // The test sees that its function failed.
    let report = server.verify();
    assert!(
        report.unexpected[0]
            .explanation
            .to_string()
            .contains("no luck"),
        "{report}"
    );
    server.reset();
}

#[tokio::test]
async fn a_statement_whose_answer_fails_is_unexpected() {
    let server = MockServer::start().await;
    Mock::given(query("later ?").and(command(Command::Prepare)))
        .respond_with_async(|_call| async { error("ER_MOON") })
        .mount(&server);
    Mock::given(query("select 1"))
        .respond_with_async(|_call| async { error("ER_MOON") })
        .mount(&server);
    let mut conn = connect(&server).await;
    conn.prep("later ?").await.unwrap_err();
    conn.query_drop("select 1").await.unwrap_err();
    let report = server.verify();
    assert_eq!(report.unexpected_count, 2, "{report}");
    server.reset();
}

#[tokio::test]
async fn a_computed_error_refuses_a_preparation() {
    let server = MockServer::start().await;
    let refusal = |call: &Call| {
        let text = format!("no {}", call.statement.text());
        error(codes::ER_DUP_ENTRY).message(&text)
    };
    Mock::given(query("select ?"))
        .respond_with(rows![("n" => Long); [1]])
        .mount(&server);
    Mock::given(query("at once ?").and(command(Command::Prepare)))
        .respond_with(refusal)
        .mount(&server);
    Mock::given(query("later ?").and(command(Command::Prepare)))
        .respond_with_async(move |call| {
            let answer = refusal(&call);
            async move {
                tokio::task::yield_now().await;
                answer
            }
        })
        .mount(&server);
    let mut conn = connect(&server).await;
    for text in ["at once ?", "later ?"] {
        match conn.prep(text).await {
            Err(mysql_async::Error::Server(error)) => {
                assert_eq!((error.code, error.message), (1062, format!("no {text}")));
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    conn.prep("select ?").await.unwrap();
}

#[tokio::test]
async fn an_answer_that_comes_later_holds_up_no_other_connection() {
    let server = MockServer::start().await;
    let (release, released) = tokio::sync::oneshot::channel::<&str>();
    let released = Arc::new(Mutex::new(Some(released)));
    Mock::given(query("select slow from t"))
        .respond_with_async(move |_call| {
            let released = released.lock().unwrap().take().unwrap();
            async move {
                let word = released.await.unwrap();
                rows![("slow" => VarString); [word]]
            }
        })
        .expect(1)
        .mount(&server);
    Mock::given(query("select name from t"))
        .respond_with(people())
        .mount(&server);
    let mut slow = connect(&server).await;
    let slow = tokio::spawn(async move { names(&mut slow, "select slow from t").await });
    server
        .wait_for(1, query("select slow from t"), LONG)
        .await
        .unwrap();
    // The server has one thread.
    let mut conn = connect(&server).await;
    assert_eq!(
        names(&mut conn, "select name from t").await,
        ["ada", "bert"]
    );
    release.send("at last").unwrap();
    assert_eq!(slow.await.unwrap(), ["at last"]);
    let came = server.statements();
    let entry = came
        .iter()
        .find(|entry| entry.call.statement.text().contains("slow"));
    let outcome = format!("{:?}", entry.unwrap().outcome);
    assert_eq!(outcome, "Some(Rows { rows: 1 })");
}

#[tokio::test]
async fn rows_can_be_structs() {
    #[derive(Serialize)]
    struct Person {
        id: u32,
        name: Option<&'static str>,
        height: f64,
    }
    let server = MockServer::start().await;
    let all = [
        Person {
            id: 1,
            name: Some("ada"),
            height: 1.6,
        },
        Person {
            id: 2,
            name: None,
            height: 1.75,
        },
    ];
    Mock::given(query("select * from person"))
        .respond_with(Rows::from_serialize(&all))
        .mount(&server);
    let mut conn = connect(&server).await;
    let read: Vec<(u32, Option<String>, f64)> =
        conn.exec("select * from person", ()).await.unwrap();
    assert_eq!(read, [(1, Some("ada".to_owned()), 1.6), (2, None, 1.75)]);
}

#[tokio::test]
async fn cells_are_what_they_are_made_of() {
    let server = MockServer::start().await;
    Mock::given(query("select all of it"))
        .respond_with(rows![
            ("a" => Long, "b" => Blob, "c" => "DECIMAL(5, 2)", "d" => VarString, "e" => DateTime);
            [1, b"\xff\0", "12.50", "{{params.0}}", "2026-01-02 03:04:05"],
            [Cell::NULL, vec![0xfe_u8], 1.5, Some("x"), None::<&str>],
        ])
        .mount(&server);
    let mut conn = connect(&server).await;
    type Row = (Option<i32>, Vec<u8>, String, String, Option<String>);
    let read: Vec<Row> = conn.query("select all of it").await.unwrap();
    let text = |text: &str| text.to_owned();
    assert_eq!(read[0].0, Some(1));
    assert_eq!(read[0].1, b"\xff\0");
    assert_eq!((&*read[0].2, &*read[0].3), ("12.50", "{{params.0}}"));
    assert_eq!(read[1], (None, vec![0xfe], text("1.5"), text("x"), None));
}

#[tokio::test]
async fn mocks_in_order_must_come_in_it() {
    let server = MockServer::start().await;
    let once = |text| Mock::given(query(text)).expect(1);
    Mock::mount_in_order([once("update a"), once("update b")], &server);
    let mut conn = connect(&server).await;
    assert_eq!(code(&mut conn, "update b").await, 1105);
    for statement in ["update a", "update b"] {
        conn.query_drop(statement).await.unwrap();
    }
    assert!(server.verify().is_met());
}

#[tokio::test]
async fn conditions_are_on_all_that_is_known_of_a_statement() {
    let server = MockServer::builder().x().start().await;
    let mock = |condition, name: &str| {
        let answer = rows![("name" => VarString); [name]];
        Mock::given(condition).respond_with(answer).mount(&server);
    };
    mock(digest("select a from t where b = 1"), "digest");
    mock(
        query("select a from t where b = ?").param(between(10, 19)),
        "between",
    );
    mock(regex("^select c").and(protocol(Protocol::X)), "x");
    mock(
        regex("^select c").and(protocol(Protocol::Classic)),
        "classic",
    );
    mock(query("select d from t").and(schema("shop")), "schema");
    mock(
        query("select e from t").and(query_attribute("tag", anything())),
        "attribute",
    );
    let mut conn = connect(&server).await;
    for (statement, name) in [
        ("select a from t where b = 5", "digest"),
        ("select a from t where b = 15", "between"),
        ("select c from t", "classic"),
    ] {
        assert_eq!(names(&mut conn, statement).await, [name]);
    }
    assert_eq!(code(&mut conn, "select d from t").await, 1105);
    conn.query_drop("use shop").await.unwrap();
    assert_eq!(names(&mut conn, "select d from t").await, ["schema"]);
    let mut x = XClient::log_in(server.x_address().unwrap(), "app").unwrap();
    assert_eq!(x.query("select c from t").unwrap().unwrap(), ["x"]);
    assert_eq!(x.query("select d from t").unwrap(), Err(1105));
}

#[tokio::test]
async fn scenarios_change_what_a_statement_gets() {
    let server = MockServer::start().await;
    let count = |number: i32| rows![("count(*)" => LongLong); [number]];
    let asked = || Mock::given(query("select count(*) from cart"));
    asked()
        .when("cart", "start")
        .respond_with(count(0))
        .mount(&server);
    asked()
        .when("cart", "full")
        .respond_with(count(1))
        .mount(&server);
    Mock::given(prefix("insert "))
        .then("cart", "full")
        .mount(&server);
    let mut conn = connect(&server).await;
    assert_eq!(names(&mut conn, "select count(*) from cart").await, ["0"]);
    conn.query_drop("insert into cart values (1)")
        .await
        .unwrap();
    assert_eq!(names(&mut conn, "select count(*) from cart").await, ["1"]);
}

#[test]
fn a_wrong_mock_is_refused_where_it_is_mounted() {
    let server = MockServer::start_blocking();
    for (mock, said) in [
        (
            Mock::given(query("x")).respond_with(error("ER_DUP_ENTRI")),
            "there is no error \"ER_DUP_ENTRI\"; did you mean \"ER_DUP_ENTRY\"?",
        ),
        (Mock::given(regex("(")), "regex parse error"),
        (
            Mock::given(query("x").and(prefix("y"))),
            "two conditions on the text are combined; keep one of them",
        ),
        (
            Mock::given(query("select ?, ?").param(1)),
            "the statement has 2 placeholders, but there are 1 params; give one for each",
        ),
        (
            Mock::given(schema("s").param(1).param(2).and(query("select ?"))),
            "the statement has 1 placeholders, but there are 2 params; give one for each",
        ),
        (
            Mock::given(query_attribute("t", "a").and(query_attribute("t", "b"))),
            "two conditions on the attribute \"t\" are combined; keep one of them",
        ),
        (
            Mock::given(query("x")).respond_with(rows![("a" => Long); [1, 2]]),
            "row 1 has 2 cells, and there are 1 columns",
        ),
        (
            Mock::given(query("x")).respond_with(Rows::from_serialize::<i32>(&[])),
            "Rows::from_serialize needs a row",
        ),
        (
            Mock::given(query("x")).respond_with(error("ER_DUP_ENTRY").affected_rows(1)),
            "only the answer \"ok\" has \"affected_rows\"",
        ),
    ] {
        let message = panic_of(|| mock.mount(&server));
        assert!(message.contains(said), "{message}");
    }
}

#[tokio::test]
async fn users_and_the_version_are_as_they_are_said() {
    let server = MockServer::builder()
        .user("app", "p@ss/word")
        .version("8.0.36")
        .start()
        .await;
    let conn = connect(&server).await;
    assert_eq!(conn.server_version(), (8, 0, 36));
    let wrong = format!("mysql://app:wrong@{}", server.address());
    let refused = Conn::new(Opts::from_url(&wrong).unwrap())
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("1045"), "{refused}");
}

#[tokio::test]
async fn a_script_answers_what_no_mock_does() {
    let script = "({stmts: function (stmt) { if (/from t$/.test(stmt)) return {result: {columns: [{name: 'a', type: 'LONG'}], rows: [[1]]}}; }})";
    let server = MockServer::builder()
        .inline_script("shop.js", script)
        .start()
        .await;
    Mock::given(query("select 2 from t"))
        .respond_with(rows![("a" => Long); [2]])
        .mount(&server);
    let mut conn = connect(&server).await;
    assert_eq!(names(&mut conn, "select 1 from t").await, ["1"]);
    assert_eq!(names(&mut conn, "select 2 from t").await, ["2"]);
}

#[test]
fn a_wait_that_is_in_vain_says_what_came() {
    let server = MockServer::start_blocking();
    let waited = server.wait_for_blocking(1, "select 1 from t", Duration::ZERO);
    assert_eq!(
        waited.unwrap_err().to_string(),
        "after 0ns, 0 of 1 statements have come: stmt \"select 1 from t\"; no statement has come"
    );
}

#[test]
fn dropping_a_server_waits_for_no_responder() {
    let server = MockServer::start_blocking();
    let (entered, has_entered) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (entered, released) = (Mutex::new(entered), Mutex::new(released));
    Mock::given(query("select 1 from t"))
        .respond_with(move |_: &Call| {
            entered.lock().unwrap().send(()).unwrap();
            let _gone = released.lock().unwrap().recv();
            ok()
        })
        .mount(&server);
    let address = server.address();
    let client = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let opts = Opts::from_url(&format!("mysql://root@{address}")).unwrap();
            let mut conn = Conn::new(opts).await.unwrap();
            let _closed = conn.query_drop("select 1 from t").await;
        });
    });
    has_entered.recv().unwrap();
    drop(server);
    release.send(()).unwrap();
    client.join().unwrap();
}

#[test]
fn fifty_servers_are_fifty() {
    let servers: Vec<_> = (0..50).map(|_| MockServer::start_blocking()).collect();
    let mut ports: Vec<_> = servers
        .iter()
        .map(|server| server.address().port())
        .collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 50);
    Mock::given(query("select 1 from t"))
        .expect(1)
        .mount(&servers[7]);
    for (index, server) in servers.into_iter().enumerate() {
        assert_eq!(server.verify().is_met(), index != 7);
        server.reset();
    }
}

#[test]
fn tls_is_one_call() {
    let server = MockServer::builder().tls().start_blocking();
    let pem = std::fs::read(server.certificate().unwrap()).unwrap();
    assert!(pem.starts_with(b"-----BEGIN CERTIFICATE-----"));
    let _open = TcpStream::connect(server.address()).unwrap();
}

#[test]
fn values_are_read_as_numbers_and_texts() {
    assert_eq!(Value::from("7").as_i64(), Some(7));
    assert_eq!(Value::from("ada").as_str(), Some("ada"));
    assert_eq!(Value::Null.as_str(), None);
}
