use std::io;

use bytes::{Bytes, BytesMut};
use mynah_wire::compress::{Algorithm, Deflator, FrameCodec, Inflator};
use mynah_wire::{Packet, PacketCodec};
use tokio_util::codec::{Decoder, Encoder};

/// What packets travel in where a connection is compressed.
#[derive(Debug)]
pub(super) struct Frames {
    inflator: Inflator,
    deflator: Deflator,
    /// What was inflated, and is not cut into packets yet.
    plain: BytesMut,
    /// The frames that this came in.
    wire: BytesMut,
}

impl Frames {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        Self {
            inflator: Inflator::new(algorithm),
            deflator: Deflator::new(algorithm, 0),
            plain: BytesMut::new(),
            wire: BytesMut::new(),
        }
    }

    /// Cuts the next packet off what was received, if it is there as a whole. `next` becomes the
    /// sequence id behind the last of its frames.
    pub(super) fn cut(
        &mut self,
        received: &mut BytesMut,
        next: &mut u8,
    ) -> io::Result<Option<Packet>> {
        loop {
            if let Some(packet) = PacketCodec.decode(&mut self.plain)? {
                return Ok(Some(packet));
            }
            let Some(frame) = FrameCodec.decode(received)? else {
                return Ok(None);
            };
            let inflated = self.inflator.inflate(&frame, &mut self.plain);
            inflated.map_err(io::Error::other)?;
            *next = frame.sequence_id.wrapping_add(1);
            FrameCodec.encode(frame, &mut self.wire)?;
        }
    }

    /// The frames that were cut into packets since this was asked last.
    pub(super) fn take_wire(&mut self) -> Bytes {
        self.wire.split().freeze()
    }

    /// Packets as frames, from this sequence id on.
    pub(super) fn pack(&mut self, packets: &[u8], next: &mut u8) -> io::Result<Bytes> {
        let mut wire = BytesMut::new();
        self.deflator.set_sequence_id(*next);
        self.deflator.write(packets, &mut wire)?;
        *next = self.deflator.next_sequence_id();
        Ok(wire.freeze())
    }

    /// How much waits for the rest of its packet.
    pub(super) fn held(&self) -> usize {
        self.plain.len()
    }
}

#[cfg(test)]
mod tests {
    use mynah_wire::Splitter;

    use super::*;

    fn packets(payloads: &[&[u8]], first: u8) -> BytesMut {
        let mut wire = BytesMut::new();
        let mut splitter = Splitter::new(first);
        for payload in payloads {
            splitter.payload(&mut wire, payload);
        }
        wire
    }

    #[test]
    fn packets_are_cut_however_they_lie_in_frames() {
        for algorithm in [Algorithm::Zlib, Algorithm::Zstd(3)] {
            let (long, short) = ([7; 1000], *b"\x01\x03");
            let plain = packets(&[&long, &short, &long], 1);
            for at in 1..plain.len() {
                let (mut ours, mut theirs) = (Frames::new(algorithm), Frames::new(algorithm));
                let mut next = 1;
                let mut wire = BytesMut::new();
                for part in [&plain[..at], &plain[at..]] {
                    wire.extend_from_slice(&ours.pack(part, &mut next).unwrap());
                }
                assert_eq!(next, 3);
                let (mut received, mut heard, mut seen) = (BytesMut::new(), 0, Vec::new());
                let mut crossed = BytesMut::new();
                for piece in wire.chunks(5) {
                    received.extend_from_slice(piece);
                    while let Some(packet) = theirs.cut(&mut received, &mut heard).unwrap() {
                        seen.push((packet.sequence_id, packet.payload));
                        crossed.extend_from_slice(&theirs.take_wire());
                    }
                }
                let expected = [(1, &long[..]), (2, &short), (3, &long)];
                assert!(
                    seen.iter()
                        .map(|(id, payload)| (*id, &payload[..]))
                        .eq(expected)
                );
                assert_eq!((heard, theirs.held()), (3, 0));
                assert_eq!(crossed, wire);
            }
        }
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        let mut frames = Frames::new(Algorithm::Zlib);
        let mut received = BytesMut::from(&b"\x03\0\0\x01\x09\0\0xyz"[..]);
        let error = frames.cut(&mut received, &mut 0).unwrap_err();
        assert!(error.to_string().contains("compressed frame 1"), "{error}");
    }
}
