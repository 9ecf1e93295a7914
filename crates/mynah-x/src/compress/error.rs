use std::io;

use thiserror::Error;

/// Why messages couldn't be compressed.
#[derive(Debug, Error)]
#[error("compressing failed")]
pub struct CompressError(#[from] pub(super) io::Error);

/// Why a compressed message can't be decompressed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DecompressError {
    /// The message doesn't state its length after decompression.
    #[error("a compressed message doesn't say how long it is")]
    NoSize,
    /// The stated length after decompression exceeds the caller's limit.
    #[error("a compressed message of {said} bytes, and at most {limit} are allowed")]
    TooLarge {
        /// The length that the message states, in bytes.
        said: u64,
        /// The caller's limit, in bytes.
        limit: usize,
    },
    /// The length after decompression isn't the stated one.
    #[error("a compressed message says it is {said} bytes long, and isn't")]
    Length {
        /// The length that the message states, in bytes.
        said: usize,
    },
    /// An earlier message had bytes after its frames, so this one can't be decompressed.
    #[error("a compressed message behind one with bytes left over")]
    LeftOver,
    /// The payload isn't valid data of the connection's algorithm.
    #[error("a compressed message can't be inflated")]
    Inflate(#[from] io::Error),
}
