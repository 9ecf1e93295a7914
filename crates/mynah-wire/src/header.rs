use bytes::{Buf, Bytes, BytesMut};

/// The header before each payload of a stream, which contains the payload's length: a [`PacketHeader`]
/// before a packet, a [`FrameHeader`](crate::compress::FrameHeader) before a compressed frame; `mynah-x`
/// has that of the X Protocol.
///
/// Code that cuts a stream reads headers by these methods, or by a [`Scanner`](crate::Scanner).
///
/// ```
/// use mynah_wire::{Header, PacketHeader};
///
/// let mut stream = &b"\x01\0\0\0\x0e\x05\0\0\x01\x02z"[..];
/// let (header, payload) = PacketHeader::cut(&mut stream).unwrap();
/// assert_eq!((header.sequence_id, payload), (0, &b"\x0e"[..]));
/// assert_eq!(PacketHeader::cut(&mut stream), None); // incomplete
/// assert_eq!(stream.len(), 6);
/// ```
pub trait Header: Copy {
    /// Length of the header in bytes, at most [`MAX_HEADER_LEN`].
    const LEN: usize;

    /// Reads the header at the start of `stream`, and returns the bytes after it, too; `None` if it
    /// is incomplete.
    fn split(stream: &[u8]) -> Option<(Self, &[u8])>;

    /// The length in bytes of the payload after this header.
    fn payload_len(self) -> usize;

    /// Cuts a header and its payload off a buffer, and borrows the payload. `None` if they are
    /// incomplete; the buffer is then unchanged.
    #[inline]
    fn cut<'a>(stream: &mut &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (header, after) = Self::split(stream)?;
        let (payload, rest) = after.split_at_checked(header.payload_len())?;
        *stream = rest;
        Some((header, payload))
    }

    /// Takes a header and its payload off a buffer that is read into: the payload shares the buffer's memory.
    /// `None` if they are incomplete. If some of the payload is missing, this makes room for it, for at most 64 KiB at
    /// a time: a header alone can't make it allocate 16 MiB.
    #[inline]
    fn take(src: &mut BytesMut) -> Option<(Self, Bytes)> {
        let (header, after) = Self::split(src)?;
        let len = header.payload_len();
        let missing = len.saturating_sub(after.len());
        // A header alone announces up to 16 MiB. Room is made as bytes come, so a peer can't have memory
        // reserved by headers.
        if missing > 0 {
            src.reserve(missing.min(READ_AHEAD));
            return None;
        }
        // Header and payload are split off together: the payload shares the buffer, without a copy.
        let mut payload = src.split_to(Self::LEN + len).freeze();
        payload.advance(Self::LEN);
        Some((header, payload))
    }
}

/// The header of a packet: three bytes of payload length, one of sequence id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PacketHeader {
    /// The length of the payload in bytes, at most [`MAX_PAYLOAD_LEN`].
    pub len: usize,
    /// The sequence id: counts the packets of both directions, from 0 at the start of the connection and of each
    /// command; after 255 comes 0.
    pub sequence_id: u8,
}

impl PacketHeader {
    /// Whether the next packet of the same direction continues this packet's message.
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

/// The greatest length in bytes that a [`Header`] may have.
pub const MAX_HEADER_LEN: usize = 8;

/// How many bytes a header alone can make a reader allocate; the rest is allocated as bytes arrive.
pub(crate) const READ_AHEAD: usize = 64 * 1024;
