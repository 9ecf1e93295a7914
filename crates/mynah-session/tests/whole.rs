//! Answers in place of a server's are what a session would send.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;
mod x_support;

use bytes::BytesMut;
use mynah_classic::{Capabilities, StatusFlags};
use mynah_session::classic::server::{Action, Event, Server};
use mynah_session::x::server::AnsweredMessage;
use mynah_session::{
    Answer, Completion, Failure, LocalInfile, Outcome, Question, Reply, ResultSet, RowSource, Rows,
    StatementCommand, Warning, WarningLevel, classic, x,
};
use mynah_x::{ClientMessageType, FrameCodec, ServerMessage};
use support::{SHARED, column, packet, server};
use tokio_util::codec::Decoder;
use x_support::Talk;

fn done() -> Completion {
    Completion {
        affected_rows: 3,
        last_insert_id: 8,
        warning_count: 1,
        status_flags: Some(StatusFlags::AUTOCOMMIT),
        message: "three".into(),
        warnings: vec![Warning {
            level: WarningLevel::Note,
            code: 1051,
            message: "unknown".into(),
        }],
        ..Completion::default()
    }
}

fn rows(count: usize) -> ResultSet {
    let long = vec![b'x'; 1000];
    let row = [Some(&b"1"[..]), None, Some(&long[..])];
    ResultSet {
        columns: ["a", "b", "c"].map(column).into(),
        rows: std::iter::repeat_n(row, count).collect(),
        end: done(),
        is_out_parameters: false,
    }
}

fn out_parameters() -> Outcome {
    Outcome::Rows(ResultSet {
        is_out_parameters: true,
        ..rows(1)
    })
}

fn replies() -> Vec<Reply> {
    let failure = Outcome::Error(Failure::no_schema());
    let of = |outcome: Outcome, more: Vec<Outcome>| Reply {
        more,
        ..Reply::from(outcome)
    };
    vec![
        of(Outcome::Ok(done()), vec![]),
        of(failure.clone(), vec![]),
        of(Outcome::Rows(rows(0)), vec![]),
        of(Outcome::Rows(rows(2)), vec![]),
        // More than is sent at once.
        of(Outcome::Rows(rows(300)), vec![]),
        of(
            Outcome::Rows(rows(2)),
            vec![Outcome::Rows(rows(1)), Outcome::Ok(done())],
        ),
        of(Outcome::Rows(rows(2)), vec![failure]),
        of(
            Outcome::Rows(rows(1)),
            vec![out_parameters(), Outcome::Ok(done())],
        ),
    ]
}

fn logged_in(shared: Capabilities) -> Server {
    support::logged_in(server(), Some(shared), shared)
}

fn answer(server: &mut Server, reply: Reply) -> BytesMut {
    server.handle(packet(0, &b"\x03select 1"[..])).unwrap();
    let asked = server.poll_action();
    assert!(matches!(asked, Some(Action::Ask(Question::Statement(_)))));
    let reply = Answer::Reply(Box::new(reply));
    server.handle(Event::from(reply)).unwrap();
    let mut sent = server.output().split();
    while let Some(action) = server.poll_action() {
        assert!(matches!(action, Action::Flush), "{action:?}");
        server.handle(Event::Flushed).unwrap();
        sent.unsplit(server.output().split());
    }
    sent
}

#[test]
fn a_classic_answer_is_what_a_session_sends() {
    let results = Capabilities::MULTI_RESULTS | Capabilities::PS_MULTI_RESULTS;
    for shared in [
        SHARED,
        SHARED | results,
        SHARED | results | Capabilities::DEPRECATE_EOF | Capabilities::SESSION_TRACK,
    ] {
        for reply in replies() {
            let sent = answer(&mut logged_in(shared), reply.clone());
            let command = StatementCommand::Query;
            let whole = classic::server::encode_reply(reply.clone(), command, 1, shared);
            assert_eq!(whole, sent, "{shared:?} {reply:?}");
        }
    }
}

#[test]
fn an_execution_is_answered_in_the_binary_format() {
    let reply = Reply::from(Outcome::Rows(rows(1)));
    let command = StatementCommand::Execute;
    let whole = classic::server::encode_reply(reply, command, 1, SHARED);
    // The row: a header, a bitmap in which the second column is NULL, and the two others.
    let row = b"\0\x08\x011\xfc\xe8\x03x";
    let has_row = whole.windows(row.len()).any(|window| window == row);
    assert!(has_row, "{whole:?}");
}

#[test]
fn what_an_answer_can_t_have_becomes_an_error_in_its_place() {
    let file = Outcome::LocalInfile(LocalInfile {
        filename: "a".into(),
        limit: 1,
    });
    let endless = Outcome::Rows(ResultSet {
        rows: Rows::default().continued(RowSource(1)),
        ..rows(0)
    });
    let malformed = Outcome::Rows(ResultSet {
        columns: [mynah_classic::resultset::ColumnDefinition41 {
            column_type: mynah_classic::ColumnType::LONG,
            ..column("a")
        }]
        .into(),
        rows: [[Some(&b"word"[..])]].into_iter().collect(),
        ..rows(0)
    });
    for outcome in [file, endless, malformed] {
        let reply = Reply::from(outcome);
        let command = StatementCommand::Execute;
        let whole = classic::server::encode_reply(reply.clone(), command, 1, SHARED);
        assert_eq!((whole[3], whole[4]), (1, 0xff), "{whole:?}");
        let to = AnsweredMessage::of(ClientMessageType::SQL_STMT_EXECUTE);
        let whole = x::server::encode_reply(reply, &to);
        let said = messages(BytesMut::from(&whole[..]));
        assert!(matches!(said[..], [ServerMessage::Error(_)]), "{said:?}");
    }
}

fn messages(mut wire: BytesMut) -> Vec<ServerMessage> {
    let mut said = Vec::new();
    while let Some(frame) = FrameCodec::new(usize::MAX).decode(&mut wire).unwrap() {
        said.push(ServerMessage::from_frame(&frame).unwrap());
    }
    assert!(wire.is_empty());
    said
}

#[test]
fn an_answer_by_the_x_protocol_is_what_a_session_sends() {
    for reply in replies() {
        let mut talk = Talk::logged_in();
        talk.replies.push_back(reply.clone());
        let sent = talk.sql("select 1");
        let to = AnsweredMessage::of(ClientMessageType::SQL_STMT_EXECUTE);
        let whole = x::server::encode_reply(reply.clone(), &to);
        assert_eq!(messages(BytesMut::from(&whole[..])), sent, "{reply:?}");
    }
}
