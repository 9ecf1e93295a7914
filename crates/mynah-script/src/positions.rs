use std::mem::replace;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mynah_expect::Test;

/// Sets sessions of a script back to the first entry of its array of statements. A clone is another handle for the
/// same sessions.
#[derive(Clone, Debug, Default)]
pub struct Positions(Arc<Resets>);

/// How often sessions were set back.
#[derive(Debug, Default)]
struct Resets {
    all: AtomicU64,
    without_test_id: AtomicU64,
}

/// What a session has seen of [`Positions`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Position {
    positions: Positions,
    all: u64,
    without_test_id: u64,
    /// Whether the session's statements belong to a test with an id at present.
    has_test_id: bool,
}

impl Positions {
    /// Sets all sessions back to the first entry of the array, which answers their next statement.
    pub fn reset(&self) {
        self.0.all.fetch_add(1, Ordering::AcqRel);
    }

    /// Sets each session back at its next statement that belongs to no test with an id: sessions of tests with ids
    /// continue where they are.
    pub fn reset_without_test_id(&self) {
        self.0.without_test_id.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn watch(&self) -> Position {
        Position {
            all: self.0.all.load(Ordering::Acquire),
            without_test_id: self.0.without_test_id.load(Ordering::Acquire),
            positions: self.clone(),
            has_test_id: false,
        }
    }
}

impl Position {
    /// The session's statements belong to this test from now on.
    pub(crate) fn set_test<A>(&mut self, test: &Test<A>) {
        self.has_test_id = test.id().is_some();
    }

    /// Whether the session was set back since this was asked last.
    pub(crate) fn take_reset(&mut self) -> bool {
        let resets = &self.positions.0;
        let all = resets.all.load(Ordering::Acquire);
        let is_reset = replace(&mut self.all, all) != all;
        if self.has_test_id {
            return is_reset;
        }
        let without_test_id = resets.without_test_id.load(Ordering::Acquire);
        replace(&mut self.without_test_id, without_test_id) != without_test_id || is_reset
    }
}
