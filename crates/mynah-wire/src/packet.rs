use std::io;

use bytes::{BufMut, Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

use crate::{HEADER_LEN, Header, MAX_PAYLOAD_LEN, PacketHeader};

/// One packet as it crosses the wire.
///
/// Documentation page: MySQL Packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The sequence id: counts the packets of both directions, from 0 at the start of the connection and of each
    /// command; after 255 comes 0.
    pub sequence_id: u8,
    /// The payload, at most [`MAX_PAYLOAD_LEN`] bytes.
    pub payload: Bytes,
}

impl Packet {
    /// Whether the next packet of the same direction continues this packet's message.
    #[must_use]
    pub fn is_continued(&self) -> bool {
        self.payload.len() == MAX_PAYLOAD_LEN
    }
}

/// Reads packets from a byte stream, and writes packets.
///
/// It neither joins continued packets nor checks sequence ids, because a proxy needs packets as they came;
/// [`Assembler`](crate::Assembler) does both.
#[derive(Clone, Copy, Debug, Default)]
pub struct PacketCodec;

impl Decoder for PacketCodec {
    type Item = Packet;
    /// Any four bytes are a header, so only reading itself can fail.
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Packet>> {
        Ok(PacketHeader::take(src).map(|(header, payload)| Packet {
            sequence_id: header.sequence_id,
            payload,
        }))
    }
}

impl Encoder<Packet> for PacketCodec {
    type Error = io::Error;

    /// Writes one packet unchanged; [`Splitter`](crate::Splitter) makes packets from messages of
    /// any length.
    ///
    /// # Errors
    /// `InvalidInput` for a payload longer than [`MAX_PAYLOAD_LEN`].
    fn encode(&mut self, packet: Packet, dst: &mut BytesMut) -> io::Result<()> {
        let header =
            header(packet.payload.len(), packet.sequence_id).ok_or(io::ErrorKind::InvalidInput)?;
        dst.reserve(HEADER_LEN + packet.payload.len());
        dst.put_slice(&header);
        dst.put_slice(&packet.payload);
        Ok(())
    }
}

/// The header of a packet; `None` if `len` doesn't fit one.
pub(crate) fn header(len: usize, sequence_id: u8) -> Option<[u8; HEADER_LEN]> {
    let [a, b, c, 0] = u32::try_from(len).ok()?.to_le_bytes() else {
        return None;
    };
    Some([a, b, c, sequence_id])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::READ_AHEAD;

    #[test]
    fn a_header_alone_does_not_allocate_sixteen_megabytes() {
        let mut src = BytesMut::from(&[0xff, 0xff, 0xff, 0][..]);
        assert_eq!(PacketCodec.decode(&mut src).unwrap(), None);
        assert!(src.capacity() < 2 * READ_AHEAD, "{}", src.capacity());
    }

    #[test]
    fn an_empty_payload_is_a_packet() {
        let mut src = BytesMut::from(&[0, 0, 0, 7, 1][..]);
        let packet = PacketCodec.decode(&mut src).unwrap().unwrap();
        assert_eq!((packet.sequence_id, packet.payload.len()), (7, 0));
        assert_eq!(&src[..], [1]);
    }

    #[test]
    fn a_payload_too_long_for_one_packet_is_refused() {
        let payload = Bytes::from(vec![0; MAX_PAYLOAD_LEN + 1]);
        let packet = Packet {
            sequence_id: 0,
            payload,
        };
        let error = PacketCodec
            .encode(packet, &mut BytesMut::new())
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
