use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Connections;

/// Ends the waits of sessions whose clients have sent nothing for too long.
///
/// Sessions only count their waits, so that a statement needs no clock and no timer. The owner of
/// this checks the counts at [intervals](Self::interval): a wait that still has the same number
/// when the limit has passed has lasted too long.
#[derive(Debug)]
pub(crate) struct IdleWatch {
    limit: Duration,
    /// For each connection that waits: the number of its wait, and when that was first seen.
    seen: HashMap<u32, (u32, Instant)>,
}

impl IdleWatch {
    pub(crate) fn new(limit: Duration) -> Self {
        Self {
            limit,
            seen: HashMap::new(),
        }
    }

    /// How often to check, so that a wait ends within a twentieth of the limit.
    pub(crate) fn interval(&self) -> Duration {
        (self.limit / LOOKS).clamp(SHORTEST, LONGEST)
    }

    /// Checks all connections.
    pub(crate) fn look(&mut self, connections: &Connections, now: Instant) {
        let mut still = HashMap::with_capacity(self.seen.len());
        for connection in connections.open().all() {
            let Some(wait) = connection.wake_requests.wait() else {
                continue;
            };
            let before = self.seen.get(&connection.id());
            let since = before.filter(|(seen, _)| *seen == wait);
            let since = since.map_or(now, |(_, since)| *since);
            if now.saturating_duration_since(since) >= self.limit {
                connection.wake_requests.end_wait(wait);
            }
            still.insert(connection.id(), (wait, since));
        }
        self.seen = still;
    }
}

/// How many checks there are in one limit.
const LOOKS: u32 = 40;
const SHORTEST: Duration = Duration::from_millis(5);
const LONGEST: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::task::{Context, Poll, Waker};

    use super::super::wake::WakeReason;
    use super::*;
    use crate::{Admitted, ListenAddress, Protocol};

    const LIMIT: Duration = Duration::from_secs(10);
    const SECOND: Duration = Duration::from_secs(1);

    fn admitted(connections: &Connections) -> Admitted {
        let address = ListenAddress::Unix("mynah.sock".into());
        connections.admit(&Arc::new(address), Protocol::Classic)
    }

    fn poll(connection: &Admitted) -> Poll<WakeReason> {
        connection.poll_wake_reason(&Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_wait_ends_when_it_has_lasted_as_long_as_the_limit() {
        let connections = Connections::default();
        let (idle, busy) = (admitted(&connections), admitted(&connections));
        let (mut watch, start) = (IdleWatch::new(LIMIT), Instant::now());
        idle.set_waiting(true);
        for second in 0..10 {
            // Each wait is a new one.
            busy.set_waiting(true);
            watch.look(&connections, start + SECOND * second);
            busy.set_waiting(false);
            assert_eq!(poll(&idle), Poll::Pending, "second {second}");
        }
        busy.set_waiting(true);
        watch.look(&connections, start + LIMIT);
        assert_eq!(poll(&idle), Poll::Ready(WakeReason::Idle));
        assert_eq!(poll(&busy), Poll::Pending);
    }

    #[test]
    fn the_end_of_one_wait_does_not_end_the_next() {
        let connections = Connections::default();
        let connection = admitted(&connections);
        let (mut watch, start) = (IdleWatch::new(LIMIT), Instant::now());
        connection.set_waiting(true);
        watch.look(&connections, start);
        watch.look(&connections, start + LIMIT);
        connection.set_waiting(false);
        connection.set_waiting(true);
        assert_eq!(poll(&connection), Poll::Pending);
    }

    #[test]
    fn a_connection_that_is_added_when_the_server_ends_is_woken() {
        let connections = Connections::default();
        let before = admitted(&connections);
        assert_eq!(poll(&before), Poll::Pending);
        connections.end();
        let after = admitted(&connections);
        for connection in [before, after] {
            assert_eq!(poll(&connection), Poll::Ready(WakeReason::Ending));
        }
    }
}
