//! Connections of the classic protocol.

use std::collections::HashMap;

use bytes::Bytes;
use mynah::ScriptServer;
use mynah_testkit::{Direction, Fixture, Line};

use super::{Message, Played, Settle, Talk, has, play_all};

/// Connections with an answer that differs, by the reason.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "numbers have the digits of their text",
        &[
            "mariadb-10.11/binary-numbers",
            "mariadb-10.11/prelude-functions",
            "mariadb-11.8/binary-numbers",
            "mariadb-11.8/prelude-functions",
            "mysql-5.6/binary-numbers",
            "mysql-9.7/binary-numbers",
        ],
    ),
    (
        "times in binary rows have as few bytes as they need",
        &[
            "mysql-5.6/statement-parameters",
            "mysql-5.6/statement-parameters-libmariadb",
        ],
    ),
];

#[test]
fn a_recording_of_a_classic_connection_gives_the_same_bytes() {
    play_all("classic", play, KNOWN, 321);
}

fn play(fixture: &Fixture, server: &ScriptServer) -> Played {
    if fixture.frames().next().is_some() {
        return Played::Nothing("its packets are compressed");
    }
    let is_client = |line: &&Line| line.direction == Direction::Client;
    let clients: Vec<_> = fixture.lines.iter().filter(is_client).collect();
    // A request for TLS comes first, if there is one.
    let response = clients
        .iter()
        .find(|line| line.payload.len() > LEN_OF_SSL_REQUEST);
    let Some(response) = response.filter(|line| (1..=2).contains(&line.sequence_id)) else {
        return Played::Nothing("there is no login");
    };
    let is_ok = |line: &Line| {
        line.direction == Direction::Server
            && line.sequence_id > 1
            && line.payload.first() == Some(&0)
    };
    let Some(begin) = fixture.lines.iter().position(is_ok) else {
        return Played::Nothing("the login fails");
    };
    let mut talk = Talk::connect(&server.address().to_string(), false);
    let greeting = fixture.lines.first().map(|line| &line.payload);
    if let Err(why) = log_in(&mut talk, response, greeting) {
        return Played::Differs(None, format!("login: {why}"));
    }
    let mut ids = Ids::default();
    talk.play(&fixture.lines[begin + 1..], &mut ids)
}

/// Logs in as the client did, in clear and with any password.
fn log_in(talk: &mut Talk, response: &Line, greeting: Option<&Bytes>) -> Result<(), String> {
    talk.read().map_err(|error| error.to_string())?;
    let mut payload = response.payload.to_vec();
    payload[1] &= !CLIENT_SSL;
    // The mock may offer more than the recorded server did.
    if let Some(offered) = greeting.and_then(|greeting| offered(greeting)) {
        for (index, (flags, offered)) in payload.iter_mut().zip(offered).enumerate() {
            // The first flag says whether the client is one of MariaDB.
            *flags &= offered | u8::from(index == 0);
        }
    }
    let mut sequence_id = 1;
    let mut line = Line {
        payload: payload.into(),
        sequence_id,
        ..response.clone()
    };
    loop {
        talk.send(&line).map_err(|error| error.to_string())?;
        loop {
            let (id, payload) = talk.read().map_err(|error| error.to_string())?;
            sequence_id = id.wrapping_add(1);
            match &payload[..] {
                [0, ..] => return Ok(()),
                // The server has accepted the password already.
                [1, 3] => {}
                [0xfe, ..] => break,
                other => return Err(super::shown(&(id, other.to_vec()), 0)),
            }
        }
        line = Line {
            sequence_id,
            payload: Bytes::from_static(&[7; 20]),
            ..line
        };
    }
}

/// The capability flags in a greeting.
fn offered(greeting: &[u8]) -> Option<[u8; 4]> {
    let end = greeting.iter().position(|byte| *byte == 0)?;
    // Behind the version: connection id, beginning of the nonce, filler; later the collation and the status.
    let low = greeting.get(end + 14..end + 16)?;
    let high = greeting.get(end + 19..end + 21)?;
    [low, high].concat().try_into().ok()
}

/// The ids of prepared statements, by the recorded ones; and nonces.
#[derive(Default)]
struct Ids(HashMap<[u8; 4], [u8; 4]>);

