use std::collections::BTreeSet;
use std::time::Instant;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::connection::{Handshake, HandshakeResponse41, HandshakeV10};
use mynah_classic::response::{OkHeader, OkPacket};
use mynah_wire::{Message, Splitter};

use super::pieces::cut;
use crate::observe::{Direction, Event, Observer, Options};

/// Fuzz target: gives an observer of the classic protocol any bytes from both sides, and panics if its events
/// depend on how the bytes are cut, or if a command that has started isn't completed once.
///
/// The first byte chooses whether the input begins with a login, and which events are reported. Each piece that
/// follows is a byte for the sender and the length, and the bytes.
#[allow(clippy::panic, reason = "this is an assertion")]
pub fn observe(data: &[u8]) {
    let Some((&how, rest)) = data.split_first() else {
        return;
    };
    let mut pieces = Vec::new();
    if how & 1 != 0 {
        pieces.extend(login(how));
    }
    pieces.extend(cut(rest));
    let options = Options {
        messages: how & 2 != 0,
        max_held: if how & 4 == 0 { 16 * 1024 } else { 20 },
    };
    let whole = trace(&pieces, options, usize::MAX);
    assert_eq!(whole, trace(&pieces, options, 1));
    assert_eq!(whole, trace(&pieces, options, 7));
}

fn trace(pieces: &[(Direction, Bytes)], options: Options, step: usize) -> Vec<String> {
    let now = Instant::now();
    let mut observer = Observer::classic(options, now);
    let (mut open, mut seen) = (BTreeSet::new(), Vec::new());
    let mut see = |event: Event| {
        match &event {
            Event::Started(command) => assert!(open.insert(command.number), "started twice"),
            Event::Completed(answer) => {
                let number = answer.command.number;
                assert!(open.remove(&number), "completed, not started");
            }
            _ => {}
        }
        seen.push(shown(&event));
    };
    for (direction, piece) in pieces {
        for part in piece.chunks(step) {
            observer.observe(*direction, part, now, &mut see);
        }
    }
    observer.end(now, &mut see);
    assert!(open.is_empty(), "never completed: {open:?}");
    seen
}

/// An event as text, for comparing two runs of a fuzz target. What the observer knows of a prepared statement
/// depends on when it is asked, so it is left out.
#[must_use]
pub fn shown(event: &Event) -> String {
    match event {
        Event::Started(command) => format!("started {} {:?}", command.number, command.kind),
        Event::Completed(answer) => format!(
            "completed {} {:?} {:?} {} rows {} results {} {} {} {} {} {:?}",
            answer.command.number,
            answer.command.payload,
            answer.outcome,
            answer.rows,
            answer.results,
            answer.sent,
            answer.received,
            answer.affected_rows,
            answer.last_insert_id,
            answer.warnings,
            answer.status_flags,
        ),
        event => format!("{event:?}"),
    }
}

/// A login, with capabilities that the bits decide.
#[allow(clippy::expect_used, reason = "this is an assertion")]
fn login(how: u8) -> [(Direction, Bytes); 3] {
    let mut capabilities = Capabilities::PROTOCOL_41
        | Capabilities::SECURE_CONNECTION
        | Capabilities::PLUGIN_AUTH
        | Capabilities::PLUGIN_AUTH_LENENC_CLIENT_DATA
        | Capabilities::LOCAL_FILES
        | Capabilities::MULTI_RESULTS;
    for (bit, capability) in [
        (8, Capabilities::DEPRECATE_EOF),
        (16, Capabilities::COMPRESS),
        (32, Capabilities::QUERY_ATTRIBUTES),
        (64, Capabilities::MARIADB_PROGRESS),
        (128, Capabilities::SESSION_TRACK),
    ] {
        capabilities.set(capability, how & bit != 0);
    }
    let greeting = Handshake::V10(HandshakeV10 {
        server_version: "9".into(),
        thread_id: 1,
        auth_plugin_data: Bytes::from_static(&[b'n'; 20]),
        capabilities,
        character_set: 8,
        status_flags: Default::default(),
        auth_plugin_name: "mysql_native_password".into(),
    });
    let response = HandshakeResponse41 {
        capabilities,
        max_packet_size: 1 << 24,
        character_set: 8,
        username: "u".into(),
        auth_response: Bytes::new(),
        database: Bytes::new(),
        client_plugin_name: "mysql_native_password".into(),
        attributes: Default::default(),
        zstd_compression_level: 0,
    };
    let ok = OkPacket {
        header: OkHeader::Ok,
        affected_rows: 0,
        last_insert_id: 0,
        status_flags: Default::default(),
        warnings: 0,
        info: None,
        session_state_changes: Default::default(),
    };
    let packet = |sequence_id, payload: Result<Bytes, _>| {
        let mut wire = bytes::BytesMut::new();
        let payload: Bytes = payload
            .map_err(|_: mynah_wire::EncodeError| ())
            .expect("it has a form");
        Splitter::new(sequence_id).payload(&mut wire, &payload);
        wire.freeze()
    };
    [
        (Direction::Server, packet(0, greeting.to_payload(()))),
        (Direction::Client, packet(1, response.to_payload(()))),
        (Direction::Server, packet(2, ok.to_payload(capabilities))),
    ]
}
