//! The client against a mock.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::Bytes;
use mynah::expect::{Call, Command as StatementCommand};
use mynah::matchers::{any, command, query, user};
use mynah::{Compression, Mock, MockServer, Response, codes, error, ok, rows};
use mynah_classic::command::{ComFieldList, ComStmtExecute, CursorFlags, Parameters};
use mynah_client::{
    Address, Capabilities, Client, ComQuery, Command, Error, Options, Part, TlsClient,
    TlsClientOptions, TlsVerify, Value,
};

async fn connect(server: &MockServer) -> Client {
    let options = Options::new("root", "");
    Client::connect(&Address::Tcp(server.address()), options)
        .await
        .unwrap()
}

async fn texts(client: &mut Client, statement: &'static str) -> Result<Vec<String>, Error> {
    let rows = client.query(statement).await?.rows().await?;
    Ok(rows
        .iter()
        .map(|row| row.text(0).unwrap_or("NULL").to_owned())
        .collect())
}

#[tokio::test]
async fn commands_that_are_no_statements_get_answers_that_come_later() {
    let server = MockServer::start().await;
    let condition = |name: &'static str, of| query(name).and(command(of));
    Mock::given(condition("closed", StatementCommand::InitDb))
        .respond_with_async(|_call| async { error(codes::ER_DBACCESS_DENIED_ERROR) })
        .expect(1)
        .mount(&server);
    Mock::given(condition("people", StatementCommand::FieldList))
        .respond_with_async(|_call| async { rows![("id" => Long, "name" => VarString)] })
        .expect(1)
        .mount(&server);
    let mut client = connect(&server).await;
    match client.use_schema("closed").await {
        Err(Error::Server(refused)) => assert_eq!(refused.error_code, 1044),
        other => panic!("{other:?}"),
    }
    let table = ComFieldList {
        table: "people".into(),
        ..ComFieldList::default()
    };
    client.send(Command::FieldList(table)).await.unwrap();
    let mut parts = Vec::new();
    while let Some((part, _payload)) = client.next().await.unwrap() {
        parts.push(part);
    }
    let columns = parts.iter().filter(|part| **part == Part::ColumnDefinition);
    assert_eq!(columns.count(), 2, "{parts:?}");
}

#[tokio::test]
async fn texts_and_prepared_statements_have_the_same_cells() {
    let server = MockServer::start().await;
    Mock::given(query("select ? from t"))
        .respond_with(|call: &Call| {
            let text = call.values().first().and_then(|value| value.to_text());
            rows![("a" => VarString, "b" => Long, "c" => Double); [text, 7, 1.5], [None::<i32>, 8, 2.25]]
        })
        .mount(&server);
    let mut client = connect(&server).await;
    let text = client
        .query("select 'x' from t")
        .await
        .unwrap()
        .rows()
        .await
        .unwrap();
    let prepared = client.prepare("select ? from t").await.unwrap();
    assert_eq!(prepared.params, 1);
    let mut answer = client
        .execute(&prepared, &[Value::Bytes(b"x")])
        .await
        .unwrap();
    assert_eq!(answer.columns().len(), 3);
    let binary = answer.rows().await.unwrap();
    assert_eq!(text, binary);
    let first: Vec<_> = (0..3)
        .map(|index| text.first().unwrap().text(index))
        .collect();
    assert_eq!(first, [Some("x"), Some("7"), Some("1.5")]);
    client.close_statement(prepared).await.unwrap();
    client.ping().await.unwrap();
    client.close().await.unwrap();
}

#[tokio::test]
async fn an_answer_that_is_dropped_is_read_before_the_next_command() {
    let server = MockServer::start().await;
    Mock::given(query("select a from t"))
        .respond_with(rows![("a" => Long); [1], [2], [3]])
        .mount(&server);
    Mock::given(query("update t"))
        .respond_with(ok().affected_rows(3))
        .mount(&server);
    let mut client = connect(&server).await;
    let first = client
        .query("select a from t")
        .await
        .unwrap()
        .row()
        .await
        .unwrap();
    assert_eq!(first.unwrap().text(0), Some("1"));
    let answer = client.query("update t").await.unwrap();
    assert_eq!(answer.ok().unwrap().affected_rows, 3);
}

#[tokio::test]
async fn an_error_of_the_server_leaves_the_connection_usable() {
    let server = MockServer::start().await;
    Mock::given(query("insert"))
        .respond_with(error(codes::ER_DUP_ENTRY))
        .mount(&server);
    let mut client = connect(&server).await;
    let refused = client.query("insert").await.unwrap_err();
    assert_eq!(refused.code(), Some(codes::ER_DUP_ENTRY));
    client.ping().await.unwrap();
}

