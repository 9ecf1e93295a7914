use std::thread::ThreadId;

use mynah_session::{Connection, Handler};

/// Who answers the clients of a [`Server`](crate::Server): something shared by all threads.
pub trait Service: Send + Sync + 'static {
    /// What each thread has of its own.
    type Worker: Worker;

    /// Called once on each worker thread.
    fn worker(&self) -> Self::Worker;

    /// Whether the worker of that thread is inside a handler that doesn't return: it gets no new
    /// clients as long as others aren't. Called for each worker and each client that connects, so
    /// it has to be cheap.
    fn is_stuck(&self, _thread: ThreadId) -> bool {
        false
    }

    /// Called when the worker of that thread was lost, on another thread; says what it was doing.
    fn lost(&self, _thread: ThreadId) -> String {
        String::new()
    }
}

/// Who answers the clients of one thread. It stays on its thread, so it need not be [`Send`].
pub trait Worker: 'static {
    /// Answers one client.
    type Handler: Handler + 'static;

    /// Called for each client that connects.
    fn open(&self, connection: Connection) -> Self::Handler;
}
