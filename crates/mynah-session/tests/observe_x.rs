//! The observer between recorded clients and servers of the X Protocol.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::sync::LazyLock;
use std::time::Instant;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_session::fuzz::shown;
use mynah_session::observe::{
    CommandKind, Direction, Event, Loss, MessageKind, Observer, Options, Outcome,
};
use mynah_testkit::{fixtures_folder, hex};
use mynah_x::compress::{Algorithm, Compressor};
use mynah_x::connection::{Capabilities, CapabilitiesSet, Capability};
use mynah_x::datatypes::{Object, Scalar};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, ClientMessageType, ServerMessage};
use proptest::prelude::*;

type Pieces = Vec<(Direction, Bytes)>;

static RECORDED: LazyLock<Vec<(String, Pieces)>> = LazyLock::new(|| {
    let folder = fixtures_folder("x").join("mysql-9.7");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let pieces = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let words: Vec<_> = line.split(' ').collect();
                let direction = match words[0] {
                    "C" => Direction::Client,
                    "S" => Direction::Server,
                    other => panic!("{other}"),
                };
                let payload = hex::decode(words[2]).unwrap();
                let mut wire = BytesMut::new();
                wire.put_u32_le(u32::try_from(payload.len() + 1).unwrap());
                wire.put_u8(u8::from_str_radix(words[1], 16).unwrap());
                wire.put_slice(&payload);
                (direction, wire.freeze())
            });
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        all.push((name, pieces.collect()));
    }
    all.sort_by(|(one, _), (other, _)| String::cmp(one, other));
    all
});

fn observe(pieces: &Pieces, messages: bool, step: usize) -> Vec<Event> {
    let options = Options {
        messages,
        ..Options::default()
    };
    let now = Instant::now();
    let (mut observer, mut events) = (Observer::x(options, true, now), Vec::new());
    for (direction, bytes) in pieces {
        for piece in bytes.chunks(step) {
            observer.observe(*direction, piece, now, &mut |event| events.push(event));
        }
    }
    observer.end(now, &mut |event| events.push(event));
    events
}

/// Events in words.
fn all(events: &[Event]) -> Vec<String> {
    events.iter().map(shown).collect()
}

#[test]
fn everything_that_was_asked_for_in_a_recording_has_its_answer() {
    let (mut rows, mut finds, mut failed, mut compressed) = (0, 0, 0, 0);
    for (name, pieces) in RECORDED.iter() {
        let events = observe(pieces, true, usize::MAX);
        for event in &events {
            match event {
                Event::Completed(answer) => {
                    // What the server closes the connection over has no more of an answer.
                    let closes = ["too-early.hex", "unreadable.hex"].contains(&name.as_str());
                    let cut_off = answer.outcome == Outcome::CutOff;
                    assert!(closes || !cut_off, "{name}: {answer:?}");
                    rows += answer.rows;
                    finds += usize::from(
                        answer.command.kind == CommandKind::X(ClientMessageType::CRUD_FIND),
                    );
                    failed += usize::from(matches!(answer.outcome, Outcome::Failed(_)));
                }
                Event::Message(message) => {
                    let is = matches!(
                        message.kind,
                        MessageKind::X {
                            compressed: true,
                            ..
                        }
                    );
                    compressed += usize::from(is);
                }
                Event::Lost(Loss::CompressedMessage(_)) if makes_no_sense(name) => {}
                Event::Lost(loss) => panic!("{name}: {loss:?}"),
                _ => {}
            }
        }
        let logged_in = events.iter().any(|event| matches!(event, Event::LoggedIn));
        let refused = events
            .iter()
            .any(|event| matches!(event, Event::Refused(_)));
        // Some ask for something else before they log in, and leave.
        let others = ["capabilities", "early", "unreadable"];
        let other = others.iter().any(|word| name.contains(word));
        assert!(logged_in || refused || other, "{name}");
    }
    assert!(
        rows > 50 && finds > 3 && failed > 5 && compressed > 20,
        "{rows} {finds} {failed} {compressed}"
    );
}

