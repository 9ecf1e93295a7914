//! The compressed protocol, which a session changes to behind its login.

use std::io::{Error, ErrorKind, Result};

use bytes::BytesMut;
use mynah_wire::compress::{Algorithm, Deflator, FrameCodec, Inflator};
use tokio_util::codec::Decoder;

/// Both directions of a connection that is compressed.
#[derive(Debug)]
pub(super) struct Compression {
    inflator: Inflator,
    deflator: Deflator,
    /// What was read and not inflated yet: less than a frame.
    pub(super) received: BytesMut,
    sent: BytesMut,
}

impl Compression {
    /// A client that has just logged in.
    pub(super) fn new(algorithm: Algorithm) -> Self {
        Self {
            inflator: Inflator::new(algorithm),
            deflator: Deflator::new(algorithm, 0),
            received: BytesMut::new(),
            sent: BytesMut::new(),
        }
    }

    /// Appends to `plain` what the frames carry that are whole, and says whether that was anything.
    ///
    /// # Errors
    /// `InvalidData` for a frame that can't be what its sender meant.
    pub(super) fn inflate(&mut self, plain: &mut BytesMut) -> Result<bool> {
        let before = plain.len();
        while let Some(frame) = FrameCodec.decode(&mut self.received)? {
            if frame.sequence_id == 0 {
                // A command starts.
                self.inflator.expect_sequence_id(0);
            }
            self.inflator
                .push(&frame, plain)
                .map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
            // The answer goes on counting.
            self.deflator
                .set_sequence_id(self.inflator.next_sequence_id());
        }
        if self.received.is_empty() {
            // An idle session keeps no buffers.
            self.received = BytesMut::new();
        }
        Ok(plain.len() > before)
    }

    /// What is sent for these bytes.
    ///
    /// # Errors
    /// When zstd refuses its level.
    pub(super) fn deflate(&mut self, plain: &[u8]) -> Result<BytesMut> {
        let mut sent = std::mem::take(&mut self.sent);
        sent.clear();
        self.deflator.write(plain, &mut sent)?;
        self.inflator
            .expect_sequence_id(self.deflator.next_sequence_id());
        Ok(sent)
    }

    /// Keeps a buffer that was sent, for the next.
    pub(super) fn keep(&mut self, sent: BytesMut) {
        if sent.capacity() <= KEPT_CAPACITY {
            self.sent = sent;
        }
    }
}

const KEPT_CAPACITY: usize = 16 * 1024;
