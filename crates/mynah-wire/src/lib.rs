#![doc = include_str!("../README.md")]

mod assemble;
mod basic;
#[cfg(feature = "codec")]
mod codec;
pub mod compress;
mod error;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod header;
mod message;
mod packet;
#[cfg(feature = "serde")]
pub mod readable;
mod reader;
mod scan;
mod slices;
mod split;
mod writer;

pub use assemble::Assembler;
#[cfg(feature = "codec")]
pub use codec::PacketCodec;
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, PacketError};
pub use header::{HEADER_LEN, Header, MAX_HEADER_LEN, MAX_PAYLOAD_LEN, PacketHeader};
pub use message::Message;
pub use packet::Packet;
pub use reader::Reader;
pub use scan::{Part, Scanner};
pub use slices::{PacketSlice, PacketSlices};
pub use split::Splitter;
pub use writer::{Writer, lenenc_int_len, lenenc_string_len};
