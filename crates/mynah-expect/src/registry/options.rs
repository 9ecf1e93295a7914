/// Limits on what tests keep in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestOptions {
    /// The most statements that a test's journal keeps; older ones are dropped. 0 for no journal; 10,000 by
    /// default.
    pub journal_limit: usize,
    /// About the most bytes that the statements in a test's journal may take, with their values; older statements are
    /// dropped. 64 MiB by default.
    pub journal_bytes: usize,
    /// The most unexpected statements that a test keeps for its report, the first ones; 100 by default.
    pub unexpected_limit: usize,
    /// The most tests that may be open at a time, besides the shared one; 1,000 by default.
    pub tests_limit: usize,
    /// The most expectations that a test may have, those of the script's file included, when some are added at run
    /// time; 100,000 by default. A file itself may have more.
    pub expectations_limit: usize,
    /// Whether statements are counted for a report even if there are no expectations and no journal; not by
    /// default.
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
    /// Whether the journal is emptied, and unexpected statements are forgotten.
    pub journal: bool,
    /// Whether all scenarios are put into the state `start`.
    pub scenarios: bool,
    /// Whether the number of matches of each expectation is set to 0.
    pub counts: bool,
}

impl Reset {
    /// Journal, scenarios and counts are reset.
    pub const ALL: Self = Self {
        journal: true,
        scenarios: true,
        counts: true,
    };
}