impl Settle for Ids {
    fn sent(&mut self, line: &Line) -> Line {
        let mut payload = line.payload.to_vec();
        if line.sequence_id == 0
            && let [code, rest @ ..] = &mut payload[..]
            && WITH_ID.contains(code)
            && let Some(id) = rest.first_chunk_mut()
            && let Some(own) = self.0.get(&*id)
        {
            *id = *own;
        }
        Line {
            payload: payload.into(),
            ..line.clone()
        }
    }

    fn received(&mut self, asked: &Line, wanted: &mut Message, found: &mut Message) {
        // Clients of MariaDB execute the statement that they have just asked to prepare.
        let prepares =
            asked.payload.first() == Some(&PREPARE) || asked.payload.starts_with(LAST_PREPARED);
        let is_prepared = |message: &Message| {
            message.0 == 1 && message.1.first() == Some(&0) && message.1.len() > 8
        };
        if prepares && is_prepared(wanted) && is_prepared(found) {
            let id = |message: &mut Message| -> [u8; 4] {
                let id: Vec<_> = message.1.drain(1..5).collect();
                id.try_into().unwrap()
            };
            self.0.insert(id(wanted), id(found));
        }
        // A login within the connection has a new nonce.
        let is_switch = |message: &Message| message.1.first() == Some(&0xfe) && message.1.len() > 9;
        if is_switch(wanted) && is_switch(found) {
            for (_, payload) in [wanted, found] {
                let len = payload.len().saturating_sub(LEN_OF_NONCE);
                payload.truncate(len);
            }
        }
    }

    fn is_end(&self, message: &Message) -> bool {
        // ER_NET_READ_ERROR.
        message.1.starts_with(b"\xff\x86\x04")
    }

    fn reason(&self, asked: &Line, wanted: &Message, found: &Message) -> Option<&'static str> {
        let code = asked.payload.first().filter(|_| asked.sequence_id == 0);
        let begin = |bytes: &[u8]| wanted.1.starts_with(bytes);
        let is_eof = |message: &Message| message.1.first() == Some(&0xfe) && message.1.len() == 5;
        let error = |message: &Message| -> Option<[u8; 9]> {
            let first = message.1.first_chunk().copied();
            first.filter(|first: &[u8; 9]| first[0] == 0xff)
        };
        Some(match code {
            _ if has(found, "the recorded answer is incomplete") => {
                "incomplete answers are never played"
            }
            _ if begin(b"\xff\xff\xff") => "progress reports aren't recorded",
            Some(0x12 | 0x13 | 0x15 | 0x1e) => "binary logs aren't recorded",
            Some(0x08 | 0x09 | 0x0a | 0x0c) => "what a server says of itself is the mock's own",
            Some(0x20) => "errors of commands without a statement are the mock's own",
            _ if begin(b"\xff\x17\x04") => {
                "errors of commands without a statement are the mock's own"
            }
            Some(0x11) | None => "the login within a connection is the mock's own",
            Some(0x04) => "default values in the answer to COM_FIELD_LIST aren't recorded",
            Some(&PREPARE) => "definitions of parameters aren't recorded",
            Some(0x17) if asked.payload.starts_with(LAST_PREPARED) && begin(b"\x03def") => {
                "definitions of parameters aren't recorded"
            }
            _ if is_eof(wanted) && is_eof(found) => {
                "flags and warnings in front of rows, and those about indexes, aren't played"
            }
            _ if error(wanted).is_some() && error(wanted) == error(found) => {
                "the words of errors about the session are the mock's own"
            }
            Some(0x17) if wanted.1.len() == 2 && found.1 == [wanted.1[0], 1] => {
                "columns that a client of MariaDB knows are sent again"
            }
            _ => return None,
        })
    }
}

const PREPARE: u8 = 0x16;
/// An execution of the statement that was prepared last.
const LAST_PREPARED: &[u8] = b"\x17\xff\xff\xff\xff";
/// Execute, send long data, close, reset, fetch, bulk execute.
const WITH_ID: [u8; 6] = [0x17, 0x18, 0x19, 0x1a, 0x1c, 0xfa];

/// In the second byte of the flags.
const CLIENT_SSL: u8 = 0x08;
const LEN_OF_SSL_REQUEST: usize = 32;
/// With the byte 0 behind it.
const LEN_OF_NONCE: usize = 21;
