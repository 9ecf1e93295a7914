//! The compressed protocol: a layer below packets that both sides switch to after the login.
//!
//! Frames carry the byte stream that packets are cut from; a packet may straddle frames, and a
//! frame hold many packets.
//!
//! Documentation page: Compression.

mod algorithm;
mod deflator;
mod error;
mod frame;
mod inflator;

pub use algorithm::Algorithm;
pub use deflator::Deflator;
pub use error::{CompressError, FrameErrorKind};
pub use frame::{FRAME_HEADER_LEN, Frame, FrameCodec, FrameHeader};
pub use inflator::Inflator;
