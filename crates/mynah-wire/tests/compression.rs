//! The compressed protocol: against recorded servers and against another implementation.

#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::{Bytes, BytesMut};
use flate2::Compression;
use mynah_testkit::{Direction, Fixture, fixtures};
use mynah_wire::compress::{Algorithm, Deflator, FRAME_HEADER_LEN, Frame, FrameCodec, Inflator};
use mynah_wire::{MAX_PAYLOAD_LEN, PacketCodec, Splitter};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio_util::codec::{Decoder, Encoder};

const BOTH: [Algorithm; 2] = [Algorithm::Zlib, Algorithm::Zstd(3)];

fn frames(wire: &[u8], step: usize) -> Vec<Frame> {
    let (mut src, mut frames) = (BytesMut::new(), Vec::new());
    for piece in wire.chunks(step.max(1)) {
        src.extend_from_slice(piece);
        while let Some(frame) = FrameCodec.decode(&mut src).unwrap() {
            frames.push(frame);
        }
    }
    assert!(src.is_empty(), "{} bytes are left uncut", src.len());
    frames
}

#[test]
fn recorded_frames_carry_whole_packets() {
    let (mut inflated, mut plain_frames) = (0, 0);
    for (path, fixture) in fixtures("classic").unwrap() {
        for direction in [Direction::Client, Direction::Server] {
            let mut plain = BytesMut::new();
            for frame in recorded(&fixture, direction) {
                let mut inflator = Inflator::new(algorithm(&path.to_string_lossy()));
                inflator
                    .inflate(&frame, &mut plain)
                    .unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
                if frame.uncompressed_len > 0 {
                    inflated += 1;
                } else {
                    plain_frames += 1;
                }
            }
            while PacketCodec.decode(&mut plain).unwrap().is_some() {}
            assert!(plain.is_empty(), "{}: half a packet", path.display());
        }
    }
    assert!(
        inflated > 20 && plain_frames > 50,
        "{inflated} and {plain_frames}"
    );
}

fn recorded(fixture: &Fixture, direction: Direction) -> Vec<Frame> {
    let frames = fixture.lines.iter().filter_map(|line| {
        (line.direction == direction).then_some(())?;
        Some(Frame {
            sequence_id: line.sequence_id,
            uncompressed_len: line.uncompressed_len?,
            payload: line.payload.clone(),
        })
    });
    frames.collect()
}

fn algorithm(name: &str) -> Algorithm {
    match name.contains("zstd") {
        true => Algorithm::Zstd(3),
        false => Algorithm::Zlib,
    }
}

#[test]
fn recorded_frames_are_numbered_through_each_exchange() {
    for (path, fixture) in fixtures("classic").unwrap() {
        let mut next = 0;
        for line in fixture
            .lines
            .iter()
            .filter(|l| l.uncompressed_len.is_some())
        {
            if line.direction == Direction::Client && line.sequence_id == 0 {
                next = 0;
            }
            let mut inflator = Inflator::new(algorithm(&path.to_string_lossy()));
            inflator.expect_sequence_id(next);
            let frame = Frame {
                sequence_id: line.sequence_id,
                uncompressed_len: 0,
                payload: Bytes::new(),
            };
            let pushed = inflator.push(&frame, &mut BytesMut::new());
            assert!(pushed.is_ok(), "{}: {pushed:?}", path.display());
            next = inflator.next_sequence_id();
        }
    }
}

