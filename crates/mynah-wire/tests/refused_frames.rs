//! Frames that contradict their headers are refused, at no cost.

#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::io::Write;

use bytes::{Bytes, BytesMut};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use mynah_wire::MAX_PAYLOAD_LEN;
use mynah_wire::compress::{Algorithm, Deflator, Frame, FrameCodec, FrameErrorKind, Inflator};
use tokio_util::codec::Decoder;

const BOTH: [Algorithm; 2] = [Algorithm::Zlib, Algorithm::Zstd(3)];

/// A message as a deflator makes it, in one frame.
fn deflated(algorithm: Algorithm, message: &[u8]) -> Frame {
    let mut wire = BytesMut::new();
    Deflator::new(algorithm, 0)
        .write(message, &mut wire)
        .unwrap();
    FrameCodec.decode(&mut wire).unwrap().unwrap()
}

#[test]
fn a_frame_that_inflates_to_more_than_its_header_states_is_stopped_there() {
    let bomb = vec![0; 8 << 20];
    for algorithm in BOTH {
        let mut frame = deflated(algorithm, &bomb);
        assert!(frame.payload.len() < 100_000, "it is a bomb");
        for said in [1, 1000, bomb.len() as u32 - 1] {
            frame.uncompressed_len = said;
            let mut plain = BytesMut::new();
            let error = Inflator::new(algorithm)
                .inflate(&frame, &mut plain)
                .unwrap_err();
            assert!(
                matches!(error.kind, FrameErrorKind::Length { .. }),
                "{error:?}"
            );
            assert!(plain.is_empty());
            assert!(plain.capacity() <= 2 * bomb.len(), "{}", plain.capacity());
        }
    }
}

fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_payload_is_read_to_its_last_byte() {
    let plain = [b'x'; 500];
    let mut zstd = zstd::bulk::compress(&plain, 3).unwrap();
    zstd.extend(b"more");
    let mut trailing = zlib(&plain);
    trailing.extend(b"more");
    let mut cut = zlib(&plain);
    cut.truncate(cut.len() - 1);
    let mut broken = zlib(&plain);
    *broken.last_mut().unwrap() ^= 1;
    for (name, algorithm, payload) in [
        ("more after zstd", Algorithm::Zstd(3), zstd),
        ("more after zlib", Algorithm::Zlib, trailing),
        ("a checksum cut short", Algorithm::Zlib, cut),
        ("a checksum of other bytes", Algorithm::Zlib, broken),
        ("nothing", Algorithm::Zlib, Vec::new()),
    ] {
        for uncompressed_len in [1, 499, 500, 501, MAX_PAYLOAD_LEN as u32] {
            let payload = Bytes::from(payload.clone());
            let frame = Frame {
                sequence_id: 0,
                uncompressed_len,
                payload,
            };
            let mut plain = BytesMut::from(&b"before"[..]);
            let inflated = Inflator::new(algorithm).inflate(&frame, &mut plain);
            assert!(inflated.is_err(), "{name}, {uncompressed_len} bytes");
            assert_eq!(plain, b"before"[..], "{name}");
            let most = frame.payload.len() / 4 * 128 * 1024 + 1000;
            assert!(plain.capacity() <= most, "{name}: {}", plain.capacity());
        }
    }
}

#[test]
fn bytes_after_zlib_data_are_counted() {
    let mut payload = zlib(&[b'x'; 500]);
    payload.extend(b"more");
    let (sequence_id, uncompressed_len, payload) = (0, 500, payload.into());
    let frame = Frame {
        sequence_id,
        uncompressed_len,
        payload,
    };
    let error = Inflator::new(Algorithm::Zlib)
        .inflate(&frame, &mut BytesMut::new())
        .unwrap_err();
    assert_eq!(
        error.kind.to_string(),
        "4 bytes left over after the compressed ones"
    );
}

#[test]
fn a_zstd_window_of_128_megabytes_is_not_allocated_for_100_bytes() {
    // No content size; the window descriptor says 2²⁷; 8 raw bytes, then 92 times 9.
    let payload = Bytes::from_static(&[
        0x28, 0xb5, 0x2f, 0xfd, 0, 0x88, 0x40, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 0xe3, 2, 0, 9,
    ]);
    let mut plain = BytesMut::new();
    for (uncompressed_len, fits) in [(99, false), (100, true), (101, false)] {
        let payload = payload.clone();
        let frame = Frame {
            sequence_id: 0,
            uncompressed_len,
            payload,
        };
        let inflated = Inflator::new(Algorithm::Zstd(3)).inflate(&frame, &mut plain);
        assert_eq!(inflated.is_ok(), fits, "{uncompressed_len}: {inflated:?}");
    }
    assert_eq!(plain, [&[7; 8][..], &[9; 92]].concat());
}

#[test]
fn frames_after_a_refused_one_are_still_inflated() {
    for algorithm in BOTH {
        let message = [b'x'; 500];
        let good = deflated(algorithm, &message);
        let mut bad = good.clone();
        bad.payload.truncate(bad.payload.len() / 2);
        let (mut inflator, mut plain) = (Inflator::new(algorithm), BytesMut::new());
        assert!(inflator.inflate(&bad, &mut plain).is_err());
        inflator.inflate(&good, &mut plain).unwrap();
        assert_eq!(plain, message[..]);
    }
}

#[test]
fn a_header_alone_does_not_allocate_sixteen_megabytes() {
    let mut src = BytesMut::from(&[0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff][..]);
    assert_eq!(FrameCodec.decode(&mut src).unwrap(), None);
    assert!(src.capacity() < 200_000, "{}", src.capacity());
    let empty = Frame {
        sequence_id: 0,
        uncompressed_len: 0xff_ffff,
        payload: Bytes::new(),
    };
    for algorithm in BOTH {
        let mut plain = BytesMut::new();
        assert!(
            Inflator::new(algorithm)
                .inflate(&empty, &mut plain)
                .is_err()
        );
        assert_eq!(plain.capacity(), 0);
    }
}

#[test]
fn a_frame_out_of_order_is_named() {
    let frame = Frame {
        sequence_id: 3,
        uncompressed_len: 0,
        payload: Bytes::from_static(b"x"),
    };
    let error = Inflator::new(Algorithm::Zlib)
        .push(&frame, &mut BytesMut::new())
        .unwrap_err();
    assert_eq!(error.to_string(), "compressed frame 3");
    assert_eq!(error.kind.to_string(), "expected sequence id 0");
}