#[tokio::test]
async fn several_results_come_one_after_the_other() {
    let server = MockServer::start().await;
    let two = Response::from(rows![("a" => Long); [1]]).and_then(rows![("b" => Long); [2], [3]]);
    Mock::given(query("call p"))
        .respond_with(two)
        .mount(&server);
    let mut client = connect(&server).await;
    let mut answer = client.query("call p").await.unwrap();
    assert_eq!(answer.rows().await.unwrap().len(), 1);
    assert!(answer.next_result().await.unwrap());
    assert_eq!(answer.rows().await.unwrap().len(), 2);
    assert!(!answer.next_result().await.unwrap());
}

#[tokio::test]
async fn tls_is_verified_and_compression_is_agreed_on() {
    for capabilities in [
        Capabilities::empty(),
        Capabilities::COMPRESS,
        Capabilities::ZSTD_COMPRESSION_ALGORITHM,
    ] {
        let compression = Compression {
            zlib: true,
            zstd: true,
        };
        let server = MockServer::builder()
            .tls()
            .user("app", "secret")
            .options(|options| options.compression(compression))
            .start()
            .await;
        let long = "x".repeat(100_000);
        Mock::given(query("select long from t").and(user("app")))
            .respond_with(rows![("long" => Text); [long.clone()]])
            .mount(&server);
        let tls = TlsClient::new(TlsClientOptions {
            ca: server.certificate(),
            verify: TlsVerify::Identity,
            server_name: Some("localhost".to_owned()),
            ..TlsClientOptions::default()
        });
        let options = Options::new("app", "secret")
            .tls(tls.unwrap())
            .capabilities(capabilities);
        let address = Address::Tcp(server.address());
        let mut client = Client::connect(&address, options).await.unwrap();
        assert!(
            client
                .capabilities()
                .contains(capabilities | Capabilities::SSL)
        );
        assert_eq!(
            texts(&mut client, "select long from t").await.unwrap(),
            [long]
        );
        client.reset().await.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_another_user_can_log_in() {
    let server = MockServer::builder()
        .user("ada", "one")
        .user("bert", "two")
        .start()
        .await;
    Mock::given(any().and(user("bert")))
        .respond_with(rows![("a" => Long); [1]])
        .mount(&server);
    let address = Address::Tcp(server.address());
    let refused = Client::connect(&address, Options::new("ada", "two"))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some(codes::ER_ACCESS_DENIED_ERROR));
    let mut client = Client::connect(&address, Options::new("ada", "one"))
        .await
        .unwrap();
    assert!(texts(&mut client, "select 1 from t").await.is_err());
    client.change_user("bert", "two", "").await.unwrap();
    assert_eq!(texts(&mut client, "select 1 from t").await.unwrap(), ["1"]);
}

#[tokio::test]
async fn a_file_is_sent_when_the_server_asks_for_it() {
    let server = MockServer::builder()
        .inline_script(
            "load.js",
            "({stmts: function (stmt) {
                if (/^load/.test(stmt)) return {
                    local_infile: {filename: 'a.csv', answer: function (file) {
                        return {ok: {affected_rows: file.lines.length}};
                    }}
                };
            }})",
        )
        .start()
        .await;
    let options = Options::new("root", "").files(|name| {
        assert_eq!(name, "a.csv");
        Bytes::from_static(b"1,2\n3,4\n")
    });
    let mut client = Client::connect(&Address::Tcp(server.address()), options)
        .await
        .unwrap();
    let loaded = client.query("load data").await.unwrap();
    assert_eq!(loaded.ok().unwrap().affected_rows, 2);
    client.ping().await.unwrap();
}

#[tokio::test]
async fn every_message_of_an_answer_can_be_seen() {
    let server = MockServer::start().await;
    Mock::given(query("select a from t"))
        .respond_with(rows![("a" => Long); [1]])
        .mount(&server);
    let mut client = connect(&server).await;
    let query = Command::Query(ComQuery::new("select a from t"));
    client.send(query).await.unwrap();
    let mut parts = Vec::new();
    while let Some((part, _payload)) = client.next().await.unwrap() {
        parts.push(part);
    }
    assert_eq!(
        parts,
        [
            Part::ColumnCount,
            Part::ColumnDefinition,
            Part::TextRow,
            Part::RowsEnd
        ]
    );
}

#[tokio::test]
async fn another_user_of_a_unix_socket_may_send_the_password_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let accounts = r#"({handshake: {auth: [
        {username: "ada", password: "one"},
        {username: "bert", password: "two", auth_method_name: "mysql_clear_password"}
    ]}, stmts: []})"#;
    let server = MockServer::builder()
        .socket(&path)
        .inline_script("accounts.js", accounts)
        .start()
        .await;
    let tls = TlsClient::new(TlsClientOptions::default()).unwrap();
    let options = Options::new("ada", "one").tls_if_offered(tls);
    let addresses = [Address::Unix(path), Address::Tcp(server.address())];
    for (address, is_allowed) in addresses.iter().zip([true, false]) {
        let mut client = Client::connect(address, options.clone()).await.unwrap();
        let changed = client.change_user("bert", "two", "").await;
        assert_eq!(changed.is_ok(), is_allowed, "{address}: {changed:?}");
    }
}

