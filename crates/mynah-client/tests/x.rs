//! The client of the X Protocol against a mock.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use mynah::matchers::{any, query, user};
use mynah::{Mock, MockServer, MockServerBuilder, Response, codes, error, ok, rows};
use mynah_client::x::{Algorithm, Cell, Client, Level, Mechanism, Options, Warning};
use mynah_client::{Address, Error, TlsClient, TlsClientOptions, TlsVerify, Value};
use serde_json::json;

async fn connect(server: &MockServer) -> Client {
    connect_with(server, Options::new("root", ""))
        .await
        .unwrap()
}

async fn connect_with(server: &MockServer, options: Options) -> Result<Client, Error> {
    Client::connect(&Address::Tcp(server.x_address().unwrap()), options).await
}

async fn texts(client: &mut Client, statement: &'static str) -> Result<Vec<String>, Error> {
    let rows = client.query(statement).await?.rows().await?;
    let text = |row: &mynah_client::x::Row| row.text(0).map(|text| text.into_owned());
    Ok(rows.iter().filter_map(text).collect())
}

#[tokio::test]
async fn cells_have_types_and_texts() {
    let server = MockServer::builder().x().start().await;
    Mock::given(query("select * from t"))
        .respond_with(rows![
            ("a" => VarString, "b" => Long, "c" => Double, "d" => Date, "e" => Decimal);
            ["x", 7, 1.5, "2024-02-29", "-12.40"],
            [None::<&str>, -8, 2.0, "0000-00-00", "0"]
        ])
        .mount(&server);
    let mut client = connect(&server).await;
    let mut answer = client.query("select * from t").await.unwrap();
    let names: Vec<_> = answer
        .columns()
        .iter()
        .filter_map(|column| column.name.clone())
        .collect();
    assert_eq!(names, ["a", "b", "c", "d", "e"]);
    let first = answer.row().await.unwrap().unwrap();
    let Some(Cell::DateTime(date)) = first.cell(3) else {
        panic!("{first:?}")
    };
    assert_eq!((date.year, date.month, date.day), (2024, 2, 29));
    assert_eq!(first.cell(0), Some(Cell::Bytes(b"x")));
    assert_eq!(first.cell(1), Some(Cell::Sint(7)));
    assert_eq!(first.cell(2), Some(Cell::Double(1.5)));
    assert_eq!(first.cell(5), None);
    let text = |row: &mynah_client::x::Row| {
        let text = |index| row.text(index).map(|text| text.into_owned());
        (0..5).map(text).collect::<Option<Vec<_>>>()
    };
    assert_eq!(
        text(&first).unwrap(),
        ["x", "7", "1.5", "2024-02-29", "-12.40"]
    );
    let second = answer.row().await.unwrap().unwrap();
    assert_eq!(second.cells().next(), Some(Cell::Null));
    assert_eq!((second.text(0), text(&second)), (None, None));
    assert_eq!(second.text(3).as_deref(), Some("0000-00-00"));
    assert_eq!(answer.row().await.unwrap(), None);
    assert!(answer.columns().is_empty());
}

#[tokio::test]
async fn placeholders_get_values_as_text_or_prepared() {
    let server = MockServer::builder().x().start().await;
    Mock::given(query("select ?, ?, ?, ?, ?"))
        .respond_with(|call: &mynah::expect::Call| {
            let values = call.values();
            let texts: Vec<_> = values
                .iter()
                .map(|value| value.to_text().unwrap_or_else(|| "NULL".into()))
                .collect();
            rows![("all" => VarString); [texts.join(" ")]]
        })
        .mount(&server);
    let mut client = connect(&server).await;
    let text = "select ?, ?, ?, ?, ?";
    let values = [
        Value::Null,
        Value::Int(-1),
        Value::UInt(u64::MAX),
        Value::Bytes("grün".as_bytes()),
        Value::Double(2.5),
    ];
    let prepared = client.prepare(text).await.unwrap();
    let wanted = "NULL -1 18446744073709551615 grün 2.5";
    let row = client
        .query_with(text, &values)
        .await
        .unwrap()
        .row()
        .await
        .unwrap();
    assert_eq!(row.unwrap().text(0).as_deref(), Some(wanted));
    for _ in 0..2 {
        let mut answer = client.execute(&prepared, &values).await.unwrap();
        let row = answer.row().await.unwrap().unwrap();
        assert_eq!(row.text(0).as_deref(), Some(wanted));
    }
    let few = client.execute(&prepared, &values[..1]).await.unwrap_err();
    assert_eq!(few.code(), Some(5134), "{few}");
    client.close_statement(prepared).await.unwrap();
    let closed = client.execute(&prepared, &values).await.unwrap_err();
    assert_eq!(closed.code(), Some(5110), "{closed}");
    client.close().await.unwrap();
}

