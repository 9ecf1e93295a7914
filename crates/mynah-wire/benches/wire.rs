//! Packets, basic types, scanning and compression, with `mysql_common` beside them where it has
//! the thing.

#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench may panic, and its macros make undocumented functions"
)]

use std::hint::black_box;

use bytes::BytesMut;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mynah_wire::compress::{Algorithm, Deflator, FrameCodec, Inflator};
use mynah_wire::{Assembler, PacketCodec, PacketSlices, Reader, Scanner, Splitter, Writer};
use mysql_common::io::ParseBuf;
use mysql_common::misc::raw::bytes::LenEnc;
use mysql_common::misc::raw::bytes::RawBytes;
use mysql_common::misc::raw::int::{LenEnc as LenEncInt, RawInt};
use mysql_common::proto::codec::PacketCodec as TheirCodec;
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
                let mut seen = 0;
                Scanner::<1>::new().scan(&wire, |packet| seen += packet.len);
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

fn compress(c: &mut Criterion) {
    let plain = stream(200, 500);
    let mut group = c.benchmark_group("compression");
    group.throughput(Throughput::Bytes(plain.len() as u64));
    for (name, algorithm) in [("zlib", Algorithm::Zlib), ("zstd", Algorithm::Zstd(3))] {
        let deflate = || {
            let mut wire = BytesMut::new();
            Deflator::new(algorithm, 0)
                .write(&plain, &mut wire)
                .unwrap();
            wire
        };
        group.bench_function(format!("deflate {name}"), |b| b.iter(deflate));
        let frame = FrameCodec.decode(&mut deflate()).unwrap().unwrap();
        group.bench_function(format!("inflate {name}"), |b| {
            b.iter(|| {
                let mut back = BytesMut::new();
                Inflator::new(algorithm).inflate(&frame, &mut back).unwrap();
                back
            });
        });
    }
    group.finish();
}

criterion_group!(benches, cut_packets, read_lenenc, compress);
criterion_main!(benches);
