//! No form of a trace shows a password.

use mynah_x::compress::Algorithm;
use mynah_x::cursor::{self, Fetch, OneOfMessageType, Open};
use mynah_x::datatypes::Scalar;
use mynah_x::prepare::Execute;
use mynah_x::resultset::{ColumnMetaData, FetchSuspended, FieldType, Row};

use super::{
    SECRET, Sent, client, conversation, documents, done, error, forms, logins, ok, prepare,
    readable, server, shows, statement, traced,
};
use crate::TraceFormat;

#[test]
fn no_form_of_a_trace_shows_a_password() {
    for algorithm in [None, Some(Algorithm::Deflate), Some(Algorithm::Zstd)] {
        let all = logins::conversations().into_iter();
        for (name, said) in all.chain(documents::conversations()) {
            let wires = conversation(said, algorithm);
            for (format, level) in forms() {
                let trace = traced(&wires, format, level, 1 << 20);
                for secret in [SECRET, "4711471147114711"] {
                    assert!(
                        !shows(&trace, secret),
                        "{name}, {format:?} {level}, {algorithm:?}:\n{trace}"
                    );
                }
                let varint = "d7c1dfe0eda1af08";
                assert!(!readable(&trace).iter().any(|text| text.contains(varint)));
            }
        }
    }
}

#[test]
fn what_is_longer_than_is_held_does_not_show_a_password() {
    let filler = "x".repeat(300);
    let long = statement(
        &format!("CREATE USER eve IDENTIFIED BY '{SECRET}' COMMENT '{filler}'"),
        vec![],
    );
    let execute = Execute {
        stmt_id: 7,
        args: vec![Scalar::string(SECRET).into(), Scalar::string(filler).into()],
        compact_metadata: None,
    };
    let said = vec![
        client(long.clone()),
        error(),
        prepare(7, long),
        ok(),
        client(execute),
        error(),
    ];
    let wires = conversation(said, None);
    for (format, level) in forms() {
        let trace = traced(&wires, format, level, 200);
        assert!(!shows(&trace, SECRET), "{format:?} {level}:\n{trace}");
    }
}

#[test]
fn what_is_no_secret_is_shown() {
    let said = vec![
        client(statement(
            "CREATE USER ? IDENTIFIED BY 'x' ATTRIBUTE 'y'",
            vec![Scalar::string(SECRET).into()],
        )),
        done(),
        client(statement("SELECT ?", vec![Scalar::string("lamp").into()])),
        error(),
    ];
    let wires = conversation(said, None);
    let json = traced(&wires, TraceFormat::Json, 3, 1 << 20);
    assert!(
        json.contains("CREATE USER ? IDENTIFIED BY *** ATTRIBUTE"),
        "{json}"
    );
    assert!(json.contains("\"value\":\"********\""), "{json}");
    assert!(
        json.contains("lamp") && json.contains("SQL syntax"),
        "{json}"
    );
}

fn open(cursor_id: u32, stmt_id: u32, column: &'static str) -> Vec<Sent> {
    let open = Open {
        cursor_id,
        stmt: cursor::OneOfMessage {
            r#type: OneOfMessageType::PrepareExecute.into(),
            prepare_execute: Some(Execute {
                stmt_id,
                ..Execute::default()
            }),
        },
        fetch_rows: None,
    };
    let column = ColumnMetaData {
        r#type: FieldType::Bytes.into(),
        name: Some(column.into()),
        ..ColumnMetaData::default()
    };
    let suspended = server(FetchSuspended {});
    vec![client(open), server(column), suspended, done()]
}

fn fetch(cursor_id: u32, cell: &str) -> Vec<Sent> {
    let fetch = Fetch {
        cursor_id,
        fetch_rows: Some(1),
    };
    let row = Row {
        field: vec![format!("{cell}\0").into()],
    };
    vec![
        client(fetch),
        server(row),
        server(FetchSuspended {}),
        done(),
    ]
}

#[test]
fn rows_of_cursors_are_hidden_by_the_columns_that_came_when_they_were_opened() {
    let said = [
        vec![prepare(7, statement("select * from users", vec![])), ok()],
        open(1, 7, "password"),
        open(2, 7, "name"),
        fetch(1, SECRET),
        fetch(2, "ada"),
        fetch(1, SECRET),
        // The columns of this one aren't known.
        fetch(3, SECRET),
    ];
    let wires = conversation(said.concat(), None);
    for (format, level) in forms() {
        let trace = traced(&wires, format, level, 1 << 20);
        assert!(!shows(&trace, SECRET), "{format:?} {level}:\n{trace}");
        assert!(
            level < 2 || shows(&trace, "ada"),
            "{format:?} {level}:\n{trace}"
        );
    }
}
