//! Rules see what each message of the X Protocol is about.

use mynah_x::crud::{Collection, Find, Insert, TypedRow};
use mynah_x::datatypes::Scalar;
use mynah_x::expr::{Expr, ExprType};
use mynah_x::prepare::{Deallocate, Execute, Prepare};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, cursor, prepare};

use crate::scene::{Client, Scene};
use crate::support::x_client::execute;

/// Longer than what is looked at of a message.
const LONG: usize = 100_000;

fn collection(name: &str) -> Collection {
    Collection {
        name: name.to_owned(),
        schema: Some("shop".to_owned()),
    }
}

fn prepare_sql(stmt_id: u32, text: &str) -> ClientMessage {
    let stmt = prepare::OneOfMessage {
        r#type: prepare::OneOfMessageType::Stmt.into(),
        stmt_execute: Some(Box::new(execute(text))),
        ..prepare::OneOfMessage::default()
    };
    Prepare { stmt_id, stmt }.into()
}

fn prepare_find(stmt_id: u32, name: &str) -> ClientMessage {
    let find = Find {
        collection: collection(name),
        ..Find::default()
    };
    let stmt = prepare::OneOfMessage {
        r#type: prepare::OneOfMessageType::Find.into(),
        find: Some(Box::new(find)),
        ..prepare::OneOfMessage::default()
    };
    Prepare { stmt_id, stmt }.into()
}

fn execution(stmt_id: u32) -> Execute {
    Execute {
        stmt_id,
        ..Execute::default()
    }
}

fn open(prepare_execute: Execute) -> ClientMessage {
    let stmt = cursor::OneOfMessage {
        prepare_execute: Some(prepare_execute),
        ..cursor::OneOfMessage::default()
    };
    cursor::Open {
        cursor_id: 1,
        stmt,
        fetch_rows: None,
    }
    .into()
}

fn long_insert() -> ClientMessage {
    let value = Expr {
        r#type: ExprType::Literal.into(),
        literal: Some(Box::new(Scalar::octets(vec![0; LONG]))),
        ..Expr::default()
    };
    Insert {
        collection: collection("orders"),
        row: vec![TypedRow { field: vec![value] }],
        ..Insert::default()
    }
    .into()
}

#[test]
fn all_messages_match_by_what_they_are_about() {
    let long_text = format!("do 1 {}", "x".repeat(LONG));
    let objects = StmtExecute {
        namespace: Some("mysqlx".to_owned()),
        ..execute("list_objects")
    };
    let long_argument = Execute {
        args: vec![Scalar::string("x".repeat(LONG)).into()],
        ..execution(1)
    };
    let mut missed = Vec::new();
    for (command, sql, message) in [
        ("stmt_execute", "do 1 x", execute(&long_text).into()),
        ("stmt_execute", "mysqlx: list_objects", objects.into()),
        ("prepare_prepare", "do 3", prepare_sql(3, "do 3")),
        ("prepare_prepare", "do 1 x", prepare_sql(3, &long_text)),
        (
            "prepare_prepare",
            "find in shop.items",
            prepare_find(3, "items"),
        ),
        ("prepare_execute", "do 1", execution(1).into()),
        ("prepare_execute", "do 1", long_argument.clone().into()),
        (
            "prepare_execute",
            "find in shop.orders",
            execution(2).into(),
        ),
        ("cursor_open", "do 1", open(execution(1))),
        ("cursor_open", "do 1", open(long_argument)),
        (
            "prepare_deallocate",
            "do 1",
            Deallocate { stmt_id: 1 }.into(),
        ),
        ("insert", "shop.orders", long_insert()),
    ] {
        let rule = format!("command = {command} and sql ~ '{sql}': before_forward reset_peer");
        let scene = Scene::new(true, &rule);
        let mut client = scene.client(false);
        let Client::X(client) = &mut client else {
            panic!("it is of the X Protocol");
        };
        for prepare in [prepare_sql(1, "do 1"), prepare_find(2, "orders")] {
            client.say([prepare]);
            client.expect_ok();
        }
        // The connection may be gone before all of a long message is sent.
        let _sent = client.try_say([message]);
        let _ended = client.try_sql("do 2");
        if scene.counts() != (1, 1) {
            missed.push(rule);
        }
    }
    assert_eq!(missed, [""; 0]);
}
