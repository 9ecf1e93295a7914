//! Compressed messages: how several frames become one
//! [`Compression`](crate::connection::Compression), and the other way.
//!
//! Deflate is one stream for each direction, which goes on from message to message, so a side keeps
//! one [`Compressor`] and one [`Decompressor`] for as long as the connection lasts. LZ4 begins anew
//! each time, and so does zstd as it is written here; what others go on with is read, too.
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
