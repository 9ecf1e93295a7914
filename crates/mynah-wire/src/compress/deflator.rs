use std::io::{self, Write};

use bytes::BytesMut;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::Algorithm;
use super::frame::put_frame;
use crate::MAX_PAYLOAD_LEN;

/// Makes frames out of the byte stream of packets.
#[derive(Debug)]
pub struct Deflator {
    algorithm: Algorithm,
    next_sequence_id: u8,
}

impl Deflator {
    /// A deflator whose first frame has sequence id `next`.
    #[must_use]
    pub fn new(algorithm: Algorithm, next: u8) -> Self {
        Self {
            algorithm,
            next_sequence_id: next,
        }
    }

    /// The sequence id of the next frame.
    #[must_use]
    pub fn next_sequence_id(&self) -> u8 {
        self.next_sequence_id
    }

    /// Says which sequence id the next frame has: 0 where a command starts, or the one after the
    /// last frame that came the other way.
    pub fn set_sequence_id(&mut self, next: u8) {
        self.next_sequence_id = next;
    }

    /// Appends frames that carry `plain` to `wire`: as many as it takes, none of them empty. What
    /// is short, or would grow, is sent as it is.
    ///
    /// # Errors
    /// When zstd refuses its level. `wire` and the numbering are then as they were.
    pub fn write(&mut self, plain: &[u8], wire: &mut BytesMut) -> io::Result<()> {
        let (start, first) = (wire.len(), self.next_sequence_id);
        for part in plain.chunks(MAX_PAYLOAD_LEN) {
            if let Err(error) = self.write_frame(part, wire) {
                wire.truncate(start);
                self.next_sequence_id = first;
                return Err(error);
            }
        }
        Ok(())
    }

    fn write_frame(&mut self, part: &[u8], wire: &mut BytesMut) -> io::Result<()> {
        let sequence_id = self.next_sequence_id;
        let written = match self.deflate(part)? {
            Some(deflated) => put_frame(wire, sequence_id, part.len(), &deflated),
            None => put_frame(wire, sequence_id, 0, part),
        };
        self.next_sequence_id = sequence_id.wrapping_add(1);
        written.ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    /// The part compressed, if that is worth it.
    fn deflate(&self, part: &[u8]) -> io::Result<Option<Vec<u8>>> {
        if part.len() < WORTH_COMPRESSING {
            return Ok(None);
        }
        let deflated = match self.algorithm {
            Algorithm::Zlib => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(part)?;
                encoder.finish()?
            }
            Algorithm::Zstd(level) => zstd::bulk::compress(part, level.into())?,
        };
        Ok(Some(deflated).filter(|deflated| deflated.len() < part.len()))
    }
}

/// Servers and clients send what is shorter as it is.
const WORTH_COMPRESSING: usize = 50;
