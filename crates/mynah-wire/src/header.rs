use bytes::{Buf, Bytes, BytesMut};

/// What stands in front of each payload of a stream, and says how long it is.
///
/// The one place where a header is read: whatever cuts a stream does it by these methods, or by a
/// [`Scanner`](crate::Scanner). A packet has a [`PacketHeader`], a compressed frame a
/// [`FrameHeader`](crate::compress::FrameHeader).
///
/// ```
/// use mynah_wire::{Header, PacketHeader};
///
/// let mut stream = &b"\x01\0\0\0\x0e\x05\0\0\x01\x02z"[..];
/// let (header, payload) = PacketHeader::cut(&mut stream).unwrap();
/// assert_eq!((header.sequence_id, payload), (0, &b"\x0e"[..]));
/// assert_eq!(PacketHeader::cut(&mut stream), None); // not all of it is there
/// assert_eq!(stream.len(), 6);
/// ```
pub trait Header: Copy {
    /// How many bytes it has, [`MAX_HEADER_LEN`] at most.
    const LEN: usize;

    /// Reads the header that `stream` starts with; nothing if it isn't there as a whole. Gives what
    /// follows it, too.
    fn split(stream: &[u8]) -> Option<(Self, &[u8])>;

    /// How many bytes follow the header until the next one.
    fn payload_len(self) -> usize;

    /// Cuts a header and its payload off a buffer, and borrows the payload; nothing, and the buffer is
    /// as it was, if they aren't there as a whole.
    #[inline]
    fn cut<'a>(stream: &mut &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (header, after) = Self::split(stream)?;
        let (payload, rest) = after.split_at_checked(header.payload_len())?;
        *stream = rest;
        Some((header, payload))
    }

    /// As [`cut`](Self::cut), of a buffer that is read into: the payload is a part of it, and where
    /// some is missing there will be room for it. A header alone can't make it allocate all it
    /// announces.
    #[inline]
    fn take(src: &mut BytesMut) -> Option<(Self, Bytes)> {
        let (header, after) = Self::split(src)?;
        let len = header.payload_len();
        let missing = len.saturating_sub(after.len());
        if missing > 0 {
            src.reserve(missing.min(READ_AHEAD));
            return None;
        }
        let mut payload = src.split_to(Self::LEN + len).freeze();
        payload.advance(Self::LEN);
        Some((header, payload))
    }
}

/// The header of a packet: three bytes of payload length, one of sequence id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketHeader {
    /// Length of the payload, at most [`MAX_PAYLOAD_LEN`].
    pub len: usize,
    /// Counts the packets of one exchange, both directions together, and wraps at 256.
    pub sequence_id: u8,
}

impl PacketHeader {
    /// Whether the next packet of the same direction continues this one's message.
    #[must_use]
    #[inline]
    pub const fn is_continued(self) -> bool {
        self.len == MAX_PAYLOAD_LEN
    }
}

impl Header for PacketHeader {
    const LEN: usize = HEADER_LEN;

    #[inline]
    fn split(stream: &[u8]) -> Option<(Self, &[u8])> {
        let (&[a, b, c, sequence_id], after) = stream.split_first_chunk()?;
        let len = u32::from_le_bytes([a, b, c, 0]) as usize;
        Some((Self { len, sequence_id }, after))
    }

    #[inline]
    fn payload_len(self) -> usize {
        self.len
    }
}

/// Length of a packet's header: three bytes of payload length, one of sequence id.
pub const HEADER_LEN: usize = 4;

/// The longest payload one packet can carry, 2²⁴−1 bytes. A packet of just this length
/// is continued by the next one.
pub const MAX_PAYLOAD_LEN: usize = 0xff_ffff;

/// The longest header there can be.
pub const MAX_HEADER_LEN: usize = 8;

/// How much buffer a header alone can make a reader allocate; the rest is allocated as
/// bytes arrive.
pub(crate) const READ_AHEAD: usize = 64 * 1024;
