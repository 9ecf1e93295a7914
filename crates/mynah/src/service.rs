use std::cell::RefCell;
use std::sync::Arc;
use std::thread::ThreadId;

use mynah_net::{Service, Worker};
use mynah_script::Session;
use mynah_session::Connection;

use crate::script::PlayedScript;

/// Answers the clients of a server from the script that is played.
pub(crate) struct ScriptService(pub(crate) Arc<PlayedScript>);

/// Answers the clients of a thread.
pub(crate) struct ScriptWorker {
    script: Arc<PlayedScript>,
    /// What opens sessions of the script that was played last, and which one that was.
    worker: RefCell<(u64, mynah_script::Worker)>,
}

impl Service for ScriptService {
    type Worker = ScriptWorker;

    fn worker(&self) -> ScriptWorker {
        let script = Arc::clone(&self.0);
        let worker = RefCell::new((script.version(), script.now().worker()));
        ScriptWorker { script, worker }
    }

    fn is_stuck(&self, thread: ThreadId) -> bool {
        self.0.now().is_stuck(thread)
    }

    fn lost(&self, thread: ThreadId) -> String {
        self.0.now().lost(thread)
    }
}

impl Worker for ScriptWorker {
    type Handler = Session;

    fn open(&self, connection: Connection) -> Session {
        let mut worker = self.worker.borrow_mut();
        let version = self.script.version();
        if worker.0 != version {
            *worker = (version, self.script.now().worker());
        }
        worker.1.open(connection)
    }
}
