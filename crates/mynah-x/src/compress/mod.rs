//! Compressed messages: several frames in one [`Compression`](crate::connection::Compression), and
//! back.
//!
//! Deflate is one stream per direction that continues from message to message, so a side keeps one
//! [`Compressor`] and one [`Decompressor`] for the whole connection. LZ4 starts again with each
//! message, and so does zstd as this crate writes it; it also reads the continued zstd streams of
//! other implementations.
//!
//! Documentation page: X Protocol, Compression.

mod algorithm;
mod compressor;
mod decompressor;
mod error;

pub use algorithm::Algorithm;
pub use compressor::Compressor;
pub use decompressor::Decompressor;
pub use error::{CompressError, DecompressError};
