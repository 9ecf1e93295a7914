//! What was asked, and what came of it.

mod entry;
mod log;

pub use entry::{AnsweredBy, EntryNumber, JournalEntry, Outcome};
pub(crate) use log::Journal;
