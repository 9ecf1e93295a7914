//! The bodies of the fuzz targets, so that an ordinary test can replay their corpora. The first
//! byte of an input determines how the rest is cut into pieces, or what is read from it.
//!
//! These functions panic when their assertion doesn't hold, as a test does.

use bytes::{Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

use crate::compress::{Algorithm, Deflator, Frame, FrameCodec, Inflator};
use crate::{
    Assembler, Header, Packet, PacketCodec, PacketHeader, PacketSlices, Reader, Scanner, Splitter,
    Writer,
};

/// Fuzz target; panics unless a stream is cut into the same packets as a whole and in pieces, the packets written
/// again are its beginning, and joined messages of up to 1 MiB become one packet again.
#[allow(clippy::expect_used, reason = "this is an assertion")]
pub fn packets(data: &[u8]) {
    let Some((&step, wire)) = data.split_first() else {
        return;
    };
    let whole = cut(wire, wire.len());
    assert_eq!(cut(wire, step.into()), whole);
    let slices = PacketSlices::new(wire).map(|slice| Packet {
        sequence_id: slice.sequence_id,
        payload: Bytes::copy_from_slice(slice.payload),
    });
    assert!(slices.eq(whole.iter().cloned()));
    let mut again = BytesMut::new();
    for packet in &whole {
        PacketCodec
            .encode(packet.clone(), &mut again)
            .expect("what was cut can be written");
    }
    assert!(wire.starts_with(&again));

    let mut assembler = Assembler::new(JOINED_LIMIT);
    for packet in whole {
        assembler.expect_sequence_id(packet.sequence_id);
        if let Ok(Some(message)) = assembler.push(packet) {
            assert!(message.len() <= JOINED_LIMIT);
            let (mut split, mut splitter) = (BytesMut::new(), Splitter::new(step));
            splitter.payload(&mut split, &message);
            assert_eq!(cut(&split, split.len()).len(), 1);
        }
    }
}

/// Fuzz target; panics unless a [`Scanner`](crate::Scanner) sees the packets that the codec cuts from the same
/// stream.
pub fn scanner(data: &[u8]) {
    let Some((&step, wire)) = data.split_first() else {
        return;
    };
    let mut scanner = Scanner::<PacketHeader>::new();
    let (mut seen, mut begun) = (Vec::new(), Vec::new());
    for mut piece in wire.chunks(usize::from(step).max(1)) {
        while let Some(part) = scanner.next(&mut piece) {
            assert_eq!(part.offset, begun.len());
            begun.extend_from_slice(part.payload);
            if part.is_last {
                seen.push(Packet {
                    sequence_id: part.header.sequence_id,
                    payload: std::mem::take(&mut begun).into(),
                });
            }
        }
        assert!(piece.is_empty());
    }
    let whole = cut(wire, wire.len());
    let len: usize = whole
        .iter()
        .map(|packet| PacketHeader::LEN + packet.payload.len())
        .sum();
    assert_eq!(seen, whole);
    assert_eq!(scanner.pending(), wire.len() - len);
}

/// Fuzz target; panics unless each frame is refused or has a content of the length in its header, which can be
/// deflated and inflated again.
#[allow(clippy::expect_used, reason = "this is an assertion")]
pub fn frames(data: &[u8]) {
    let Some((&which, wire)) = data.split_first() else {
        return;
    };
    let algorithm = if which % 2 == 0 {
        Algorithm::Zlib
    } else {
        Algorithm::Zstd(1)
    };
    let mut wire = BytesMut::from(wire);
    while let Some(frame) = FrameCodec.decode(&mut wire).expect("memory can be read") {
        let Some(plain) = inflated(algorithm, &frame) else {
            continue;
        };
        let (mut again, mut deflator) = (BytesMut::new(), Deflator::new(algorithm, which));
        deflator
            .write(&plain, &mut again)
            .expect("the level is one");
        let mut back = BytesMut::new();
        while let Some(frame) = FrameCodec.decode(&mut again).expect("memory can be read") {
            back.extend(inflated(algorithm, &frame).expect("what was deflated inflates"));
        }
        assert_eq!(back, plain);
    }
}

/// Fuzz target; panics unless fields are read one after the other, all within the payload, and length-encoded ones
/// are read again as the same values after they are written.
pub fn fields(data: &[u8]) {
    let Some((&count, payload)) = data.split_first() else {
        return;
    };
    let payload = Bytes::copy_from_slice(payload);
    let mut r = Reader::new(&payload);
    for field in 0..count {
        let before = r.offset();
        let read = match field % 5 {
            0 => r.lenenc_int("int").map(|int| {
                let mut w = BytesMut::new();
                w.put_lenenc_int(int);
                assert_eq!(Reader::new(&w.freeze()).lenenc_int("int"), Ok(int));
            }),
            1 => r.lenenc_string("string").map(|string| {
                let mut w = BytesMut::new();
                w.put_lenenc_string(&string);
                assert_eq!(Reader::new(&w.freeze()).lenenc_string("string"), Ok(string));
            }),
            2 => r.nul_string("text").map(drop),
            3 => r.lenenc_string_or_null("cell").map(drop),
            _ => r.string("rest", field.into()).map(drop),
        };
        assert!(r.offset() >= before && r.offset() <= payload.len());
        if read.is_err() {
            assert_eq!(r.offset(), before, "an error moves nothing");
            break;
        }
    }
}

fn inflated(algorithm: Algorithm, frame: &Frame) -> Option<BytesMut> {
    let mut plain = BytesMut::new();
    Inflator::new(algorithm).inflate(frame, &mut plain).ok()?;
    let said = frame.uncompressed_len as usize;
    let expected = if said == 0 { frame.payload.len() } else { said };
    assert_eq!(plain.len(), expected);
    Some(plain)
}

#[allow(clippy::expect_used, reason = "this is an assertion")]
fn cut(wire: &[u8], step: usize) -> Vec<Packet> {
    let (mut src, mut packets) = (BytesMut::new(), Vec::new());
    for piece in wire.chunks(step.max(1)) {
        src.extend_from_slice(piece);
        while let Some(packet) = PacketCodec.decode(&mut src).expect("memory can be read") {
            packets.push(packet);
        }
    }
    packets
}

const JOINED_LIMIT: usize = 1 << 20;
