//! The client of the X Protocol: every message, and messages that don't belong where they are.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::io::{self, Write as _};
use std::net::{Shutdown, TcpListener};
use std::thread;

use bytes::BytesMut;
use mynah::matchers::query;
use mynah::{Mock, MockServer, Response, rows};
use mynah_client::x::{
    Client, ClientMessage, ColumnMetaData, FieldType, Options, ServerMessage, StmtExecute,
};
use mynah_client::{Address, Error};
use mynah_x::connection::Capabilities;
use mynah_x::datatypes::{Any, Array, Scalar};
use mynah_x::notice::{self, FrameType, Level, Scope};
use mynah_x::resultset::{FetchDone, Row};
use mynah_x::session::AuthenticateContinue;
use mynah_x::sql::StmtExecuteOk;
use mynah_x::status::{self, Severity};
use serde_json::json;

async fn connect(server: &MockServer) -> Client {
    let address = Address::Tcp(server.x_address().unwrap());
    Client::connect(&address, Options::new("root", ""))
        .await
        .unwrap()
}

fn statement(text: &'static str) -> StmtExecute {
    StmtExecute {
        stmt: text.into(),
        ..StmtExecute::default()
    }
}

/// An answer of these messages.
fn messages(all: impl IntoIterator<Item = ServerMessage>) -> Response {
    let packets = all.into_iter().map(|message| {
        let mut frame = BytesMut::new();
        message.put(&mut frame);
        let hex: String = frame.iter().map(|byte| format!("{byte:02x}")).collect();
        json!({"raw": hex})
    });
    Response::json(json!({"packets": packets.collect::<Vec<_>>()}))
}

fn column(field_type: i32) -> ServerMessage {
    let column = ColumnMetaData {
        r#type: field_type,
        ..ColumnMetaData::default()
    };
    column.into()
}

fn row(fields: &[&'static [u8]]) -> ServerMessage {
    let field = fields.iter().map(|field| (*field).into()).collect();
    Row { field }.into()
}

fn end() -> [ServerMessage; 2] {
    [FetchDone {}.into(), StmtExecuteOk {}.into()]
}

#[tokio::test]
async fn every_message_of_an_answer_can_be_seen() {
    let server = MockServer::builder().x().start().await;
    Mock::given(query("select a from t"))
        .respond_with(rows![("a" => Long); [1]])
        .mount(&server);
    let mut client = connect(&server).await;
    client.send(statement("select a from t")).await.unwrap();
    let mut names = Vec::new();
    while let Some(message) = client.next().await.unwrap() {
        if !matches!(message, ServerMessage::Notice(_)) {
            names.push(message.name());
        }
    }
    let wanted = [
        "Mysqlx.Resultset.ColumnMetaData",
        "Mysqlx.Resultset.Row",
        "Mysqlx.Resultset.FetchDone",
        "Mysqlx.Sql.StmtExecuteOk",
    ];
    assert_eq!(names, wanted);
    assert_eq!(client.next().await.unwrap(), None);
}

#[tokio::test]
async fn raw_messages_may_be_sent_before_the_answers_are_read() {
    let server = MockServer::builder().x().start().await;
    Mock::given(query("select a from t"))
        .respond_with(rows![("a" => Long); [1]])
        .mount(&server);
    let mut client = connect(&server).await;
    let mut raw = client.raw();
    for _ in 0..3 {
        raw.send(statement("select a from t")).await.unwrap();
    }
    raw.send(ClientMessage::ExpectClose(Default::default()))
        .await
        .unwrap();
    let mut answered = 0;
    while answered < 2 {
        if let ServerMessage::StmtExecuteOk(_) = raw.next().await.unwrap().unwrap() {
            answered += 1;
        }
    }
    // The answers that weren't read don't count as those of this statement.
    let rows = client.query("select a from t").await.unwrap().rows().await;
    assert_eq!(rows.unwrap().len(), 1);
    assert_eq!(client.next().await.unwrap(), None);
}

#[tokio::test]
async fn messages_that_make_no_sense_are_errors_that_say_why() {
    let (sint, end) = (column(FieldType::Sint.into()), end());
    let [done, _] = end.clone();
    for (name, answer, text) in [
        (
            "a row of two cells",
            vec![sint.clone(), row(&[b"\x02", b"\x02"])],
            "the server sent a row of 2 cells for 1 columns",
        ),
        (
            "a cell that is cut off",
            vec![sint.clone(), row(&[b"\x80"])],
            "the cell in column 0 (from 0) of a row can't be read",
        ),
        (
            "an unknown type",
            vec![column(99), row(&[b"\x02"])],
            "column 0 (from 0) of a result has the unknown type 99",
        ),
        (
            "an Ok among rows",
            vec![sint, row(&[b"\x02"]), status::Ok { msg: None }.into(), done],
            "the server sent Mysqlx.Ok in place of Mysqlx.Resultset.Row",
        ),
    ] {
        let server = MockServer::builder().x().start().await;
        let all = answer.into_iter().chain(end.clone());
        Mock::given(query("select a from t"))
            .respond_with(messages(all))
            .mount(&server);
        let mut client = connect(&server).await;
        let mut answer = client.query("select a from t").await.unwrap();
        let error = answer.rows().await.unwrap_err();
        assert_eq!(error.to_string(), text, "{name}");
    }
}

#[tokio::test]
async fn after_bytes_that_are_no_message_nothing_is_sent() {
    let server = MockServer::builder().x().start().await;
    for (text, hex) in [
        ("select unknown", "01000000 63"),
        ("select empty", "00000000"),
        ("select long", "ffffffff 0d"),
    ] {
        Mock::given(query(text))
            .respond_with(Response::json(json!({"packets": [{"raw": hex}]})))
            .mount(&server);
        let mut client = connect(&server).await;
        let error = client.query(text).await.unwrap_err();
        assert!(
            matches!(error, Error::Message(_) | Error::Frame(_)),
            "{error:?}"
        );
        let closed = client.ping().await.unwrap_err();
        assert!(matches!(closed, Error::Closed), "{closed:?}");
    }
}

#[tokio::test]
async fn the_reason_for_the_end_of_a_connection_is_the_error() {
    let fatal = status::Error {
        severity: Some(Severity::Fatal.into()),
        code: 1053,
        msg: "Server shutdown in progress".to_owned(),
        sql_state: "08S01".to_owned(),
    };
    let warning = notice::Warning {
        level: Some(Level::Error.into()),
        code: 1053,
        msg: "Server shutdown in progress".to_owned(),
    };
    let global = notice::Frame {
        scope: Some(Scope::Global.into()),
        ..notice::Frame::local(FrameType::Warning, &warning)
    };
    let server = MockServer::builder().x().start().await;
    Mock::given(query("select fatal"))
        .respond_with(messages([fatal.into()]))
        .mount(&server);
    Mock::given(query("select notice"))
        .respond_with(
            messages([global.into(), StmtExecuteOk {}.into()])
                .fault(json!({"limit_data": {"packets": 1}})),
        )
        .mount(&server);
    let mut client = connect(&server).await;
    let first = client.query("select fatal").await.unwrap_err();
    assert_eq!(first.code(), Some(1053), "{first}");
    let again = client.query("select fatal").await.unwrap_err();
    assert_eq!(again.code(), Some(1053), "{again}");
    let mut client = connect(&server).await;
    let closed = client.query("select notice").await.unwrap_err();
    assert_eq!(closed.code(), Some(1053), "{closed}");
}

#[tokio::test]
async fn a_server_of_the_classic_protocol_is_recognised() {
    let server = MockServer::start().await;
    let address = Address::Tcp(server.address());
    let refused = Client::connect(&address, Options::new("root", ""))
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::ClassicServer), "{refused}");
}

