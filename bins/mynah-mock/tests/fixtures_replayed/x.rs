//! Connections of the X Protocol.

use bytes::BytesMut;
use mynah::ScriptServer;
use mynah_testkit::{Direction, Fixture, Line};
use mynah_x::notice::SessionStateChanged;
use mynah_x::{Frame, Message as _, ServerMessage};

use super::{Message, Played, Settle, Talk, has, play_all};

/// Connections with an answer that differs, by the reason.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "the list of clients is the mock's own",
        &["mysql-9.7/commands"],
    ),
    (
        "errors of arguments that don't fit are the mock's own",
        &["mysql-9.7/failures"],
    ),
    (
        "a statement that was prepared and never run isn't recorded",
        &["mysql-9.7/reset"],
    ),
];

#[test]
fn a_recording_of_an_x_connection_gives_the_same_bytes() {
    play_all("x", play, KNOWN, 94);
}

fn play(fixture: &Fixture, server: &ScriptServer) -> Played {
    let is_compressed = |line: &Line| match line.direction {
        Direction::Client => line.sequence_id == COMPRESSION_OF_CLIENT,
        Direction::Server => line.sequence_id == COMPRESSION,
    };
    if fixture.lines.iter().any(is_compressed) {
        return Played::Nothing("its messages are compressed");
    }
    let is_ok =
        |line: &Line| line.direction == Direction::Server && line.sequence_id == AUTHENTICATE_OK;
    let Some(begin) = fixture.lines.iter().position(is_ok) else {
        return Played::Nothing("the login fails");
    };
    let mut talk = Talk::connect(&server.x_addresses()[0].to_string(), true);
    if let Err(error) = log_in(&mut talk) {
        return Played::Differs(None, format!("login: {error}"));
    }
    talk.play(&fixture.lines[begin + 1..], &mut Shortest)
}

/// Logs in by MYSQL41, without a password.
fn log_in(talk: &mut Talk) -> std::io::Result<()> {
    let line = |sequence_id, payload: &'static [u8]| Line {
        direction: Direction::Client,
        sequence_id,
        uncompressed_len: None,
        payload: payload.into(),
    };
    talk.send(&line(4, b"\x0a\x07MYSQL41"))?;
    while talk.read()?.0 != AUTHENTICATE_CONTINUE {}
    talk.send(&line(5, b"\x0a\x06\0root\0"))?;
    while talk.read()?.0 != AUTHENTICATE_OK {}
    Ok(())
}

/// Messages in the shortest form: MySQL writes lengths in more bytes than they need.
struct Shortest;

impl Settle for Shortest {
    fn sent(&mut self, line: &Line) -> Line {
        line.clone()
    }

    fn received(&mut self, _asked: &Line, wanted: &mut Message, found: &mut Message) {
        for (message_type, payload) in [wanted, found] {
            match *message_type {
                // A login within the connection has a new nonce.
                AUTHENTICATE_CONTINUE => payload.clear(),
                message_type => shorten(message_type, payload),
            }
        }
    }

    fn is_end(&self, _message: &Message) -> bool {
        false
    }

    fn reason(&self, _asked: &Line, _wanted: &Message, found: &Message) -> Option<&'static str> {
        has(found, "the recorded answer is incomplete")
            .then_some("incomplete answers are never played")
    }
}

fn shorten(message_type: u8, payload: &mut Vec<u8>) {
    let frame = Frame {
        message_type,
        payload: payload.clone().into(),
    };
    let Ok(mut message) = ServerMessage::from_frame(&frame) else {
        return;
    };
    if let ServerMessage::Notice(notice) = &mut message {
        let inner = notice.payload.take().unwrap_or_default();
        notice.payload = match SessionStateChanged::from_payload(&inner) {
            Ok(mut changed) if notice.r#type == STATE_CHANGED => {
                // After a login within the connection, the client has another id.
                if changed.param == CLIENT_ID_ASSIGNED {
                    changed.value.clear();
                }
                Some(changed.to_payload())
            }
            _ => Some(inner),
        };
    }
    let mut wire = BytesMut::new();
    message.put(&mut wire);
    *payload = wire[LEN_OF_HEADER..].to_vec();
}

const STATE_CHANGED: u32 = 3;
const CLIENT_ID_ASSIGNED: i32 = 11;
const LEN_OF_HEADER: usize = 5;
const AUTHENTICATE_CONTINUE: u8 = 3;
const AUTHENTICATE_OK: u8 = 4;
const COMPRESSION: u8 = 19;
const COMPRESSION_OF_CLIENT: u8 = 46;
