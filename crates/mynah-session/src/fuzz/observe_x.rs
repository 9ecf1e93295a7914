use std::time::Instant;

use bytes::{Bytes, BytesMut};
use mynah_x::compress::Algorithm;
use mynah_x::connection::{Capabilities, CapabilitiesSet, Capability};
use mynah_x::datatypes::{Object, Scalar};
use mynah_x::{ClientMessage, ServerMessage, status};

use super::observe::shown;
use super::pieces::cut;
use crate::observe::{Direction, Event, Observer, Options};

/// Fuzz target: gives an observer of the X Protocol any bytes from both sides, and panics if its events depend on
/// how the bytes are cut, if a command isn't completed once and in order, or if more bytes are held than is
/// allowed.
///
/// The first byte chooses the events, how much is held, whether TLS is terminated here, and whether both sides have
/// agreed to compress. Each piece that follows is a byte for the sender and the length, and the bytes.
pub fn observe_x(data: &[u8]) {
    let Some((&how, rest)) = data.split_first() else {
        return;
    };
    let mut pieces = Vec::new();
    let algorithm = match how >> 3 & 3 {
        0 => None,
        1 => Some(Algorithm::Deflate),
        2 => Some(Algorithm::Lz4),
        _ => Some(Algorithm::Zstd),
    };
    pieces.extend(algorithm.into_iter().flat_map(agreement));
    pieces.extend(cut(rest));
    let options = Options {
        messages: how & 1 != 0,
        max_held: if how & 2 == 0 { 16 * 1024 } else { 20 },
    };
    let tls_ends_here = how & 4 != 0;
    let whole = trace(&pieces, options, tls_ends_here, usize::MAX);
    assert_eq!(whole, trace(&pieces, options, tls_ends_here, 1));
    assert_eq!(whole, trace(&pieces, options, tls_ends_here, 7));
}

fn trace(
    pieces: &[(Direction, Bytes)],
    options: Options,
    tls_ends_here: bool,
    step: usize,
) -> Vec<String> {
    let now = Instant::now();
    let mut observer = Observer::x(options, tls_ends_here, now);
    let (mut started, mut completed, mut seen) = (0, 0, Vec::new());
    let mut see = |event: Event| {
        match &event {
            Event::Started(command) => {
                started += 1;
                assert_eq!(command.number, started, "started out of order");
            }
            Event::Completed(answer) => {
                completed += 1;
                assert_eq!(answer.command.number, completed, "completed out of order");
                assert!(completed <= started, "completed, not started");
                assert!(
                    answer.command.payload.len() <= options.max_held,
                    "held too much"
                );
            }
            Event::Message(message) => {
                assert!(message.payload.len() <= options.max_held, "held too much");
                assert!(
                    message.payload.len() as u64 <= message.len,
                    "longer than it was"
                );
            }
            _ => {}
        }
        seen.push(shown(&event));
    };
    for (direction, piece) in pieces {
        for part in piece.chunks(step) {
            observer.observe(*direction, part, now, &mut see);
            assert!(observer.held() <= most_held(options), "holds too much");
        }
    }
    observer.end(now, &mut see);
    assert_eq!(started, completed, "never completed");
    seen
}

/// A message of each side that has begun, whose buffers may have room for twice as much, and what
/// waits for an answer.
fn most_held(options: Options) -> usize {
    const BUFFER: usize = 128;
    (2 * 2 + 1) * options.max_held + BUFFER
}

/// A client that asks for compression, and a server that agrees.
fn agreement(algorithm: Algorithm) -> [(Direction, Bytes); 2] {
    let algorithm = Scalar::string(algorithm.name()).into();
    let value: Object = [("algorithm", algorithm)].into_iter().collect();
    let set = CapabilitiesSet {
        capabilities: Capabilities {
            capabilities: vec![Capability {
                name: "compression".to_owned(),
                value: value.into(),
            }],
        },
    };
    let (mut client, mut server) = (BytesMut::new(), BytesMut::new());
    ClientMessage::from(set).put(&mut client);
    ServerMessage::from(status::Ok::default()).put(&mut server);
    [
        (Direction::Client, client.freeze()),
        (Direction::Server, server.freeze()),
    ]
}