#[tokio::test]
async fn an_answer_that_is_dropped_is_read_before_the_next_message() {
    let server = MockServer::builder().x().start().await;
    Mock::given(query("select a from t"))
        .respond_with(rows![("a" => Long); [1], [2], [3]])
        .mount(&server);
    let mut client = connect(&server).await;
    let first = client
        .query("select a from t")
        .await
        .unwrap()
        .row()
        .await
        .unwrap();
    assert_eq!(first.unwrap().text(0).as_deref(), Some("1"));
    assert_eq!(
        texts(&mut client, "select a from t").await.unwrap(),
        ["1", "2", "3"]
    );
}

#[tokio::test]
async fn notices_say_what_a_statement_did() {
    let server = MockServer::builder().x().start().await;
    Mock::given(query("insert"))
        .respond_with(Response::json(json!({"ok": {
            "affected_rows": 3, "last_insert_id": 41, "message": "Records: 3",
            "generated_ids": ["a1", "b2"],
            "warnings": [{"level": "NOTE", "code": 1265, "message": "cut"}],
        }})))
        .mount(&server);
    Mock::given(query("select a from t"))
        .respond_with(Response::json(json!({"result": {
            "columns": [{"name": "a", "type": "LONG"}], "rows": [[1]],
            "warnings": [{"code": 1292, "message": "wrong"}],
        }})))
        .mount(&server);
    let mut client = connect(&server).await;
    assert!(client.id().is_some());
    let mut answer = client.query("insert").await.unwrap();
    assert!(answer.columns().is_empty());
    assert_eq!(answer.row().await.unwrap(), None);
    let notices = answer.notices();
    let note = Warning {
        level: Some(Level::Note.into()),
        code: 1265,
        msg: "cut".to_owned(),
    };
    assert_eq!(notices.warnings, [note]);
    assert_eq!(notices.rows_affected, Some(3));
    assert_eq!(notices.generated_insert_id, Some(41));
    assert_eq!(notices.produced_message.as_deref(), Some("Records: 3"));
    assert_eq!(notices.others, []);

    let mut answer = client.query("select a from t").await.unwrap();
    assert_eq!(answer.notices().warnings, []);
    answer.rows().await.unwrap();
    let codes: Vec<_> = answer.notices().warnings.iter().map(|w| w.code).collect();
    assert_eq!(codes, [1292]);
    assert!(!answer.next_result().await.unwrap());
}

#[tokio::test]
async fn an_error_of_the_server_leaves_the_connection_usable() {
    let server = MockServer::builder().x().start().await;
    Mock::given(query("insert"))
        .respond_with(error(codes::ER_DUP_ENTRY))
        .mount(&server);
    let mut client = connect(&server).await;
    let refused = client.query("insert").await.unwrap_err();
    assert_eq!(refused.code(), Some(codes::ER_DUP_ENTRY));
    assert!(refused.to_string().starts_with("error 1062: Duplicate"));
    client.ping().await.unwrap();
}

#[tokio::test]
async fn several_results_come_one_after_the_other() {
    let server = MockServer::builder().x().start().await;
    let several = Response::from(rows![("a" => Long); [1]])
        .and_then(rows![("b" => Long); [2], [3]])
        .and_then(ok());
    Mock::given(query("call p"))
        .respond_with(several)
        .mount(&server);
    let mut client = connect(&server).await;
    let mut answer = client.query("call p").await.unwrap();
    assert_eq!(answer.rows().await.unwrap().len(), 1);
    assert!(answer.next_result().await.unwrap());
    assert_eq!(answer.rows().await.unwrap().len(), 2);
    assert!(answer.next_result().await.unwrap());
    assert_eq!(answer.columns().len(), 0);
    assert_eq!(answer.rows().await.unwrap().len(), 0);
    assert!(!answer.next_result().await.unwrap());
    assert_eq!(answer.notices().rows_affected, Some(0));
}

fn with_tls() -> MockServerBuilder {
    MockServer::builder().x().tls().user("app", "secret")
}

fn tls(server: &MockServer) -> TlsClient {
    TlsClient::new(TlsClientOptions {
        ca: server.certificate(),
        verify: TlsVerify::Identity,
        server_name: Some("localhost".to_owned()),
        ..TlsClientOptions::default()
    })
    .unwrap()
}

#[tokio::test]
async fn tls_is_verified_and_compression_is_agreed_on() {
    let server = with_tls().start().await;
    let long = "x".repeat(100_000);
    Mock::given(any().and(user("app")))
        .respond_with(rows![("long" => Text); [long.clone()]])
        .mount(&server);
    for compression in [None].into_iter().chain(Algorithm::ALL.map(Some)) {
        let mut options = Options::new("app", "secret").tls(tls(&server));
        if let Some(algorithm) = compression {
            options = options.compression(algorithm);
        }
        let mut client = connect_with(&server, options).await.unwrap();
        assert_eq!(client.compression(), compression);
        let statement = format!("select '{long}'");
        for _ in 0..2 {
            let mut answer = client.query(statement.clone()).await.unwrap();
            let row = answer.row().await.unwrap().unwrap();
            assert_eq!(row.text(0).as_deref(), Some(&long[..]), "{compression:?}");
        }
        client.reset().await.unwrap();
        client.change_user("app", "secret", "").await.unwrap();
        assert_eq!(texts(&mut client, "select long").await.unwrap().len(), 1);
    }
    let wrong = TlsClient::new(TlsClientOptions {
        ca: server.certificate(),
        verify: TlsVerify::Identity,
        server_name: Some("elsewhere".to_owned()),
        ..TlsClientOptions::default()
    });
    let options = Options::new("app", "secret").tls(wrong.unwrap());
    let refused = connect_with(&server, options).await.unwrap_err();
    assert!(matches!(refused, Error::Io(_)), "{refused}");
}

