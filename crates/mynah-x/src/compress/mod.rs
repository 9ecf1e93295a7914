//! Compressed messages: several frames in one [`Compression`](crate::connection::Compression), and
//! back.
//!
//! Deflate is one stream per direction that continues from message to message, so a side keeps one
//! `Compressor` and one `Decompressor` for the whole connection. LZ4 starts again with each
//! message, and so does zstd as this crate writes it; it also reads the continued zstd streams of
//! other implementations.
//!
//! Without the feature `compress`, this module has only the algorithms' names and levels; zstd needs the feature
//! `compress-zstd`.
//!
//! Documentation page: X Protocol, Compression.

mod algorithm;
#[cfg(feature = "compress")]
mod compressor;
#[cfg(feature = "compress")]
mod decompressor;
#[cfg(feature = "compress")]
mod error;
#[cfg(feature = "compress")]
mod pieces;
#[cfg(feature = "compress-zstd")]
mod zstd_stream;

pub use algorithm::Algorithm;
#[cfg(feature = "compress")]
pub use compressor::Compressor;
#[cfg(feature = "compress")]
pub use decompressor::Decompressor;
#[cfg(feature = "compress")]
pub use error::{CompressError, DecompressError};
