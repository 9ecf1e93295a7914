/// What tests keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestOptions {
    /// How many statements a test's journal keeps; 0 for no journal.
    pub journal_limit: usize,
    /// How many bytes the texts and values of a journal may take.
    pub journal_bytes: usize,
    /// How many unexpected statements a test keeps for its report.
    pub unexpected_limit: usize,
    /// How many tests may be open at once.
    pub tests_limit: usize,
    /// How many expectations of run time a test may have.
    pub expectations_limit: usize,
    /// Whether a report is wanted in any case, so that statements are counted even where there are neither
    /// expectations nor a journal.
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

/// What [`Test::reset`](super::Test::reset) sets back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reset {
    /// The journal, and the unexpected statements.
    pub journal: bool,
    /// All scenarios.
    pub scenarios: bool,
    /// How often expectations were met.
    pub counts: bool,
}

impl Reset {
    /// Everything.
    pub const ALL: Self = Self {
        journal: true,
        scenarios: true,
        counts: true,
    };
}
