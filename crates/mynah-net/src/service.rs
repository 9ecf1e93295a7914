use std::thread::ThreadId;

use mynah_session::{Connection, Handler};

/// Answers the clients of a [`Server`](crate::Server). All threads share it.
pub trait Service: Send + Sync + 'static {
    /// The state of one worker thread.
    type Worker: Worker;

    /// Called once on each worker thread.
    fn worker(&self) -> Self::Worker;

    /// Whether the worker of that thread is inside a handler that doesn't return. While other
    /// workers aren't, it gets no new clients. Called for each worker and each client that
    /// connects, so it has to be cheap.
    fn is_stuck(&self, _thread: ThreadId) -> bool {
        false
    }

    /// Called on another thread when the worker of that thread was lost; returns what the worker
    /// was doing.
    fn lost(&self, _thread: ThreadId) -> String {
        String::new()
    }
}

/// Answers the clients of one thread. It stays on its thread, so it need not be [`Send`].
pub trait Worker: 'static {
    /// Answers one client.
    type Handler: Handler + 'static;

    /// Called for each client that connects.
    fn open(&self, connection: Connection) -> Self::Handler;
}
