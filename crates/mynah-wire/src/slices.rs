use crate::{Header, PacketHeader};

/// Cuts packets off a buffer with a part of a stream, and borrows them. For code that handles each
/// packet before it reads into the buffer again.
///
/// ```
/// use mynah_wire::PacketSlices;
///
/// let mut packets = PacketSlices::new(b"\x01\0\0\0\x0e\x01\0\0\0\x01\x05\0\0\0\x02z");
/// assert_eq!(packets.next().map(|packet| packet.payload), Some(&b"\x0e"[..]));
/// assert_eq!(packets.next().map(|packet| packet.payload), Some(&b"\x01"[..]));
/// assert_eq!(packets.next(), None);
/// assert_eq!(packets.rest().len(), 6); // half a packet: more has to be read first
/// ```
#[derive(Clone, Debug)]
pub struct PacketSlices<'a> {
    rest: &'a [u8],
}

/// One packet inside a buffer, from which its payload is borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PacketSlice<'a> {
    /// The packet's sequence id, which isn't checked.
    pub sequence_id: u8,
    /// The payload, at most 2²⁴−1 bytes.
    #[cfg_attr(feature = "serde", serde(with = "crate::readable::hex"))]
    pub payload: &'a [u8],
}

impl<'a> PacketSlices<'a> {
    /// The packets of `stream`, which starts with a header.
    #[must_use]
    pub fn new(stream: &'a [u8]) -> Self {
        Self { rest: stream }
    }

    /// The bytes that aren't cut yet; after the last complete packet, the beginning of the next one, or nothing.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for PacketSlices<'a> {
    type Item = PacketSlice<'a>;

    #[inline]
    fn next(&mut self) -> Option<PacketSlice<'a>> {
        let (header, payload) = PacketHeader::cut(&mut self.rest)?;
        Some(PacketSlice {
            sequence_id: header.sequence_id,
            payload,
        })
    }
}
