use std::io;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use mynah_wire::Header;
use thiserror::Error;

/// A message as it crosses the wire: type and payload.
///
/// Documentation page: X Protocol, Messages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Frame {
    /// The message's type: a [`ClientMessageType`](crate::ClientMessageType) or a
    /// [`ServerMessageType`](crate::ServerMessageType), depending on the sender.
    pub message_type: u8,
    /// The message's fields, encoded as protobuf.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub payload: Bytes,
}

/// The start of a frame: its length in four bytes, little-endian, which counts the bytes after these four.
///
/// Used with a [`Scanner`](mynah_wire::Scanner), the message's type is the first byte of the payload. So a
/// length of 0, which leaves no room for a type, can be noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FrameHeader {
    /// How many bytes follow: one for the type, and the payload.
    pub len: u32,
}

impl Header for FrameHeader {
    const LEN: usize = LENGTH;

    #[inline]
    fn split(stream: &[u8]) -> Option<(Self, &[u8])> {
        let (&len, after) = stream.split_first_chunk()?;
        let len = u32::from_le_bytes(len);
        Some((Self { len }, after))
    }

    #[inline]
    fn payload_len(self) -> usize {
        usize::try_from(self.len).unwrap_or(usize::MAX)
    }
}

/// Why a frame can't be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FrameError {
    /// A frame's header states a length of 0, which leaves no room for a type.
    #[error("a frame without a type")]
    Empty,
    /// A frame is longer than the limit of the reader or the codec.
    #[error("a frame of {len} bytes, and at most {limit} are allowed")]
    TooLarge {
        /// The length of the frame in bytes: its type and its payload.
        len: usize,
        /// The greatest length in bytes that is allowed.
        limit: usize,
    },
    /// The bytes couldn't be read or written.
    #[error("reading or writing frames failed")]
    Io(#[from] io::Error),
}

impl Frame {
    /// Takes the first frame off a buffer, if it has at most `limit` bytes; `None` if it is
    /// incomplete. The length counts as in the header: the type and the payload.
    ///
    /// # Errors
    /// [`FrameError::Empty`] and [`FrameError::TooLarge`].
    pub fn take(src: &mut BytesMut, limit: usize) -> Result<Option<Self>, FrameError> {
        let Some((header, _)) = FrameHeader::split(src) else {
            return Ok(None);
        };
        let len = header.payload_len();
        if len == 0 {
            return Err(FrameError::Empty);
        }
        // Checked at the header, before the payload takes memory.
        if len > limit {
            return Err(FrameError::TooLarge { len, limit });
        }
        Ok(FrameHeader::take(src).map(|(_, mut payload)| Self {
            message_type: payload.get_u8(),
            payload,
        }))
    }
}

/// Appends a frame of this type to `w`; `put` writes its payload. If the payload is 4 GiB or longer, so that
/// its length doesn't fit into the header, nothing is appended.
pub fn put_frame(w: &mut BytesMut, message_type: u8, put: impl FnOnce(&mut BytesMut)) {
    let start = w.len();
    w.put_u32_le(0);
    w.put_u8(message_type);
    put(w);
    let len = w.len().saturating_sub(start + LENGTH);
    // The length is only known now; it replaces the zeros above.
    match (u32::try_from(len), w.get_mut(start..start + LENGTH)) {
        (Ok(len), Some(place)) => place.copy_from_slice(&len.to_le_bytes()),
        _ => w.truncate(start),
    }
}

/// The size of the length before a frame.
const LENGTH: usize = 4;
