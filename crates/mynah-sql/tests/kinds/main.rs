//! Kinds and tables of statements, as real servers have them.
//!
//! `cargo test -p mynah-sql --test kinds -- --ignored --nocapture`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod events;
mod generator;
#[path = "../../src/outline/tests/statements.rs"]
mod statements;

use std::collections::BTreeSet;

use generator::Random;
use mynah_sql::{Comments, Outline, Reading};
use mynah_testkit::servers::{RealServer, SCHEMA, Server};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder};
use statements::{OF_MARIADB, OF_MYSQL, STATEMENTS};

const SERVERS: [RealServer; 2] = [RealServer::MySql97, RealServer::MariaDb118];

/// Servers note which statements they have run and which locks they hold.
fn start(kind: RealServer) -> Option<Server> {
    let options = [
        "--performance-schema=ON",
        "--performance-schema-consumer-events-statements-current=ON",
        "--performance-schema-instrument=statement/%=ON",
        "--performance-schema-instrument=wait/lock/metadata/sql/mdl=ON",
    ];
    match Server::start_with(kind, &options.map(ToOwned::to_owned)) {
        Ok(server) => Some(server),
        Err(unavailable) => {
            println!("{kind}: skipped: {unavailable}");
            None
        }
    }
}

async fn connect(server: &Server) -> Conn {
    let accounts = server.kind().accounts();
    let native = accounts.iter().find(|account| account.password.is_empty());
    let account = native.unwrap_or(&accounts[0]);
    let options = OptsBuilder::default()
        .ip_or_hostname(server.address().ip().to_string())
        .tcp_port(server.address().port())
        .user(Some(account.user))
        .pass(Some(account.password).filter(|password| !password.is_empty()))
        .db_name(Some(SCHEMA))
        .prefer_socket(false);
    Conn::new(options).await.unwrap()
}

/// The number of a connection's thread in the tables of `performance_schema`.
async fn thread(observer: &mut Conn, observed: &Conn) -> u64 {
    let id = observed.id();
    let sql =
        format!("SELECT thread_id FROM performance_schema.threads WHERE processlist_id = {id}");
    observer.query_first(sql).await.unwrap().unwrap()
}

fn reading(server: &Server) -> Reading {
    let is_mariadb = server.kind().product() == "MariaDB";
    Reading {
        comments: Comments::OfServer {
            version: if is_mariadb { 110_809 } else { 90_704 },
            is_mariadb,
        },
        ..Reading::default()
    }
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test);
}

#[test]
#[ignore = "fetches and starts real servers"]
fn the_kinds_of_statements_are_those_of_servers() {
    for server in SERVERS.into_iter().filter_map(start) {
        run(kinds(&server));
    }
}

async fn kinds(server: &Server) {
    let own = match server.kind().product() {
        "MariaDB" => OF_MARIADB,
        _ => OF_MYSQL,
    };
    let mut observer = connect(server).await;
    let (mut checked, mut unreadable, mut different) = (0, 0, Vec::new());
    for (sql, _) in STATEMENTS.iter().chain(own) {
        let kind = Outline::of(sql.as_bytes(), reading(server)).kind;
        if events::is_of_no_statement(kind) || *sql == "shutdown" {
            continue;
        }
        let mut conn = connect(server).await;
        let thread = thread(&mut observer, &conn).await;
        let _result = conn.query_drop(*sql).await;
        let last = format!(
            "SELECT event_name FROM performance_schema.events_statements_current \
             WHERE thread_id = {thread} ORDER BY event_id LIMIT 1"
        );
        let event: Option<String> = observer.query_first(last).await.unwrap();
        let event = event.unwrap_or_default();
        // `statement/sql/select`, but `statement/abstract/clone`.
        let name = event.rsplit('/').next().unwrap_or_default();
        if name == "error" {
            unreadable += 1;
            println!("{}: no statement: {sql}", server.kind());
        } else if !events::agree(name, kind) {
            different.push(format!("{sql}\n  here: {kind}, {}: {event}", server.kind()));
        } else {
            checked += 1;
        }
        let _end = conn.disconnect().await;
    }
    println!(
        "{}: {checked} statements agree, {unreadable} aren't known there",
        server.kind()
    );
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(
        checked > 8 * unreadable,
        "{unreadable} statements that the server can't read"
    );
}

#[test]
#[ignore = "fetches and starts real servers"]
fn the_tables_of_generated_statements_are_those_that_servers_lock() {
    for server in SERVERS.into_iter().filter_map(start) {
        run(tables(&server));
    }
}

async fn tables(server: &Server) {
    let mut observer = connect(server).await;
    for sql in generator::SETUP {
        observer.query_drop(*sql).await.unwrap();
    }
    let mut conn = connect(server).await;
    let thread = thread(&mut observer, &conn).await;
    let mut random = Random::new(42);
    let (mut checked, mut failed, mut different) = (0, 0, Vec::new());
    for _ in 0..STATEMENT_COUNT {
        let sql = random.statement();
        conn.query_drop("START TRANSACTION").await.unwrap();
        let result = conn.query_drop(&sql).await;
        let locks = format!(
            "SELECT DISTINCT CONCAT(object_schema, '.', object_name) FROM performance_schema.metadata_locks \
             WHERE object_type = 'TABLE' AND owner_thread_id = {thread}"
        );
        let theirs: Vec<String> = observer.query(locks).await.unwrap();
        conn.query_drop("ROLLBACK").await.unwrap();
        if let Err(error) = result {
            failed += 1;
            println!("{}: {error}: {sql}", server.kind());
            continue;
        }
        let theirs: BTreeSet<_> = theirs.into_iter().collect();
        let outline = Outline::of(sql.as_bytes(), reading(server));
        let ours: BTreeSet<_> = outline
            .tables
            .iter()
            .map(|table| {
                let schema = table.schema.as_deref().unwrap_or(SCHEMA.as_bytes());
                let [schema, name] = [schema, &table.name].map(String::from_utf8_lossy);
                format!("{schema}.{name}")
            })
            .collect();
        match ours == theirs {
            true => checked += 1,
            false => different.push(format!("{sql}\n  here:  {ours:?}\n  there: {theirs:?}")),
        }
    }
    println!(
        "{}: {checked} statements agree, {failed} failed",
        server.kind()
    );
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(failed * 20 < STATEMENT_COUNT, "{failed} statements failed");
    conn.disconnect().await.unwrap();
}

const STATEMENT_COUNT: usize = 1000;
