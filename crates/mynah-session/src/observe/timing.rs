use std::time::{Duration, Instant};

/// How long the answer to a command took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// From the command's last byte to the end of the answer before, if that came later: the command
    /// stood behind others.
    pub waited: Duration,
    /// From then on, or from the command's last byte, to the first byte of the answer.
    pub first_byte: Duration,
    /// Likewise to its last byte.
    pub latency: Duration,
}

impl Timing {
    /// Of a command that had come by `begun`, where the answer before ended at `before`.
    pub(super) fn of(
        begun: Instant,
        before: Option<Instant>,
        first_byte: Instant,
        last_byte: Instant,
    ) -> Self {
        let start = before.map_or(begun, |before| before.max(begun));
        Self {
            waited: start.saturating_duration_since(begun),
            first_byte: first_byte.saturating_duration_since(start),
            latency: last_byte.saturating_duration_since(start),
        }
    }
}
