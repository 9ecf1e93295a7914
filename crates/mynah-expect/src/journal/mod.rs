//! The statements that a mock received, and how they ended.

mod entry;
mod events;
mod log;

pub use entry::{AnsweredBy, EntryNumber, JournalEntry, Outcome};
pub(crate) use events::EventLog;
pub use events::{Event, EventKind, Events};
pub(crate) use log::Journal;
