//! Which texts are answered without asking the backend.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use mynah_server::{
    Backend, Completion, Failure, Finished, Results, Server, Statement, StatusFlags, codes,
};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, OptsBuilder, Row};

/// Refuses every statement that it is asked.
struct Refusing;

impl Backend for Refusing {
    async fn query(&self, _: &Statement, _: Results) -> Result<Finished, Failure> {
        Err(Failure::general(codes::ER_NOT_SUPPORTED_YET, "asked"))
    }
}

async fn connect(server: &Server) -> Conn {
    let opts = OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(server.tcp_address().unwrap().port())
        .user(Some("app"));
    Conn::new(opts).await.unwrap()
}

async fn is_asked(conn: &mut Conn, text: &str) -> bool {
    match conn.query_drop(text).await {
        Ok(()) => false,
        Err(Error::Server(error)) if error.code == codes::ER_NOT_SUPPORTED_YET => true,
        Err(error) => panic!("{text}: {error}"),
    }
}

#[tokio::test]
async fn a_statement_about_the_session_alone_is_answered_without_the_backend() {
    let server = Server::on_port(0).serve(|_| Refusing).unwrap();
    let mut conn = connect(&server).await;
    for text in [
        "SET NAMES utf8mb4",
        "SET autocommit = 1;",
        " set\tsession sql_mode = concat(@@sql_mode, ',ANSI') ; ; ",
        "SET @@session.time_zone = '+00:00', @global = 1",
        "SET a = CONCAT('a', @@global.b), c = (SELECT d, password)",
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION TRANSACTION READ ONLY",
        "SET ROLE NONE",
        "SET a = 'x;y' /* ; */",
        "/* an application */ SET NAMES utf8mb4",
        "/*!40101 SET NAMES utf8mb4 */;",
        "-- a line\nBEGIN",
        "# a line\nSTART TRANSACTION READ ONLY",
        "/**/COMMIT/**/",
        "ROLLBACK -- at the end",
        "/* mysql-connector-j-9.4.0 (Revision: 0) */SELECT  @@session.auto_increment_increment AS auto_increment_increment, \
         @@character_set_client AS character_set_client, @@character_set_results AS character_set_results, \
         @@collation_server AS collation_server, @@init_connect AS init_connect, @@license AS license, \
         @@performance_schema AS performance_schema, @@wait_timeout AS wait_timeout",
        "SELECT @@wait_timeout /* a, b */, DATABASE() limit 1;",
        "SELECT\u{b}@@wait_timeout",
        "\u{b}select-- a line\n@@wait_timeout",
    ] {
        assert!(!is_asked(&mut conn, text).await, "{text}");
    }
}

#[tokio::test]
async fn a_statement_about_more_than_the_session_is_the_backends() {
    let server = Server::on_port(0).serve(|_| Refusing).unwrap();
    let mut conn = connect(&server).await;
    for text in [
        "SET a = 1; SELECT 2",
        "BEGIN; DELETE FROM t; COMMIT",
        "/* one; */ COMMIT; /* two */ SELECT @@wait_timeout",
        "SELECT @@wait_timeout; SELECT @@wait_timeout",
        "SET GLOBAL max_connections = 1",
        "SET a = 1, global b = 2",
        "SET @@global.a = 1",
        "SET a = (1), @@PERSIST.b = 2",
        "SET PERSIST a = 1",
        "SET PERSIST_ONLY a = 1",
        "SET GLOBAL TRANSACTION READ ONLY",
        "SET PASSWORD = 'secret'",
        "SET PASSWORD FOR app = 'secret'",
        "SET DEFAULT ROLE ALL TO app",
        "SET RESOURCE GROUP batch FOR 7",
        "SET STATEMENT max_statement_time = 1 FOR SELECT 1",
        "/* SET */ DELETE FROM t",
        "SET a = 'no end",
        "SET",
        "SELECT @@wait_timeout, n FROM t",
        "SELECT",
        "/* nothing */",
    ] {
        assert!(is_asked(&mut conn, text).await, "{text}");
    }
}

#[tokio::test]
async fn columns_and_values_are_those_of_a_text_without_comments() {
    let server = Server::on_port(0).serve(|_| Refusing).unwrap();
    let mut conn = connect(&server).await;
    for text in [
        "select @@wait_timeout as `wait`,connection_id()",
        "/* a, b */select /* c */ @@wait_timeout as `wait` -- d\n,connection_id()/* e */ limit 1;",
    ] {
        let row: Row = conn.query_first(text).await.unwrap().unwrap();
        let names: Vec<_> = row.columns_ref().iter().map(|c| c.name_str()).collect();
        assert_eq!(names, ["wait", "connection_id()"], "{text}");
        let values: (u32, u32) = mysql_async::from_row(row);
        assert_eq!(values, (28_800, conn.id()), "{text}");
    }
}

