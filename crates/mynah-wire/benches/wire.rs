//! Packets, basic types, scanning and compression, next to `mysql_common` where it has the same.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench may panic, and its macros make undocumented functions"
)]

use std::hint::black_box;

use bytes::BytesMut;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mynah_wire::compress::{Algorithm, Deflator, FrameCodec, Inflator};
use mynah_wire::{
    Assembler, PacketCodec, PacketHeader, PacketSlices, Reader, Scanner, Splitter, Writer,
};
use mysql_common::io::ParseBuf;
use mysql_common::misc::raw::bytes::LenEnc;
use mysql_common::misc::raw::bytes::RawBytes;
use mysql_common::misc::raw::int::{LenEnc as LenEncInt, RawInt};
use mysql_common::proto::codec::{Compression, PacketCodec as TheirCodec};
use tokio_util::codec::Decoder;

/// A stream of messages of `len` bytes each, as packets.
fn stream(count: usize, len: usize) -> BytesMut {
    let message: Vec<u8> = (0..len).map(|byte| (byte % 7) as u8).collect();
    let mut wire = BytesMut::new();
    let mut splitter = Splitter::new(0);
    for _message in 0..count {
        splitter.payload(&mut wire, &message);
    }
    wire
}

fn cut_packets(c: &mut Criterion) {
    for (name, count, len) in [
        ("small", 1000, 50),
        ("large", 4, 1 << 20),
        ("joined", 1, 20 << 20),
    ] {
        let wire = stream(count, len);
        let mut group = c.benchmark_group(format!("cut_{name}"));
        group.throughput(Throughput::Bytes(wire.len() as u64));
        group.bench_function("mynah", |b| {
            b.iter_batched(
                || wire.clone(),
                |mut src| {
                    let mut assembler = Assembler::new(usize::MAX);
                    let mut messages = 0;
                    while let Some(packet) = PacketCodec.decode(&mut src).unwrap() {
                        messages += usize::from(assembler.push(packet).unwrap().is_some());
                    }
                    assert_eq!(messages, count);
                },
                BatchSize::LargeInput,
            );
        });
        group.bench_function("mysql_common", |b| {
            b.iter_batched(
                || wire.clone(),
                |mut src| {
                    let (mut codec, mut message) = (TheirCodec::default(), Vec::new());
                    codec.max_allowed_packet = 64 << 20;
                    let mut messages = 0;
                    while codec.decode(&mut src, &mut message).unwrap() {
                        messages += 1;
                        message.clear();
                    }
                    assert_eq!(messages, count);
                },
                BatchSize::LargeInput,
            );
        });
        group.bench_function("mynah borrowed", |b| {
            b.iter(|| {
                let packets = PacketSlices::new(&wire);
                packets.fold(0, |sum, packet| sum + black_box(packet.payload).len())
            });
        });
        group.bench_function("mynah scanner", |b| {
            b.iter(|| {
                let (mut scanner, mut seen) = (Scanner::<PacketHeader>::new(), 0);
                for mut piece in wire.chunks(READ) {
                    while let Some(part) = scanner.next(&mut piece) {
                        seen += usize::from(part.is_last);
                    }
                }
                black_box(seen)
            });
        });
        group.finish();
    }
}

fn read_lenenc(c: &mut Criterion) {
    let mut w = BytesMut::new();
    for number in 0..1000u64 {
        w.put_lenenc_int(number * 70);
        w.put_lenenc_string(b"a string of usual length");
    }
    let payload = w.freeze();
    let mut group = c.benchmark_group("lenenc");
    group.throughput(Throughput::Elements(1000));
    group.bench_function("mynah", |b| {
        b.iter(|| {
            let (mut r, mut sum) = (Reader::new(&payload), 0);
            while r.remaining() > 0 {
                sum += r.lenenc_int("int").unwrap();
                sum += r.lenenc_bytes("string").unwrap().len() as u64;
            }
            black_box(sum)
        });
    });
    group.bench_function("mysql_common", |b| {
        b.iter(|| {
            let (mut buf, mut sum) = (ParseBuf(&payload), 0);
            while !buf.is_empty() {
                let int: RawInt<LenEncInt> = buf.parse(()).unwrap();
                let string: RawBytes<'_, LenEnc> = buf.parse(()).unwrap();
                sum += *int + string.as_bytes().len() as u64;
            }
            black_box(sum)
        });
    });
    group.finish();
}

