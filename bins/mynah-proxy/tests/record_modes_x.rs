//! `--record-mode new` for clients of the X Protocol.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::path::PathBuf;

use mynah::{ListenAddress, Options as MockOptions, ScriptServer};
use mynah_client::x::{Client, Options};
use mynah_client::{Error, Value};
use mynah_x::crud::{Collection, Find, Insert, LimitExpr, TypedRow};
use mynah_x::datatypes::{Any, Scalar};
use mynah_x::expr::{Expr, ExprType};
use mynah_x::prepare::{Execute, OneOfMessage, Prepare};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, ServerMessage, cursor, expect};
use support::Proxy;
use tempfile::TempDir;

/// A server whose every answer has another number, and a place for recordings of it.
struct Scene {
    folder: TempDir,
    upstream: ScriptServer,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("server.js");
        std::fs::write(&script, SERVER).unwrap();
        let mut options = MockOptions::new(script);
        options.port = Some(0);
        options.xport = Some(0);
        options.bind_address = "127.0.0.1".to_owned();
        Self {
            folder,
            upstream: ScriptServer::start(options).unwrap(),
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("rec.json")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }

    fn proxy(&self, mode: &str) -> Proxy {
        let address = self.upstream.x_addresses()[0].to_string();
        let port = address.rsplit_once(':').unwrap().1.parse().unwrap();
        let replay = format!("--replay={}", self.file().display());
        let mode = format!("--record-mode={mode}");
        let args = ["--trace=off", "--protocol=x", &replay, &mode];
        Proxy::start(&[port], &args)
    }
}

const SERVER: &str = r#"
({
  stmts: function (stmt) {
    var columns = [{ name: "n", type: "LONGLONG" }];
    if (/^select/i.test(stmt)) return { result: { columns: columns, rows: [[process.increment("n")]] } };
    if (/fails/.test(stmt)) return { error: { code: 1062, message: "number " + process.increment("n") } };
    if (/^insert into t /.test(stmt)) return { ok: { affected_rows: 1, last_insert_id: process.increment("n") } };
    return { ok: { affected_rows: process.increment("n") } };
  },
})
"#;

async fn connect(proxy: &Proxy) -> Client {
    let address = format!("127.0.0.1:{}", proxy.ports[0]).parse().unwrap();
    let options = Options::new("root", "");
    Client::connect(&ListenAddress::Tcp(address), options)
        .await
        .unwrap()
}

/// The number that a message is answered with.
async fn number(client: &mut Client, message: impl Into<ClientMessage>) -> u64 {
    let mut answer = client.answer(message).await.unwrap();
    let row = answer.row().await.unwrap().unwrap();
    let number = row.text(0).unwrap().parse().unwrap();
    assert!(answer.row().await.unwrap().is_none());
    number
}

fn sql(text: &str) -> StmtExecute {
    StmtExecute {
        stmt: text.to_owned().into(),
        ..StmtExecute::default()
    }
}

/// The number that a change is answered with.
async fn changed(client: &mut Client, message: impl Into<ClientMessage>) -> u64 {
    let mut answer = client.answer(message).await.unwrap();
    assert!(answer.rows().await.unwrap().is_empty());
    answer.notices().rows_affected.unwrap()
}

