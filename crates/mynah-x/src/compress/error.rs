use std::io;

use thiserror::Error;

/// Why messages couldn't be compressed.
#[derive(Debug, Error)]
#[error("compressing failed")]
pub struct CompressError(#[from] pub(super) io::Error);

/// Why what a compressed message holds can't be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DecompressError {
    /// It doesn't say how long it is when it is inflated.
    #[error("a compressed message doesn't say how long it is")]
    NoSize,
    /// It is longer than the reader allows when it is inflated.
    #[error("a compressed message of {said} bytes, and at most {limit} are allowed")]
    TooLarge {
        /// How long it says it is.
        said: u64,
        /// How long it may be.
        limit: usize,
    },
    /// It is longer or shorter than it says.
    #[error("a compressed message says it is {said} bytes long, and isn't")]
    Length {
        /// How long it says it is.
        said: usize,
    },
    /// A message before it held more than its frames.
    #[error("a compressed message behind one with bytes left over")]
    LeftOver,
    /// The payload isn't what the algorithm makes.
    #[error("a compressed message can't be inflated")]
    Inflate(#[from] io::Error),
}