proptest! {
    #[test]
    fn a_stream_comes_back_however_it_is_cut(
        messages in vec(vec(0u8..4, 0..400), 1..6),
        step in 1usize..300,
        first: u8,
    ) {
        let mut plain = BytesMut::new();
        let mut splitter = Splitter::new(0);
        for message in &messages {
            splitter.payload(&mut plain, message);
        }
        for algorithm in BOTH {
            // The stream is deflated in pieces, too, so that packets straddle frames.
            let (mut wire, mut deflator) = (BytesMut::new(), Deflator::new(algorithm, first));
            for piece in plain.chunks(step) {
                deflator.write(piece, &mut wire).unwrap();
            }
            let (mut back, mut inflator) = (BytesMut::new(), Inflator::new(algorithm));
            inflator.expect_sequence_id(first);
            for frame in frames(&wire, step) {
                inflator.push(&frame, &mut back).unwrap();
            }
            prop_assert_eq!(&back, &plain);
            prop_assert_eq!(inflator.next_sequence_id(), deflator.next_sequence_id());
        }
    }

    #[test]
    fn any_frame_inflates_to_what_its_header_states_or_is_refused(
        payload in vec(any::<u8>(), 0..200),
        uncompressed_len in 0u32..300,
        sequence_id: u8,
    ) {
        let frame = Frame { sequence_id, uncompressed_len, payload: payload.into() };
        for algorithm in BOTH {
            let mut plain = BytesMut::from(&b"before"[..]);
            let inflated = Inflator::new(algorithm).inflate(&frame, &mut plain);
            let len = if uncompressed_len == 0 { frame.payload.len() } else { uncompressed_len as usize };
            let expected = if inflated.is_ok() { len } else { 0 };
            prop_assert_eq!(plain.len(), 6 + expected);
        }
    }

    #[test]
    fn frames_come_back_as_they_were(
        sequence_id: u8,
        uncompressed_len in 0u32..0x100_0000,
        payload in vec(any::<u8>(), 0..80),
        step in 1usize..20,
    ) {
        let frame = Frame { sequence_id, uncompressed_len, payload: payload.into() };
        let mut wire = BytesMut::new();
        FrameCodec.encode(frame.clone(), &mut wire).unwrap();
        prop_assert_eq!(frames(&wire, step), [frame]);
    }

    #[test]
    fn frames_are_exchanged_with_another_implementation_both_ways(
        messages in vec(vec(0u8..4, 0..400), 1..6),
    ) {
        use mysql_common::proto::codec::PacketCodec as Other;
        let mut theirs = Other::default();
        theirs.compress(Compression::default());
        let mut wire = BytesMut::new();
        for message in &messages {
            theirs.encode(&mut &message[..], &mut wire).unwrap();
        }
        let (mut plain, mut inflator) = (BytesMut::new(), Inflator::new(Algorithm::Zlib));
        for frame in frames(&wire, 100) {
            inflator.push(&frame, &mut plain).unwrap();
        }
        let mut expected = BytesMut::new();
        let mut splitter = Splitter::new(0);
        for message in &messages {
            splitter.payload(&mut expected, message);
        }
        prop_assert_eq!(&plain, &expected);

        let mut ours = BytesMut::new();
        Deflator::new(Algorithm::Zlib, 0).write(&expected, &mut ours).unwrap();
        let mut theirs = Other::default();
        theirs.compress(Compression::default());
        let mut back = Vec::new();
        let mut message = Vec::new();
        while theirs.decode(&mut ours, &mut message).unwrap() {
            back.push(std::mem::take(&mut message));
        }
        prop_assert_eq!(back, messages);
    }
}

#[test]
fn levels_trade_time_for_length() {
    let plain: Vec<u8> = (0..60_000u32)
        .flat_map(|i| (i * i % 1009).to_le_bytes())
        .collect();
    let len = |mut deflator: Deflator| {
        let mut wire = BytesMut::new();
        deflator.write(&plain, &mut wire).unwrap();
        wire.len()
    };
    let zlib = |level| len(Deflator::new(Algorithm::Zlib, 0).with_zlib_level(level));
    assert!(zlib(0) > plain.len());
    assert!(
        zlib(0) > zlib(1) && zlib(1) > zlib(9),
        "{} {}",
        zlib(1),
        zlib(9)
    );
    assert_eq!(zlib(9), zlib(200));
    assert_eq!(zlib(6), len(Deflator::new(Algorithm::Zlib, 0)));
    let zstd = |level| len(Deflator::new(Algorithm::Zstd(level), 0));
    assert!(zstd(1) > zstd(19), "{} {}", zstd(1), zstd(19));
}

#[test]
fn short_and_incompressible_data_is_sent_as_it_is_and_long_data_in_several_frames() {
    let noise: Vec<u8> = (0..200u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let long = vec![b'x'; MAX_PAYLOAD_LEN + 60];
    for algorithm in BOTH {
        let lens = |plain: &[u8]| -> Vec<u32> {
            let mut wire = BytesMut::new();
            Deflator::new(algorithm, 0).write(plain, &mut wire).unwrap();
            let frames = frames(&wire, wire.len());
            let ids: Vec<_> = frames
                .iter()
                .map(|frame| usize::from(frame.sequence_id))
                .collect();
            assert_eq!(ids, (0..frames.len()).collect::<Vec<_>>());
            frames.iter().map(|frame| frame.uncompressed_len).collect()
        };
        assert_eq!(lens(b""), [0; 0]);
        assert_eq!(lens(&[b'x'; 49]), [0]);
        assert_eq!(lens(&[b'x'; 50]), [50]);
        assert_eq!(lens(&noise), [0]);
        assert_eq!(lens(&long), [MAX_PAYLOAD_LEN as u32, 60]);
    }
    assert_eq!(FRAME_HEADER_LEN, 7);
}
