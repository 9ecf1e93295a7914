use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

/// Waits for the end of a task, up to a deadline. (Joining a thread has no deadline.)
#[derive(Debug)]
pub(crate) struct TaskEnd(Mutex<Receiver<Never>>);

/// Owned by the task. Its drop signals the end, even after a panic.
#[derive(Debug)]
pub(crate) struct EndSignal {
    _until_dropped: Sender<Never>,
}

#[derive(Debug)]
enum Never {}

impl TaskEnd {
    pub(crate) fn new() -> (EndSignal, Self) {
        let (sender, receiver) = channel();
        let ending = EndSignal {
            _until_dropped: sender,
        };
        (ending, Self(Mutex::new(receiver)))
    }

    /// Waits until the task has ended; returns whether it did before the deadline.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        let Ok(receiver) = self.0.lock() else {
            return false;
        };
        let left = deadline.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok(never) => match never {},
            Err(RecvTimeoutError::Disconnected) => true,
            Err(RecvTimeoutError::Timeout) => false,
        }
    }
}
