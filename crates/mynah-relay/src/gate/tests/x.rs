//! What a gate sees of messages of the X Protocol.

use mynah_x::{cursor, prepare};

use super::*;

/// Types of the messages in an answer.
fn types(mut answer: &[u8]) -> Vec<u8> {
    let mut types = Vec::new();
    while let [len, _, _, _, message @ ..] = answer {
        types.push(message[0]);
        answer = &message[usize::from(*len)..];
    }
    types
}

#[test]
fn a_cursor_is_opened_on_the_statement_that_was_prepared() {
    let now = Instant::now();
    let mut wire = BytesMut::new();
    ClientMessage::from(cursor::Open {
        cursor_id: 1,
        stmt: cursor::OneOfMessage {
            prepare_execute: Some(prepare::Execute {
                stmt_id: 7,
                compact_metadata: Some(true),
                ..prepare::Execute::default()
            }),
            ..cursor::OneOfMessage::default()
        },
        fetch_rows: None,
    })
    .put(&mut wire);
    let mut keeper = x_keeper(|command| {
        assert_eq!(command.statement(), Some(&b"select 1"[..]));
        assert_eq!(command.statement_id(), Some(7));
        Decision::answer(rows())
    });
    keeper.note_executed(&wire, READY, |id| {
        (id == 7).then(|| Prepared {
            sql: Some("select 1".into()),
            executed: None,
            message_type: None,
        })
    });
    let Admitted::Drop(_, answer) = keeper.admit(&wire, READY, now) else {
        panic!("it is answered");
    };
    // A column, two rows, their end, a notice, and that it is done.
    assert_eq!(types(&answer), [0x0c, 0x0d, 0x0d, 0x0e, 0x0b, 0x11]);
}

#[test]
fn of_a_long_message_of_the_x_protocol_the_beginning_is_seen() {
    let now = Instant::now();
    let text = format!("do 1 {}", "x".repeat(100_000));
    let mut wire = BytesMut::new();
    ClientMessage::from(StmtExecute {
        stmt: text.clone().into(),
        ..StmtExecute::default()
    })
    .put(&mut wire);
    let mut keeper = x_keeper(move |command| {
        let statement = command.statement().unwrap();
        assert!(!command.is_whole() && statement.len() > 60_000);
        assert!(text.as_bytes().starts_with(statement));
        Decision::Pass
    });
    let admitted = keeper.admit(&wire, READY, now);
    assert_eq!(admitted, Admitted::Pass(wire.len()));
}