#[tokio::test]
async fn tls_is_used_if_it_is_offered_unless_it_is_required() {
    let settings = || TlsClient::new(TlsClientOptions::default()).unwrap();
    let plain = MockServer::builder().x().start().await;
    let required = Options::new("root", "").tls(settings());
    let refused = connect_with(&plain, required).await.unwrap_err();
    assert!(matches!(refused, Error::TlsNotOffered), "{refused}");
    let encrypted = with_tls().start().await;
    let password = |options: Options| options.mechanism(Mechanism::Plain);
    for (server, is_encrypted) in [(&plain, false), (&encrypted, true)] {
        let options = Options::new("app", "secret").tls_if_offered(settings());
        connect_with(server, options.clone()).await.unwrap();
        // PLAIN is for encrypted connections only.
        let outcome = connect_with(server, password(options)).await;
        assert_eq!(outcome.is_ok(), is_encrypted, "{outcome:?}");
    }
    let unencrypted = password(Options::new("app", "secret"));
    let refused = connect_with(&encrypted, unencrypted).await.unwrap_err();
    assert!(matches!(refused, Error::Auth(_)), "{refused}");
}

#[tokio::test]
async fn each_mechanism_logs_in_the_accounts_that_have_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let accounts = r#"({handshake: {auth: [
        {username: "native", password: "one", auth_method_name: "mysql_native_password"},
        {username: "sha2", password: "one", auth_method_name: "caching_sha2_password"}
    ]}, stmts: []})"#;
    let server = MockServer::builder()
        .x()
        .options(|mut options| {
            options.xsocket = Some(path.clone());
            options
        })
        .inline_script("accounts.js", accounts)
        .start()
        .await;
    let (tcp, unix) = (
        Address::Tcp(server.x_address().unwrap()),
        Address::Unix(path.clone()),
    );
    let log_in = async |address, user, password, mechanism: Option<Mechanism>| {
        let mut options = Options::new(user, password);
        if let Some(mechanism) = mechanism {
            options = options.mechanism(mechanism);
        }
        let outcome = Client::connect(address, options).await;
        outcome.err().map(|error| error.code())
    };
    let denied = Some(Some(codes::ER_ACCESS_DENIED_ERROR));
    for (user, own, other) in [
        ("native", Mechanism::Mysql41, Mechanism::Sha256Memory),
        ("sha2", Mechanism::Sha256Memory, Mechanism::Mysql41),
    ] {
        assert_eq!(log_in(&tcp, user, "one", Some(own)).await, None);
        assert_eq!(log_in(&tcp, user, "one", Some(other)).await, denied);
        assert_eq!(log_in(&tcp, user, "one", None).await, None);
        assert_eq!(log_in(&tcp, user, "two", None).await, denied);
        assert_eq!(log_in(&unix, user, "one", None).await, None);
        assert_eq!(log_in(&unix, user, "two", None).await, denied);
        let plain = Some(Mechanism::Plain);
        assert_eq!(log_in(&unix, user, "one", plain).await, None);
    }
    let split = log_in(&tcp, "native\0", "one", None).await;
    assert_eq!(split, Some(None));
}

#[tokio::test]
async fn another_user_can_log_in_on_the_same_connection() {
    let server = MockServer::builder()
        .x()
        .user("ada", "one")
        .user("bert", "two")
        .start()
        .await;
    Mock::given(any().and(user("bert")))
        .respond_with(rows![("a" => Long); [1]])
        .mount(&server);
    let mut client = connect_with(&server, Options::new("ada", "one"))
        .await
        .unwrap();
    assert!(texts(&mut client, "select 1 from t").await.is_err());
    client.change_user("bert", "two", "zoo").await.unwrap();
    assert_eq!(texts(&mut client, "select 1 from t").await.unwrap(), ["1"]);
    let refused = client.change_user("ada", "two", "").await.unwrap_err();
    assert_eq!(refused.code(), Some(codes::ER_ACCESS_DENIED_ERROR));
}

#[tokio::test]
async fn a_reset_frees_prepared_statements_and_keeps_the_login() {
    let server = MockServer::builder().x().user("ada", "one").start().await;
    Mock::given(query("select a from t").and(user("ada")))
        .respond_with(rows![("a" => Long); [1]])
        .mount(&server);
    let mut client = connect_with(&server, Options::new("ada", "one"))
        .await
        .unwrap();
    let prepared = client.prepare("select a from t").await.unwrap();
    client.reset().await.unwrap();
    let freed = client.execute(&prepared, &[]).await.unwrap_err();
    assert_eq!(freed.code(), Some(5110), "{freed}");
    assert_eq!(texts(&mut client, "select a from t").await.unwrap(), ["1"]);
}