async fn refused(client: &mut Client, message: impl Into<ClientMessage>) -> String {
    match client.answer(message).await {
        Err(Error::X(error)) => {
            assert_eq!(error.code, 1105, "{error:?}");
            error.msg
        }
        other => panic!("{other:?}"),
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

/// Inserts a document without an id.
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

fn end(proxy: Proxy) {
    let (code, said) = proxy.end_with_status();
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_answers_what_is_recorded_and_adds_what_is_not() {
    let scene = Scene::new();
    let proxy = scene.proxy("all");
    let mut client = connect(&proxy).await;
    assert_eq!(number(&mut client, sql("select 1")).await, 1);
    assert_eq!(number(&mut client, sql("select 1")).await, 2);
    assert_eq!(number(&mut client, find()).await, 3);
    let document = insert(r#"{"name": "owl"}"#);
    assert_eq!(changed(&mut client, document.clone()).await, 4);
    let mut answer = client.answer(document.clone()).await.unwrap();
    answer.rows().await.unwrap();
    let ids = answer.notices().generated_document_ids.clone();
    assert_eq!(ids.len(), 1);
    client.close().await.unwrap();
    end(proxy);

    let proxy = scene.proxy("new");
    let mut client = connect(&proxy).await;
    // The recorded answers in turn, the last one stays; also to a client that prepares.
    assert_eq!(number(&mut client, sql("select 1")).await, 1);
    let prepared = client.prepare("select ?").await.unwrap();
    let mut answer = client.execute(&prepared, &[Value::Int(1)]).await.unwrap();
    assert_eq!(answer.rows().await.unwrap()[0].text(0).unwrap(), "2");
    // What isn't recorded is the server's to answer.
    let mut answer = client.execute(&prepared, &[Value::Int(2)]).await.unwrap();
    assert_eq!(answer.rows().await.unwrap()[0].text(0).unwrap(), "6");
    assert_eq!(number(&mut client, sql("select 3")).await, 7);
    // Messages of CRUD, prepared or not, and the ids of documents.
    assert_eq!(number(&mut client, find()).await, 3);
    assert_eq!(changed(&mut client, insert(r#"{"name": "emu"}"#)).await, 8);
    assert_eq!(changed(&mut client, document.clone()).await, 4);
    let mut answer = client.answer(document.clone()).await.unwrap();
    answer.rows().await.unwrap();
    assert_eq!(answer.notices().generated_document_ids, ids);
    // The server lacks these documents from here on.
    refused(&mut client, insert(r#"{"name": "tit"}"#)).await;
    let stmt = OneOfMessage {
        find: Some(Box::new(find())),
        ..OneOfMessage::default()
    };
    let prepare = Prepare { stmt_id: 9, stmt };
    client.send(prepare).await.unwrap();
    let execute = Execute {
        stmt_id: 9,
        ..Execute::default()
    };
    let mut answer = client.answer(execute.clone()).await.unwrap();
    assert_eq!(answer.rows().await.unwrap()[0].text(0).unwrap(), "3");
    // As a server answers a find, also one that is prepared.
    assert_eq!(answer.notices().rows_affected, None);
    // A cursor has all rows at once, and is the gate's to close.
    let open = cursor::Open {
        cursor_id: 5,
        stmt: cursor::OneOfMessage {
            prepare_execute: Some(execute),
            ..cursor::OneOfMessage::default()
        },
        fetch_rows: Some(0),
    };
    assert_eq!(number(&mut client, open).await, 3);
    client.send(cursor::Close { cursor_id: 5 }).await.unwrap();
    let closed = client.next().await.unwrap().unwrap();
    assert!(matches!(closed, ServerMessage::Ok(_)), "{closed:?}");
    client.close().await.unwrap();
    end(proxy);

    // Without a server.
    let proxy = scene.proxy("none");
    let mut client = connect(&proxy).await;
    for (text, n) in [
        ("select 1", 1),
        ("select 1", 2),
        ("select 2", 6),
        ("select 3", 7),
    ] {
        assert_eq!(number(&mut client, sql(text)).await, n, "{text}");
    }
    let emu = insert(r#"{"name": "emu"}"#);
    assert_eq!(changed(&mut client, emu).await, 8);
    let said = refused(&mut client, sql("select 4 from t")).await;
    assert!(said.contains("select 4 from t"), "{said}");
    client.close().await.unwrap();
    end(proxy);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_would_have_to_have_run_before_is_a_reason_to_refuse() {
    let scene = Scene::new();
    let proxy = scene.proxy("all");
    let mut client = connect(&proxy).await;
    let document = insert(r#"{"name": "owl"}"#);
    changed(&mut client, document.clone()).await;
    changed(&mut client, sql("insert into t values (1)")).await;
    client.close().await.unwrap();
    end(proxy);

    let proxy = scene.proxy("new");
    let mut client = connect(&proxy).await;
    changed(&mut client, sql("begin")).await;
    assert_eq!(number(&mut client, find()).await, 4);
    changed(&mut client, document).await;
    let said = refused(&mut client, sql("select 6")).await;
    assert!(said.contains("INSERT INTO"), "{said}");
    assert!(said.contains("--record-mode all"), "{said}");
    // A new session has nothing of it.
    client.reset().await.unwrap();
    assert_eq!(number(&mut client, sql("select 6")).await, 5);
    let mut answer = client.query("insert into t values (1)").await.unwrap();
    answer.rows().await.unwrap();
    let said = refused(&mut client, sql("select last_insert_id()")).await;
    assert!(said.contains("that it asks about was answered"), "{said}");
    client.close().await.unwrap();
    end(proxy);
    // What the proxy refused isn't an answer of the server.
    let text = scene.text();
    assert!(
        text.contains("select 6") && !text.contains("1105") && !text.contains("last_insert_id()"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_a_block_of_expectations_is_the_servers() {
    let scene = Scene::new();
    for (mode, number) in [("all", 1), ("new", 2)] {
        let proxy = scene.proxy(mode);
        let mut client = connect(&proxy).await;
        if mode == "new" {
            // Without a block, the recorded error is the answer.
            let error = client.query("call fails()").await.unwrap_err();
            assert!(error.to_string().contains("number 1"), "{error}");
        }
        let no_error = expect::Open {
            cond: vec![expect::Condition {
                condition_key: 1,
                ..expect::Condition::default()
            }],
            ..expect::Open::default()
        };
        client.send(no_error).await.unwrap();
        let error = client.query("call fails()").await.unwrap_err();
        let said = error.to_string();
        assert!(said.contains(&format!("number {number}")), "{said}");
        // The rest of the block fails with it.
        let Err(Error::X(error)) = client.query("select 1").await else {
            panic!("the block has failed");
        };
        assert_eq!(error.code, 5159, "{error:?}");
        client.close().await.unwrap();
        end(proxy);
    }
}

/// A value that isn't a scalar is looked up by its text.
#[tokio::test(flavor = "multi_thread")]
async fn arguments_are_compared_whatever_their_type() {
    let scene = Scene::new();
    let with = |args: Vec<Any>| StmtExecute {
        args,
        ..sql("select ?")
    };
    let args = [
        Scalar::string("a"),
        Scalar::sint(-1),
        Scalar::octets("b"),
        Scalar::null(),
    ];
    let all = args.map(|scalar| with(vec![scalar.into()]));
    for mode in ["all", "new"] {
        let proxy = scene.proxy(mode);
        let mut client = connect(&proxy).await;
        for (n, message) in (1..).zip(&all) {
            assert_eq!(number(&mut client, message.clone()).await, n, "{mode}");
        }
        client.close().await.unwrap();
        end(proxy);
    }
}

/// A placeholder for an argument.
fn placeholder(position: u32) -> Expr {
    Expr {
        r#type: ExprType::Placeholder.into(),
        position: Some(position),
        ..Expr::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_find_whose_limits_are_placeholders_is_prepared_as_it_was_executed() {
    let prepare = Prepare {
        stmt_id: 1,
        stmt: OneOfMessage {
            find: Some(Box::new(Find {
                limit_expr: Some(LimitExpr {
                    row_count: placeholder(0),
                    offset: Some(placeholder(1)),
                }),
                ..find()
            })),
            ..OneOfMessage::default()
        },
    };
    for offsets in [&[0_u64, 2][..], &[0], &[2]] {
        let scene = Scene::new();
        let mut found = [const { Vec::new() }; 2];
        for (mode, found) in ["all", "none"].iter().zip(&mut found) {
            let proxy = scene.proxy(mode);
            let mut client = connect(&proxy).await;
            client.send(prepare.clone()).await.unwrap();
            let prepared = client.next().await.unwrap().unwrap();
            assert!(matches!(prepared, ServerMessage::Ok(_)), "{prepared:?}");
            for offset in offsets {
                let execute = Execute {
                    stmt_id: 1,
                    args: [3, *offset].map(|n| Scalar::uint(n).into()).to_vec(),
                    ..Execute::default()
                };
                found.push(number(&mut client, execute).await);
            }
            client.close().await.unwrap();
            end(proxy);
        }
        let [recorded, replayed] = found;
        assert_eq!(recorded, replayed);
        assert_eq!(recorded.len(), offsets.len());
        assert_eq!(scene.text().contains("LIMIT 3\""), offsets.contains(&0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_with_passwords_are_replayed_to_a_client_with_other_passwords() {
    let scene = Scene::new();
    for (mode, password) in [("all", "Kuckuck7"), ("none", "Drossel8"), ("new", "Amsel9")] {
        let proxy = scene.proxy(mode);
        let mut client = connect(&proxy).await;
        let document = insert(&format!(r#"{{"name": "ada", "password": "{password}"}}"#));
        assert_eq!(changed(&mut client, document).await, 1, "{mode}");
        let user = sql(&format!("create user ada identified by '{password}'"));
        assert_eq!(changed(&mut client, user).await, 2, "{mode}");
        client.close().await.unwrap();
        end(proxy);
        let text = scene.text();
        assert!(!text.contains("Kuckuck7"), "{text}");
        // What is left says which collection it was.
        assert!(text.contains("INSERT INTO `zoo`.`birds`"), "{text}");
    }
}
