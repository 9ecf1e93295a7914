//! Servers from a `Backend`, with `mysql_async` and a client of the X Protocol.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::cell::Cell as Counter;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mynah_server::{
    Account, Backend, Cell, Column, Failure, Finished, Login, Results, Server, Statement, codes,
};
use mynah_testkit::XClient;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, OptsBuilder};

struct Shop {
    asked: Counter<i64>,
    written: Arc<AtomicUsize>,
}

impl Backend for Shop {
    async fn authenticate(&self, login: &Login) -> Result<Account, Failure> {
        tokio::task::yield_now().await;
        Ok(Account {
            username: Some(login.username.clone()),
            password: (login.username == "app").then(|| "secret".into()),
            ..Account::default()
        })
    }

    async fn init_db(&self, schema: &str) -> Result<(), Failure> {
        match schema {
            "shop" => Ok(()),
            _ => Err(Failure::general(codes::ER_BAD_DB_ERROR, "no such shop")),
        }
    }

    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        self.asked.set(self.asked.get() + 1);
        match &statement.text[..] {
            b"count" => {
                let mut rows = results.columns([Column::integer("asked")]);
                rows.row([self.asked.get()]).await?;
                Ok(rows.finish())
            }
            b"all" => {
                let mut rows = results.columns([
                    Column::integer("id"),
                    Column::text("name"),
                    Column::double("price"),
                    Column::blob("photo"),
                ]);
                rows.row([
                    Cell::from(1),
                    "tea".into(),
                    2.5.into(),
                    b"\xff\0"[..].into(),
                ])
                .await?;
                rows.row([Cell::from(2), Cell::NULL]).await?;
                Ok(rows.finish())
            }
            b"too many" => {
                let mut rows = results.columns([Column::integer("n")]);
                rows.row([1]).await?;
                rows.row([2, 3, 4]).await?;
                Ok(rows.finish())
            }
            b"left out" => {
                let mut rows = results.columns([Column::integer("n")]);
                for n in 0..100_000 {
                    let written = rows.row(vec![n; 1 + n % 2]).await;
                    assert_eq!(written.is_ok(), n % 2 == 0, "{written:?}");
                }
                Ok(rows.finish())
            }
            b"endless" => {
                let mut rows = results.columns([Column::text("x")]);
                loop {
                    rows.row(["x".repeat(1000)]).await?;
                    self.written.fetch_add(1, Ordering::Relaxed);
                }
            }
            b"many" => {
                let mut rows = results.columns([Column::integer("n")]);
                for n in 0..200_000 {
                    rows.row([n]).await?;
                }
                Ok(rows.finish())
            }
            b"breaks" => {
                let mut rows = results.columns([Column::integer("n")]);
                for n in 0..100_000 {
                    rows.row([n]).await?;
                }
                Err(Failure::general(codes::ER_QUERY_INTERRUPTED, "it broke"))
            }
            b"sum of ? and ?" => {
                let sum: i64 = statement
                    .params
                    .iter()
                    .map(|param| param.value().as_i64().unwrap())
                    .sum();
                let mut rows = results.columns([Column::integer("sum")]);
                rows.row([sum]).await?;
                Ok(rows.finish())
            }
            b"update" => Ok(results.affected_rows(3)),
            _ => Err(Failure::general(codes::ER_PARSE_ERROR, "what?")),
        }
    }
}

fn start() -> (Server, Arc<AtomicUsize>) {
    let written = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&written);
    let shop = move |_connection| Shop {
        asked: Counter::new(0),
        written: Arc::clone(&shared),
    };
    (
        Server::on_port(0).x_port(0).workers(1).serve(shop).unwrap(),
        written,
    )
}

async fn log_in(server: &Server, password: &str, schema: Option<&str>) -> Result<Conn, Error> {
    let opts = OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(server.tcp_address().unwrap().port())
        .user(Some("app"))
        .pass(Some(password))
        .db_name(schema);
    Conn::new(opts).await
}

