use std::thread::ThreadId;

use mynah_net::{Service, Worker};
use mynah_script::{Session, Trace};
use mynah_session::Connection;

/// Answers the clients of a server from a trace.
pub(crate) struct TraceService(pub(crate) Trace);

/// Answers the clients of a thread from a trace.
pub(crate) struct TraceWorker(mynah_script::Worker);

impl Service for TraceService {
    type Worker = TraceWorker;

    fn worker(&self) -> TraceWorker {
        TraceWorker(self.0.worker())
    }

    fn is_stuck(&self, thread: ThreadId) -> bool {
        self.0.is_stuck(thread)
    }

    fn lost(&self, thread: ThreadId) -> String {
        self.0.lost(thread)
    }
}

impl Worker for TraceWorker {
    type Handler = Session;

    fn open(&self, connection: Connection) -> Session {
        self.0.open(connection)
    }
}
