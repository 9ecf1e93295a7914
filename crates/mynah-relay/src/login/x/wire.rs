use std::io;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_net::Stream;
use mynah_wire::Header;
use mynah_x::{
    ClientMessage, Frame, FrameCodec, FrameError, FrameHeader, ServerMessage, put_frame,
};
use tokio::io::AsyncWriteExt;
use tokio_util::codec::Decoder;
use tokio_util::io::read_buf;

/// One side of a login, message by message.
#[derive(Debug)]
pub(super) struct Wire<'a> {
    pub(super) stream: &'a mut Stream,
    /// What was read and not been cut into messages.
    pub(super) input: BytesMut,
}

impl Wire<'_> {
    /// The next message; nothing when the side has closed. What was read is kept if this is
    /// dropped before it is done, and what can't be cut is.
    pub(super) async fn receive(&mut self) -> Result<Option<Frame>, FrameError> {
        let mut codec = FrameCodec::new(MAX_FRAME);
        loop {
            let frame = codec.decode(&mut self.input)?;
            if frame.is_some() || read_buf(self.stream, &mut self.input).await? == 0 {
                return Ok(frame);
            }
        }
    }

    /// Waits until the side has closed. What it says meanwhile is kept.
    pub(super) async fn gone(&mut self) -> io::Error {
        while self.input.len() <= MAX_FRAME {
            match read_buf(self.stream, &mut self.input).await {
                Ok(0) => return io::ErrorKind::UnexpectedEof.into(),
                Ok(_) => {}
                Err(error) => return error,
            }
        }
        // It says so much that it is still there.
        std::future::pending().await
    }

    pub(super) async fn send(&mut self, frame: &Frame) -> io::Result<()> {
        self.stream.write_all(&wire(frame)).await
    }
}

/// A message as it crosses the wire.
pub(super) fn wire(frame: &Frame) -> Bytes {
    let mut wire = BytesMut::new();
    put_frame(&mut wire, frame.message_type, |w| {
        w.put_slice(&frame.payload)
    });
    wire.freeze()
}

/// A message of ours to the server.
pub(super) fn asked(message: impl Into<ClientMessage>) -> Frame {
    let message = message.into();
    let mut w = BytesMut::new();
    message.put(&mut w);
    frame(message.message_type().0, &w)
}

/// A message of ours to the client.
pub(super) fn told(message: impl Into<ServerMessage>) -> Frame {
    let message = message.into();
    let mut w = BytesMut::new();
    message.put(&mut w);
    frame(message.message_type().0, &w)
}

fn frame(message_type: u8, wire: &[u8]) -> Frame {
    let payload = FrameHeader::split(wire).and_then(|(_, frame)| frame.get(1..));
    Frame {
        message_type,
        payload: Bytes::copy_from_slice(payload.unwrap_or_default()),
    }
}

/// Nobody has anything long to say before the login.
const MAX_FRAME: usize = 1024 * 1024;
