//! The compressed protocol, to which a session changes after the login.

use std::io::{Error, ErrorKind, Result};

use bytes::BytesMut;
use mynah_wire::compress::{Algorithm, Deflator, Frame, Inflator};

/// Both directions of a compressed connection.
#[derive(Debug)]
pub(super) struct Compression {
    inflator: Inflator,
    deflator: Deflator,
    /// Received bytes that aren't inflated yet.
    pub(super) received: BytesMut,
    sent: BytesMut,
}

impl Compression {
    /// The state after a login: sequence ids start at 0.
    pub(super) fn new(algorithm: Algorithm) -> Self {
        Self {
            inflator: Inflator::new(algorithm),
            deflator: Deflator::new(algorithm, 0),
            received: BytesMut::new(),
            sent: BytesMut::new(),
        }
    }

    /// Appends the content of the next complete frame that isn't empty to `plain`; returns whether
    /// there was one.
    ///
    /// It inflates only one frame at a time: a few bytes of frames can expand to gigabytes, and the
    /// session takes a packet before it needs more.
    ///
    /// # Errors
    /// `InvalidData` for an invalid frame.
    pub(super) fn inflate_frame(&mut self, plain: &mut BytesMut) -> Result<bool> {
        let before = plain.len();
        while plain.len() == before {
            let Some(frame) = Frame::take(&mut self.received) else {
                break;
            };
            if frame.sequence_id == 0 {
                // Sequence id 0: a new command.
                self.inflator.expect_sequence_id(0);
            }
            self.inflator
                .push(&frame, plain)
                .map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
            // The answer's frames continue the numbering of the command's.
            self.deflator
                .set_sequence_id(self.inflator.next_sequence_id());
        }
        if self.received.is_empty() {
            // An idle session keeps no buffers.
            self.received = BytesMut::new();
        }
        Ok(plain.len() > before)
    }

    /// Starts the numbering at 0 for a message that isn't an answer.
    pub(super) fn begin_unsolicited(&mut self) {
        self.deflator.set_sequence_id(0);
    }

    /// The compressed form of these bytes.
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

    /// Keeps the buffer of sent bytes for the next call.
    pub(super) fn keep(&mut self, sent: BytesMut) {
        if sent.capacity() <= KEPT_CAPACITY {
            self.sent = sent;
        }
    }
}

const KEPT_CAPACITY: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_one_frame_is_inflated_at_a_time() {
        for algorithm in [Algorithm::Zlib, Algorithm::Zstd(3)] {
            let mut compression = Compression::new(algorithm);
            let mut sent = BytesMut::new();
            for letter in [b'a', b'b', b'c'] {
                let mut client = Deflator::new(algorithm, 0);
                client.write(&[letter; 1 << 20], &mut sent).unwrap();
            }
            compression.received = sent;
            for letter in [b'a', b'b', b'c'] {
                let mut plain = BytesMut::new();
                assert!(compression.inflate_frame(&mut plain).unwrap());
                assert_eq!(plain, vec![letter; 1 << 20]);
            }
            assert!(!compression.inflate_frame(&mut BytesMut::new()).unwrap());
        }
    }

    #[test]
    fn empty_frames_are_skipped() {
        let mut compression = Compression::new(Algorithm::Zlib);
        let empty = b"\0\0\0\0\0\0\0";
        let mut deflator = Deflator::new(Algorithm::Zlib, 1);
        compression.received.extend_from_slice(empty);
        deflator.write(b"ping", &mut compression.received).unwrap();
        compression.received.extend_from_slice(empty);

        let mut plain = BytesMut::new();
        assert!(compression.inflate_frame(&mut plain).unwrap());
        assert_eq!(&plain[..], b"ping");
        assert!(!compression.inflate_frame(&mut plain).unwrap());
    }
}
