//! Commands about the connection or the server, which the handler may answer, and the prepared statements that it is
//! told are gone.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use bytes::Bytes;
use mynah_classic::command::{ComCreateDb, Command, CommandCode};
use mynah_classic::response::ErrPacket;
use mynah_session::classic::server::{Action, Event, Options, Server};
use mynah_session::{Answer, Completion, Failure, Kill, Outcome, Prepared, Question, Reply};
use mynah_wire::{Message, PacketCodec};
use support::{SHARED, options, packet};
use tokio_util::codec::Decoder;

/// A session that asks, whose client has logged in.
fn logged_in() -> Server {
    let server = Server::new(Options {
        asks_administration: true,
        ..options()
    });
    support::logged_in(server, Some(SHARED), SHARED)
}

fn command(server: &mut Server, payload: impl Into<Bytes>) -> Vec<Action> {
    server.handle(packet(0, payload)).unwrap();
    actions(server)
}

fn actions(server: &mut Server) -> Vec<Action> {
    std::iter::from_fn(|| server.poll_action()).collect()
}

/// The command that the session asks about.
fn asked(server: &mut Server, payload: &'static [u8]) -> Command {
    match command(server, payload).pop() {
        Some(Action::Ask(Question::Administration(command))) => *command,
        other => panic!("{payload:?}: {other:?}"),
    }
}

fn answer(server: &mut Server, reply: Option<Outcome>) -> Bytes {
    let reply = reply.map(|outcome| Box::new(Reply::from(outcome)));
    server.handle(Event::from(Answer::Command(reply))).unwrap();
    sent(server)
}

/// The only packet that was sent.
fn sent(server: &mut Server) -> Bytes {
    let packet = PacketCodec.decode(server.output()).unwrap().unwrap();
    assert!(server.output().is_empty());
    packet.payload
}

fn error(payload: &Bytes) -> u16 {
    let error = ErrPacket::from_payload(payload, SHARED).unwrap();
    error.error_code
}

fn prepare(server: &mut Server, answer: Result<Prepared, Failure>) -> Option<u32> {
    let Some(Action::Ask(Question::Prepared(statement))) = command(server, "\x16do 1").pop() else {
        panic!("nothing is prepared");
    };
    server
        .handle(Event::from(Answer::Prepared(answer)))
        .unwrap();
    server.output().clear();
    statement.statement_id
}

#[test]
fn a_command_that_the_handler_leaves_is_answered_by_the_session() {
    let mut server = logged_in();
    let own: [(&[u8], u8); 5] = [
        (b"\x0e", 0),
        (b"\x07\x01", 0),
        (b"\x0d", 0xfe),
        (b"\x1b\0\0", 0xfe),
        (b"\x1b\x05\0", 0xff),
    ];
    for (payload, first) in own {
        let asked = asked(&mut server, payload);
        assert_eq!(Some(&asked.code().0), payload.first());
        let answered = answer(&mut server, None);
        assert_eq!(answered.first(), Some(&first), "{asked:?}: {answered:?}");
    }
    for (payload, code) in [(&b"\x08"[..], 1227), (b"\x05zoo", 1064), (b"\x63", 1064)] {
        asked(&mut server, payload);
        assert_eq!(error(&answer(&mut server, None)), code);
    }
}

#[test]
fn the_handlers_answer_is_in_place_of_the_sessions() {
    let mut server = logged_in();
    assert_eq!(
        asked(&mut server, b"\x05zoo"),
        Command::CreateDb(ComCreateDb {
            schema_name: "zoo".into()
        })
    );
    let ok = Outcome::Ok(Completion::default());
    assert_eq!(answer(&mut server, Some(ok)).first(), Some(&0));
    let unknown = asked(&mut server, b"\x63abc");
    assert_eq!(
        unknown,
        Command::Other {
            code: CommandCode(0x63),
            payload: "abc".into()
        }
    );
    let refused = Outcome::Error(Failure::no_schema());
    assert_eq!(error(&answer(&mut server, Some(refused))), 1046);
}

#[test]
fn a_session_asks_about_no_such_command_by_default() {
    let mut server = support::logged_in(support::server(), Some(SHARED), SHARED);
    assert_eq!(command(&mut server, "\x0e"), []);
    assert_eq!(sent(&mut server).first(), Some(&0));
}

#[test]
fn a_refused_kill_or_list_is_the_handlers_error() {
    let mut server = logged_in();
    let kill = command(&mut server, &b"\x0c\x63\0\0\0"[..]);
    let kill_99 = Question::Kill(Kill::connection(99));
    assert_eq!(kill, [Action::Ask(kill_99)]);
    let refused = || Event::from(Answer::Refused(Failure::access_denied("SUPER")));
    server.handle(refused()).unwrap();
    assert_eq!(error(&sent(&mut server)), 1227);
    let list = command(&mut server, "\x0a");
    assert_eq!(list, [Action::Ask(Question::Processes)]);
    server.handle(refused()).unwrap();
    assert_eq!(error(&sent(&mut server)), 1227);
    assert!(server.wants_packet());
}

#[test]
fn the_handler_is_told_of_each_statement_that_is_gone() {
    let mut server = logged_in();
    let ids = [(); 4].map(|()| prepare(&mut server, Ok(Prepared::default())));
    assert_eq!(ids, [Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!(
        command(&mut server, &b"\x19\x02\0\0\0"[..]),
        [Action::CloseStatement(2)]
    );
    // It is gone already.
    assert_eq!(command(&mut server, &b"\x19\x02\0\0\0"[..]), []);
    assert_eq!(
        command(&mut server, "\x1f"),
        [
            Action::CloseStatement(1),
            Action::CloseStatement(3),
            Action::CloseStatement(4),
            Action::Reset
        ]
    );
    server.output().clear();
    assert_eq!(prepare(&mut server, Ok(Prepared::default())), Some(1));
    let change = command(&mut server, &b"\x11ada\0\0\0"[..]);
    assert_eq!(change.first(), Some(&Action::CloseStatement(1)));
}

#[test]
fn a_statement_that_is_not_kept_is_closed_only_if_the_handler_has_accepted_it() {
    let mut server = logged_in();
    let id = prepare(&mut server, Err(Failure::no_schema()));
    assert_eq!((id, actions(&mut server)), (Some(1), Vec::new()));
    // Texts of four times the longest command are kept.
    let long = format!("\x16do {}", "1".repeat(950));
    let last = (0..10).find_map(|_| {
        command(&mut server, long.clone());
        let answer = Answer::Prepared(Ok(Prepared::default()));
        server.handle(Event::from(answer)).unwrap();
        server.output().clear();
        actions(&mut server).pop()
    });
    assert!(matches!(last, Some(Action::CloseStatement(_))), "{last:?}");
}
