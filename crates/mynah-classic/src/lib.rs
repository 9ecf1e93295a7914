#![doc = include_str!("../README.md")]

mod capabilities;
#[cfg(feature = "characters")]
pub mod characters;
mod column_type;
pub mod command;
pub mod connection;
pub mod error_code;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
#[cfg(feature = "serde")]
mod readable;
pub mod response;
pub mod resultset;
mod scan;
mod status;
#[cfg(feature = "tables")]
pub mod tables;
pub mod value;

pub use capabilities::Capabilities;
pub use column_type::{ColumnFlags, ColumnType};
pub use status::StatusFlags;
