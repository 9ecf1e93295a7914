//! `--compare-with` for clients of the X Protocol.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mynah::{ListenAddress, Options as MockOptions, ScriptServer};
use mynah_client::Value;
use mynah_client::x::{Client, Options};
use mynah_x::crud::{Collection, Find, Insert, TypedRow};
use mynah_x::datatypes::Scalar;
use mynah_x::expr::Expr;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, cursor, expect, prepare};
use support::Proxy;
use tempfile::TempDir;

/// A server whose answers differ if it is the second one.
struct Server {
    _folder: TempDir,
    server: ScriptServer,
}

impl Server {
    fn start(other: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("server.js");
        std::fs::write(&script, format!("var OTHER = \"{other}\";\n{SERVER}")).unwrap();
        let mut options = MockOptions::new(script);
        options.port = Some(0);
        options.xport = Some(0);
        options.bind_address = "127.0.0.1".to_owned();
        Self {
            server: ScriptServer::start(options).unwrap(),
            _folder: folder,
        }
    }

    fn port(&self) -> u16 {
        let address = self.server.x_addresses()[0].to_string();
        address.rsplit_once(':').unwrap().1.parse().unwrap()
    }
}

const SERVER: &str = r#"
var columns = [{ name: "name", type: "VAR_STRING" }];
({
  handshake: { auth: [
    { username: "ada", password: "secret" },
    { username: "bert", password: "other" },
  ] },
  stmts: function (stmt, call) {
    if (/fails/.test(stmt)) return { error: { code: OTHER === "first" ? 1062 : 1048, message: "no" } };
    if (/given/.test(stmt)) return { result: { columns: columns, rows: [[JSON.stringify(call.params)]] } };
    if (/schema/.test(stmt)) return { result: { columns: columns, rows: [[String(call.schema)]] } };
    if (/^select/i.test(stmt)) return { result: { columns: columns, rows: [["owl"], [OTHER]] } };
    return { ok: { affected_rows: 1 } };
  },
})
"#;

fn proxy(servers: &[Server; 2]) -> Proxy {
    let with = format!("--compare-with=127.0.0.1:{}", servers[1].port());
    let folder = servers[0]._folder.path().join("accounts.json");
    std::fs::write(&folder, r#"{"ada": "secret", "bert": "other"}"#).unwrap();
    let accounts = format!("--compare-with-accounts={}", folder.display());
    let args = ["--trace=off", "--protocol=x", &with, &accounts];
    Proxy::start(&[servers[0].port()], &args)
}

async fn connect(proxy: &Proxy) -> Client {
    let address = format!("127.0.0.1:{}", proxy.ports[0]).parse().unwrap();
    let options = Options::new("ada", "secret").schema("zoo");
    Client::connect(&ListenAddress::Tcp(address), options)
        .await
        .unwrap()
}

async fn rows(client: &mut Client, message: impl Into<ClientMessage>) -> Vec<String> {
    let mut answer = client.answer(message).await.unwrap();
    let rows = answer.rows().await.unwrap();
    rows.iter()
        .map(|row| row.text(0).unwrap().to_string())
        .collect()
}

fn sql(text: &str) -> StmtExecute {
    StmtExecute {
        stmt: text.to_owned().into(),
        ..StmtExecute::default()
    }
}

fn birds() -> Collection {
    Collection {
        name: "birds".to_owned(),
        schema: Some("zoo".to_owned()),
    }
}

fn find() -> Find {
    Find {
        collection: birds(),
        data_model: Some(1),
        ..Find::default()
    }
}

fn insert(document: &str) -> Insert {
    let literal = Some(Box::new(Scalar::octets(document.to_owned())));
    Insert {
        collection: birds(),
        data_model: Some(1),
        row: vec![TypedRow {
            field: vec![Expr {
                r#type: 2,
                literal,
                ..Expr::default()
            }],
        }],
        ..Insert::default()
    }
}

/// Sends what a client of the X Protocol can send: SQL, CRUD, prepared, by a cursor, and in a block of expectations.
async fn use_all(client: &mut Client) {
    assert_eq!(rows(client, sql("select schema")).await, ["zoo"]);
    rows(client, sql("select 1")).await;
    rows(client, find()).await;
    client.answer(insert(r#"{"name": "emu"}"#)).await.unwrap();
    client.query("fails").await.unwrap_err();
    let prepared = client.prepare("select given ?").await.unwrap();
    let mut answer = client.execute(&prepared, &[Value::Int(7)]).await.unwrap();
    assert_eq!(answer.rows().await.unwrap().len(), 1);
    let stmt = prepare::OneOfMessage {
        find: Some(Box::new(find())),
        ..prepare::OneOfMessage::default()
    };
    client
        .send(prepare::Prepare { stmt_id: 9, stmt })
        .await
        .unwrap();
    let open = cursor::Open {
        cursor_id: 5,
        stmt: cursor::OneOfMessage {
            prepare_execute: Some(prepare::Execute {
                stmt_id: 9,
                ..prepare::Execute::default()
            }),
            ..cursor::OneOfMessage::default()
        },
        fetch_rows: Some(1),
    };
    rows(client, open).await;
    let fetch = cursor::Fetch {
        cursor_id: 5,
        fetch_rows: Some(10),
    };
    client.send(fetch).await.unwrap();
    while client.next().await.unwrap().is_some() {}
    client.send(expect::Open::default()).await.unwrap();
    rows(client, sql("select 2")).await;
    client.send(expect::Close {}).await.unwrap();
    client.reset().await.unwrap();
    client.change_user("bert", "other", "park").await.unwrap();
    assert_eq!(rows(client, sql("select schema")).await, ["park"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_answer_in_the_same_way_end_the_proxy_with_0() {
    let servers = [Server::start("first"), Server::start("first")];
    let proxy = proxy(&servers);
    let mut client = connect(&proxy).await;
    use_all(&mut client).await;
    client.close().await.unwrap();
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("9 answers compared: 0 differences"), "{said}");
    assert!(!said.contains("not compared"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_difference_is_reported() {
    let servers = [Server::start("first"), Server::start("second")];
    let proxy = proxy(&servers);
    let mut client = connect(&proxy).await;
    use_all(&mut client).await;
    client.close().await.unwrap();
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(3), "{said}");
    for expected in [
        "differs: setup: select 1, time 1\n  row 2, name: first 'first', second 'second'",
        "differs: setup: select 2, time 1\n  row 2, name: first 'first', second 'second'",
        "differs: setup: fails, time 1\n  error",
        // Alone, and by a cursor.
        "`birds`, time 1\n",
        "`birds`, time 2\n",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(said.contains("9 answers compared: 5 differences"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_client_and_a_refused_login_are_counted() {
    let servers = [Server::start("first"), Server::start("first")];
    let proxy = proxy(&servers);
    let mut client = connect(&proxy).await;
    client.query("kill 1000").await.unwrap();
    client.close().await.unwrap();
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("not compared: KILL isn't mirrored"), "{said}");

    let port = servers[1].port();
    let with = format!("--compare-with=127.0.0.1:{port}");
    let args = ["--trace=off", "--protocol=x", &with];
    let proxy = Proxy::start(&[servers[0].port()], &args);
    let mut client = connect(&proxy).await;
    assert_eq!(rows(&mut client, sql("select 1")).await.len(), 2);
    client.close().await.unwrap();
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(3), "{said}");
    let refused =
        format!("not compared: can't log in to the second server 127.0.0.1:{port} as 'ada': ");
    assert!(said.contains(&refused), "{said}");
}
