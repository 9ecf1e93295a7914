//! One playbook per edge of the state diagram: the client's bytes, the connection's state, and the expected
//! decision.

mod x;

use std::task::{Context, Waker};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::response::{ErrPacket, OkPacket};
use mynah_wire::{Message as _, Splitter};
use mynah_x::session::AuthenticateStart;
use mynah_x::sql::StmtExecute;
use mynah_x::status::{Error, Severity};
use mynah_x::{ClientMessage, ServerMessage};

use super::*;
use mynah_session::{Completion, Outcome};

const SHARED: Capabilities = Capabilities::PROTOCOL_41;
const READY: Standing = Standing::Ready(SHARED);

fn keeper(gate: impl FnMut(&GateCommand<'_>) -> Decision + 'static) -> Gatekeeper {
    Gatekeeper::new(Box::new(gate), false)
}

fn x_keeper(gate: impl FnMut(&GateCommand<'_>) -> Decision + 'static) -> Gatekeeper {
    Gatekeeper::new(Box::new(gate), true)
}

fn refuse(_: &GateCommand<'_>) -> Decision {
    Decision::Refuse(Failure::general(1105, "no"))
}

fn never(command: &GateCommand<'_>) -> Decision {
    panic!("{command:?} is no command")
}

fn packet(sequence_id: u8, payload: impl AsRef<[u8]>) -> Bytes {
    let mut wire = BytesMut::new();
    Splitter::new(sequence_id).payload(&mut wire, payload.as_ref());
    wire.freeze()
}

fn error_packet(sequence_id: u8) -> Bytes {
    let error = ErrPacket {
        error_code: 1105,
        sql_state: Some(mynah_classic::response::SqlState::GENERAL_ERROR),
        error_message: "no".into(),
    };
    packet(sequence_id, error.to_payload(SHARED).unwrap())
}

fn statement(text: &'static str) -> Bytes {
    let mut wire = BytesMut::new();
    ClientMessage::from(StmtExecute {
        stmt: text.into(),
        ..StmtExecute::default()
    })
    .put(&mut wire);
    wire.freeze()
}

fn poll(keeper: &mut Gatekeeper, now: Instant) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    keeper.poll_held(&mut cx, now).is_ready()
}

#[test]
fn between_to_passing_to_between() {
    let now = Instant::now();
    let mut keeper = keeper(|command| {
        assert_eq!(command.name(), Some("COM_QUERY"));
        assert_eq!(command.statement(), Some(&b"select 1"[..]));
        assert_eq!((command.payload(), command.len()), (&b"select 1"[..], 8));
        Decision::Pass
    });
    let wire = packet(0, "\x03select 1").repeat(2);
    for part in [1, 4, 7] {
        assert_eq!(keeper.admit(&wire[..part], READY, now), Admitted::More);
    }
    let len = wire.len() / 2;
    assert_eq!(keeper.admit(&wire, READY, now), Admitted::Pass(len));
    assert_eq!(keeper.admit(&wire[len..], READY, now), Admitted::Pass(len));
}

#[test]
fn between_to_passing_where_a_fault_is_due() {
    let now = Instant::now();
    let mut keeper = keeper(refuse);
    let wire = packet(0, "\x03commit").repeat(2);
    let len = wire.len() / 2;
    let due = |keeper: &mut Gatekeeper, bytes: &[u8], standing| {
        keeper.due(bytes, standing, |command| {
            command.statement().map(Bytes::copy_from_slice)
        })
    };
    // Not before the command is there, and those before it are answered.
    assert_eq!(due(&mut keeper, &wire[..7], READY), None);
    assert_eq!(due(&mut keeper, &wire, Standing::AnswerDue), None);
    assert_eq!(due(&mut keeper, &wire, Standing::Opaque), None);
    let commit = Some(Bytes::from("commit"));
    assert_eq!(due(&mut keeper, &wire, READY), commit);
    // It is asked for once, and the gate isn't: the command passes as a whole.
    assert_eq!(due(&mut keeper, &wire, READY), None);
    assert_eq!(keeper.admit(&wire[..5], READY, now), Admitted::Pass(5));
    assert!(!keeper.is_between());
    assert_eq!(
        keeper.admit(&wire[5..], READY, now),
        Admitted::Pass(len - 5)
    );
    assert!(keeper.is_between());
    let dropped = Admitted::Drop(len, error_packet(1));
    assert_eq!(keeper.admit(&wire[len..], READY, now), dropped);
}

#[test]
fn commands_are_about_what_traces_say() {
    for (command, about) in [
        (&b"\x03select 1"[..], &b"select 1"[..]),
        (b"\x16select ?", b"select ?"),
        (b"\x02shop", b"shop"),
        (b"\x05shop", b"shop"),
        (b"\x04orders\0%", b"orders"),
        (b"\x0c\x07\0\0\0", b"7"),
        (b"\x12\x04\0\0\0\0\0\x01\0\0\0bin.1", b"bin.1"),
        (b"\x0e", b""),
    ] {
        let wire = packet(0, command);
        let mut keeper = keeper(never);
        let found = keeper.due(&wire, READY, |command| Some(command.about()));
        assert_eq!(found.as_deref(), Some(about), "{command:?}");
    }
}

#[test]
fn a_keeper_without_a_gate_is_dispensable_between_commands() {
    let now = Instant::now();
    let wire = packet(0, "\x03commit");
    let mut keeper = Gatekeeper::without_gate(false);
    assert_eq!(
        keeper.admit(&wire[..5], Standing::Opaque, now),
        Admitted::Pass(5)
    );
    assert!(!keeper.is_dispensable());
    assert_eq!(
        keeper.admit(&wire[5..], READY, now),
        Admitted::Pass(wire.len() - 5)
    );
    assert!(keeper.is_dispensable());
    assert_eq!(keeper.admit(&wire, READY, now), Admitted::Pass(wire.len()));
    assert!(!Gatekeeper::new(Box::new(refuse), false).is_dispensable());
}

#[test]
fn between_to_passing_by_what_is_no_command() {
    let now = Instant::now();
    let file = packet(2, "\x03select 1");
    for standing in [READY, Standing::AnswerDue] {
        let len = file.len();
        assert_eq!(
            keeper(never).admit(&file, standing, now),
            Admitted::Pass(len)
        );
    }
    let mut wire = BytesMut::new();
    ClientMessage::from(AuthenticateStart {
        mech_name: "PLAIN".to_owned(),
        auth_data: None,
        initial_response: None,
    })
    .put(&mut wire);
    let len = wire.len();
    assert_eq!(
        x_keeper(never).admit(&wire, READY, now),
        Admitted::Pass(len)
    );
}

#[test]
fn what_is_opaque_passes_and_a_command_that_began_in_it_too() {
    let now = Instant::now();
    let (begun, command) = (packet(0, "\x03select 1"), packet(0, "\x0e"));
    let (first, rest) = begun.split_at(6);
    let mut keeper = keeper(refuse);
    assert_eq!(
        keeper.admit(first, Standing::Opaque, now),
        Admitted::Pass(6)
    );
    let both = [rest, &command].concat();
    assert_eq!(keeper.admit(&both, READY, now), Admitted::Pass(rest.len()));
    let dropped = Admitted::Drop(command.len(), error_packet(1));
    assert_eq!(keeper.admit(&command, READY, now), dropped);
}

#[test]
fn between_to_between_while_an_answer_is_due() {
    let now = Instant::now();
    let wire = packet(0, "\x0e");
    let mut keeper = keeper(refuse);
    let admitted = keeper.admit(&wire, Standing::AnswerDue, now);
    assert_eq!(admitted, Admitted::Wait(None));
    let dropped = Admitted::Drop(wire.len(), error_packet(1));
    assert_eq!(keeper.admit(&wire, READY, now), dropped);
}

#[test]
fn between_to_dropping_to_between_by_an_error_or_an_ok() {
    let now = Instant::now();
    let wire = packet(0, "\x03drop table t");
    let done = Completion {
        affected_rows: 3,
        ..Completion::default()
    };
    let mut keeper = keeper(move |_| Decision::answer(Outcome::Ok(done.clone())));
    let Admitted::Drop(len, answer) = keeper.admit(&wire, READY, now) else {
        panic!("it is answered");
    };
    assert_eq!((len, answer[3]), (wire.len(), 1));
    let ok = OkPacket::from_payload(&answer.slice(4..), SHARED).unwrap();
    assert_eq!(ok.affected_rows, 3);
}

#[test]
fn dropping_continues_to_the_end_of_a_command_of_several_packets() {
    let now = Instant::now();
    let wire = packet(0, vec![3; mynah_wire::MAX_PAYLOAD_LEN + 5]);
    let mut keeper = keeper(refuse);
    let half = 1 << 20;
    let dropped = keeper.admit(&wire[..half], READY, now);
    assert_eq!(dropped, Admitted::Drop(half, Bytes::new()));
    let rest = [&wire[half..], b"\x01\0\0\0\x0e"].concat();
    let dropped = Admitted::Drop(wire.len() - half, error_packet(2));
    assert_eq!(keeper.admit(&rest, READY, now), dropped);
}

#[test]
fn commands_without_an_answer_are_just_dropped() {
    let now = Instant::now();
    let close = packet(0, b"\x19\x01\0\0\0");
    let dropped = keeper(refuse).admit(&close, READY, now);
    assert_eq!(dropped, Admitted::Drop(close.len(), Bytes::new()));
}

#[test]
fn messages_of_the_x_protocol_are_answered_and_refused() {
    let now = Instant::now();
    let wire = statement("do 1");
    let mut answering = x_keeper(|command| {
        assert_eq!(command.statement(), Some(&b"do 1"[..]));
        Decision::answer(Outcome::Ok(Completion::default()))
    });
    let Admitted::Drop(len, answer) = answering.admit(&wire, READY, now) else {
        panic!("it is answered");
    };
    assert_eq!(len, wire.len());
    assert!(answer.ends_with(b"\x01\0\0\0\x11"), "{answer:?}");
    let mut error = BytesMut::new();
    ServerMessage::from(Error {
        severity: Some(Severity::Error.into()),
        code: 1105,
        msg: "no".to_owned(),
        sql_state: "HY000".to_owned(),
    })
    .put(&mut error);
    let dropped = Admitted::Drop(wire.len(), error.freeze());
    assert_eq!(x_keeper(refuse).admit(&wire, READY, now), dropped);
}

#[test]
fn between_to_delayed_to_passing() {
    let now = Instant::now();
    let time = Duration::from_secs(5);
    let wire = packet(0, "\x0e");
    let mut keeper = keeper(move |_| Decision::Delay(time));
    let wait = Admitted::Wait(Some(now + time));
    assert_eq!(keeper.admit(&wire, READY, now), wait);
    assert_eq!(keeper.admit(&wire, READY, now + time / 2), wait);
    let passes = Admitted::Pass(wire.len());
    assert_eq!(keeper.admit(&wire, READY, now + time), passes);
}

#[test]
fn between_to_held_to_what_is_decided() {
    let now = Instant::now();
    let time = Duration::from_secs(5);
    let wire = packet(0, "\x0e");
    let refused = Decision::Refuse(Failure::general(1105, "no"));
    for (decision, admitted) in [
        (Some(Decision::Pass), Admitted::Pass(wire.len())),
        (Some(refused), Admitted::Drop(wire.len(), error_packet(1))),
        (
            Some(Decision::Delay(time)),
            Admitted::Wait(Some(now + time)),
        ),
        // The gate has forgotten it.
        (None, Admitted::Pass(wire.len())),
    ] {
        let (held, release) = Held::new();
        let mut held = Some(held);
        let mut keeper = keeper(move |_| Decision::Hold(held.take().unwrap()));
        assert_eq!(keeper.admit(&wire, READY, now), Admitted::Wait(None));
        assert!(!poll(&mut keeper, now));
        assert_eq!(keeper.admit(&wire, READY, now), Admitted::Wait(None));
        match decision {
            Some(decision) => release.decide(decision),
            None => drop(release),
        }
        assert!(poll(&mut keeper, now));
        assert_eq!(keeper.admit(&wire, READY, now), admitted);
    }
}

fn rows() -> Reply {
    let end = Completion::default();
    let columns = [mynah_classic::resultset::ColumnDefinition41::default()].into();
    let rows = [[Some(&b"1"[..])], [None]].into_iter().collect();
    Outcome::Rows(mynah_session::ResultSet {
        columns,
        rows,
        end,
        is_out_parameters: false,
    })
    .into()
}

#[test]
fn between_to_delayed_to_dropping_by_rows_that_take_their_time() {
    let now = Instant::now();
    let time = Duration::from_secs(5);
    let wire = packet(0, "\x03select 1");
    let mut keeper = keeper(move |_| {
        Decision::answer(Reply {
            exec_time: time,
            ..rows()
        })
    });
    let wait = Admitted::Wait(Some(now + time));
    assert_eq!(keeper.admit(&wire, READY, now), wait);
    let Admitted::Drop(_, answer) = keeper.admit(&wire, READY, now + time) else {
        panic!("it is answered");
    };
    let mut response =
        mynah_session::classic::Response::new(mynah_classic::command::CommandCode::QUERY, SHARED);
    let mut packets = &answer[..];
    let mut parts = Vec::new();
    while let [len, _, _, _, rest @ ..] = packets {
        let (payload, rest) = rest.split_at((*len).into());
        parts.push(response.receive(&Bytes::copy_from_slice(payload)).unwrap());
        packets = rest;
    }
    assert!(response.is_complete(), "{parts:?}");
    assert_eq!(response.rows(), 2);
}

#[test]
fn commands_whose_answer_is_neither_ok_nor_rows_fail() {
    let now = Instant::now();
    for (code, is_error) in [("\x16select 1", true), ("\x09", true), ("\x0e", false)] {
        let wire = packet(0, code);
        let dropped = keeper(|_| Decision::answer(rows())).admit(&wire, READY, now);
        let Admitted::Drop(_, answer) = dropped else {
            panic!("it is answered");
        };
        assert_eq!((answer[4] == 0xff, answer[4] == 0), (is_error, !is_error));
    }
}
