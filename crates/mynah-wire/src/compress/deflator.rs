use std::{fmt, io};

use bytes::BytesMut;

use super::frame::put_frame;
use super::{Algorithm, zlib, zstd};
use crate::MAX_PAYLOAD_LEN;

/// Compresses the byte stream of packets into frames.
///
/// The compressor's memory is allocated by the first frame worth compressing and kept for the next.
pub struct Deflator {
    algorithm: Algorithm,
    next_sequence_id: u8,
    zlib_level: u8,
    zlib: zlib::Deflate,
    zstd: zstd::Deflate,
    /// The compressed payload of the frame at hand; kept from frame to frame up to `KEPT` bytes.
    deflated: Vec<u8>,
}

impl Deflator {
    /// A deflator whose first frame has sequence id `next`.
    #[must_use]
    pub fn new(algorithm: Algorithm, next: u8) -> Self {
        Self {
            algorithm,
            next_sequence_id: next,
            zlib_level: ZLIB_LEVEL,
            zlib: zlib::Deflate::default(),
            zstd: zstd::Deflate::default(),
            deflated: Vec::new(),
        }
    }

    /// Sets the level for zlib, from 0 (no compression) to 9; greater values count as 9. The
    /// default is 6. For zstd, the algorithm itself carries the level.
    #[must_use]
    pub fn with_zlib_level(mut self, level: u8) -> Self {
        self.zlib_level = level.min(9);
        self.zlib = zlib::Deflate::default();
        self
    }

    /// The sequence id of the next frame.
    #[must_use]
    pub fn next_sequence_id(&self) -> u8 {
        self.next_sequence_id
    }

    /// Sets the sequence id of the next frame: 0 where a command starts, or the one after the last
    /// frame that came in the other direction.
    pub fn set_sequence_id(&mut self, next: u8) {
        self.next_sequence_id = next;
    }

    /// Appends frames that carry `plain` to `wire`: as many as it takes, none of them empty. The
    /// content of a frame isn't compressed if it has less than 50 bytes, or if compressing doesn't make
    /// it shorter.
    ///
    /// # Errors
    /// When the algorithm's feature is off and a frame's content has 50 bytes or more, or when the algorithm itself
    /// fails. `wire` and the numbering are then as they were.
    pub fn write(&mut self, plain: &[u8], wire: &mut BytesMut) -> io::Result<()> {
        let (start, first) = (wire.len(), self.next_sequence_id);
        for part in plain.chunks(MAX_PAYLOAD_LEN) {
            if let Err(error) = self.write_frame(part, wire) {
                // Nothing of a failed write may stay: the peer would wait for the rest of it.
                wire.truncate(start);
                self.next_sequence_id = first;
                return Err(error);
            }
        }
        if self.deflated.capacity() > KEPT {
            self.deflated = Vec::new();
        }
        Ok(())
    }

    fn write_frame(&mut self, part: &[u8], wire: &mut BytesMut) -> io::Result<()> {
        let sequence_id = self.next_sequence_id;
        // A length of 0 in the header marks an uncompressed payload ("Compressed Packet").
        let written = if self.deflate(part)? {
            put_frame(wire, sequence_id, part.len(), &self.deflated)
        } else {
            put_frame(wire, sequence_id, 0, part)
        };
        self.next_sequence_id = sequence_id.wrapping_add(1);
        written.ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    /// Compresses the part into `deflated`, and returns whether that made it shorter.
    fn deflate(&mut self, part: &[u8]) -> io::Result<bool> {
        if part.len() < WORTH_COMPRESSING {
            return Ok(false);
        }
        // With no more room than the part takes, compressing fails where it wouldn't pay.
        self.deflated.clear();
        self.deflated.reserve(part.len());
        let to = &mut self.deflated;
        let fits = match self.algorithm {
            Algorithm::Zlib => self.zlib.deflate(part, self.zlib_level, to)?,
            Algorithm::Zstd(level) => self.zstd.deflate(part, level, to)?,
        };
        Ok(fits && self.deflated.len() < part.len())
    }
}

impl fmt::Debug for Deflator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deflator")
            .field("algorithm", &self.algorithm)
            .field("next_sequence_id", &self.next_sequence_id)
            .field("zlib_level", &self.zlib_level)
            .finish_non_exhaustive()
    }
}

/// zlib's own default.
const ZLIB_LEVEL: u8 = 6;

/// MySQL's servers and clients don't compress shorter payloads.
const WORTH_COMPRESSING: usize = 50;

/// How many bytes of buffer are kept for the next frame.
const KEPT: usize = 64 * 1024;
