//! The compressed protocol: a layer below packets that client and server switch to after the login.
//!
//! Frames carry the byte stream that packets are cut from; a packet may straddle frames, and a
//! frame hold many packets.
//!
//! Without the features `compress-zlib` and `compress-zstd`, frames whose payload isn't compressed can still be
//! read and written.
//!
//! Documentation page: Compression.

mod algorithm;
#[cfg(feature = "codec")]
mod codec;
mod deflator;
mod error;
mod frame;
mod inflator;
#[cfg(not(all(feature = "compress-zlib", feature = "compress-zstd")))]
mod not_built;
#[cfg(feature = "compress-zlib")]
mod zlib;
#[cfg(feature = "compress-zstd")]
mod zstd;

#[cfg(not(feature = "compress-zlib"))]
use not_built as zlib;
#[cfg(not(feature = "compress-zstd"))]
use not_built as zstd;

pub use algorithm::Algorithm;
#[cfg(feature = "codec")]
pub use codec::FrameCodec;
pub use deflator::Deflator;
pub use error::{CompressError, FrameErrorKind};
pub use frame::{FRAME_HEADER_LEN, Frame, FrameHeader};
pub use inflator::Inflator;

/// Appends `len` zero bytes to `plain`, and returns them.
#[cfg(any(feature = "compress-zlib", feature = "compress-zstd"))]
fn grow(plain: &mut bytes::BytesMut, len: usize) -> &mut [u8] {
    let start = plain.len();
    plain.resize(start + len, 0);
    plain.get_mut(start..).unwrap_or_default()
}
