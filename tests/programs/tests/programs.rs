//! Programs that use the crates as libraries. Each has a limit of lines.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use mynah::expect::{Call, Reading, ValueKind, digest_text};
use mynah::matchers::{any, of_type, query};
use mynah::{Mock, MockServer, rows};
use mynah_client::{Address, Client, TlsClient, TlsClientOptions, TlsVerify};
use mynah_relay::{Decision, GateCommand, Gates, Relay, RelayOptions, Route};
use mynah_server::{Backend, Column, Failure, Finished, Results, Server, Statement};
use mynah_session::observe::{Direction, Event, Observer, Options};
use mynah_testkit::{Fixture, fixtures_folder};
use mysql_async::prelude::Queryable;
use sqlx::Row;

#[test]
fn a_packet_sniffer_of_a_capture() {
    // program: 40
    let capture = fixtures_folder("classic").join("mysql-9.7/client-pymysql.hex");
    let capture = Fixture::read(capture).unwrap();
    let now = Instant::now();
    let mut observer = Observer::classic(Options::default(), now);
    let mut statements = Vec::new();
    let mut see = |event: Event| match event {
        Event::Completed(answer) => {
            let text = answer.command.sql().unwrap_or_default();
            statements.push(String::from_utf8_lossy(&text).into_owned());
        }
        other => println!("{other:?}"),
    };
    for line in capture.packets() {
        let from = match line.direction {
            mynah_testkit::Direction::Client => Direction::Client,
            mynah_testkit::Direction::Server => Direction::Server,
        };
        observer.observe(from, &line.wire(), now, &mut see);
    }
    observer.end(now, &mut see);
    assert!(
        statements
            .iter()
            .any(|text| text.to_lowercase().starts_with("select"))
    );
    // end
}

#[tokio::test]
async fn a_server_that_counts() {
    // program: 30
    struct Counting(Arc<AtomicUsize>);
    impl Backend for Counting {
        async fn query(&self, asked: &Statement, results: Results) -> Result<Finished, Failure> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if !asked.text.eq_ignore_ascii_case(b"select 1") {
                return Err(Failure::general(1064, "only SELECT 1 is known"));
            }
            let mut rows = results.columns([Column::integer("1")]);
            rows.row([1]).await?;
            Ok(rows.finish())
        }
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let server = Server::on_port(0)
        .serve(move |_| Counting(Arc::clone(&counter)))
        .unwrap();
    let url = format!("mysql://root@{}", server.tcp_address().unwrap());
    let mut conn = mysql_async::Conn::from_url(url).await.unwrap();
    let one: Option<i64> = conn.query_first("select 1").await.unwrap();
    assert!(conn.query_drop("select 2").await.is_err());
    assert_eq!((one, asked.load(Ordering::Relaxed)), (Some(1), 2));
    // end
}

#[tokio::test]
async fn a_query_over_tls() {
    let server = MockServer::builder()
        .tls()
        .user("app", "secret")
        .start()
        .await;
    Mock::given("select 1 from t")
        .respond_with(rows![("1" => Long); [1]])
        .mount(&server);
    let (address, authority) = (Address::Tcp(server.address()), server.certificate());
    // program: 12
    let tls = TlsClient::new(TlsClientOptions {
        ca: authority,
        verify: TlsVerify::Identity,
        server_name: Some("localhost".to_owned()),
        ..TlsClientOptions::default()
    });
    let login = mynah_client::Options::new("app", "secret").tls(tls.unwrap());
    let mut client = Client::connect(&address, login).await.unwrap();
    let mut answer = client.query("select 1 from t").await.unwrap();
    assert_eq!(answer.row().await.unwrap().unwrap().text(0), Some("1"));
    // end
}

#[tokio::test]
async fn a_mock_with_expectations_and_sqlx() {
    // program: 14
    let server = MockServer::start().await;
    Mock::given(query("select name from person where id = ?").param(of_type(ValueKind::Integer)))
        .respond_with(
            |call: &Call| rows![("name" => VarString); [format!("person {}", call.values()[0])]],
        )
        .expect(1)
        .mount(&server);
    let pool = sqlx::MySqlPool::connect(&server.url("mysql"))
        .await
        .unwrap();
    let row = sqlx::query("select name from person where id = ?").bind(7);
    let row = row.fetch_one(&pool).await.unwrap();
    assert_eq!(row.get::<String, _>("name"), "person 7");
    assert!(server.verify().is_good());
    // end
}

#[tokio::test]
async fn a_relay_with_an_assertion() {
    let server = MockServer::start().await;
    Mock::given(any()).mount(&server);
    let upstream = server.address().to_string();
    // program: 20
    static INSERTS: AtomicUsize = AtomicUsize::new(0);
    let mut options = RelayOptions::default();
    options.routes.push(Route::to(upstream.parse().unwrap()));
    options.gates = Some(Gates::new(|_connection| {
        Some(Box::new(|command: &GateCommand<'_>| {
            let text = String::from_utf8_lossy(command.statement().unwrap_or_default());
            match digest_text(&text, Reading::default()).as_str() {
                "INSERT INTO `t` VALUES (?)" => _ = INSERTS.fetch_add(1, Ordering::Relaxed),
                "DROP TABLE `t`" => return Decision::Refuse(Failure::general(1105, "no")),
                _ => {}
            }
            Decision::Pass
        }))
    }));
    let relay = Relay::start(options).unwrap();
    let mut conn = connect(&relay.addresses()[0]).await;
    conn.query_drop("insert into t values (1)").await.unwrap();
    assert!(conn.query_drop("drop table t").await.is_err());
    assert_eq!(INSERTS.load(Ordering::Relaxed), 1);
    // end
}

async fn connect(address: &Address) -> mysql_async::Conn {
    let url = format!("mysql://root@{address}");
    mysql_async::Conn::from_url(url).await.unwrap()
}

#[test]
fn no_program_is_longer_than_it_says() {
    let mut programs = 0;
    for program in include_str!("programs.rs")
        .split(concat!("    // pro", "gram: "))
        .skip(1)
    {
        let (most, rest) = program.split_once('\n').unwrap();
        let lines = rest.split_once("    // end\n").unwrap().0.lines();
        let lines = lines.filter(|line| !line.trim().is_empty()).count();
        assert!(lines <= most.parse().unwrap(), "{lines} lines: {rest}");
        programs += 1;
    }
    assert_eq!(programs, 5);
}
