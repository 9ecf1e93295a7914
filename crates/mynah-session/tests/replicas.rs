//! Replicas, whose commands a handler answers.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use bytes::Bytes;
use mynah_classic::command::{BinlogDumpFlags, ComBinlogDump, ComRegisterSlave};
use mynah_classic::response::{EofPacket, OkPacket};
use mynah_session::classic::server::{Action, Event, Server};
use mynah_session::{Answer, Outcome, Question, Statement, StatementCommand};
use mynah_wire::Message;
use support::Step::{In, Out, Sends};
use support::{SHARED, logged_in, packet, play, sends, server};

fn asked(server: &Server, command: StatementCommand, text: &'static str) -> Action {
    Action::Ask(Question::Replication(Statement {
        state: server.session().unwrap().clone(),
        ..Statement::new(command, text)
    }))
}

fn log(events: &[&'static [u8]]) -> Event {
    let events = events.iter().copied().map(Bytes::from_static).collect();
    Event::from(Answer::Reply(Box::new(Outcome::Binlog(events).into())))
}

#[test]
fn a_replica_that_registers_gets_ok_even_if_the_handler_answers_with_a_log() {
    let register = ComRegisterSlave {
        server_id: 2,
        slaves_hostname: "h".into(),
        slaves_user: Bytes::new(),
        slaves_password: Bytes::new(),
        slaves_mysql_port: 0,
        replication_rank: 0,
        master_id: 0,
    };
    let register = register.to_payload(()).unwrap();
    let mut server = logged_in(server(), None, SHARED);
    let question = || asked(&server, StatementCommand::RegisterReplica, "h");
    let (first, second) = (question(), question());
    play(
        &mut server,
        [
            In(packet(0, register.clone())),
            Out(first),
            In(log(&[])),
            sends(1, &OkPacket::default(), SHARED),
            In(packet(0, register)),
            Out(second),
            In(log(&[b"event"])),
            sends(1, &OkPacket::default(), SHARED),
        ],
    );
}

#[test]
fn a_request_for_a_log_gets_its_events_and_an_eof_packet() {
    let dump = ComBinlogDump {
        binlog_pos: 4,
        flags: BinlogDumpFlags::empty(),
        server_id: 2,
        binlog_filename: "binlog.1".into(),
    };
    let mut server = logged_in(server(), None, SHARED);
    let question = asked(&server, StatementCommand::BinlogDump, "binlog.1");
    let end = EofPacket::default().to_payload(SHARED).unwrap();
    play(
        &mut server,
        [
            In(packet(0, dump.to_payload(()).unwrap())),
            Out(question),
            In(log(&[b"event"])),
            Sends(vec![(1, Bytes::from_static(b"\0event")), (2, end)]),
        ],
    );
}
