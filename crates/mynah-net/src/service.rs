use std::thread::ThreadId;

use mynah_session::{Connection, Handler};

/// Answers the clients of a [`Server`](crate::Server). All threads share it.
pub trait Service: Send + Sync + 'static {
    /// The state of one worker thread.
    type Worker: Worker;

    /// Makes the state of one worker thread. Called once on each worker thread.
    fn worker(&self) -> Self::Worker;

    /// Whether the worker whose thread has this id is inside a handler that doesn't return. The worker then gets no new
    /// clients, unless all workers are stuck. The method is called for each worker and each new client, so it must be
    /// fast. `false` by default.
    fn is_stuck(&self, _thread: ThreadId) -> bool {
        false
    }

    /// Called on another thread when the worker whose thread has this id was lost. Returns what the worker was doing,
    /// in words, for the log; by default an empty text.
    fn lost(&self, _thread: ThreadId) -> String {
        String::new()
    }
}

/// Answers the clients of one thread. It stays on its thread, so it need not be [`Send`].
pub trait Worker: 'static {
    /// The type that answers the questions of one client's session.
    type Handler: Handler + 'static;

    /// Makes the handler of a client that has connected, before its greeting.
    fn open(&self, connection: Connection) -> Self::Handler;
}
