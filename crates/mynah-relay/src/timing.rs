use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long the answer to a command took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timing {
    /// From the command's last byte to the end of the answer before, if that came later: the command
    /// stood behind others.
    pub(crate) waited: Duration,
    /// From then on, or from the command's last byte, to the first byte of the answer.
    pub(crate) first_byte: Duration,
    /// Likewise to its last byte.
    pub(crate) latency: Duration,
}

/// Times the commands of a connection, whose answers come in order.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// When the commands began that have no answer yet.
    begun: VecDeque<(u64, Instant)>,
    /// When the answer began that comes.
    first_byte: Option<(u64, Instant)>,
    /// When the answer before ended.
    last_byte: Option<Instant>,
}

impl Clock {
    /// The last byte of a command has come.
    pub(crate) fn begin(&mut self, number: u64, now: Instant) {
        self.begun.push_back((number, now));
    }

    /// Some of the answer to a command has come.
    pub(crate) fn answering(&mut self, number: u64, now: Instant) {
        if self.first_byte.is_none_or(|(of, _)| of != number) {
            self.first_byte = Some((number, now));
        }
    }

    /// The last byte of the answer has come.
    pub(crate) fn end(&mut self, number: u64, now: Instant) -> Timing {
        let Some(begun) = self.take(number) else {
            return Timing::default();
        };
        let start = self.last_byte.map_or(begun, |last| last.max(begun));
        let first_byte = match self.first_byte.take() {
            Some((of, at)) if of == number => at,
            _ => now,
        };
        self.last_byte = Some(now);
        Timing {
            waited: start.saturating_duration_since(begun),
            first_byte: first_byte.saturating_duration_since(start),
            latency: now.saturating_duration_since(start),
        }
    }

    /// The command has no answer.
    pub(crate) fn take(&mut self, number: u64) -> Option<Instant> {
        let place = self.begun.iter().position(|(begun, _)| *begun == number)?;
        self.begun.remove(place).map(|(_, at)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_behind_others_are_not_charged_for_them() {
        let (mut clock, start) = (Clock::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        clock.begin(1, at(0));
        clock.begin(2, at(1));
        clock.begin(3, at(2));
        clock.answering(1, at(10));
        clock.answering(1, at(15));
        let ms = Duration::from_millis;
        let timing = |waited, first_byte, latency| Timing {
            waited: ms(waited),
            first_byte: ms(first_byte),
            latency: ms(latency),
        };
        assert_eq!(clock.end(1, at(20)), timing(0, 10, 20));
        // It came in one piece, and no part of it before.
        assert_eq!(clock.end(2, at(50)), timing(19, 30, 30));
        assert!(clock.take(3).is_some());
        clock.begin(4, at(100));
        clock.answering(4, at(101));
        assert_eq!(clock.end(4, at(103)), timing(0, 1, 3));
        assert_eq!(clock.end(5, at(104)), Timing::default());
    }
}
