use std::io;

use bytes::BytesMut;
use tokio_util::codec::{Decoder, Encoder};

use super::Frame;

/// Reads frames from a byte stream, and writes frames: [`Frame::take`] and [`Frame::put`] as a codec of
/// `tokio_util`.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameCodec;

impl Decoder for FrameCodec {
    type Item = Frame;
    /// Any seven bytes are a header, so only reading itself can fail.
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Frame>> {
        Ok(Frame::take(src))
    }
}

impl Encoder<Frame> for FrameCodec {
    type Error = io::Error;

    /// As [`Frame::put`].
    ///
    /// # Errors
    /// `InvalidInput` for a length of more than 2²⁴−1.
    fn encode(&mut self, frame: Frame, dst: &mut BytesMut) -> io::Result<()> {
        let put = frame.put(dst);
        put.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
    }
}