async fn connect(server: &Server) -> Conn {
    log_in(server, "secret", None).await.unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> u16 {
    match result {
        Err(Error::Server(error)) => error.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_backend_answers_texts_and_prepared_statements() {
    let (server, _) = start();
    let mut conn = connect(&server).await;
    type Row = (i64, Option<String>, Option<f64>, Option<Vec<u8>>);
    let all = [
        (
            1,
            Some("tea".to_owned()),
            Some(2.5),
            Some(b"\xff\0".to_vec()),
        ),
        (2, None, None, None),
    ];
    let text: Vec<Row> = conn.query("all").await.unwrap();
    assert_eq!(text, all);
    let prepared: Vec<Row> = conn.exec("all", ()).await.unwrap();
    assert_eq!(prepared, all);
    let sum: Option<i64> = conn.exec_first("sum of ? and ?", (40, 2)).await.unwrap();
    assert_eq!(sum, Some(42));
    conn.query_drop("update").await.unwrap();
    assert_eq!(conn.affected_rows(), 3);
    assert_eq!(
        code(conn.query_drop("nonsense").await),
        codes::ER_PARSE_ERROR
    );
    conn.disconnect().await.unwrap();
}

#[tokio::test]
async fn a_server_greets_by_a_version_that_drivers_accept() {
    let (server, _) = start();
    let client = connect(&server).await;
    // Django needs 8.0.11, and MySQL's Connector/Python 4.1.
    assert!(client.server_version() >= (8, 0, 11));
}

#[tokio::test]
async fn each_connection_has_a_backend_which_is_asked_no_statements_of_drivers() {
    let (server, _) = start();
    for _ in 0..2 {
        let mut conn = connect(&server).await;
        let asked: Option<i64> = conn.query_first("count").await.unwrap();
        assert_eq!(asked, Some(1));
        let version: Option<String> = conn
            .query_first("select @@version_comment limit 1")
            .await
            .unwrap();
        assert_eq!(version.as_deref(), Some("mynah-server"));
        let user: Option<String> = conn.query_first("SELECT USER()").await.unwrap();
        assert_eq!(user.as_deref(), Some("app@localhost"));
    }
}

#[tokio::test]
async fn the_same_backend_answers_the_x_protocol() {
    let (server, _) = start();
    let x = server.addresses()[1].to_string().parse().unwrap();
    let mut x = XClient::log_in(x, "other").unwrap();
    assert_eq!(x.query("count").unwrap().unwrap().len(), 1);
    assert_eq!(
        x.query("nonsense").unwrap(),
        Err(codes::ER_PARSE_ERROR.into())
    );
}

#[tokio::test]
async fn a_row_with_too_many_cells_is_an_error_of_both_protocols() {
    let (server, _) = start();
    let mut conn = connect(&server).await;
    match conn.query::<u32, _>("too many").await {
        Err(Error::Server(error)) => {
            assert_eq!(error.code, codes::ER_UNKNOWN_ERROR);
            assert_eq!(
                error.message,
                "the row has 3 cells, and there are 1 columns"
            );
        }
        other => panic!("{other:?}"),
    }
    let x = server.addresses()[1].to_string().parse().unwrap();
    let mut x = XClient::log_in(x, "other").unwrap();
    assert_eq!(
        x.query("too many").unwrap(),
        Err(codes::ER_UNKNOWN_ERROR.into())
    );
    // A backend may leave such a row out.
    let even: Vec<usize> = conn.query("left out").await.unwrap();
    assert!(even.into_iter().eq((0..100_000).step_by(2)));
}

#[tokio::test]
async fn a_long_result_is_sent_as_it_is_written() {
    let (server, _) = start();
    let mut conn = connect(&server).await;
    let many: Vec<u32> = conn.query("many").await.unwrap();
    assert!(many.into_iter().eq(0..200_000));
    let broken = conn.query::<u32, _>("breaks").await;
    assert_eq!(code(broken), codes::ER_QUERY_INTERRUPTED);
    let asked: Option<i64> = conn.query_first("count").await.unwrap();
    assert_eq!(asked, Some(3));
}

#[tokio::test]
async fn a_client_that_does_not_read_stops_its_backend_and_no_other() {
    let (server, written) = start();
    let mut conn = connect(&server).await;
    let mut rows = conn.query_iter("endless").await.unwrap();
    let first: Option<mysql_async::Row> = rows.next().await.unwrap();
    assert!(first.is_some());
    // The one thread serves others: the endless answer waits for its client.
    let mut other = connect(&server).await;
    for _ in 0..3 {
        let asked: Option<i64> = other.query_first("count").await.unwrap();
        assert!(asked.is_some());
    }
    // What sockets hold is a few MiB.
    let written = written.load(Ordering::Relaxed);
    assert!(written < 50_000, "{written} rows of a kilobyte");
}

#[tokio::test]
async fn passwords_and_schemas_are_the_backends() {
    let (server, _) = start();
    assert_eq!(
        code(log_in(&server, "wrong", None).await),
        codes::ER_ACCESS_DENIED_ERROR
    );
    let mut conn = connect(&server).await;
    let to =
        |name: &str| mysql_async::ChangeUserOpts::default().with_db_name(Some(name.to_owned()));
    conn.change_user(to("shop")).await.unwrap();
    conn.ping().await.unwrap();
    conn.reset().await.unwrap();
}

#[tokio::test]
async fn one_connection_too_many_is_refused_and_a_shutdown_ends_all() {
    struct Nothing;
    impl Backend for Nothing {
        async fn query(&self, _: &Statement, results: Results) -> Result<Finished, Failure> {
            Ok(results.ok())
        }
    }
    let server = Server::on_port(0)
        .max_connections(1)
        .serve(|_| Nothing)
        .unwrap();
    let mut conn = connect(&server).await;
    assert_eq!(
        code(log_in(&server, "", None).await),
        codes::ER_CON_COUNT_ERROR
    );
    conn.query_drop("anything").await.unwrap();
    assert!(server.shut_down(Duration::from_secs(20)));
    // `mysql_async` takes the error 1053, which no command asked for, for a packet out of order.
    assert!(conn.query_drop("anything").await.is_err());
}
