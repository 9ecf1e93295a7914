//! Effects of sessions on each other, and traces with schemas and accounts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Opts, OptsBuilder};
use support::Mock;

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> (u16, String) {
    match result {
        Err(Error::Server(error)) => (error.code, error.message),
        other => panic!("{other:?}"),
    }
}

/// Each statement that the trace doesn't list takes an hour.
const SLOW: &str = "({ stmts: function (stmt) {
    if (stmt === 'sleep') return { exec_time: 3600000, ok: {} };
} })";

#[tokio::test]
async fn a_waiting_statement_is_cancelled_by_another_client() {
    let mock = Mock::script(SLOW);
    let mut sleeper = mock.connect().await;
    let mut other = mock.connect().await;
    let id = sleeper.id();
    let sleeping = tokio::spawn(async move {
        let ended = sleeper.query_drop("sleep").await;
        (sleeper, ended)
    });
    // The first client may not be waiting yet.
    while !sleeping.is_finished() {
        other.query_drop(format!("KILL QUERY {id}")).await.unwrap();
        tokio::task::yield_now().await;
    }
    let (mut sleeper, ended) = sleeping.await.unwrap();
    let interrupted = (1317, "Query execution was interrupted".to_owned());
    assert_eq!(refused(ended), interrupted);
    let one: Option<u8> = sleeper.query_first("select 1").await.unwrap();
    assert_eq!(one, Some(1));

    // By a prepared statement, too.
    other.exec_drop(format!("KILL {id}"), ()).await.unwrap();
    assert!(sleeper.query_drop("select 1").await.is_err());
    let unknown = (1094, "Unknown thread id: 77777".to_owned());
    assert_eq!(refused(other.query_drop("KILL 77777").await), unknown);
    let own = format!("KILL {}", other.id());
    assert_eq!(refused(other.query_drop(own).await), interrupted);
    assert!(other.query_drop("select 1").await.is_err());
}

#[tokio::test]
async fn each_account_has_a_password_of_its_own() {
    let trace = r#"{ "handshake": { "auth": [
        { "username": "ada", "password": "one" },
        { "username": "bert", "password": "two" } ] }, "stmts": [] }"#;
    for mock in [Mock::json(trace), Mock::script(&format!("({trace})"))] {
        for (user, password, passes) in [
            ("ada", "one", true),
            ("bert", "two", true),
            ("ada", "two", false),
            ("bert", "one", false),
            ("carl", "one", false),
        ] {
            let options = OptsBuilder::from_opts(Opts::from(mock.options()))
                .user(Some(user))
                .pass(Some(password));
            let entered = Conn::new(options).await;
            match passes {
                true => drop(entered.unwrap()),
                false => assert_eq!(refused(entered).0, 1045, "{user} {password}"),
            }
        }
    }
}
