//! The client of the X Protocol against MySQL 9.7, which is downloaded and started, so these tests run on request only:
//! `cargo test -p mynah-client -- --ignored`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::borrow::Cow;

use mynah_client::x::{self, Algorithm, Cell, ClientMessage, Mechanism, Options, ServerMessage};
use mynah_client::{Address, Client, Error, TlsClient, TlsClientOptions, Value};
use mynah_testkit::servers::{PASSWORD, RealServer, SCHEMA, Server};
use mynah_x::crud::{Collection, Insert, TypedRow};
use mynah_x::datatypes::{Any, Object, Scalar};
use mynah_x::expr::{Expr, ExprType};

/// Starts the server; if it isn't available here, prints why.
fn start() -> Option<Server> {
    Server::start(RealServer::MySql97)
        .inspect_err(|reason| println!("skipped: {reason}"))
        .ok()
}

fn options() -> Options {
    let tls = TlsClient::new(TlsClientOptions::default()).unwrap();
    Options::new("sha2", PASSWORD).schema(SCHEMA).tls(tls)
}

fn tcp(server: &Server) -> Address {
    Address::Tcp(server.x_address().unwrap())
}

async fn connect(server: &Server) -> x::Client {
    x::Client::connect(&tcp(server), options()).await.unwrap()
}

async fn run(client: &mut x::Client, statements: &[&'static str]) {
    for statement in statements {
        client.query(*statement).await.unwrap();
    }
}

fn texts(row: &x::Row, columns: usize) -> Vec<Option<String>> {
    let text = |index| row.text(index).map(Cow::into_owned);
    (0..columns).map(text).collect()
}

#[tokio::test]
#[ignore = "fetches and starts a real server"]
async fn logins_by_each_mechanism_and_channel() {
    let Some(server) = start() else { return };
    let unix = Address::Unix(server.folder().join("x-socket"));
    let plain = |user: &str, password: &str| Options::new(user, password);
    let denied = Some(1045);
    let code = async |address: &Address, options: Options| {
        let outcome = x::Client::connect(address, options).await;
        outcome.err().map(|error| (error.code(), error.to_string()))
    };
    // The server doesn't remember the password yet.
    let (cold, text) = code(&tcp(&server), plain("sha2", PASSWORD)).await.unwrap();
    assert_eq!(cold, denied, "{text}");
    assert_eq!(code(&unix, plain("sha2", PASSWORD)).await, None);
    assert_eq!(code(&tcp(&server), plain("sha2", PASSWORD)).await, None);
    let native = plain("sha2", PASSWORD).mechanism(Mechanism::Mysql41);
    assert_eq!(code(&tcp(&server), native).await.unwrap().0, denied);
    assert_eq!(code(&tcp(&server), options()).await, None);
    for mechanism in [Mechanism::Plain, Mechanism::Sha256Memory] {
        let options = options().mechanism(mechanism);
        assert_eq!(code(&tcp(&server), options).await, None, "{mechanism}");
    }
    assert_eq!(code(&unix, plain("sha2", "no")).await.unwrap().0, denied);
    assert_eq!(code(&unix, options()).await, None);
    let tls = TlsClient::new(TlsClientOptions::default()).unwrap();
    let preferred = plain("sha2", PASSWORD).tls_if_offered(tls);
    assert_eq!(code(&unix, preferred).await, None);
    let mut client = connect(&server).await;
    run(
        &mut client,
        &["create user expired identified by 'throw-away' password expire"],
    )
    .await;
    let tls = TlsClient::new(TlsClientOptions::default()).unwrap();
    let expired = plain("expired", "throw-away").tls(tls);
    let mut expired = x::Client::connect(&tcp(&server), expired).await.unwrap();
    let refused = expired.query("select 1").await.unwrap_err();
    assert_eq!(refused.code(), Some(1820), "{refused}");
    run(&mut expired, &["set password = 'fresh'", "select 1"]).await;
    let address = Address::Tcp(server.address());
    let classic = x::Client::connect(&address, options()).await.unwrap_err();
    assert!(matches!(classic, Error::ClassicServer), "{classic}");
}

#[tokio::test]
#[ignore = "fetches and starts a real server"]
async fn cells_have_the_texts_of_the_classic_protocol() {
    let Some(server) = start() else { return };
    let mut client = connect(&server).await;
    run(&mut client, &[TABLE, ROW, ROW_OF_ENDS, NULLS]).await;
    let classic = mynah_client::Options::new("sha2", PASSWORD).schema(SCHEMA);
    let mut classic = Client::connect(&Address::Tcp(server.address()), classic)
        .await
        .unwrap();
    let statement = "select * from cells order by id";
    let mut wanted = Vec::new();
    for row in classic
        .query(statement)
        .await
        .unwrap()
        .rows()
        .await
        .unwrap()
    {
        let text = |index| row.text(index).map(str::to_owned);
        wanted.push(numbers((0..COLUMNS).map(text).collect()));
    }
    assert_eq!(wanted.len(), 3);
    let prepared = client.prepare(statement).await.unwrap();
    let mut answer = client.query(statement).await.unwrap();
    assert_eq!(answer.columns().len(), COLUMNS);
    let text = answer.rows().await.unwrap();
    let mut answer = client.execute(&prepared, &[]).await.unwrap();
    let binary = answer.rows().await.unwrap();
    for rows in [text, binary] {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| numbers(texts(row, COLUMNS)))
            .collect();
        assert_eq!(rows, wanted);
    }
    run(
        &mut client,
        &["update cells set bits = b'101' where id = 1"],
    )
    .await;
    let mut answer = client
        .query("select id, u, bits, n from cells where id = 1")
        .await
        .unwrap();
    let row = answer.row().await.unwrap().unwrap();
    assert_eq!(row.cell(0), Some(Cell::Sint(1)));
    assert_eq!(row.cell(1), Some(Cell::Uint(u64::MAX)));
    assert_eq!(row.cell(2), Some(Cell::Bit(5)));
    assert_eq!(row.text(2).as_deref(), Some("5"));
    let Some(Cell::Decimal(decimal)) = row.cell(3) else {
        panic!("{row:?}")
    };
    assert_eq!((decimal.is_negative(), decimal.scale()), (true, 6));
    let document = client.query("select json_object('a', 1)").await.unwrap();
    assert_eq!(document.columns()[0].content_type, Some(2));
}

