//! The examples of the user guide, which do what it says.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests, outside of them"
)]

#[path = "common/mod.rs"]
mod common;

use std::path::Path;

use common::{Dir, cells, error_parts, on_worker, open};
use mynah_classic::ColumnType;
use mynah_classic::value::{Value, ValueType};
use mynah_script::Session;
use mynah_session::placeholders::Dialect;
use mynah_session::x::XRequest;
use mynah_session::{
    Handler, Login, Outcome, Param, Rows, SessionState, Statement, StatementCommand,
};

/// Blocks of code: the language, and the text.
fn blocks(guide: &str) -> Vec<(&str, &str)> {
    let blocks = guide.split("\n```").skip(1).step_by(2);
    blocks
        .map(|block| block.split_once('\n').unwrap())
        .collect()
}

/// A statement as the guide writes it: `text <- 'value', 2, NULL`; of the X Protocol
/// `find schema.collection criteria` and `insert schema.collection document`.
fn statement(line: &str) -> Statement {
    if let Some(statement) = x_statement(line) {
        return statement;
    }
    let Some((text, values)) = line.split_once(" <- ") else {
        return Statement::query(line.to_owned());
    };
    let params = values.split(", ").map(|value| {
        let (column_type, value) = match value.strip_prefix('\'') {
            Some(text) => (
                ColumnType::VAR_STRING,
                Value::Bytes(text.trim_end_matches('\'').as_bytes()),
            ),
            None if value == "NULL" => (ColumnType::NULL, Value::Null),
            None => (ColumnType::LONGLONG, Value::Int(value.parse().unwrap())),
        };
        Param::new("", ValueType::signed(column_type), value).unwrap()
    });
    Statement {
        params: params.collect(),
        ..Statement::new(StatementCommand::Execute, text.to_owned())
    }
}

fn x_statement(line: &str) -> Option<Statement> {
    let (verb, rest) = line.split_once(' ')?;
    let (collection, what) = rest.split_once(' ')?;
    let (schema, collection) = collection.split_once('.')?;
    let mut request = XRequest {
        schema: Some(schema.to_owned()),
        collection: Some(collection.to_owned()),
        ..XRequest::default()
    };
    let command = match verb {
        "find" => {
            request.criteria = Some(what.to_owned());
            StatementCommand::Find
        }
        "insert" if what.starts_with('{') => {
            request.documents = vec![what.to_owned()];
            StatementCommand::Insert
        }
        _ => return None,
    };
    Some(Statement {
        x: Some(Box::new(request)),
        ..Statement::new(command, "in SQL")
    })
}

/// What comes of a statement, as the guide writes it.
fn shown(session: &mut Session, state: &mut SessionState, line: &str) -> String {
    let mut statement = statement(line);
    statement.state.clone_from(state);
    let reply = session.statement(&statement);
    let mut shown = String::new();
    for outcome in std::iter::once(reply.outcome).chain(reply.more) {
        match outcome {
            Outcome::Ok(ok) => {
                state.take_over(&ok, Dialect::default());
                shown += "OK";
                if ok.affected_rows > 0 {
                    shown += &format!(", {} affected", ok.affected_rows);
                }
                if !ok.message.is_empty() {
                    shown += &format!(", {}", String::from_utf8_lossy(&ok.message));
                }
                shown += "\n";
            }
            Outcome::Rows(mut result) => loop {
                for row in cells(&result) {
                    let row = row
                        .into_iter()
                        .map(|cell| cell.unwrap_or_else(|| "NULL".to_owned()));
                    shown += &format!("| {} |\n", row.collect::<Vec<_>>().join(" | "));
                }
                let Some(source) = result.rows.source() else {
                    break;
                };
                let rows: Rows = session.rows(source).unwrap();
                result.rows = rows;
            },
            Outcome::Error(failure) => {
                let (code, state, message) = error_parts(&failure);
                shown += &format!("ERROR {code} ({state}): {message}\n");
            }
            other => panic!("{other:?}"),
        }
    }
    shown
}

#[test]
fn examples_do_what_the_guide_says() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scripts.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let dir = Dir::new();
    let (mut loaded, mut played, mut last) = (0, 0, None);
    for (language, text) in blocks(&guide) {
        if language == "text" && text.starts_with("> ") {
            let trace = last.as_ref().unwrap();
            let expected: Vec<_> = text.split("> ").filter(|said| !said.is_empty()).collect();
            on_worker(|| {
                let mut session = open(trace);
                let mut state = SessionState::default();
                session.greeting().unwrap();
                session.login(&Login::default()).unwrap();
                for said in &expected {
                    let (line, want) = said.split_once('\n').unwrap();
                    assert_eq!(
                        shown(&mut session, &mut state, line).trim_end(),
                        want.trim_end(),
                        "{line}"
                    );
                }
            });
            played += 1;
        } else if text.contains("stmts") {
            // What has no statements shows a line or two of a script.
            let name = format!("example.{language}");
            dir.write(&name, text);
            let trace = dir.load(&name);
            assert_eq!(trace.problem(), None, "{text}");
            on_worker(|| open(&trace).greeting()).unwrap();
            last = Some(trace);
            loaded += 1;
        }
    }
    assert!(loaded >= 20, "{loaded}");
    assert!(played >= 7, "{played}");
}
