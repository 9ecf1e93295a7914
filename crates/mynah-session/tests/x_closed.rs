//! The X Protocol's prepared statements that are gone, of which the handler learns.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod x_support;

use mynah_x::prepare::{Deallocate, OneOfMessage, Prepare};
use mynah_x::session::Reset;
use mynah_x::sql::StmtExecute;
use x_support::Talk;

fn prepare(stmt_id: u32) -> Prepare {
    Prepare {
        stmt_id,
        stmt: OneOfMessage {
            r#type: 5,
            stmt_execute: Some(Box::new(StmtExecute {
                stmt: "do 1".into(),
                ..StmtExecute::default()
            })),
            ..OneOfMessage::default()
        },
    }
}

#[test]
fn the_handler_is_told_of_each_statement_that_is_gone() {
    let mut talk = Talk::logged_in();
    for id in [7, 5, 6] {
        talk.say(prepare(id));
    }
    assert!(talk.closed_statements.is_empty());
    talk.say(prepare(6));
    assert_eq!(talk.closed_statements, [6]);
    talk.say(Deallocate { stmt_id: 7 });
    talk.say(Deallocate { stmt_id: 7 });
    assert_eq!(talk.closed_statements, [6, 7]);
    talk.say(Reset {
        keep_open: Some(true),
    });
    assert_eq!(talk.closed_statements, [6, 7, 5, 6]);
}