/// The first cell of a result, as text; "asked" if the backend was asked.
async fn value(conn: &mut Conn, text: &str) -> Option<String> {
    match conn.query_first::<Option<String>, _>(text).await {
        Ok(value) => value.unwrap(),
        Err(Error::Server(error)) => Some(error.message),
        Err(error) => panic!("{text}: {error}"),
    }
}

#[tokio::test]
async fn a_variable_has_the_value_that_the_client_has_set() {
    let server = Server::on_port(0).serve(|_| Refusing).unwrap();
    let mut conn = connect(&server).await;
    for (set, variable, wanted) in [
        ("SET autocommit = 0", "autocommit", Some("0")),
        ("SET @@session.autocommit := ON", "autocommit", Some("1")),
        (
            "SET SESSION autocommit = off",
            "session.autocommit",
            Some("0"),
        ),
        ("SET autocommit = 0", "global.autocommit", Some("1")),
        ("SET autocommit = DEFAULT", "autocommit", Some("1")),
        (
            "SET time_zone = '+00:00', wait_timeout = 7",
            "time_zone",
            Some("+00:00"),
        ),
        ("SET x = 1", "local.wait_timeout", Some("7")),
        (
            "SET sql_mode = 'no_engine_substitution'",
            "sql_mode",
            Some("NO_ENGINE_SUBSTITUTION"),
        ),
        (
            "SET sql_mode = CONCAT(@@sql_mode, 'x')",
            "sql_mode",
            Some("asked"),
        ),
        ("SET sql_mode = ''", "sql_mode", Some("")),
        ("SET NAMES latin1", "character_set_client", Some("latin1")),
        ("SET NAMES latin1", "collation_connection", Some("asked")),
        (
            "SET NAMES 'utf8mb4' COLLATE utf8mb4_bin",
            "collation_connection",
            Some("utf8mb4_bin"),
        ),
        (
            "SET character_set_results = NULL",
            "character_set_results",
            None,
        ),
        (
            "SET NAMES DEFAULT",
            "character_set_results",
            Some("utf8mb4"),
        ),
        (
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "tx_isolation",
            Some("READ-COMMITTED"),
        ),
        (
            "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            "transaction_isolation",
            Some("READ-COMMITTED"),
        ),
        ("SET @autocommit = 0", "autocommit", Some("1")),
    ] {
        assert!(!is_asked(&mut conn, set).await, "{set}");
        let found = value(&mut conn, &format!("SELECT @@{variable}")).await;
        assert_eq!(found.as_deref(), wanted, "{set}, @@{variable}");
    }
    assert!(is_asked(&mut conn, "SET GLOBAL wait_timeout = 9").await);
    let global = value(&mut conn, "SELECT @@global.wait_timeout").await;
    assert_eq!(global.as_deref(), Some("asked"));
    assert_eq!(
        value(&mut conn, "SELECT @@wait_timeout").await.as_deref(),
        Some("7")
    );
    conn.reset().await.unwrap();
    assert_eq!(
        value(&mut conn, "SELECT @@wait_timeout").await.as_deref(),
        Some("28800")
    );
}

#[tokio::test]
async fn a_backend_with_transactions_says_whether_autocommit_is_on() {
    struct Transacting;
    impl Backend for Transacting {
        const HAS_TRANSACTIONS: bool = true;

        async fn query(
            &self,
            statement: &Statement,
            results: Results,
        ) -> Result<Finished, Failure> {
            let mut flags = StatusFlags::empty();
            flags.set(StatusFlags::AUTOCOMMIT, statement.text.ends_with(b"1"));
            Ok(results.completed(Completion {
                status_flags: Some(flags),
                ..Completion::default()
            }))
        }
    }
    let server = Server::on_port(0).serve(|_| Transacting).unwrap();
    let mut conn = connect(&server).await;
    let select = "SELECT @@autocommit";
    assert_eq!(value(&mut conn, select).await.as_deref(), Some("1"));
    for (set, wanted) in [("SET autocommit = 0", "0"), ("SET autocommit = 1", "1")] {
        conn.query_drop(set).await.unwrap();
        assert_eq!(value(&mut conn, select).await.as_deref(), Some(wanted));
        let session = value(&mut conn, "SELECT @@SESSION.autocommit").await;
        assert_eq!(session.as_deref(), Some(wanted));
    }
}

