use std::marker::PhantomData;
use std::rc::Rc;

use mynah_session::Connection;

use crate::{Session, Trace};

/// Opens sessions on one thread. Neither it nor its sessions can leave that thread.
#[derive(Debug)]
pub struct Worker {
    trace: Trace,
    on_one_thread: PhantomData<Rc<()>>,
}

impl Worker {
    pub(crate) fn new(trace: Trace) -> Self {
        Self {
            trace,
            on_one_thread: PhantomData,
        }
    }

    /// Opens a session. A script is run from its first line.
    #[must_use]
    pub fn open(&self, connection: Connection) -> Session {
        Session::new(&self.trace.source, connection)
    }
}
