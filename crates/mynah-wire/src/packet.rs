use bytes::{BufMut, Bytes, BytesMut};

use crate::{EncodeError, EncodeErrorKind, HEADER_LEN, Header, MAX_PAYLOAD_LEN, PacketHeader};

/// One packet of the classic protocol, as it crosses the wire.
///
/// Documentation page: MySQL Packets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Packet {
    /// The sequence id: counts the packets of both directions, from 0 at the start of the connection and of each
    /// command; after 255 comes 0.
    pub sequence_id: u8,
    /// The payload, at most [`MAX_PAYLOAD_LEN`] bytes.
    #[cfg_attr(feature = "serde", serde(with = "crate::readable::hex"))]
    pub payload: Bytes,
}

impl Packet {
    /// Takes the first packet off a buffer; `None` if it is incomplete. Any four bytes are a header, so this can't
    /// fail.
    ///
    /// It neither joins continued packets nor checks sequence ids, because a proxy needs packets as they came;
    /// [`Assembler`](crate::Assembler) does both.
    #[must_use]
    pub fn take(src: &mut BytesMut) -> Option<Self> {
        PacketHeader::take(src).map(|(header, payload)| Self {
            sequence_id: header.sequence_id,
            payload,
        })
    }

    /// Appends the packet unchanged; [`Splitter`](crate::Splitter) makes packets from messages of any length.
    ///
    /// # Errors
    /// [`EncodeErrorKind::TooLong`] for a payload longer than [`MAX_PAYLOAD_LEN`].
    pub fn put(&self, dst: &mut BytesMut) -> Result<(), EncodeError> {
        let len = self.payload.len();
        let header = header(len, self.sequence_id).ok_or_else(|| too_long("payload", len))?;
        dst.reserve(HEADER_LEN + len);
        dst.put_slice(&header);
        dst.put_slice(&self.payload);
        Ok(())
    }

    /// Whether the next packet of the same direction continues this packet's message.
    #[must_use]
    pub fn is_continued(&self) -> bool {
        self.payload.len() == MAX_PAYLOAD_LEN
    }
}

/// The header of a packet; `None` if `len` doesn't fit one.
pub(crate) fn header(len: usize, sequence_id: u8) -> Option<[u8; HEADER_LEN]> {
    let [a, b, c, 0] = u32::try_from(len).ok()?.to_le_bytes() else {
        return None;
    };
    Some([a, b, c, sequence_id])
}

pub(crate) fn too_long(field: &'static str, len: usize) -> EncodeError {
    let kind = EncodeErrorKind::TooLong {
        len,
        max: MAX_PAYLOAD_LEN,
    };
    EncodeError { field, kind }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::READ_AHEAD;

    #[test]
    fn a_header_alone_does_not_allocate_sixteen_megabytes() {
        let mut src = BytesMut::from(&[0xff, 0xff, 0xff, 0][..]);
        assert_eq!(Packet::take(&mut src), None);
        assert!(src.capacity() < 2 * READ_AHEAD, "{}", src.capacity());
    }

    #[test]
    fn an_empty_payload_is_a_packet() {
        let mut src = BytesMut::from(&[0, 0, 0, 7, 1][..]);
        let packet = Packet::take(&mut src).unwrap();
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
        let error = packet.put(&mut BytesMut::new()).unwrap_err();
        assert_eq!(error, too_long("payload", MAX_PAYLOAD_LEN + 1));
    }
}
