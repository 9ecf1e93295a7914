use std::time::{Duration, SystemTime};

use hdrhistogram::Histogram;
use mynah_session::observe::Answer;

/// What is counted of statements that belong together.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    pub(super) count: u64,
    pub(super) errors: u64,
    pub(super) rows: u64,
    pub(super) total: Duration,
    pub(super) longest: Duration,
    /// In microseconds. One digit is exact: the histogram has less than 2 KB.
    latencies: Histogram<u32>,
    pub(super) first_seen: SystemTime,
    pub(super) last_seen: SystemTime,
}

impl Counts {
    /// Counts of nothing. `None` only if there is no memory.
    pub(super) fn new(now: SystemTime) -> Option<Self> {
        Some(Self {
            count: 0,
            errors: 0,
            rows: 0,
            total: Duration::ZERO,
            longest: Duration::ZERO,
            latencies: Histogram::new(1).ok()?,
            first_seen: now,
            last_seen: now,
        })
    }

    /// Counts a statement with its answer.
    pub(super) fn add(&mut self, answer: &Answer, now: SystemTime) {
        self.count += 1;
        self.errors += u64::from(answer.error().is_some());
        self.rows += answer.rows;
        // Clocks may be set back.
        self.last_seen = self.last_seen.max(now);
        if let Some(timing) = answer.timing {
            self.total = self.total.saturating_add(timing.latency);
            self.longest = self.longest.max(timing.latency);
            let micros = timing.latency.as_micros();
            let micros = u64::try_from(micros).unwrap_or(LONGEST).min(LONGEST);
            // Its only error is a lack of memory: then the other numbers still count.
            let _added = self.latencies.record(micros);
        }
    }

    /// Adds what was counted elsewhere.
    pub(super) fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.errors += other.errors;
        self.rows += other.rows;
        self.total = self.total.saturating_add(other.total);
        self.longest = self.longest.max(other.longest);
        let _added = self.latencies.add(&other.latencies);
        self.first_seen = self.first_seen.min(other.first_seen);
        self.last_seen = self.last_seen.max(other.last_seen);
    }

    /// The time that so many of a hundred statements took at most; no more than 1/16 too much.
    pub(super) fn percentile(&self, percent: f64) -> Duration {
        let micros = self.latencies.value_at_percentile(percent);
        Duration::from_micros(micros).min(self.longest)
    }
}

/// An hour in microseconds: what took longer counts as that in the percentiles.
const LONGEST: u64 = 3_600_000_000;
