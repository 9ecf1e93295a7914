use bytes::{BufMut, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

use crate::{Frame, FrameError, put_frame};

/// Reads frames from a byte stream, and writes frames: [`Frame::take`] and [`put_frame`] as a codec of
/// `tokio_util`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameCodec {
    /// The greatest length of a frame, as in its header.
    limit: usize,
}

impl FrameCodec {
    /// A codec that refuses frames of more than `limit` bytes: the type and the payload, without the length before
    /// them.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { limit }
    }

    /// Changes the most bytes that a frame may have: the type and the payload, without the length before them.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }
}

impl Decoder for FrameCodec {
    type Item = Frame;
    type Error = FrameError;

    fn decode(&mut self, src: &mut BytesMut) -> Result<Option<Frame>, FrameError> {
        Frame::take(src, self.limit)
    }
}

impl Encoder<Frame> for FrameCodec {
    type Error = FrameError;

    fn encode(&mut self, frame: Frame, dst: &mut BytesMut) -> Result<(), FrameError> {
        let len = frame.payload.len().saturating_add(1);
        if len > self.limit || u32::try_from(len).is_err() {
            let limit = self.limit;
            return Err(FrameError::TooLarge { len, limit });
        }
        put_frame(dst, frame.message_type, |w| w.put_slice(&frame.payload));
        Ok(())
    }
}
