//! The trace of connections: text for people, JSON lines for programs, or packets as hex.

mod characters;
mod classic;
mod connection;
mod decoded;
mod events;
mod explain;
mod fields;
mod format;
mod given;
mod lines;
mod options;
mod record;
mod redact;
mod running;
mod shown;
mod sink;
mod stamp;
mod values;
mod x;

pub(crate) use connection::ConnectionTrace;
#[cfg(test)]
pub(crate) use given::Given;
pub use options::{Output, Overflow, TraceFormat, TraceOptions};
pub(crate) use record::Record;
pub use redact::{Rule, RuleError};
pub(crate) use running::Trace;
pub use sink::TraceError;
pub(crate) use sink::TraceHealth;
