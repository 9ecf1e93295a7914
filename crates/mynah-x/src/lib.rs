#![doc = include_str!("../README.md")]

mod beginning;
#[cfg(feature = "codec")]
mod codec;
pub mod compress;
pub mod connection;
pub mod crud;
pub mod cursor;
pub mod datatypes;
mod error;
pub mod expect;
pub mod expr;
pub mod field;
mod frame;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod message;
pub mod notice;
pub mod plugin_error;
pub mod prepare;
#[cfg(feature = "serde")]
mod readable;
pub mod resultset;
pub mod session;
mod shape;
pub mod sql;
pub mod status;

#[cfg(feature = "codec")]
pub use codec::FrameCodec;
pub use error::{MessageError, MessageErrorKind};
pub use frame::{Frame, FrameError, FrameHeader, put_frame};
pub use message::{ClientMessage, ClientMessageType, Message, ServerMessage, ServerMessageType};
