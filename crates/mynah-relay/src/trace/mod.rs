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

pub(crate) use characters::in_utf8;
pub(crate) use classic::Classic;
pub(crate) use connection::ConnectionTrace;
pub(crate) use explain::{CommandText, Explain, HiddenCells};
pub(crate) use given::Given;
pub use options::{Output, Overflow, TraceFormat, TraceOptions};
pub(crate) use record::Record;
pub(crate) use redact::{MayHide, RowCells, Rules, hidden_cells, in_literals, replaced};
pub use redact::{Rule, RuleError};
pub(crate) use running::Trace;
pub(crate) use shown::{HIDDEN, Shown};
pub(crate) use sink::LineFile;
pub use sink::TraceError;
pub(crate) use sink::{Taken, TraceHealth, WatchQueue};
pub(crate) use x::{X, x_value};
