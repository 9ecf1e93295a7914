use std::io;

use bytes::{BufMut, Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

use crate::Header;
use crate::packet::header;

/// Length of a frame's header: three bytes of payload length, one of sequence id, three of the
/// length before compression.
pub const FRAME_HEADER_LEN: usize = 7;

/// The header of a frame: three bytes of payload length, one of sequence id, three of the length before
/// compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHeader {
    /// The length of the payload in bytes, at most 2²⁴−1.
    pub len: usize,
    /// The frame's sequence id, see [`Frame::sequence_id`].
    pub sequence_id: u8,
    /// The payload's length after decompression, see [`Frame::uncompressed_len`].
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

/// One frame as it crosses the wire.
///
/// Documentation page: Compressed Packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The sequence id: counts the frames of both directions, from 0 at the start of each command; after 255 comes
    /// 0. Packets are counted separately.
    pub sequence_id: u8,
    /// The length of the payload in bytes after decompression; 0 if it isn't compressed.
    pub uncompressed_len: u32,
    /// The payload, compressed or not; at most 2²⁴−1 bytes.
    pub payload: Bytes,
}

/// Reads frames from a byte stream, and writes frames.
///
/// It neither decompresses frames nor checks sequence ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameCodec;

impl Decoder for FrameCodec {
    type Item = Frame;
    /// Any seven bytes are a header, so only reading itself can fail.
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Frame>> {
        Ok(FrameHeader::take(src).map(|(header, payload)| Frame {
            sequence_id: header.sequence_id,
            uncompressed_len: header.uncompressed_len,
            payload,
        }))
    }
}

impl Encoder<Frame> for FrameCodec {
    type Error = io::Error;

    /// Writes one frame unchanged.
    ///
    /// # Errors
    /// `InvalidInput` for a length of more than 2²⁴−1.
    fn encode(&mut self, frame: Frame, dst: &mut BytesMut) -> io::Result<()> {
        put_frame(
            dst,
            frame.sequence_id,
            frame.uncompressed_len as usize,
            &frame.payload,
        )
        .ok_or_else(|| io::ErrorKind::InvalidInput.into())
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