#[tokio::test]
#[ignore = "fetches and starts a real server"]
async fn values_reach_placeholders_as_text_and_prepared() {
    let Some(server) = start() else { return };
    let mut client = connect(&server).await;
    let statement = "select ?, ?, ?, ?, ?, hex(?), ?";
    let classic = |text: &'static str| Value::from_text(Some(text.as_bytes()), moment());
    let values = [
        Value::Null,
        Value::Int(i64::MIN),
        Value::UInt(u64::MAX),
        Value::Double(0.1),
        Value::Bytes("it's grün".as_bytes()),
        Value::Bytes(b"\xff\0\x01"),
        classic("2024-02-29 12:34:56.789000").unwrap(),
    ];
    let wanted = [
        None,
        Some("-9223372036854775808"),
        Some("18446744073709551615"),
        Some("0.1"),
        Some("it's grün"),
        Some("FF0001"),
        Some("2024-02-29 12:34:56.789000"),
    ]
    .map(|text| text.map(str::to_owned));
    let row = client.query_with(statement, &values).await.unwrap();
    let row = { row }.row().await.unwrap().unwrap();
    assert_eq!(texts(&row, wanted.len()), wanted);
    let prepared = client.prepare(statement).await.unwrap();
    for _ in 0..2 {
        let mut answer = client.execute(&prepared, &values).await.unwrap();
        let row = answer.row().await.unwrap().unwrap();
        assert_eq!(texts(&row, wanted.len()), wanted);
    }
    assert!(client.execute(&prepared, &values[..2]).await.is_err());
    client.close_statement(prepared).await.unwrap();
    assert!(client.execute(&prepared, &values).await.is_err());
    client.ping().await.unwrap();
    client.close().await.unwrap();
}

