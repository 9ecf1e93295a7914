use std::time::{Duration, Instant};

/// Allows one message a second, and counts the suppressed ones.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    last: Option<Instant>,
    suppressed: u64,
}

impl RateLimit {
    /// Asks for a message now: the number of messages suppressed since the last one, or `None` if
    /// this one is suppressed, too.
    pub(crate) fn allow(&mut self, now: Instant) -> Option<u64> {
        let last = self.last.filter(|last| now < *last + SECOND);
        if last.is_some() {
            self.suppressed += 1;
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.suppressed))
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_message_a_second_is_allowed() {
        let (mut limit, start) = (RateLimit::default(), Instant::now());
        let mut at = |millis| limit.allow(start + Duration::from_millis(millis));
        let seen = [0, 1, 999, 1000, 1500, 2000, 9000].map(&mut at);
        let expected = [Some(0), None, None, Some(2), None, Some(1), Some(0)];
        assert_eq!(seen, expected);
    }
}
