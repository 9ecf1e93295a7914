//! What is told of connections: as text for people, as JSON lines, as packets in hex.

mod characters;
mod commands;
mod connection;
mod decoded;
mod describe;
mod events;
mod fields;
mod format;
mod given;
mod lines;
mod messages;
mod observed;
mod open_command;
mod options;
mod record;
mod redact;
mod running;
mod secrets;
mod shown;
mod sink;
mod stamp;
mod values;
mod x;

pub(crate) use connection::ConnectionTrace;
pub(crate) use describe::{about as command_text, name as command_name};
#[cfg(test)]
pub(crate) use given::Given;
pub use options::{Output, Overflow, TraceFormat, TraceOptions};
pub(crate) use record::{About, Record, Tally};
pub use redact::{Rule, RuleError};
pub(crate) use running::Trace;
pub use sink::TraceError;
pub(crate) use sink::TraceHealth;
pub(crate) use x::name as x_name;
