use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

/// Whether a thread has ended, which can be waited for only so long.
#[derive(Debug)]
pub(crate) struct Ended(Mutex<Receiver<Never>>);

/// Held by the thread until it ends, however it does.
#[derive(Debug)]
pub(crate) struct Ending {
    _until_dropped: Sender<Never>,
}

#[derive(Debug)]
enum Never {}

impl Ended {
    pub(crate) fn new() -> (Ending, Self) {
        let (sender, receiver) = channel();
        let ending = Ending {
            _until_dropped: sender,
        };
        (ending, Self(Mutex::new(receiver)))
    }

    /// Waits for the end, and says whether it came.
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
