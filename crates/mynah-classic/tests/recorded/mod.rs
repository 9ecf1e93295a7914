//! The packets of a recorded conversation, those inside compressed frames too.

use std::io::Read;

use bytes::{Buf, Bytes, BytesMut};
use flate2::read::ZlibDecoder;
use mynah_testkit::{Direction, Fixture, Line};

/// What one packet, or several that continue each other, carried.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    pub(crate) direction: Direction,
    /// Of the first packet.
    pub(crate) sequence_id: u8,
    pub(crate) payload: Bytes,
}

/// All packets of a conversation, in order, up to the first frame that zstd compressed.
pub(crate) fn packets(fixture: &Fixture) -> Vec<Packet> {
    let (mut client, mut server) = (Side::default(), Side::default());
    let mut packets = Vec::new();
    for line in &fixture.lines {
        let side = match line.direction {
            Direction::Client => &mut client,
            Direction::Server => &mut server,
        };
        let Some(bytes) = uncompressed(line) else {
            break;
        };
        side.stream.extend_from_slice(&bytes);
        while let Some((sequence_id, payload)) = side.next() {
            packets.push(Packet {
                direction: line.direction,
                sequence_id,
                payload,
            });
        }
    }
    packets
}

/// What a line adds to the stream of packets; nothing if zstd compressed it.
fn uncompressed(line: &Line) -> Option<Bytes> {
    match line.uncompressed_len {
        None => Some(line.wire()),
        Some(0) => Some(line.payload.clone()),
        Some(_) if line.payload.starts_with(ZSTD) => None,
        Some(_) => {
            let mut bytes = Vec::new();
            let mut decoder = ZlibDecoder::new(&line.payload[..]);
            decoder.read_to_end(&mut bytes).unwrap();
            Some(bytes.into())
        }
    }
}

/// What one side has sent and has not been cut into packets yet.
#[derive(Default)]
struct Side {
    stream: BytesMut,
    /// The packets so far of one that others continue, and the sequence id of its first.
    begun: Option<(u8, BytesMut)>,
}

impl Side {
    fn next(&mut self) -> Option<(u8, Bytes)> {
        loop {
            let &[a, b, c, sequence_id] = self.stream.first_chunk()?;
            let len = u32::from_le_bytes([a, b, c, 0]) as usize;
            if self.stream.len() < 4 + len {
                return None;
            }
            self.stream.advance(4);
            let piece = self.stream.split_to(len);
            let (first, mut payload) = match self.begun.take() {
                Some(begun) => begun,
                None => (sequence_id, BytesMut::new()),
            };
            payload.unsplit(piece);
            if len < 0xff_ffff {
                return Some((first, payload.freeze()));
            }
            self.begun = Some((first, payload));
        }
    }
}

const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
