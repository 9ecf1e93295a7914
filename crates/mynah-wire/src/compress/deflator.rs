use std::{fmt, io};

use bytes::BytesMut;
use flate2::{Compress, Compression, FlushCompress, Status};
use zstd::bulk::Compressor;

use super::Algorithm;
use super::frame::put_frame;
use crate::MAX_PAYLOAD_LEN;

/// Compresses the byte stream of packets into frames.
///
/// The compressor's memory is allocated by the first frame worth compressing and kept for the next.
pub struct Deflator {
    algorithm: Algorithm,
    next_sequence_id: u8,
    zlib_level: Compression,
    zlib: Option<Compress>,
    zstd: Option<Compressor<'static>>,
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
            zlib_level: Compression::default(),
            zlib: None,
            zstd: None,
            deflated: Vec::new(),
        }
    }

    /// Sets the level for zlib, from 0 (no compression) to 9; greater values count as 9. The
    /// default is 6. For zstd, the algorithm itself carries the level.
    #[must_use]
    pub fn with_zlib_level(mut self, level: u8) -> Self {
        self.zlib_level = Compression::new(level.min(9).into());
        self.zlib = None;
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

    /// Appends frames that carry `plain` to `wire`: as many as it takes, none of them empty. A part
    /// that is short, or that compressing makes longer, is sent as it is.
    ///
    /// # Errors
    /// When zstd refuses its level. `wire` and the numbering are then as they were.
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
        let fits = match self.algorithm {
            Algorithm::Zlib => self.deflate_zlib(part)?,
            Algorithm::Zstd(level) => self.deflate_zstd(part, level)?,
        };
        Ok(fits && self.deflated.len() < part.len())
    }

    fn deflate_zlib(&mut self, part: &[u8]) -> io::Result<bool> {
        let level = self.zlib_level;
        let zlib = self.zlib.get_or_insert_with(|| Compress::new(level, true));
        // Each frame is compressed on its own; the compressor is only reused for its memory.
        zlib.reset();
        let status = zlib.compress_vec(part, &mut self.deflated, FlushCompress::Finish)?;
        Ok(status == Status::StreamEnd)
    }

    fn deflate_zstd(&mut self, part: &[u8], level: u8) -> io::Result<bool> {
        let zstd = match &mut self.zstd {
            Some(zstd) => zstd,
            none => none.insert(Compressor::new(level.into())?),
        };
        Ok(zstd.compress_to_buffer(part, &mut self.deflated).is_ok())
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

/// MySQL's servers and clients don't compress shorter payloads.
const WORTH_COMPRESSING: usize = 50;

/// How many bytes of buffer are kept for the next frame.
const KEPT: usize = 64 * 1024;
