use std::time::{Duration, Instant};

/// How long the answer to a command took. Times are measured where the observer is, not at the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// How long the command waited behind earlier ones (pipelined commands): from its last byte to the end of
    /// the answer before it. Zero if that answer was complete already.
    pub waited: Duration,
    /// From the end of the wait (see [`waited`](Self::waited)) to the first byte of the answer.
    pub first_byte: Duration,
    /// From the end of the wait (see [`waited`](Self::waited)) to the last byte of the answer: the latency in
    /// traces.
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
