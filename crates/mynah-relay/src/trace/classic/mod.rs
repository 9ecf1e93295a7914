//! Describes commands and messages of the classic protocol.

mod decoded;
mod explain;
mod given;
mod open_command;
mod secrets;

pub(crate) use explain::Classic;
