//! Bytes behind commands and handshake responses: what real servers make of them, this one does.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeMap;

use bytes::Bytes;
use mynah_auth::LongNonce;
use mynah_classic::Capabilities;
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_session::classic::server::{Action, Event, Options, Server};
use mynah_session::{
    Account, Answer, Completion, Failure, Greeting, Outcome, Prepared, Question, Reply, ResultSet,
    RowsBuilder, Statistics,
};
use mynah_testkit::{Direction, Fixture, fixtures_folder};
use mynah_wire::{Message, Packet, PacketCodec};
use support::{SWITCH_NONCE, column, options, packet};
use tokio_util::codec::Decoder;

/// The first packet of an answer: what matters of it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    Accepted,
    /// The server wants to see another authentication response first.
    Switched,
    Refused(u16),
    /// None.
    Closed,
}

#[test]
fn bytes_behind_a_command_are_taken_or_refused_as_by_servers() {
    let mut differing = Vec::new();
    let recorded = recorded("behind-");
    assert!(recorded.len() > 40, "{}", recorded.len());
    for (name, servers) in recorded {
        // What this server serves though MySQL 9.7 has removed it, it serves as MariaDB does.
        let known = |fixture: &&Fixture| first(fixture) != Judged::Refused(UNKNOWN_COMMAND);
        let server = servers.values().rev().find(known);
        let Some(fixture) = server else {
            // No server has it: it is refused whatever stands behind.
            for (_, _, found) in replay(servers.values().next().unwrap(), Judged::Accepted) {
                assert!(
                    matches!(found, Judged::Refused(1047 | 1064 | 1227)),
                    "{name}: {found:?}"
                );
            }
            continue;
        };
        let own = |code: Judged| match code {
            // COM_CLONE, of which this server says that it is not supported.
            Judged::Refused(1524) => Judged::Refused(1064),
            code => code,
        };
        for (payload, wanted, found) in replay(fixture, first(fixture)) {
            // Bytes behind these are part of a name or a statement, which the handler judges.
            let has_rest = payload.ends_with(&[1]) || payload.ends_with(&[1, 2, 3, 4, 5]);
            if has_rest && AS_LONG_AS_THE_PACKET.contains(&&name[..]) {
                continue;
            }
            if own(wanted) != found {
                differing.push(format!("{name} {payload:02x?}: {wanted:?}, here {found:?}"));
            }
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
}

#[test]
fn handshake_responses_in_all_their_forms_are_taken_or_refused_as_by_mysql() {
    let recorded = recorded("login-form-");
    assert!(recorded.len() > 15, "{}", recorded.len());
    for (name, servers) in recorded {
        let fixture = &servers["mysql-9.7"];
        let lines = &fixture.lines;
        let mut server = greeted(u32::from_le_bytes(
            lines[1].payload[..4].try_into().unwrap(),
        ));
        server.handle(packet(1, lines[1].payload.clone())).ok();
        ask_nothing(&mut server, Judged::Accepted);
        assert_eq!(answered(&mut server), answer(&lines[2].payload), "{name}");
    }
}

/// The fixtures whose names begin so, by the rest of their names and by server.
fn recorded(prefix: &str) -> BTreeMap<String, BTreeMap<&'static str, Fixture>> {
    let mut recorded = BTreeMap::<String, BTreeMap<_, _>>::new();
    for server in ["mariadb-10.11", "mysql-9.7"] {
        for file in std::fs::read_dir(fixtures_folder("classic").join(server)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            if let Some(name) = name.strip_prefix(prefix) {
                let fixture = Fixture::read(&path).unwrap();
                recorded
                    .entry(name.to_owned())
                    .or_default()
                    .insert(server, fixture);
            }
        }
    }
    recorded
}

/// The client's commands behind the login, each with what the server answered to it.
fn commands(fixture: &Fixture) -> Vec<(Bytes, Judged)> {
    let lines = &fixture.lines;
    let mut commands = Vec::new();
    for (at, line) in lines.iter().enumerate().skip(2) {
        if line.direction == Direction::Client && line.sequence_id == 0 {
            // The packet with sequence id 0 that may follow announces the connection's end.
            let next = lines.get(at + 1).filter(|next| next.sequence_id == 1);
            let answer = next.map_or(Judged::Closed, |line| answer(&line.payload));
            commands.push((line.payload.clone(), answer));
        }
    }
    commands
}

/// What was answered to the command with nothing behind it.
fn first(fixture: &Fixture) -> Judged {
    let commands = commands(fixture);
    // Others prepare it; it and its likes come last.
    let command = commands.last().unwrap().0[0];
    let first = commands.iter().find(|(payload, _)| payload[0] == command);
    first.unwrap().1
}

/// Sends the same to a session whose handler answers `first`: payload, what the server answered, and
/// what the session answers.
fn replay(fixture: &Fixture, first: Judged) -> Vec<(Bytes, Judged, Judged)> {
    let response = &fixture.lines[1].payload;
    let capabilities = u32::from_le_bytes(response[..4].try_into().unwrap());
    let mut server = greeted(capabilities);
    server.handle(packet(1, response.clone())).unwrap();
    ask_nothing(&mut server, Judged::Accepted);
    if answered(&mut server) == Judged::Switched {
        server.handle(packet(3, Bytes::new())).unwrap();
        assert_eq!(answered(&mut server), Judged::Accepted);
    }
    let mut answers = Vec::new();
    let prepared = |payload: &Bytes, answer| payload[0] == 0x16 && answer == Judged::Accepted;
    let mut ids = (0, 0);
    for ((payload, wanted), line) in commands(fixture).into_iter().zip(command_lines(fixture)) {
        // Statements have the number that this session gives them.
        if prepared(&payload, wanted) {
            ids = (
                ids.0 + 1,
                u32::from_le_bytes(fixture.lines[line + 1].payload[1..5].try_into().unwrap()),
            );
        }
        let theirs = ids.1.to_le_bytes();
        let mut ours = payload.to_vec();
        if ours.len() >= 5 && ours[1..5] == theirs && matches!(ours[0], 0x17..=0x1c | 0xfa) {
            ours[1..5].copy_from_slice(&u32::to_le_bytes(ids.0));
        }
        server.handle(packet(0, ours)).ok();
        ask_nothing(&mut server, first);
        let mut found = answered(&mut server);
        if found == Judged::Switched {
            server.handle(packet(2, Bytes::new())).unwrap();
            ask_nothing(&mut server, first);
            assert_eq!(answered(&mut server), Judged::Accepted);
            found = Judged::Switched;
        }
        answers.push((payload, wanted, found));
    }
    answers
}

/// Where in a fixture its commands stand.
fn command_lines(fixture: &Fixture) -> impl Iterator<Item = usize> + '_ {
    let lines = fixture.lines.iter().enumerate().skip(2);
    let commands =
        lines.filter(|(_, line)| line.direction == Direction::Client && line.sequence_id == 0);
    commands.map(|(at, _)| at)
}

