use bytes::{BufMut, Bytes, BytesMut};

use crate::packet::{header, too_long};
use crate::{EncodeError, Header};

/// Length of a frame's header: three bytes of payload length, one of sequence id, three of the
/// length before compression.
pub const FRAME_HEADER_LEN: usize = 7;

/// The header of a frame: three bytes of payload length, one of sequence id, three of the length before
/// compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FrameHeader {
    /// The length of the payload in bytes, at most 2²⁴−1.
    pub len: usize,
    /// The frame's sequence id, see [`Frame::sequence_id`].
    pub sequence_id: u8,
    /// The payload's length in bytes after decompression; 0 if it isn't compressed.
    pub uncompressed_len: u32,
}

impl Header for FrameHeader {
    const LEN: usize = FRAME_HEADER_LEN;

    #[inline]
    fn split(stream: &[u8]) -> Option<(Self, &[u8])> {
        let (&[a, b, c, sequence_id, x, y, z], after) = stream.split_first_chunk()?;
        let header = Self {
            len: u32::from_le_bytes([a, b, c, 0]) as usize,
            sequence_id,
            uncompressed_len: u32::from_le_bytes([x, y, z, 0]),
        };
        Some((header, after))
    }

    #[inline]
    fn payload_len(self) -> usize {
        self.len
    }
}

/// One frame of the compressed protocol, as it crosses the wire: a piece of the stream of packets, compressed or
/// not.
///
/// Documentation page: Compressed Packet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Frame {
    /// The sequence id: counts the frames of both directions, from 0 at the start of each command; after 255 comes
    /// 0. Packets are counted separately.
    pub sequence_id: u8,
    /// The length of the payload in bytes after decompression; 0 if it isn't compressed.
    pub uncompressed_len: u32,
    /// The payload, compressed or not; at most 2²⁴−1 bytes.
    #[cfg_attr(feature = "serde", serde(with = "crate::readable::hex"))]
    pub payload: Bytes,
}

impl Frame {
    /// Takes the first frame off a buffer; `None` if it is incomplete. Any seven bytes are a header, so this can't
    /// fail.
    ///
    /// It neither decompresses frames nor checks sequence ids.
    #[must_use]
    pub fn take(src: &mut BytesMut) -> Option<Self> {
        FrameHeader::take(src).map(|(header, payload)| Self {
            sequence_id: header.sequence_id,
            uncompressed_len: header.uncompressed_len,
            payload,
        })
    }

    /// Appends the frame unchanged.
    ///
    /// # Errors
    /// [`TooLong`](crate::EncodeErrorKind::TooLong) for a payload of more than 2²⁴−1 bytes, or such an
    /// [`uncompressed_len`](Self::uncompressed_len).
    pub fn put(&self, dst: &mut BytesMut) -> Result<(), EncodeError> {
        let (len, plain) = (self.payload.len(), self.uncompressed_len as usize);
        put_frame(dst, self.sequence_id, plain, &self.payload)
            .ok_or_else(|| too_long("payload", len.max(plain)))
    }
}

/// Appends a frame; `None`, and nothing is appended, if a length doesn't fit its header.
pub(super) fn put_frame(
    dst: &mut BytesMut,
    sequence_id: u8,
    uncompressed_len: usize,
    payload: &[u8],
) -> Option<()> {
    let start = header(payload.len(), sequence_id)?;
    let [x, y, z, _] = header(uncompressed_len, 0)?;
    dst.reserve(FRAME_HEADER_LEN + payload.len());
    dst.put_slice(&start);
    dst.put_slice(&[x, y, z]);
    dst.put_slice(payload);
    Some(())
}
