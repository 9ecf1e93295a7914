//! The pieces of a stream don't matter, and split messages are joined again.

#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{
    Assembler, HEADER_LEN, MAX_PAYLOAD_LEN, Packet, PacketCodec, PacketError, PacketSlices,
    Splitter,
};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio_util::codec::{Decoder, Encoder};

fn any_packet() -> impl Strategy<Value = Packet> {
    (any::<u8>(), vec(any::<u8>(), 0..80)).prop_map(|(sequence_id, payload)| Packet {
        sequence_id,
        payload: payload.into(),
    })
}

fn cut(wire: &[u8], step: usize) -> Vec<Packet> {
    let (mut src, mut packets) = (BytesMut::new(), Vec::new());
    for piece in wire.chunks(step) {
        src.extend_from_slice(piece);
        while let Some(packet) = PacketCodec.decode(&mut src).unwrap() {
            packets.push(packet);
        }
    }
    assert!(src.is_empty(), "{} bytes are left uncut", src.len());
    packets
}

proptest! {
    #[test]
    fn packets_do_not_depend_on_where_the_stream_is_cut(
        packets in vec(any_packet(), 0..6),
        step in 1usize..40,
    ) {
        let mut wire = BytesMut::new();
        for packet in &packets {
            PacketCodec.encode(packet.clone(), &mut wire).unwrap();
        }
        let mut slices = PacketSlices::new(&wire);
        let seen: Vec<_> = slices.by_ref().map(|p| (p.sequence_id, p.payload.to_vec())).collect();
        prop_assert!(slices.rest().is_empty());
        let whole = packets.iter().map(|p| (p.sequence_id, p.payload.to_vec()));
        prop_assert_eq!(seen, whole.collect::<Vec<_>>());
        prop_assert_eq!(cut(&wire, step), packets);
    }

    #[test]
    fn messages_come_back_numbered_from_where_they_started(
        messages in vec(vec(any::<u8>(), 0..80), 1..6),
        first in any::<u8>(),
    ) {
        let mut wire = BytesMut::new();
        let mut splitter = Splitter::new(first);
        for message in &messages {
            splitter.payload(&mut wire, message);
        }
        let mut assembler = Assembler::new(80);
        assembler.expect_sequence_id(first);
        let mut seen = Vec::new();
        for packet in cut(&wire, wire.len()) {
            seen.extend(assembler.push(packet).unwrap().map(|m| m.to_vec()));
        }
        prop_assert_eq!(seen, messages);
        prop_assert_eq!(assembler.next_sequence_id(), splitter.next_sequence_id());
    }
}

#[test]
fn long_messages_are_split_and_joined_again() {
    for len in [
        MAX_PAYLOAD_LEN - 1,
        MAX_PAYLOAD_LEN,
        MAX_PAYLOAD_LEN + 1,
        2 * MAX_PAYLOAD_LEN,
        17 * 1024 * 1024,
    ] {
        let message: Bytes = (0..len).map(|i| (i % 251) as u8).collect();
        let (mut by_payload, mut by_write) = (BytesMut::new(), BytesMut::new());
        Splitter::new(0).payload(&mut by_payload, &message);
        let written = Splitter::new(0).write(&mut by_write, |w| {
            w.put_slice(&message);
            Ok::<(), PacketError>(())
        });
        assert_eq!(written, Ok(()));
        assert_eq!(by_payload, by_write, "{len} bytes");
        assert_eq!(
            by_write.len(),
            len + HEADER_LEN * (1 + len / MAX_PAYLOAD_LEN)
        );

        let mut assembler = Assembler::new(len);
        let mut joined = None;
        for packet in cut(&by_write, 1 << 20) {
            assert_eq!(joined, None, "a packet after the last of {len} bytes");
            joined = assembler.push(packet).unwrap();
        }
        assert_eq!(joined, Some(message), "{len} bytes");
    }
}

#[test]
fn a_message_that_fails_to_encode_leaves_nothing_behind() {
    let mut wire = BytesMut::from(&b"before"[..]);
    let mut splitter = Splitter::new(5);
    let failed = splitter.write(&mut wire, |w| {
        w.put_slice(b"half");
        Err("no")
    });
    assert_eq!(failed, Err("no"));
    assert_eq!(&wire[..], b"before");
    assert_eq!(splitter.next_sequence_id(), 5);
}
