use std::time::{Duration, Instant};

/// Lets a message through once a second, and counts those that it held back.
#[derive(Debug, Default)]
pub(crate) struct Seldom {
    last: Option<Instant>,
    held_back: u64,
}

impl Seldom {
    /// How many were held back since the last that was let through; nothing if this one is held back.
    pub(crate) fn lets_through(&mut self, now: Instant) -> Option<u64> {
        let last = self.last.filter(|last| now < *last + SECOND);
        if last.is_some() {
            self.held_back += 1;
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.held_back))
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_message_a_second_is_let_through() {
        let (mut seldom, start) = (Seldom::default(), Instant::now());
        let mut at = |millis| seldom.lets_through(start + Duration::from_millis(millis));
        let seen = [0, 1, 999, 1000, 1500, 2000, 9000].map(&mut at);
        let expected = [Some(0), None, None, Some(2), None, Some(1), Some(0)];
        assert_eq!(seen, expected);
    }
}
