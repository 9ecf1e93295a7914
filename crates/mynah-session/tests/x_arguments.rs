//! The arguments of messages of the X Protocol, as handlers get them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod x_support;

use mynah_classic::value::Value;
use mynah_session::{Param, Statement};
use mynah_x::ClientMessage;
use mynah_x::crud::{Collection, CreateView, Find};
use mynah_x::datatypes::{Any, Object, Scalar};
use mynah_x::expr::Expr;
use mynah_x::prepare::{Execute, OneOfMessage, Prepare};
use mynah_x::sql::StmtExecute;
use x_support::{Talk, text};

/// What the handler is asked for a message, behind those that prepare it.
fn asked(messages: impl IntoIterator<Item = ClientMessage>) -> Statement {
    let mut talk = Talk::logged_in();
    for message in messages {
        talk.say(message);
    }
    talk.asked.pop().unwrap()
}

fn values(statement: &Statement) -> Vec<Value<'_>> {
    statement.params.iter().map(Param::value).collect()
}

fn sql(args: Vec<Any>) -> StmtExecute {
    StmtExecute {
        stmt: "select ?, ?".into(),
        args,
        ..StmtExecute::default()
    }
}

fn one_and_ada() -> Vec<Any> {
    vec![Scalar::uint(1).into(), text("ada")]
}

const ONE_AND_ADA: [Value<'_>; 2] = [Value::UInt(1), Value::Bytes(b"ada")];

fn find() -> Find {
    Find {
        collection: Collection {
            name: "birds".to_owned(),
            schema: Some("zoo".to_owned()),
        },
        criteria: Some(Expr {
            r#type: 6,
            position: Some(0),
            ..Expr::default()
        }),
        args: vec![Scalar::uint(1)],
        ..Find::default()
    }
}

#[test]
fn those_of_sql_are_its_params() {
    let statement = asked([sql(one_and_ada()).into()]);
    assert_eq!(statement.text, "select ?, ?");
    assert_eq!(values(&statement), ONE_AND_ADA);
    assert_eq!(statement.statement_id, None);
    assert!(asked([sql(Vec::new()).into()]).params.is_empty());
}

#[test]
fn those_of_an_execution_are_its_params() {
    let prepare = Prepare {
        stmt_id: 4,
        stmt: OneOfMessage {
            r#type: 5,
            stmt_execute: Some(Box::new(sql(Vec::new()))),
            ..OneOfMessage::default()
        },
    };
    let execute = Execute {
        stmt_id: 4,
        args: one_and_ada(),
        compact_metadata: None,
    };
    let statement = asked([prepare.into(), execute.into()]);
    assert_eq!(values(&statement), ONE_AND_ADA);
    assert_eq!(statement.statement_id, Some(4));
}

#[test]
fn those_of_a_find_are_its_params_and_stand_in_its_text() {
    let statement = asked([find().into()]);
    assert_eq!(statement.text, "SELECT doc FROM `zoo`.`birds` WHERE 1");
    assert_eq!(values(&statement), [Value::UInt(1)]);
}

#[test]
fn those_of_a_view_stand_in_its_text_only() {
    let statement = asked([CreateView {
        collection: find().collection,
        stmt: find(),
        ..CreateView::default()
    }
    .into()]);
    assert!(statement.text.ends_with(b" WHERE 1"), "{statement:?}");
    assert!(statement.params.is_empty());
}

#[test]
fn those_of_a_command_are_apart() {
    let fields: Object = [("schema", text("zoo")), ("name", text("birds"))]
        .into_iter()
        .collect();
    let statement = asked([StmtExecute {
        stmt: "create_collection".into(),
        namespace: Some("mysqlx".to_owned()),
        args: vec![fields.into()],
        ..StmtExecute::default()
    }
    .into()]);
    assert!(statement.params.is_empty());
    let arguments = statement.x.unwrap().arguments;
    assert_eq!(
        arguments.as_deref(),
        Some(r#"{"schema": "zoo", "name": "birds"}"#)
    );
}
