//! The statements that came, and their outcomes.

mod entry;
mod log;

pub use entry::{AnsweredBy, EntryNumber, JournalEntry, Outcome};
pub(crate) use log::Journal;
