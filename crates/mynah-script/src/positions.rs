use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Sets all sessions of a script back to the first entry of its array of statements. A clone is another handle
/// for the same sessions.
#[derive(Clone, Debug, Default)]
pub struct Positions(Arc<AtomicU64>);

/// What a session has seen of [`Positions`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Position {
    positions: Positions,
    seen: u64,
}

impl Positions {
    /// Sets all sessions back to the first entry of the array, which answers their next statement.
    pub fn reset(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn watch(&self) -> Position {
        Position {
            positions: self.clone(),
            seen: self.0.load(Ordering::Acquire),
        }
    }
}

impl Position {
    /// Whether sessions were set back since this was asked last.
    pub(crate) fn take_reset(&mut self) -> bool {
        let now = self.positions.0.load(Ordering::Acquire);
        std::mem::replace(&mut self.seen, now) != now
    }
}
