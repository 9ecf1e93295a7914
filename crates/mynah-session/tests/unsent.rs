//! What an answer says of the session counts as far as the answer is sent, over both protocols alike.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;
mod x_support;

use bytes::Bytes;
use mynah_classic::response::{SessionStateChange, SessionStateChanges};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_session::classic::server::{Action, Event};
use mynah_session::{
    Answer, Completion, Failure, Outcome, Question, Reply, ResultSet, RowSource, Rows, SessionState,
};
use support::{SHARED, column, logged_in, packet, server};
use x_support::Talk;

const DEADLOCK: u16 = 1213;

fn schema(name: &'static str) -> Outcome {
    let change = SessionStateChange::Schema(name.into());
    Outcome::Ok(Completion {
        session_state_changes: SessionStateChanges::new([&change]),
        ..Completion::default()
    })
}

fn failed(code: u16) -> Failure {
    Failure::general(code, "as scripted")
}

fn several(outcome: Outcome, more: Vec<Outcome>) -> Reply {
    Reply {
        more,
        ..outcome.into()
    }
}

/// One result, of which more rows are asked for, within a transaction.
fn endless() -> Outcome {
    Outcome::Rows(ResultSet {
        columns: [column("a")].into(),
        rows: Rows::default().continued(RowSource(1)),
        end: Completion {
            status_flags: Some(StatusFlags::AUTOCOMMIT | StatusFlags::IN_TRANS),
            ..Completion::default()
        },
        is_out_parameters: false,
    })
}

/// The session's state as the next statement has it, after one with this reply, over the classic protocol.
fn classic_after(reply: &Reply, rows: Result<Rows, Failure>) -> SessionState {
    let capabilities = SHARED | Capabilities::MULTI_RESULTS;
    let mut server = logged_in(server(), None, capabilities);
    let mut asked = None;
    for text in ["\x03first", "\x03next"] {
        server.handle(packet(0, text)).unwrap();
        while let Some(action) = server.poll_action() {
            let answer = match action {
                Action::Ask(Question::Statement(statement)) => {
                    asked = Some(statement.state);
                    Answer::Reply(Box::new(reply.clone()))
                }
                Action::Ask(Question::Rows(_)) => Answer::Rows(rows.clone()),
                _ => continue,
            };
            server.handle(Event::from(answer)).unwrap();
        }
    }
    asked.unwrap()
}

/// The same over the X Protocol.
fn x_after(reply: &Reply, rows: Result<Rows, Failure>) -> SessionState {
    let mut talk = Talk::logged_in();
    talk.rows = rows;
    talk.replies.push_back(reply.clone());
    talk.sql("first");
    talk.sql("next");
    talk.asked.pop().unwrap().state
}

fn schemas_after(reply: &Reply) -> [Option<Bytes>; 2] {
    let none = || Ok(Rows::default());
    [
        classic_after(reply, none()).schema,
        x_after(reply, none()).schema,
    ]
}

#[test]
fn outcomes_behind_an_error_do_not_change_the_session() {
    let reply = several(Outcome::Error(failed(1105)), vec![schema("b")]);
    assert_eq!(
        schemas_after(&reply),
        [Some("zoo".into()), Some("zoo".into())]
    );
}

#[test]
fn outcomes_in_front_of_an_error_change_the_session() {
    let reply = several(schema("b"), vec![Outcome::Error(failed(1105)), schema("c")]);
    assert_eq!(schemas_after(&reply), [Some("b".into()), Some("b".into())]);
}

#[test]
fn the_last_outcome_behind_rows_changes_the_session() {
    let reply = several(endless(), vec![schema("b")]);
    assert_eq!(schemas_after(&reply), [Some("b".into()), Some("b".into())]);
}

#[test]
fn outcomes_behind_rows_that_fail_do_not_change_the_session() {
    let reply = several(endless(), vec![schema("b")]);
    for after in [classic_after, x_after] {
        let state = after(&reply, Err(failed(1105)));
        assert_eq!(state.schema, Some("zoo".into()));
        assert!(state.flags().contains(StatusFlags::IN_TRANS));
    }
}

#[test]
fn a_deadlock_among_rows_ends_the_transaction() {
    for after in [classic_after, x_after] {
        let state = after(&endless().into(), Err(failed(DEADLOCK)));
        assert_eq!(state.flags(), StatusFlags::AUTOCOMMIT);
    }
}