/// A server that sends these messages to its first client, whatever the client sends.
fn server_of(messages: Vec<ServerMessage>) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut frames = BytesMut::new();
        for message in messages {
            message.put(&mut frames);
        }
        client.write_all(&frames).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        // Until the client closes: bytes that aren't read would reset the connection.
        io::copy(&mut client, &mut io::sink()).unwrap();
    });
    Address::Tcp(address)
}

#[tokio::test]
async fn a_login_that_cannot_go_on_says_why() {
    let capabilities = |mechanisms: &[&'static str]| {
        let names = mechanisms.iter().map(|name| Scalar::string(*name).into());
        let names = Any::from(names.collect::<Array>());
        let all: Capabilities = [("authentication.mechanisms", names)].into_iter().collect();
        ServerMessage::from(all)
    };
    let challenge = |data: &'static str| {
        let auth_data = data.into();
        ServerMessage::from(AuthenticateContinue { auth_data })
    };
    let done = || status::Ok { msg: None }.into();
    for (messages, text) in [
        (vec![], "the server closed the connection"),
        (
            vec![done()],
            "the server sent Mysqlx.Ok in place of Mysqlx.Connection.Capabilities",
        ),
        (
            vec![capabilities(&["PLAIN", "EXTERNAL"])],
            "the server offers no authentication mechanism that suits this connection",
        ),
        (
            vec![capabilities(&["MYSQL41"]), done()],
            "the server sent Mysqlx.Ok in place of Mysqlx.Session.AuthenticateOk",
        ),
        (
            vec![capabilities(&["MYSQL41"]), challenge("short")],
            "the login failed",
        ),
        (
            vec![
                capabilities(&["MYSQL41"]),
                challenge("01234567890123456789"),
                challenge("01234567890123456789"),
            ],
            "the server sent Mysqlx.Session.AuthenticateContinue in place of Mysqlx.Session.AuthenticateOk",
        ),
    ] {
        let address = server_of(messages);
        let login = Client::connect(&address, Options::new("root", "x")).await;
        assert_eq!(login.unwrap_err().to_string(), text);
    }
}
