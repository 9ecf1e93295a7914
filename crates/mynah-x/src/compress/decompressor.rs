use std::fmt;
use std::io::Read;

use bytes::Bytes;
use flate2::{Decompress, FlushDecompress};
use lz4_flex::frame::FrameDecoder;

use super::pieces::inflate_pieces;
#[cfg(feature = "compress-zstd")]
use super::zstd_stream::ZstdStream;
use super::{Algorithm, DecompressError};
use crate::connection::Compression;

/// Decompresses messages into the frames inside, for one direction of a connection.
///
/// A message that decompresses to another length than it states, or to more bytes than the caller allows, is an error.
/// The window of a zstd stream is at most 8 MiB.
pub struct Decompressor {
    algorithm: Algorithm,
    stream: Stream,
    /// Whether the last message had bytes after its frames that aren't the beginning of further
    /// data.
    is_left_over: bool,
}

enum Stream {
    Deflate(Box<Decompress>),
    Lz4,
    #[cfg(feature = "compress-zstd")]
    Zstd(Box<ZstdStream>),
}

impl Decompressor {
    /// A decompressor of this algorithm.
    ///
    /// # Errors
    /// When there is no memory, or the algorithm [isn't built](Algorithm::is_built).
    pub fn new(algorithm: Algorithm) -> Result<Self, DecompressError> {
        let stream = match algorithm {
            Algorithm::Deflate => Stream::Deflate(Box::new(Decompress::new(true))),
            Algorithm::Lz4 => Stream::Lz4,
            #[cfg(feature = "compress-zstd")]
            Algorithm::Zstd => Stream::Zstd(Box::new(ZstdStream::new()?)),
            #[cfg(not(feature = "compress-zstd"))]
            Algorithm::Zstd => {
                return Err(std::io::Error::from(std::io::ErrorKind::Unsupported).into());
            }
        };
        Ok(Self {
            algorithm,
            stream,
            is_left_over: false,
        })
    }

    /// The algorithm of the decompressor.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Decompresses a message into the frames inside, headers included, if they take at most `limit` bytes.
    /// After an error the stream can't be continued. Bytes in the payload after the frames count as the start
    /// of the next message, as in MySQL; if they aren't, the next message can't be decompressed.
    ///
    /// # Errors
    /// When the frames take more than `limit` bytes, or another length than the message states, or the
    /// payload is invalid.
    pub fn frames(
        &mut self,
        message: &Compression,
        limit: usize,
    ) -> Result<Bytes, DecompressError> {
        // A compressed stream continues from message to message, so after bytes that were left over it can't
        // be followed.
        if self.is_left_over {
            return Err(DecompressError::LeftOver);
        }
        let said = message.uncompressed_size.ok_or(DecompressError::NoSize)?;
        let len = usize::try_from(said)
            .ok()
            // Checked before anything is inflated.
            .filter(|len| *len <= limit)
            .ok_or(DecompressError::TooLarge { said, limit })?;
        let mut plain = Vec::new();
        let all_read = match &mut self.stream {
            Stream::Lz4 => {
                let mut decoder = FrameDecoder::new(&message.payload[..]);
                // One byte more than the size shows that the message is longer.
                decoder.by_ref().take(said + 1).read_to_end(&mut plain)?;
                decoder.get_ref().is_empty()
            }
            Stream::Deflate(stream) => {
                inflate_pieces(&message.payload, len, &mut plain, |input, output| {
                    let (read, written) = (stream.total_in(), stream.total_out());
                    stream.decompress(input, output, FlushDecompress::Sync)?;
                    Ok((stream.total_in() - read, stream.total_out() - written))
                })?
            }
            #[cfg(feature = "compress-zstd")]
            Stream::Zstd(zstd) => zstd.inflate(&message.payload, len, &mut plain)?,
        };
        if plain.len() != len {
            return Err(DecompressError::Length { said: len });
        }
        self.is_left_over = !all_read;
        Ok(plain.into())
    }
}

impl fmt::Debug for Decompressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decompressor")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
