use std::time::{Duration, Instant};

/// Lets an upstream that came back have a share of its turns only, which grows to all of them over a period.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlowStart {
    since: Instant,
    period: Duration,
    /// What is left of the shares of the turns that the upstream had; a whole period makes a turn that it takes.
    credit: Duration,
}

impl SlowStart {
    /// `None` if the period is zero.
    pub(super) fn new(since: Instant, period: Duration) -> Option<Self> {
        (!period.is_zero()).then_some(Self {
            since,
            period,
            credit: Duration::ZERO,
        })
    }

    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.grown(now) >= self.period
    }

    /// The share at this time, from 0 to 1.
    pub(super) fn share(&self, now: Instant) -> f64 {
        self.grown(now).as_secs_f64() / self.period.as_secs_f64()
    }

    /// Whether the upstream takes a turn that it has at this time.
    pub(super) fn takes_turn(&mut self, now: Instant) -> bool {
        self.credit = self.credit.saturating_add(self.grown(now));
        match self.credit.checked_sub(self.period) {
            Some(rest) => {
                self.credit = rest;
                true
            }
            None => false,
        }
    }

    fn grown(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since).min(self.period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_turns_grows_linearly() {
        let start = Instant::now();
        let period = Duration::from_secs(10);
        for (tenths, expected) in [
            (0, 0),
            (1, 10),
            (3, 30),
            (5, 50),
            (9, 90),
            (10, 100),
            (50, 100),
        ] {
            let mut slow = SlowStart::new(start, period).unwrap();
            let now = start + Duration::from_secs(tenths);
            let taken = (0..100).filter(|_| slow.takes_turn(now)).count();
            assert_eq!(taken, expected, "after {tenths} s");
            assert_eq!(slow.is_over(now), tenths >= 10);
            assert!((slow.share(now) * 100.0 - expected as f64).abs() < 0.001);
        }
        assert!(SlowStart::new(start, Duration::ZERO).is_none());
    }
}