/// Messages, each in a separate frame, as `mysql_common` would send them.
fn compress(c: &mut Criterion) {
    for (name, count, len) in [("200", 100, 200), ("16k", 10, 16_000), ("1m", 1, 1 << 20)] {
        let messages: Vec<Vec<u8>> = (0..count).map(|seed| text(seed, len)).collect();
        let mut group = c.benchmark_group(format!("compression_{name}"));
        group.throughput(Throughput::Bytes((count * len) as u64));
        for (name, algorithm) in [("zlib", Algorithm::Zlib), ("zstd", Algorithm::Zstd(3))] {
            let mut deflator = Deflator::new(algorithm, 0);
            let (mut plain, mut wire) = (BytesMut::new(), BytesMut::new());
            let mut deflate = |wire: &mut BytesMut| {
                let mut splitter = Splitter::new(0);
                deflator.set_sequence_id(0);
                for message in &messages {
                    plain.clear();
                    splitter.payload(&mut plain, message);
                    deflator.write(&plain, wire).unwrap();
                }
            };
            deflate(&mut wire);
            let mut to = BytesMut::new();
            group.bench_function(format!("deflate {name}/mynah"), |b| {
                b.iter(|| {
                    to.clear();
                    deflate(&mut to);
                });
            });
            let (mut inflator, mut plain) = (Inflator::new(algorithm), BytesMut::new());
            group.bench_function(format!("inflate {name}/mynah"), |b| {
                b.iter_batched_ref(
                    || wire.clone(),
                    |wire| {
                        inflator.expect_sequence_id(0);
                        let mut cut = 0;
                        while let Some(frame) = FrameCodec.decode(wire).unwrap() {
                            inflator.push(&frame, &mut plain).unwrap();
                            while let Some(packet) = PacketCodec.decode(&mut plain).unwrap() {
                                cut += packet.payload.len();
                            }
                        }
                        assert_eq!(cut, count * len);
                    },
                    BatchSize::LargeInput,
                );
            });
        }

        let mut codec = TheirCodec::default();
        codec.compress(Compression::default());
        let mut wire = BytesMut::new();
        for message in &messages {
            codec.encode(&mut &message[..], &mut wire).unwrap();
        }
        let mut to = BytesMut::new();
        group.bench_function("deflate zlib/mysql_common", |b| {
            b.iter(|| {
                to.clear();
                codec.reset_seq_id();
                for message in &messages {
                    codec.encode(&mut &message[..], &mut to).unwrap();
                }
            });
        });
        let mut codec = TheirCodec::default();
        codec.compress(Compression::default());
        let mut message = Vec::new();
        group.bench_function("inflate zlib/mysql_common", |b| {
            b.iter_batched_ref(
                || wire.clone(),
                |wire| {
                    codec.reset_seq_id();
                    let mut cut = 0;
                    while codec.decode(wire, &mut message).unwrap() {
                        cut += message.len();
                        message.clear();
                    }
                    assert_eq!(cut, count * len);
                },
                BatchSize::LargeInput,
            );
        });
        group.finish();
    }
}

/// Text that compresses about as well as rows of text do.
fn text(seed: usize, len: usize) -> Vec<u8> {
    let mut state = seed as u32;
    let mut words = Vec::new();
    while words.len() < len {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let word = WORDS[(state >> 16) as usize % WORDS.len()];
        words.extend_from_slice(word.as_bytes());
        words.extend_from_slice((state >> 20).to_string().as_bytes());
    }
    words.truncate(len);
    words
}

/// How many bytes are read at once.
const READ: usize = 60 * 1024;

const WORDS: [&str; 8] = [
    "name", " of ", "select", "2026-11-", "mynah", ", ", "customer", "NULL",
];

criterion_group!(benches, cut_packets, read_lenenc, compress);
criterion_main!(benches);
