use std::time::Duration;

/// The facts about an upstream at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UpstreamView {
    pub(crate) is_up: bool,
    /// How long it has been up or down.
    pub(crate) unchanged_for: Duration,
    /// Why it is down, or, while it is up, why a check has failed since the last one that it passed; else empty.
    pub(crate) why: String,
    pub(crate) is_drained: bool,
    /// The time until its connections are closed; `None` if they stay.
    pub(crate) closes_in: Option<Duration>,
    /// The share of its turns that it takes, from 0 to 1.
    pub(crate) share: f64,
    pub(crate) connections: usize,
    /// How many connections of clients were made, and how many couldn't be.
    pub(crate) total: u64,
    pub(crate) failures: u64,
    pub(crate) failed_checks: u64,
    /// How long ago the last check began; `None` if there was none.
    pub(crate) checked_before: Option<Duration>,
}
