//! Passwords, which no recording has.

use bytes::{Bytes, BytesMut};
use mynah_x::cursor;
use mynah_x::field::Cell as Field;
use mynah_x::prepare::{self, Execute, OneOfMessageType, Prepare};
use mynah_x::resultset::{ColumnMetaData, FetchDone, FetchSuspended, FieldType, Row};
use mynah_x::sql::{StmtExecute, StmtExecuteOk};
use mynah_x::status;
use mynah_x::{ClientMessage, ServerMessage};

use super::*;

/// Stands in every password here, and nowhere else.
const SECRET: &str = "Kuckuck7";

type Sent = (observe::Direction, BytesMut);

fn client(message: impl Into<ClientMessage>) -> Sent {
    let mut wire = BytesMut::new();
    message.into().put(&mut wire);
    (observe::Direction::Client, wire)
}

fn server(message: impl Into<ServerMessage>) -> Sent {
    let mut wire = BytesMut::new();
    message.into().put(&mut wire);
    (observe::Direction::Server, wire)
}

fn statement(sql: &str) -> StmtExecute {
    StmtExecute {
        stmt: Bytes::copy_from_slice(sql.as_bytes()),
        ..StmtExecute::default()
    }
}

fn column(name: &'static str, field_type: FieldType) -> Sent {
    server(ColumnMetaData {
        r#type: field_type.into(),
        name: Some(name.into()),
        original_name: Some(name.into()),
        length: Some(40),
        ..ColumnMetaData::default()
    })
}

fn row(cells: [Field<'_>; 3]) -> Sent {
    let field = cells.iter().map(|cell| {
        let mut field = BytesMut::new();
        cell.put(&mut field);
        field.freeze()
    });
    server(Row {
        field: field.collect(),
    })
}

/// A user with a password, as a text and as a number.
fn user() -> Sent {
    row([
        Field::Bytes(b"ada"),
        Field::Bytes(SECRET.as_bytes()),
        Field::Uint(7),
    ])
}

fn columns() -> [Sent; 3] {
    [
        column("user", FieldType::Bytes),
        column("password", FieldType::Bytes),
        column("password_number", FieldType::Uint),
    ]
}

/// The text of a recording of an X connection, in which there is no password.
fn text(sent: Vec<Sent>) -> String {
    let making = Making::start();
    making.connection(
        true,
        sent.iter().map(|(direction, wire)| (*direction, &wire[..])),
    );
    let text = making.finish().to_text().unwrap();
    assert!(!text.contains(SECRET), "{text}");
    text
}

#[test]
fn a_statement_about_a_password_is_recorded_without_it() {
    let sql = format!("CREATE USER ada IDENTIFIED BY '{SECRET}'");
    let text = text(vec![client(statement(&sql)), server(StmtExecuteOk {})]);
    assert!(
        text.contains("CREATE USER ada IDENTIFIED BY '***'"),
        "{text}"
    );
}

#[test]
fn cells_of_passwords_are_hidden_also_in_rows_that_are_fetched_later() {
    let [a, b, c] = columns();
    let whole = vec![
        client(statement("select * from users")),
        a,
        b,
        c,
        user(),
        server(FetchDone {}),
        server(StmtExecuteOk {}),
    ];
    let [a, b, c] = columns();
    let fetched = vec![
        client(Prepare {
            stmt_id: 1,
            stmt: prepare::OneOfMessage {
                r#type: OneOfMessageType::Stmt.into(),
                stmt_execute: Some(Box::new(statement("select * from users"))),
                ..prepare::OneOfMessage::default()
            },
        }),
        server(status::Ok::default()),
        client(cursor::Open {
            cursor_id: 1,
            stmt: cursor::OneOfMessage {
                r#type: 0,
                prepare_execute: Some(Execute {
                    stmt_id: 1,
                    ..Execute::default()
                }),
            },
            fetch_rows: Some(0),
        }),
        a,
        b,
        c,
        server(FetchSuspended {}),
        server(StmtExecuteOk {}),
        client(cursor::Fetch {
            cursor_id: 1,
            fetch_rows: None,
        }),
        user(),
        server(FetchDone {}),
        server(StmtExecuteOk {}),
    ];
    for sent in [whole, fetched] {
        let text = text(sent);
        assert!(text.contains(r#""rows": [["ada", "***", null]]"#), "{text}");
    }
}

#[test]
fn columns_that_are_not_sent_again_are_recorded_without_what_is_redacted() {
    let making = Making::start_with(vec!["2024-02-29".parse().unwrap()]);
    // The server sends the columns when it prepares the statement. Their names are expressions, literals included.
    making.fixture("classic/mariadb-10.11/binary-expressions");
    let text = making.finish().to_text().unwrap();
    let stars = format!(
        r#""name": "{}", "type": "DATE""#,
        "*".repeat("DATE '2024-02-29'".len())
    );
    assert_eq!(text.matches(&stars).count(), 2, "{text}");
    assert!(!text.contains("2024-02-29"), "{text}");
}
