//! Effects of sessions on each other, and traces with schemas and accounts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mynah_testkit::XClient;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Opts, OptsBuilder};
use support::{Mock, program, trace_file};

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

/// Statements that are faults in JSON.
const FAULTS: &str = "({ stmts: function (stmt) {
    if (stmt.charAt(0) === '{') return { ok: {}, fault: JSON.parse(stmt) };
} })";

#[tokio::test]
async fn a_fault_that_has_sent_nothing_yet_is_cancelled_by_another_client() {
    let (_folder, path) = trace_file("faults.js", FAULTS);
    let mut mock = Mock::start(program().arg("-f").arg(path).args(["--xport", "0"]));
    let x = mock.listening("x").parse().unwrap();
    for (fault, is_cancelled) in [
        (r#"{"timeout": true}"#, true),
        (r#"{"timeout": 3600000}"#, true),
        (r#"{"latency": 1, "timeout": 3600000}"#, true),
        (r#"{"reset_peer": 3600000}"#, true),
        (r#"{"timeout": 3600000, "limit_data": 3}"#, false),
        (r#"{"slow_close": 3600000, "limit_data": 3}"#, false),
    ] {
        let mut other = mock.connect().await;
        let mut classic = mock.connect().await;
        let id = classic.id();
        let faulty = tokio::spawn(async move {
            let ended = classic.query_drop(fault).await;
            (classic, ended)
        });
        while !faulty.is_finished() {
            let _closed = other.query_drop(format!("KILL QUERY {id}")).await;
            tokio::task::yield_now().await;
        }
        // Only now, as the last KILL would end this statement, too.
        let (mut classic, ended) = faulty.await.unwrap();
        let is_open = classic.query_drop("select 1").await.is_ok();
        assert_eq!(is_open, is_cancelled, "{fault}");
        match (ended, is_cancelled) {
            (Err(Error::Server(error)), true) => assert_eq!(error.code, 1317, "{fault}"),
            (Err(_), false) => {}
            (ended, _) => panic!("{fault}: {ended:?}"),
        }
        if !is_cancelled {
            continue;
        }
        // Ids are given in the order of connections.
        let id = id + 1;
        let faulty = tokio::task::spawn_blocking(move || {
            let mut client = XClient::log_in(x, "root").unwrap();
            let ended = client.query(fault).unwrap();
            (client, ended)
        });
        while !faulty.is_finished() {
            let _none_yet = other.query_drop(format!("KILL QUERY {id}")).await;
            tokio::task::yield_now().await;
        }
        let (mut client, ended) = faulty.await.unwrap();
        let is_open =
            tokio::task::spawn_blocking(move || client.query("select 1").unwrap().is_ok());
        assert!(is_open.await.unwrap(), "{fault}");
        assert_eq!(ended.unwrap_err(), 1317, "{fault}");
    }
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