#[tokio::test]
async fn savepoints_are_those_of_a_server() {
    let server = Server::on_port(0).serve(|_| Refusing).unwrap();
    let mut conn = connect(&server).await;
    for (text, wanted) in [
        ("ROLLBACK TO a", Err("SAVEPOINT a does not exist")),
        // Outside of a transaction, a savepoint ends with its statement.
        ("SAVEPOINT a", Ok(())),
        ("ROLLBACK TO a", Err("SAVEPOINT a does not exist")),
        ("BEGIN", Ok(())),
        ("SAVEPOINT a", Ok(())),
        ("SAVEPOINT `b c`", Ok(())),
        ("ROLLBACK TO SAVEPOINT A", Ok(())),
        (
            "ROLLBACK WORK TO SAVEPOINT `b c`",
            Err("SAVEPOINT b c does not exist"),
        ),
        ("RELEASE SAVEPOINT a", Ok(())),
        ("RELEASE SAVEPOINT a", Err("SAVEPOINT a does not exist")),
        ("SAVEPOINT a", Ok(())),
        ("COMMIT AND CHAIN", Ok(())),
        ("ROLLBACK TO a", Err("SAVEPOINT a does not exist")),
        ("SAVEPOINT a", Ok(())),
        ("ROLLBACK WORK", Ok(())),
        ("RELEASE SAVEPOINT a", Err("SAVEPOINT a does not exist")),
        ("SET autocommit = 0", Ok(())),
        ("SAVEPOINT a", Ok(())),
        ("ROLLBACK TO a", Ok(())),
        ("SET autocommit = 1", Ok(())),
        ("ROLLBACK TO a", Err("SAVEPOINT a does not exist")),
        // Only what turns it on ends the transaction.
        ("BEGIN", Ok(())),
        ("SAVEPOINT a", Ok(())),
        ("SET autocommit = 1", Ok(())),
        ("SET autocommit = DEFAULT", Ok(())),
        ("ROLLBACK TO a", Ok(())),
        ("SET autocommit = 0", Ok(())),
        ("ROLLBACK TO a", Ok(())),
        ("SET autocommit = DEFAULT", Ok(())),
        ("ROLLBACK TO a", Err("SAVEPOINT a does not exist")),
        ("ROLLBACK TO", Err("asked")),
        ("BEGIN NOT ATOMIC", Err("asked")),
        ("START SLAVE", Err("asked")),
        ("SAVEPOINT", Err("asked")),
    ] {
        let found = match conn.query_drop(text).await {
            Ok(()) => Ok(()),
            Err(Error::Server(error)) => Err(error.message),
            Err(error) => panic!("{text}: {error}"),
        };
        assert_eq!(
            found.as_ref().copied().map_err(|m| &m[..]),
            wanted,
            "{text}"
        );
    }
}

#[tokio::test]
async fn transactions_are_those_of_a_backend_that_has_some() {
    struct Transacting;
    impl Backend for Transacting {
        const HAS_TRANSACTIONS: bool = true;

        async fn query(&self, _: &Statement, _: Results) -> Result<Finished, Failure> {
            Err(Failure::general(codes::ER_NOT_SUPPORTED_YET, "asked"))
        }
    }
    let server = Server::on_port(0).serve(|_| Transacting).unwrap();
    let mut conn = connect(&server).await;
    for (text, wanted) in [
        ("BEGIN", true),
        ("start transaction", true),
        ("COMMIT", true),
        ("ROLLBACK TO SAVEPOINT a", true),
        ("SAVEPOINT a", true),
        ("RELEASE SAVEPOINT a", true),
        ("SET autocommit = 0", true),
        ("SET NAMES utf8mb4, @@session.AUTOCOMMIT = 1", true),
        ("SET NAMES utf8mb4", false),
        ("SELECT @@autocommit", false),
    ] {
        assert_eq!(is_asked(&mut conn, text).await, wanted, "{text}");
    }
}

#[tokio::test]
async fn a_text_longer_than_any_driver_sends_is_for_the_backend() {
    let server = Server::on_port(0).serve(|_| Refusing).unwrap();
    let mut conn = connect(&server).await;
    let of_length = |len: usize| format!("SET a = '{}'", "x".repeat(len - "SET a = ''".len()));
    assert!(!is_asked(&mut conn, &of_length(16 * 1024)).await);
    assert!(is_asked(&mut conn, &of_length(16 * 1024 + 1)).await);
}
