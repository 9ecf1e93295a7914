//! Replies that keep their packets.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use bytes::{Bytes, BytesMut};
use mynah_classic::response::{SessionStateChange, SessionStateChanges, SqlState};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_session::classic::server::{Action, Event, Options, Server};
use mynah_session::{
    Answer, Completion, Encodings, Failure, Outcome, Question, Reply, ResultSet, Rows,
};
use support::{SHARED, column, packet, server};

fn logged_in(server: Server, capabilities: Capabilities) -> Server {
    let offered = SHARED | Capabilities::DEPRECATE_EOF | Capabilities::SESSION_TRACK;
    support::logged_in(server, Some(offered), capabilities)
}

/// What a client is sent in answer to a statement.
fn answer(server: &mut Server, reply: &Reply) -> BytesMut {
    server.handle(packet(0, &b"\x03select 1"[..])).unwrap();
    assert!(matches!(
        server.poll_action(),
        Some(Action::Ask(Question::Statement(_)))
    ));
    server
        .handle(Event::from(Answer::Reply(Box::new(reply.clone()))))
        .unwrap();
    assert_eq!(server.poll_action(), None);
    server.output().split()
}

fn outcomes() -> [Outcome; 3] {
    let schema = SessionStateChange::Schema(Bytes::from_static(b"zoo"));
    let completion = Completion {
        affected_rows: 3,
        warning_count: 2,
        status_flags: Some(StatusFlags::IN_TRANS),
        session_state_changes: SessionStateChanges::new([&schema]),
        ..Completion::default()
    };
    let rows: Rows = [[Some(&b"1"[..]), None]].into_iter().collect();
    let failure = Failure {
        code: 1040,
        sql_state: SqlState(*b"08004"),
        message: "Too many connections".into(),
    };
    [
        Outcome::Ok(completion.clone()),
        Outcome::Rows(ResultSet {
            columns: [column("a"), column("b")].into(),
            rows,
            end: completion,
            is_out_parameters: false,
        }),
        Outcome::Error(failure),
    ]
}

fn kept(outcome: &Outcome) -> Reply {
    Reply {
        encodings: Some(Encodings::default()),
        ..outcome.clone().into()
    }
}

#[test]
fn a_reply_that_keeps_its_packets_is_sent_as_one_that_does_not() {
    let (eof, track) = (Capabilities::DEPRECATE_EOF, Capabilities::SESSION_TRACK);
    for outcome in outcomes() {
        let (fresh, kept) = (Reply::from(outcome.clone()), kept(&outcome));
        // Each reads what those before it left, and leaves its own.
        for shared in [SHARED, SHARED | eof, SHARED | track, SHARED | eof | track] {
            let mut server = logged_in(server(), shared);
            let expected = answer(&mut server, &fresh);
            for time in ["first", "second"] {
                let sent = answer(&mut server, &kept);
                assert_eq!(sent, expected, "{shared:?}, the {time} time: {outcome:?}");
            }
        }
    }
}

#[test]
fn the_answer_to_a_command_of_many_packets_has_its_own_numbers() {
    let [_, rows, _] = outcomes();
    let reply = kept(&rows);
    let mut server = logged_in(
        Server::new(Options {
            max_allowed_packet: 1 << 25,
            ..support::options()
        }),
        SHARED,
    );
    let before = answer(&mut server, &reply);
    assert_eq!(before[3], 1);

    let statement = Bytes::from([b"\x03".to_vec(), vec![b' '; 0xff_ffff]].concat());
    let packets = [statement.slice(..0xff_ffff), statement.slice(0xff_ffff..)];
    for (payload, sequence_id) in packets.into_iter().zip(0..) {
        server.handle(packet(sequence_id, payload)).unwrap();
    }
    assert!(matches!(
        server.poll_action(),
        Some(Action::Ask(Question::Statement(_)))
    ));
    server
        .handle(Event::from(Answer::Reply(Box::new(reply.clone()))))
        .unwrap();
    assert_eq!(server.output().split()[3], 2);

    assert_eq!(answer(&mut server, &reply), before);
}
