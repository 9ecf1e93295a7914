use std::fmt;

use bytes::BytesMut;

use super::{Algorithm, CompressError, Frame, FrameErrorKind, zlib, zstd};

/// Decompresses frames into the byte stream that packets are cut from.
///
/// The decompressor's memory is allocated by the first compressed frame and kept for the next.
pub struct Inflator {
    algorithm: Algorithm,
    next_sequence_id: u8,
    zlib: zlib::Inflate,
    zstd: zstd::Inflate,
}

impl Inflator {
    /// An inflator that expects sequence id 0.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            next_sequence_id: 0,
            zlib: zlib::Inflate::default(),
            zstd: zstd::Inflate::default(),
        }
    }

    /// The sequence id of the next frame of the exchange, in either direction.
    #[must_use]
    pub fn next_sequence_id(&self) -> u8 {
        self.next_sequence_id
    }

    /// Sets the sequence id that comes next: 0 where a command starts, or the one after the last
    /// frame sent in the other direction.
    pub fn expect_sequence_id(&mut self, next: u8) {
        self.next_sequence_id = next;
    }

    /// Takes the next frame of the exchange, and appends what it carries to `plain`.
    ///
    /// No frame inflates to more than its header states, nor to more than 2²⁴−1 bytes. A header's
    /// length allocates no more than the payload that came with it can inflate to.
    ///
    /// # Errors
    /// [`FrameErrorKind::OutOfOrder`], and as [`inflate`](Self::inflate).
    pub fn push(&mut self, frame: &Frame, plain: &mut BytesMut) -> Result<(), CompressError> {
        let expected = self.next_sequence_id;
        if frame.sequence_id != expected {
            let kind = FrameErrorKind::OutOfOrder { expected };
            return Err(error(frame, kind));
        }
        self.next_sequence_id = expected.wrapping_add(1);
        self.inflate(frame, plain)
    }

    /// Appends what a frame carries to `plain`, without checking its sequence id.
    ///
    /// # Errors
    /// [`FrameErrorKind::Inflate`], [`FrameErrorKind::Length`] and [`FrameErrorKind::Trailing`], or
    /// [`FrameErrorKind::NotBuilt`] without the algorithm's feature; `plain` is then as it was.
    pub fn inflate(&mut self, frame: &Frame, plain: &mut BytesMut) -> Result<(), CompressError> {
        let said = frame.uncompressed_len as usize;
        // The payload isn't compressed.
        if said == 0 {
            plain.extend_from_slice(&frame.payload);
            return Ok(());
        }
        let start = plain.len();
        let inflated = match self.algorithm {
            Algorithm::Zlib => self.zlib.inflate(&frame.payload, said, plain),
            Algorithm::Zstd(_) => self.zstd.inflate(&frame.payload, said, plain),
        };
        inflated.map_err(|kind| {
            plain.truncate(start);
            error(frame, kind)
        })
    }
}

impl fmt::Debug for Inflator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflator")
            .field("algorithm", &self.algorithm)
            .field("next_sequence_id", &self.next_sequence_id)
            .finish_non_exhaustive()
    }
}

fn error(frame: &Frame, kind: FrameErrorKind) -> CompressError {
    CompressError {
        sequence_id: frame.sequence_id,
        kind,
    }
}
