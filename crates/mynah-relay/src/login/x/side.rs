use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::Header;
use mynah_x::{
    ClientMessage, Frame, FrameCodec, FrameError, FrameHeader, ServerMessage, put_frame,
};
use tokio_util::codec::Decoder;

use crate::login::Transport;

/// One side of a login, message by message.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) transport: Transport,
    /// What it has sent that is not cut into messages.
    pub(super) input: BytesMut,
    /// Whether it has closed.
    pub(super) is_closed: bool,
}

impl Side {
    pub(super) fn new(transport: Transport, input: BytesMut) -> Self {
        Self {
            transport,
            input,
            is_closed: false,
        }
    }

    /// The next message, if it is there as a whole. What can't be cut is kept.
    pub(super) fn receive(&mut self) -> Result<Option<Frame>, FrameError> {
        FrameCodec::new(MAX_FRAME).decode(&mut self.input)
    }

    /// Whether no more is kept of what it says while it isn't its turn.
    pub(super) fn is_full(&self) -> bool {
        self.input.len() > MAX_FRAME
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
pub(super) fn to_server(message: impl Into<ClientMessage>) -> Frame {
    let message = message.into();
    let mut w = BytesMut::new();
    message.put(&mut w);
    frame(message.message_type().0, &w)
}

/// A message of ours to the client.
pub(super) fn to_client(message: impl Into<ServerMessage>) -> Frame {
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

/// No side has anything long to say before the login.
const MAX_FRAME: usize = 1024 * 1024;