#[tokio::test]
#[ignore = "fetches and starts a real server"]
async fn notices_and_several_results() {
    let Some(server) = start() else { return };
    let mut client = connect(&server).await;
    assert!(client.id().is_some_and(|id| id > 0));
    run(
        &mut client,
        &[
            "create table n (id int primary key auto_increment, a tinyint)",
            "set sql_mode = ''",
        ],
    )
    .await;
    let answer = client.query("insert into n (a) values (1), (1000)").await;
    let notices = { answer.unwrap() }.notices().clone();
    assert_eq!(notices.rows_affected, Some(2));
    assert_eq!(notices.generated_insert_id, Some(1));
    assert!(notices.produced_message.unwrap().starts_with("Records: 2"));
    assert_eq!(notices.warnings.len(), 1);
    assert_eq!(notices.warnings[0].code, 1264);

    run(
        &mut client,
        &["create procedure p(in a int, out b int) begin select a; select a + 1, 'x'; set b = 7; end"],
    )
    .await;
    let mut answer = client.query("call p(1, @b)").await.unwrap();
    let mut results: Vec<Vec<String>> = Vec::new();
    loop {
        let rows = answer.rows().await.unwrap();
        results.push(
            rows.iter()
                .map(|row| row.text(0).unwrap().into_owned())
                .collect(),
        );
        if !answer.next_result().await.unwrap() {
            break;
        }
    }
    let wanted: [Vec<String>; 3] = [vec!["1".to_owned()], vec!["2".to_owned()], Vec::new()];
    assert_eq!(results, wanted);

    let refused = client.query("select from").await.unwrap_err();
    assert_eq!(refused.code(), Some(1064), "{refused}");
    run(&mut client, &["create table c (doc json, _id varbinary(32) generated always as (json_unquote(json_extract(doc, '$._id'))) stored primary key)"]).await;
    let ids = insert_document(&mut client).await;
    assert_eq!(ids, 1);
}

#[tokio::test]
#[ignore = "fetches and starts a real server"]
async fn compression_in_both_directions_and_over_new_logins() {
    let Some(server) = start() else { return };
    let long = "0123456789 ".repeat(50_000);
    for algorithm in Algorithm::ALL {
        let options = options().compression(algorithm);
        let mut client = x::Client::connect(&tcp(&server), options).await.unwrap();
        assert_eq!(client.compression(), Some(algorithm));
        for round in 0..3 {
            let values = [Value::Bytes(long.as_bytes())];
            let mut answer = client.query_with("select ?", &values).await.unwrap();
            let row = answer.row().await.unwrap().unwrap();
            assert_eq!(
                row.text(0).as_deref(),
                Some(&long[..]),
                "{algorithm:?} {round}"
            );
            let many =
                "with recursive r as (select 1 n union all select n + 1 from r where n < 1000)
                select n, repeat('x', 100) from r";
            let rows = client.query(many).await.unwrap().rows().await.unwrap();
            assert_eq!(rows.len(), 1000);
            match round {
                0 => {
                    client.reset().await.unwrap();
                    let row = client.query("select schema()").await.unwrap().row().await;
                    assert_eq!(row.unwrap().unwrap().text(0).as_deref(), Some(SCHEMA));
                }
                _ => client
                    .change_user("sha256", PASSWORD, SCHEMA)
                    .await
                    .unwrap(),
            }
        }
        let mut answer = client
            .query("select current_user(), schema()")
            .await
            .unwrap();
        let row = answer.row().await.unwrap().unwrap();
        let wanted = ["sha256@%", SCHEMA].map(|text| Some(text.to_owned()));
        assert_eq!(texts(&row, 2), wanted);
    }
}

