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
    /// What was read and not inflated yet.
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

    /// Appends to `plain` what the next whole frame carries that isn't empty, and says whether there
    /// was one.
    ///
    /// One frame at a time: a few bytes of frames can stand for gigabytes, of which the session
    /// takes a packet before it needs more.
    ///
    /// # Errors
    /// `InvalidData` for a frame that can't be what its sender meant.
    pub(super) fn inflate_frame(&mut self, plain: &mut BytesMut) -> Result<bool> {
        let before = plain.len();
        while plain.len() == before {
            let Some(frame) = FrameCodec.decode(&mut self.received)? else {
                break;
            };
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

    /// What is sent next answers nothing.
    pub(super) fn start_unasked(&mut self) {
        self.deflator.set_sequence_id(0);
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
    fn frames_without_content_are_passed_over() {
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
