//! What tests expect, over the classic protocol: text and prepared, JSON and JavaScript.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, ServerError};
use support::{Mock, fixture, program};

const TRACE: &str = r#"{
    "stmts": [{"stmt": "select 'from stmts'", "result": {"columns": [{"name": "a", "type": "STRING"}], "rows": [["stmts"]]}}],
    "strict": true,
    "expectations": [
        {"stmt": "select name from t where id = ?", "params": [{"between": [1, 9]}], "times": 2,
         "result": {"columns": [{"name": "name", "type": "STRING"}], "rows": [["ada {{params.0}}"]]}},
        {"digest": "update t set a = 1", "error": "ER_LOCK_DEADLOCK", "times": 1},
        {"digest": "update t set a = 1", "ok": {"affected_rows": 3}}
    ]
}"#;

fn server_error(error: Error) -> (u16, String, String) {
    match error {
        Error::Server(ServerError {
            code,
            state,
            message,
        }) => (code, state, message),
        other => panic!("{other}"),
    }
}

async fn refused(conn: &mut Conn, statement: &str) -> (u16, String, String) {
    server_error(conn.query_drop(statement).await.unwrap_err())
}

async fn what_is_expected_comes(mock: &Mock) {
    let mut conn = mock.connect().await;
    let name: Option<String> = conn
        .query_first("select  name from t where id=5")
        .await
        .unwrap();
    assert_eq!(name.as_deref(), Some("ada 5"));
    let name: Option<String> = conn
        .exec_first("select name from t where id = ?", (7,))
        .await
        .unwrap();
    assert_eq!(name.as_deref(), Some("ada 7"));
    let (code, state, message) = refused(&mut conn, "select name from t where id = 5").await;
    assert_eq!((code, state.as_str()), (1105, "HY000"));
    assert!(message.starts_with("called 2 of 2 times before: select name from t where id = 5; closest: expectations[0], trace.js"), "{message}");
    assert!(message.ends_with(" line 5"), "{message}");
    let (code, state, message) = refused(&mut conn, "UPDATE t SET a = 5 -- again").await;
    assert_eq!((code, state.as_str()), (1213, "40001"));
    assert!(message.starts_with("Deadlock found"), "{message}");
    conn.exec_drop("update t set a = ?", (6,)).await.unwrap();
    assert_eq!(conn.affected_rows(), 3);
    let text: Option<String> = conn.query_first("select 'from stmts'").await.unwrap();
    assert_eq!(text.as_deref(), Some("stmts"));
    let (code, _, message) = refused(&mut conn, "select nmae from t where id = 5").await;
    assert_eq!(code, 1105);
    assert!(message.starts_with("\"nmae\" should be \"name\": select nmae from t where id = 5; closest: expectations[0], "), "{message}");
    // It fails at once when it is prepared, and the connection continues.
    let error = conn
        .prep("select nmae from t where id = ?")
        .await
        .map(drop)
        .unwrap_err();
    assert!(
        server_error(error)
            .2
            .starts_with("\"nmae\" should be \"name\": ")
    );
    let (code, _, message) = refused(&mut conn, "select 1 /*mynah_test='t9'*/").await;
    assert_eq!(code, 1105);
    assert_eq!(
        message,
        "the test \"t9\" was never opened; open it by POST /api/v1/mock_server/tests/t9"
    );
    conn.ping().await.unwrap();
    conn.disconnect().await.unwrap();
}

#[tokio::test]
async fn what_a_json_trace_expects_is_answered_and_the_rest_is_explained() {
    what_is_expected_comes(&Mock::json(TRACE)).await;
}

#[tokio::test]
async fn what_a_script_expects_is_answered_and_the_rest_is_explained() {
    what_is_expected_comes(&Mock::script(&format!("({TRACE})"))).await;
}

#[tokio::test]
async fn what_is_expected_counts_over_all_connections_of_a_script_that_has_functions() {
    let script = "({
        stmts: function (stmt) { return {ok: {affected_rows: stmt.length}}; },
        expectations: [{stmt: 'a', times: 1, ok: {affected_rows: 77}}],
    })";
    let mock = Mock::script(script);
    let (mut one, mut other) = (mock.connect().await, mock.connect().await);
    one.query_drop("a").await.unwrap();
    assert_eq!(one.affected_rows(), 77);
    other.query_drop("a").await.unwrap();
    assert_eq!(other.affected_rows(), 1);
}

#[tokio::test]
async fn the_example_of_the_page_does_what_it_says() {
    let mock = Mock::start(program().arg("-f").arg(fixture("expectations.js")));
    let mut conn = mock.connect().await;
    let name: Option<String> = conn
        .exec_first("select name from person where id = ?", (7,))
        .await
        .unwrap();
    assert_eq!(name.as_deref(), Some("person 7"));
    let (code, ..) = refused(&mut conn, "update person set name = 'bert'").await;
    assert_eq!(code, 1213);
}

#[tokio::test]
async fn with_ansi_quotes_a_text_in_double_quotes_is_a_name() {
    for version in ["9.7.4", "11.8.2-MariaDB"] {
        let mock = Mock::json(&format!(
            r#"{{"handshake": {{"greeting": {{"server_version": "{version}"}}}},
                "expectations": [{{"stmt": "select b from t where a = 'x'", "ok": {{}}}}]}}"#
        ));
        let mut conn = mock.connect().await;
        let in_double_quotes = "select b from t where a = \"x\"";
        conn.query_drop(in_double_quotes).await.unwrap();
        conn.query_drop("SET sql_mode = 'ANSI_QUOTES'")
            .await
            .unwrap();
        let (code, _, message) = refused(&mut conn, in_double_quotes).await;
        assert_eq!(code, 1105, "{version}: {message}");
        conn.query_drop("SET sql_mode = ''").await.unwrap();
        conn.query_drop(in_double_quotes).await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_stays_open_after_any_error_unless_a_fault_closes_it() {
    let mock = Mock::json(
        r#"{"expectations": [
            {"stmt": "select 1", "error": "ER_SERVER_SHUTDOWN"},
            {"stmt": "select 2", "error": "ER_SERVER_SHUTDOWN", "fault": {"slow_close": 0}}
        ]}"#,
    );
    let mut conn = mock.connect().await;
    for text in ["select 1", "select 1", "select 2"] {
        match conn.query_drop(text).await {
            Err(Error::Server(error)) => assert_eq!(error.code, 1053, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let closed = conn.query_drop("select 1").await;
    assert!(
        matches!(closed, Err(Error::Io(_) | Error::Driver(_))),
        "{closed:?}"
    );
}
