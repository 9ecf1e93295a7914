//! A scanner sees the packets that the codec cuts, however the stream is cut.

#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::BytesMut;
use mynah_testkit::{Direction, fixtures};
use mynah_wire::{HEADER_LEN, MAX_PAYLOAD_LEN, Packet, PacketCodec, Scanner};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio_util::codec::Decoder;

const WANTED: usize = 6;

type Seen = (u8, usize, u64, Vec<u8>);

fn scan(wire: &[u8], step: usize) -> (Vec<Seen>, usize) {
    let mut scanner = Scanner::<WANTED>::new();
    let mut seen = Vec::new();
    for piece in wire.chunks(step) {
        scanner.scan(piece, |packet| {
            let start = packet.start().to_vec();
            seen.push((packet.sequence_id, packet.len, packet.offset, start));
        });
    }
    (seen, scanner.pending())
}

/// The same by cutting, and how many bytes are left over.
fn cut(wire: &[u8]) -> (Vec<Seen>, usize) {
    let (mut src, mut offset) = (BytesMut::from(wire), 0);
    let mut seen = Vec::new();
    while let Some(Packet {
        sequence_id,
        payload,
    }) = PacketCodec.decode(&mut src).unwrap()
    {
        let start = payload[..payload.len().min(WANTED)].to_vec();
        seen.push((sequence_id, payload.len(), offset, start));
        offset += (HEADER_LEN + payload.len()) as u64;
    }
    (seen, src.len())
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_are_scanned_as_they_are_cut(
        lens in vec(0usize..20, 0..8),
        tail in vec(any::<u8>(), 0..12),
        step in 1usize..40,
    ) {
        let mut wire = Vec::new();
        for (id, len) in lens.iter().enumerate() {
            wire.extend([*len as u8, 0, 0, id as u8]);
            wire.extend((0..*len).map(|byte| byte as u8));
        }
        wire.extend(tail);
        prop_assert_eq!(scan(&wire, step), cut(&wire));
    }
}

#[test]
fn packets_of_megabytes_are_seen_at_their_last_byte() {
    let mut wire = vec![0xff, 0xff, 0xff, 0];
    wire.extend(vec![7; MAX_PAYLOAD_LEN]);
    wire.extend([0, 0, 0, 1, 1, 0, 0, 2, 9]);
    for step in [3, 1 << 20, wire.len()] {
        assert_eq!(scan(&wire, step), cut(&wire), "{step} bytes at once");
    }
    let mut scanner = Scanner::<1>::new();
    scanner.scan(&wire[..wire.len() - 10], |_| panic!("seen too early"));
    let mut continued = Vec::new();
    scanner.scan(&wire[wire.len() - 10..], |p| {
        continued.push(p.is_continued())
    });
    assert_eq!(continued, [true, false, false]);
}

#[test]
fn recorded_streams_are_scanned_as_they_are_cut() {
    for (path, fixture) in fixtures("classic").unwrap() {
        for direction in [Direction::Client, Direction::Server] {
            let wire: Vec<u8> = fixture
                .packets()
                .filter(|line| line.direction == direction)
                .flat_map(|line| line.wire())
                .collect();
            let whole = cut(&wire);
            for step in [1, 5, 1000] {
                assert_eq!(scan(&wire, step), whole, "{}", path.display());
            }
        }
    }
}
