//! Watchers: clients of the HTTP listener that see events while they happen.

mod watchers;
mod watching;

pub(crate) use watchers::{Seat, WatchOptions, Watchers};
pub(crate) use watching::Watching;
