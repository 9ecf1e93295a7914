use std::fmt;
use std::io::{self, Write};

use flate2::{Compress, Compression as Level, FlushCompress};
use lz4_flex::frame::FrameEncoder;
use mynah_wire::Header;
#[cfg(feature = "compress-zstd")]
use zstd::bulk;

use super::{Algorithm, CompressError};
use crate::FrameHeader;
use crate::connection::Compression;

/// Compresses frames into messages of the type [`Compression`], for one direction of a connection.
pub struct Compressor {
    algorithm: Algorithm,
    stream: Stream,
}

enum Stream {
    Deflate(Box<Compress>),
    Lz4,
    /// Each message is a separate frame that contains the length of its contents: servers send it
    /// so, and some clients read nothing else.
    #[cfg(feature = "compress-zstd")]
    Zstd(Box<bulk::Compressor<'static>>),
}

impl Compressor {
    /// A compressor of this algorithm and level. With LZ4 the level has no effect; for Deflate, a level outside of 0 to
    /// 9 counts as the nearest one; for zstd, one above 22 counts as 22, and 0 as 3.
    ///
    /// # Errors
    /// When there is no memory, or the algorithm [isn't built](Algorithm::is_built).
    pub fn new(algorithm: Algorithm, level: i32) -> Result<Self, CompressError> {
        let stream = match algorithm {
            Algorithm::Deflate => {
                let level = u32::try_from(level.clamp(0, 9)).unwrap_or_default();
                Stream::Deflate(Box::new(Compress::new(Level::new(level), true)))
            }
            Algorithm::Lz4 => Stream::Lz4,
            #[cfg(feature = "compress-zstd")]
            Algorithm::Zstd => Stream::Zstd(Box::new(bulk::Compressor::new(level)?)),
            #[cfg(not(feature = "compress-zstd"))]
            Algorithm::Zstd => return Err(io::Error::from(io::ErrorKind::Unsupported).into()),
        };
        Ok(Self { algorithm, stream })
    }

    /// The algorithm of the compressor.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Compresses these frames, headers included, into a message of a server.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn server_message(&mut self, frames: &[u8]) -> Result<Compression, CompressError> {
        Ok(Compression {
            server_messages: common_type(frames),
            ..self.message(frames)?
        })
    }

    /// Compresses these frames, headers included, into a message of a client.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn client_message(&mut self, frames: &[u8]) -> Result<Compression, CompressError> {
        Ok(Compression {
            client_messages: common_type(frames),
            ..self.message(frames)?
        })
    }

    fn message(&mut self, frames: &[u8]) -> Result<Compression, CompressError> {
        Ok(Compression {
            uncompressed_size: Some(frames.len() as u64),
            payload: self.compress(frames)?.into(),
            ..Compression::default()
        })
    }

    fn compress(&mut self, plain: &[u8]) -> io::Result<Vec<u8>> {
        match &mut self.stream {
            Stream::Deflate(stream) => deflate(stream, plain),
            #[cfg(feature = "compress-zstd")]
            Stream::Zstd(stream) => stream.compress(plain),
            Stream::Lz4 => {
                let mut encoder = FrameEncoder::new(Vec::new());
                encoder.write_all(plain)?;
                encoder.finish().map_err(io::Error::from)
            }
        }
    }
}

impl fmt::Debug for Compressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compressor")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// The type of these frames, if all have the same one.
fn common_type(frames: &[u8]) -> Option<i32> {
    // A receiver uses this type to decide, before it inflates, whether it takes the message.
    let mut rest = frames;
    let (_, first) = FrameHeader::cut(&mut rest)?;
    let common = first.first()?;
    while let Some((_, frame)) = FrameHeader::cut(&mut rest) {
        if frame.first() != Some(common) {
            return None;
        }
    }
    rest.is_empty().then_some(i32::from(*common))
}

fn deflate(stream: &mut Compress, plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(plain.len() / 2 + ROOM);
    let start = stream.total_in();
    // Each round compresses what has not been taken yet, into as much room as there is.
    loop {
        let taken = usize::try_from(stream.total_in() - start).unwrap_or(usize::MAX);
        let rest = plain.get(taken..).unwrap_or_default();
        // A sync flush ends the message at a byte, and lets the stream continue with the next one.
        stream.compress_vec(rest, &mut out, FlushCompress::Sync)?;
        let taken = usize::try_from(stream.total_in() - start).unwrap_or(usize::MAX);
        // Space left in the output means that everything was written.
        if taken >= plain.len() && out.len() < out.capacity() {
            return Ok(out);
        }
        out.reserve(ROOM);
    }
}

/// The least space for one write.
const ROOM: usize = 4 * 1024;