/// Compressed messages that the server refuses: with bytes behind them that are no deflated block, or
/// not agreed on.
fn makes_no_sense(name: &str) -> bool {
    let rest = name.strip_prefix("behind-compression-");
    rest.is_some_and(|rest| rest.starts_with("unagreed") || matches!(rest, "5.hex" | "field.hex"))
}

/// A client that has agreed to compress, and sends these frames in one compressed message.
fn compressed(frames: &[u8], options: Options) -> Vec<Event> {
    let algorithm = Scalar::string(Algorithm::Deflate.name()).into();
    let value: Object = [("algorithm", algorithm)].into_iter().collect();
    let set = CapabilitiesSet {
        capabilities: Capabilities {
            capabilities: vec![Capability {
                name: "compression".to_owned(),
                value: value.into(),
            }],
        },
    };
    let message = Compressor::new(Algorithm::Deflate, 3)
        .unwrap()
        .client_message(frames)
        .unwrap();
    let now = Instant::now();
    let mut observer = Observer::x(options, true, now);
    let mut events = Vec::new();
    let put = |message: ClientMessage| {
        let mut wire = BytesMut::new();
        message.put(&mut wire);
        wire
    };
    let mut ok = BytesMut::new();
    ServerMessage::from(mynah_x::status::Ok::default()).put(&mut ok);
    for (direction, wire) in [
        (Direction::Client, put(set.into())),
        (Direction::Server, ok),
        (Direction::Client, put(message.into())),
    ] {
        observer.observe(direction, &wire, now, &mut |event| events.push(event));
    }
    observer.end(now, &mut |event| events.push(event));
    events
}

fn statement(len: usize) -> BytesMut {
    let mut wire = BytesMut::new();
    let statement = StmtExecute {
        stmt: vec![b'x'; len].into(),
        ..StmtExecute::default()
    };
    ClientMessage::from(statement).put(&mut wire);
    wire
}

#[test]
fn what_is_held_of_a_compressed_message_is_not_all_that_was_in_it() {
    let mut frames = statement(10);
    frames.extend_from_slice(&statement(30_000));
    let options = Options {
        messages: true,
        max_held: 10_000,
    };
    let mut held = 0;
    for event in compressed(&frames, options) {
        let payload = match event {
            Event::Completed(answer) => answer.command.payload,
            Event::Message(message) => message.payload,
            _ => continue,
        };
        assert!(payload.len() <= options.max_held);
        held += 1;
        // It is the only reference, so that its room is that of the buffer.
        if let Ok(buffer) = payload.try_into_mut() {
            assert!(
                buffer.capacity() <= options.max_held,
                "{}",
                buffer.capacity()
            );
        }
    }
    assert_eq!(held, 7);
}

#[test]
fn a_compressed_message_that_does_not_hold_whole_ones_is_an_event() {
    for cut in [1, 4, 9, 14] {
        let events = compressed(&statement(10)[..cut], Options::default());
        let last = events.last().unwrap();
        assert!(
            matches!(last, Event::Lost(Loss::CompressedMessage(_))),
            "{last:?}"
        );
    }
}

proptest! {
    #[test]
    fn the_trace_does_not_depend_on_how_the_bytes_are_cut(
        which in any::<prop::sample::Index>(),
        step in 1usize..300,
        messages in any::<bool>(),
    ) {
        let (name, pieces) = which.get(&RECORDED);
        let (whole, cut) = (observe(pieces, messages, usize::MAX), observe(pieces, messages, step));
        prop_assert_eq!(all(&whole), all(&cut), "{}", name);
    }

    #[test]
    fn garbage_of_both_sides_is_survived(
        pieces in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..40)), 0..30),
    ) {
        let pieces: Pieces = pieces.into_iter().map(|(client, bytes)| {
            let direction = if client { Direction::Client } else { Direction::Server };
            (direction, bytes.into())
        }).collect();
        let (whole, cut) = (observe(&pieces, true, usize::MAX), observe(&pieces, true, 1));
        prop_assert_eq!(all(&whole), all(&cut));
    }
}
