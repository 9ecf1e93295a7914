//! A scanner sees the packets that the codec cuts, for any pieces of the stream.

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
use mynah_wire::{HEADER_LEN, MAX_PAYLOAD_LEN, Packet, PacketCodec, PacketHeader, Scanner};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio_util::codec::Decoder;

const WANTED: usize = 6;

type Seen = (u8, usize, Vec<u8>);

fn scan(wire: &[u8], step: usize) -> (Vec<Seen>, usize) {
    let mut scanner = Scanner::<PacketHeader>::new();
    let (mut seen, mut start) = (Vec::new(), Vec::new());
    for mut piece in wire.chunks(step) {
        while let Some(part) = scanner.next(&mut piece) {
            start.extend(part.payload.iter().take(WANTED - start.len()));
            assert!(part.payload.len() + part.offset <= part.header.len);
            assert_eq!(part.is_last, !scanner.is_inside());
            if part.is_last {
                assert_eq!(part.offset + part.payload.len(), part.header.len);
                let start = std::mem::take(&mut start);
                seen.push((part.header.sequence_id, part.header.len, start));
            }
        }
        assert_eq!(piece, b"");
    }
    (seen, scanner.pending())
}

/// The same by cutting, and the number of remaining bytes.
fn cut(wire: &[u8]) -> (Vec<Seen>, usize) {
    let mut src = BytesMut::from(wire);
    let mut seen = Vec::new();
    while let Some(Packet {
        sequence_id,
        payload,
    }) = PacketCodec.decode(&mut src).unwrap()
    {
        let start = payload[..payload.len().min(WANTED)].to_vec();
        seen.push((sequence_id, payload.len(), start));
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
    let mut scanner = Scanner::<PacketHeader>::new();
    let (mut all_but_one, mut last) = wire.split_at(wire.len() - 10);
    let part = scanner.next(&mut all_but_one).expect("its beginning");
    assert!(!part.is_last && part.header.is_continued());
    assert_eq!(scanner.next(&mut all_but_one), None);
    assert_eq!(scanner.pending(), HEADER_LEN + MAX_PAYLOAD_LEN - 1);
    let mut ends = Vec::new();
    while let Some(part) = scanner.next(&mut last) {
        assert!(part.is_last);
        ends.push((part.offset, part.header.is_continued()));
    }
    assert_eq!(ends, [(MAX_PAYLOAD_LEN - 1, true), (0, false), (0, false)]);
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
