use bytes::BytesMut;
use mynah_x::compress::{Algorithm, Compressor, Decompressor};
use mynah_x::connection::Compression as Compressed;
use mynah_x::{ClientMessage, Frame, Message as _, ServerMessage, ServerMessageType};

use crate::Error;
use crate::socket::Socket;

/// A socket with messages, some of them compressed once that is agreed on.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) socket: Socket,
    compression: Option<Compression>,
}

#[derive(Debug)]
struct Compression {
    compressor: Compressor,
    decompressor: Decompressor,
    /// The frames of the last compressed message that weren't taken yet.
    plain: BytesMut,
}

impl Wire {
    pub(super) fn new(socket: Socket) -> Self {
        Self {
            socket,
            compression: None,
        }
    }

    pub(super) fn compress(&mut self, algorithm: Algorithm) -> Result<(), Error> {
        let (_, level) = algorithm.levels();
        self.compression = Some(Compression {
            compressor: Compressor::new(algorithm, level)?,
            decompressor: Decompressor::new(algorithm)?,
            plain: BytesMut::new(),
        });
        Ok(())
    }

    /// The algorithm that both sides compress by; `None` without compression.
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        let compression = self.compression.as_ref()?;
        Some(compression.compressor.algorithm())
    }

    /// Sends a message, compressed if that is agreed on and the message is long.
    pub(super) async fn send(&mut self, message: &ClientMessage) -> Result<(), Error> {
        let mut frame = BytesMut::new();
        message.put(&mut frame);
        // Nothing is appended if the length doesn't fit into the frame's header.
        if frame.is_empty() {
            return Err(Error::TooLong);
        }
        if let Some(compression) = &mut self.compression
            && frame.len() >= WORTH_COMPRESSING
        {
            let compressed = compression.compressor.client_message(&frame)?;
            frame.clear();
            ClientMessage::from(compressed).put(&mut frame);
        }
        self.socket.send(&frame).await
    }

    /// The next message; `None` at the end of the stream.
    pub(super) async fn message(&mut self) -> Result<Option<ServerMessage>, Error> {
        loop {
            if let Some(frame) = self.take()? {
                return Ok(Some(ServerMessage::from_frame(&frame)?));
            }
            if !self.socket.read().await? {
                return Ok(None);
            }
        }
    }

    fn take(&mut self) -> Result<Option<Frame>, Error> {
        let received = &mut self.socket.received;
        let Some(compression) = &mut self.compression else {
            return Ok(Frame::take(received, MAX_FRAME)?);
        };
        loop {
            if let Some(frame) = Frame::take(&mut compression.plain, MAX_FRAME)? {
                return Ok(Some(frame));
            }
            let Some(frame) = Frame::take(received, MAX_FRAME)? else {
                return Ok(None);
            };
            if ServerMessageType(frame.message_type) != ServerMessageType::COMPRESSION {
                return Ok(Some(frame));
            }
            let message = Compressed::from_payload(&frame.payload)?;
            let frames = compression.decompressor.frames(&message, MAX_FRAME)?;
            compression.plain.extend_from_slice(&frames);
        }
    }
}

/// The length in bytes from which on a client's message is compressed, as in MySQL's own clients.
const WORTH_COMPRESSING: usize = 1000;
/// The longest message to accept from the server, in bytes, also after decompression.
const MAX_FRAME: usize = 64 * 1024 * 1024;