fn greeted(capabilities: u32) -> Server {
    let mut server = Server::new(Options {
        max_allowed_packet: 1 << 20,
        ..options()
    });
    assert_eq!(server.poll_action(), Some(Action::Ask(Question::Greeting)));
    let greeting = Greeting {
        capabilities: Some(Capabilities::from_halves(capabilities, 0)),
        ..Greeting::default()
    };
    server
        .handle(Event::from(Answer::Greeting(Ok(Box::new(greeting)))))
        .unwrap();
    server.output().clear();
    server
}

/// Answers all that the session asks: with `first` if that is an error, or else with success.
fn ask_nothing(server: &mut Server, first: Judged) {
    while let Some(action) = server.poll_action() {
        let failure = match first {
            Judged::Refused(code) => Some(Failure {
                code,
                sql_state: SqlState(*b"HY000"),
                message: "as recorded".into(),
            }),
            _ => None,
        };
        let event = match action {
            Action::Ask(Question::Account(_)) => {
                Event::from(Answer::Account(Ok(Box::new(Account {
                    auth_method_name: Some("caching_sha2_password".into()),
                    ..Account::default()
                }))))
            }
            Action::Ask(Question::Nonce) => {
                Event::from(Answer::Nonce(LongNonce::from_bytes(SWITCH_NONCE)))
            }
            Action::Ask(Question::Statement(_)) | Action::Ask(Question::Replication(_)) => {
                Event::from(Answer::Reply(Box::new(match failure {
                    Some(failure) => Outcome::Error(failure).into(),
                    None => reply(&action),
                })))
            }
            Action::Ask(Question::Prepared(_)) => Event::from(Answer::Prepared(match failure {
                Some(failure) if first == Judged::Refused(1064) => Err(failure),
                _ => Ok(Prepared::default()),
            })),
            Action::Ask(Question::Fields(_)) => Event::from(Answer::Fields(
                failure.map_or(Ok([column("a")].into()), Err),
            )),
            Action::Ask(Question::Statistics) => {
                Event::from(Answer::Statistics(Statistics::default()))
            }
            Action::Ask(Question::Processes) => Event::from(Answer::Processes(Vec::new())),
            Action::Ask(Question::Command(_)) => Event::from(Answer::Command(None)),
            Action::Ask(Question::Kill(_)) => Event::from(Answer::Killed(false)),
            _ => continue,
        };
        server.handle(event).unwrap();
    }
}

/// Three rows to a SELECT, and OK to all else.
fn reply(action: &Action) -> Reply {
    let Action::Ask(Question::Statement(statement)) = action else {
        return Outcome::Ok(Completion::default()).into();
    };
    if !statement.text.starts_with(b"SELECT") {
        return Outcome::Ok(Completion::default()).into();
    }
    let mut rows = RowsBuilder::default();
    for _ in 0..3 {
        rows.cell(Some(b"1"));
        rows.end_row();
    }
    Outcome::Rows(ResultSet {
        columns: [column("1")].into(),
        rows: rows.finish(),
        is_out_parameters: false,
        end: Default::default(),
    })
    .into()
}

/// The first packet that the session has sent; the others are taken away.
fn answered(server: &mut Server) -> Judged {
    let output = server.output();
    let first: Option<Packet> = PacketCodec.decode(output).unwrap();
    output.clear();
    first.map_or(Judged::Closed, |packet| answer(&packet.payload))
}

fn answer(payload: &Bytes) -> Judged {
    match payload[0] {
        0xff => {
            let error = ErrPacket::from_payload(payload, Capabilities::PROTOCOL_41).unwrap();
            Judged::Refused(error.error_code)
        }
        0xfe if payload.len() > 5 => Judged::Switched,
        _ => Judged::Accepted,
    }
}

const UNKNOWN_COMMAND: u16 = 1047;

const AS_LONG_AS_THE_PACKET: &[&str] = &["init-db", "query", "stmt-prepare"];