#[tokio::test]
#[ignore = "fetches and starts a real server"]
async fn raw_messages_and_the_end_of_a_connection() {
    let Some(server) = start() else { return };
    let mut client = connect(&server).await;
    let statement = |text: &'static str| x::StmtExecute {
        stmt: text.into(),
        ..x::StmtExecute::default()
    };
    let mut raw = client.raw();
    for text in ["select 1", "select from", "select 3"] {
        raw.send(statement(text)).await.unwrap();
    }
    let mut ends = Vec::new();
    while ends.len() < 3 {
        match raw.next().await.unwrap().unwrap() {
            ServerMessage::StmtExecuteOk(_) => ends.push(0),
            ServerMessage::Error(error) => ends.push(error.code),
            _ => {}
        }
    }
    assert_eq!(ends, [0, 1064, 0]);
    client
        .send(ClientMessage::CapabilitiesGet(Default::default()))
        .await
        .unwrap();
    while client.next().await.unwrap().is_some() {}

    let mut other = connect(&server).await;
    let id = Any::from(Scalar::uint(client.id().unwrap()));
    let arguments: Object = [("id", id)].into_iter().collect();
    let kill = x::StmtExecute {
        namespace: Some("mysqlx".to_owned()),
        args: vec![arguments.into()],
        ..statement("kill_client")
    };
    other.answer(kill).await.unwrap();
    let mut raw = client.raw();
    while raw.next().await.is_ok_and(|message| message.is_some()) {}
    let closed = client.ping().await.unwrap_err();
    assert_eq!(
        closed.code(),
        Some(3169),
        "{closed}: the session was killed"
    );
}

/// Inserts a document without an id; how many ids the server generated.
async fn insert_document(client: &mut x::Client) -> usize {
    let literal = Expr {
        r#type: ExprType::Literal.into(),
        literal: Some(Box::new(Scalar::string(r#"{"a": 1}"#))),
        ..Expr::default()
    };
    let insert = Insert {
        collection: Collection {
            name: "c".to_owned(),
            schema: Some(SCHEMA.to_owned()),
        },
        row: vec![TypedRow {
            field: vec![literal],
        }],
        ..Insert::default()
    };
    let answer = client.answer(insert).await.unwrap();
    answer.notices().generated_document_ids.len()
}

fn moment() -> mynah_classic::value::ValueType {
    mynah_classic::value::ValueType::signed(mynah_classic::ColumnType::DATETIME)
}

/// Writes floating-point numbers anew: the server writes fewer digits of a FLOAT, and zeros of a FLOAT(7,2).
fn numbers(mut row: Vec<Option<String>>) -> Vec<Option<String>> {
    for cell in row[FLOATS].iter_mut().flatten() {
        *cell = cell.parse::<f64>().unwrap().to_string();
    }
    row
}

const COLUMNS: usize = 26;
const FLOATS: std::ops::Range<usize> = 5..8;

const TABLE: &str = "create table cells (
    id int, t tinyint, u bigint unsigned, z int(6) unsigned zerofill, y year, f float, d double,
    f2 float(7,2), n decimal(20,6), day date, m datetime, m3 datetime(3), m6 datetime(6),
    ts timestamp(2) null, time time, time2 time(2), c char(5), v varchar(50), b varbinary(10),
    txt longtext, e enum('one', 'two'), s set('a', 'b', 'c'), j json, g varchar(5) character set latin1,
    bool boolean, bigdec decimal(65,30), bits bit(3) invisible)";

const ROW: &str = "insert into cells values (1, -128, 18446744073709551615, 42, 2024, 1.5, -0.1,
    3.14159, -12.4, '2024-02-29', '2024-02-29 12:34:56', '2024-02-29 12:34:56.7',
    '2024-02-29 12:34:56.000001', '2001-01-01 01:01:01.25', '-838:59:59', '00:00:01.5', 'abc', 'grün', 'xy',
    'text', 'two', 'a,c', '{\"a\": [1, null]}', 'ü', true, 1234567890.000000000000000000000000000001)";

const ROW_OF_ENDS: &str = "insert into cells values (2, 127, 0, 1234567, 1901, 3.4e38, 1.7976931348623157e308,
    0, 0, '1000-01-01', '9999-12-31 23:59:59', '1000-01-01 00:00:00', '1970-01-01 00:00:00',
    '2038-01-19 03:14:07', '838:59:59', '00:00:00', '', '', '', '', 'one', '', '[]', '', false, -0.5)";

const NULLS: &str = "insert into cells (id) values (3)";