#[tokio::test]
async fn rows_without_column_definitions_are_all_read() {
    let server = MockServer::builder()
        .inline_script(
            "greeting.json",
            r#"{"handshake": {"greeting": {"capabilities": ["optional_resultset_metadata"]}}, "stmts": []}"#,
        )
        .start()
        .await;
    Mock::given(query("select a from t"))
        .respond_with(rows![("a" => Long); [1], [2], [3]])
        .mount(&server);
    let options = Options::new("root", "").capabilities(Capabilities::OPTIONAL_RESULTSET_METADATA);
    let mut client = Client::connect(&Address::Tcp(server.address()), options)
        .await
        .unwrap();
    client.query("set resultset_metadata = none").await.unwrap();
    let mut answer = client.query("select a from t").await.unwrap();
    assert!(answer.columns().is_empty());
    assert_eq!(answer.rows().await.unwrap().len(), 3);
    assert!(answer.ok().is_some());
    assert!(!answer.next_result().await.unwrap());
    let prepared = client.prepare("select a from t").await.unwrap();
    let mut answer = client.execute(&prepared, &[]).await.unwrap();
    let error = answer.row().await.unwrap_err();
    assert!(matches!(error, Error::NoColumns), "{error}");
    client.ping().await.unwrap();
}

#[tokio::test]
async fn columns_that_the_server_sends_once_serve_for_all_executions() {
    let server = MockServer::builder()
        .inline_script(
            "greeting.json",
            r#"{"handshake": {"greeting": {
                "server_version": "11.8.2-MariaDB", "capabilities": ["mariadb_cache_metadata"]
            }}, "stmts": []}"#,
        )
        .start()
        .await;
    Mock::given(query("select a from t"))
        .respond_with(rows![("a" => Long); [1], [2], [3]])
        .mount(&server);
    let options = Options::new("root", "").capabilities(Capabilities::MARIADB_CACHE_METADATA);
    let mut client = Client::connect(&Address::Tcp(server.address()), options)
        .await
        .unwrap();
    let shared = client.capabilities();
    assert!(shared.contains(Capabilities::MARIADB_CACHE_METADATA));
    let prepared = client.prepare("select a from t").await.unwrap();
    for _ in 0..2 {
        let mut answer = client.execute(&prepared, &[]).await.unwrap();
        assert_eq!(answer.columns().len(), 1);
        let rows = answer.rows().await.unwrap();
        let texts: Vec<_> = rows.iter().filter_map(|row| row.text(0)).collect();
        assert_eq!(texts, ["1", "2", "3"]);
    }
    client
        .send(Command::StmtExecute(execution(prepared.id, shared)))
        .await
        .unwrap();
    let mut parts = Vec::new();
    while let Some((part, _payload)) = client.next().await.unwrap() {
        parts.push(part);
    }
    assert!(!parts.contains(&Part::ColumnDefinition), "{parts:?}");
}

fn execution(id: u32, shared: Capabilities) -> ComStmtExecute {
    ComStmtExecute::new(id, CursorFlags::empty(), &Parameters::new(&[]), shared, 0).unwrap()
}

#[tokio::test]
async fn all_bytes_that_pass_are_given_to_a_function_also_under_tls() {
    use mynah_client::Traffic;
    use std::sync::{Arc, Mutex};
    let server = MockServer::builder().tls().start().await;
    Mock::given(query("select 'owl'"))
        .respond_with(rows![("name" => VarString); ["emu"]])
        .mount(&server);
    let tls = TlsClient::new(TlsClientOptions {
        verify: TlsVerify::Nothing,
        ..TlsClientOptions::default()
    });
    let passed = Arc::new(Mutex::new([Vec::new(), Vec::new()]));
    let started = Arc::new(Mutex::new(0));
    let (bytes, starts) = (Arc::clone(&passed), Arc::clone(&started));
    let options = Options::new("root", "")
        .tls(tls.unwrap())
        .only_capabilities(Capabilities::FOUND_ROWS)
        .character_set(8)
        .on_traffic(move |traffic| match traffic {
            Traffic::Sent(sent) => bytes.lock().unwrap()[0].extend_from_slice(sent),
            Traffic::Received(received) => bytes.lock().unwrap()[1].extend_from_slice(received),
            Traffic::TlsStarted => *starts.lock().unwrap() += 1,
            _ => {}
        });
    let address = Address::Tcp(server.address());
    let mut client = Client::connect(&address, options).await.unwrap();
    let shared = client.capabilities();
    assert!(shared.contains(Capabilities::FOUND_ROWS));
    assert!(!shared.contains(Capabilities::DEPRECATE_EOF));
    texts(&mut client, "select 'owl'").await.unwrap();
    let passed = passed.lock().unwrap();
    let has = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(has(&passed[0], b"select 'owl'"));
    assert!(has(&passed[1], b"emu"));
    // The collation of the SslRequest, which is the first packet.
    assert_eq!(passed[0][12], 8);
    assert_eq!(*started.lock().unwrap(), 1);
}
