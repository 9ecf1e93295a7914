//! Records what servers answer, as a file that the mock plays.

mod building;
mod classic;
mod connection;
mod convert;
mod cursors;
mod diff;
mod entry;
mod file;
mod hex;
mod hiding;
mod journal;
mod long_data;
mod of_classic;
mod of_x;
mod options;
mod params;
mod recorder;
mod routing;
mod x;
mod x_statements;

#[cfg(test)]
#[allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]
mod tests;

pub(crate) use connection::{ConnectionRecorder, HeldEntry};
pub use convert::{ConvertOptions, FileForm, convert};
pub use diff::record_diff;
pub use file::{LeftJournal, NotALine, RecordError};
pub use options::{OpenPart, RecordOptions};
pub(crate) use params::bound;
pub use recorder::{RecordStatus, Recorder};
pub use x_statements::XStatements;
