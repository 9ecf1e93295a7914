/// Limits on what tests keep in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestOptions {
    /// The most statements that a test's journal keeps; older ones are dropped. 0 for no journal.
    pub journal_limit: usize,
    /// The most bytes that the texts and values in a test's journal may take; older statements are dropped.
    pub journal_bytes: usize,
    /// The most unexpected statements that a test keeps for its report.
    pub unexpected_limit: usize,
    /// The most tests that may be open at a time.
    pub tests_limit: usize,
    /// The most expectations that a test may have besides those of the script's file.
    pub expectations_limit: usize,
    /// Whether statements are counted for a report even if there are no expectations and no journal.
    pub has_report: bool,
}

impl Default for TestOptions {
    fn default() -> Self {
        Self {
            journal_limit: 10_000,
            journal_bytes: 64 << 20,
            unexpected_limit: 100,
            tests_limit: 1_000,
            expectations_limit: 100_000,
            has_report: false,
        }
    }
}

/// The parts of a test that [`Test::reset`](super::Test::reset) resets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reset {
    /// Empties the journal and forgets unexpected statements.
    pub journal: bool,
    /// Puts all scenarios into the state `start`.
    pub scenarios: bool,
    /// Sets the number of matches of each expectation to 0.
    pub counts: bool,
}

impl Reset {
    /// All parts of a test are reset.
    pub const ALL: Self = Self {
        journal: true,
        scenarios: true,
        counts: true,
    };
}
