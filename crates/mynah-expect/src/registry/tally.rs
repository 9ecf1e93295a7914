use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What all tests of a registry share.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Whether there is anything to do with a statement.
    is_used: AtomicBool,
    expectation: AtomicU64,
    script: AtomicU64,
    prelude: AtomicU64,
    session: AtomicU64,
    unexpected: AtomicU64,
}

/// How many statements each part of the mock has answered since its tests are in use (see
/// [`Tests::is_used`](crate::Tests::is_used)). A reset doesn't change these numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatementCounts {
    /// How many statements expectations have answered.
    pub expectation: u64,
    /// How many statements the script has answered.
    pub script: u64,
    /// How many statements the prelude has answered (such as those that drivers send on connect).
    pub prelude: u64,
    /// How many statements about the connection the session itself has answered.
    pub session: u64,
    /// How many statements got an error because nothing answered them or an expectation forbids them.
    pub unexpected: u64,
}

/// What answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum By {
    Expectation,
    Script,
    Prelude,
    Session,
    Nothing,
}

impl Tally {
    pub(super) fn set_used(&self) {
        self.is_used.store(true, Ordering::Release);
    }

    pub(super) fn is_used(&self) -> bool {
        self.is_used.load(Ordering::Acquire)
    }

    pub(super) fn count(&self, by: By) {
        let counter = match by {
            By::Expectation => &self.expectation,
            By::Script => &self.script,
            By::Prelude => &self.prelude,
            By::Session => &self.session,
            By::Nothing => &self.unexpected,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn counts(&self) -> StatementCounts {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        StatementCounts {
            expectation: load(&self.expectation),
            script: load(&self.script),
            prelude: load(&self.prelude),
            session: load(&self.session),
            unexpected: load(&self.unexpected),
        }
    }
}
