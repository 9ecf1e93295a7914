use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::line_file::count;

/// Lines on their way from the connections to one watcher. Connections never wait: lines that there is no room for are
/// dropped and counted.
#[derive(Debug, Default)]
pub(crate) struct WatchQueue {
    state: Mutex<State>,
    /// Notified when there is something to take.
    something: Notify,
}

#[derive(Debug, Default)]
struct State {
    lines: Vec<u8>,
    /// Lines that there was no room for, behind the others.
    dropped: u64,
    /// Whether the watcher is gone.
    has_ended: bool,
}

/// What was taken from a queue.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Whole lines.
    pub(crate) lines: Vec<u8>,
    /// How many lines are missing behind them.
    pub(crate) dropped: u64,
}

impl WatchQueue {
    /// Takes whole lines, or counts them.
    pub(super) fn put(&self, lines: &[u8]) {
        let mut state = self.state();
        if state.has_ended {
            return;
        }
        let was_empty = state.lines.is_empty() && state.dropped == 0;
        // Once a line is missing, so are those behind it until all are taken: the note about them has one place.
        if state.dropped > 0 || state.lines.len().saturating_add(lines.len()) > MOST_HELD {
            state.dropped = state.dropped.saturating_add(count(lines));
        } else {
            state.lines.extend_from_slice(lines);
        }
        drop(state);
        if was_empty {
            self.something.notify_one();
        }
    }

    /// Waits for lines, and for others that follow at once.
    pub(crate) async fn next(&self) -> Taken {
        loop {
            let (waiting, is_dropped) = {
                let state = self.state();
                (state.lines.len(), state.dropped > 0)
            };
            if waiting > 0 || is_dropped {
                if waiting < WORTH_SENDING {
                    tokio::time::sleep(GATHERING).await;
                }
                return self.take();
            }
            self.something.notified().await;
        }
    }

    /// From here on nothing is kept.
    pub(crate) fn end(&self) {
        let mut state = self.state();
        *state = State {
            has_ended: true,
            ..State::default()
        };
    }

    fn take(&self) -> Taken {
        let mut state = self.state();
        Taken {
            lines: std::mem::take(&mut state.lines),
            dropped: std::mem::take(&mut state.dropped),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many bytes of lines may wait for a watcher.
const MOST_HELD: usize = 4 * 1024 * 1024;

/// How many bytes are sent without waiting for others.
const WORTH_SENDING: usize = 64 * 1024;

/// How long lines wait for others.
const GATHERING: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_that_there_is_no_room_for_are_counted_behind_the_others() {
        let queue = WatchQueue::default();
        queue.put(b"first\n");
        queue.put(&vec![b'\n'; MOST_HELD]);
        queue.put(b"behind it\n");
        let dropped = MOST_HELD as u64 + 1;
        let lines = b"first\n".to_vec();
        assert_eq!(queue.next().await, Taken { lines, dropped });
        queue.put(b"later\n");
        let lines = b"later\n".to_vec();
        assert_eq!(queue.next().await, Taken { lines, dropped: 0 });
    }

    #[test]
    fn nothing_is_kept_for_a_watcher_that_is_gone() {
        let queue = WatchQueue::default();
        queue.put(b"before\n");
        queue.end();
        queue.put(b"after\n");
        assert_eq!(queue.take(), Taken::default());
    }
}
