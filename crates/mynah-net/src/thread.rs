use std::future::Future;
use std::io;
use std::thread;
use std::time::Instant;

use tokio::runtime;
use tokio::task::LocalSet;
use tokio_util::sync::CancellationToken;

use crate::NetError;
use crate::ended::ThreadEnd;

/// A thread that runs one task and the tasks it starts, until it ends or is stopped.
#[derive(Debug)]
pub(crate) struct Thread {
    id: thread::ThreadId,
    ended: ThreadEnd,
}

impl Thread {
    pub(crate) fn id(&self) -> thread::ThreadId {
        self.id
    }

    /// Waits until the thread has ended; returns whether it did before the deadline.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        self.ended.wait_until(deadline)
    }
}

/// Starts a thread. `around` is called on it first, and its result is dropped last.
pub(crate) fn start_thread<A, F, T>(
    name: &str,
    stack_size: Option<usize>,
    stop: CancellationToken,
    around: impl FnOnce() -> A + Send + 'static,
    task: F,
) -> Result<Thread, NetError>
where
    F: FnOnce() -> T + Send + 'static,
    T: Future<Output = ()>,
{
    let failed = |source: io::Error| NetError::Thread {
        name: name.to_owned(),
        source,
    };
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let mut builder = thread::Builder::new().name(name.to_owned());
    if let Some(size) = stack_size {
        builder = builder.stack_size(size);
    }
    let (ending, ended) = ThreadEnd::new();
    let thread = builder
        .spawn(move || {
            let around = around();
            let sessions = LocalSet::new();
            let stopped = stop.run_until_cancelled(async { task().await });
            sessions.block_on(&runtime, stopped);
            // Dropping the sessions closes their sockets.
            drop(sessions);
            // After the sessions, so that they are dropped under `around`, too.
            drop(around);
            // Waiters continue here, when everything else of the thread is gone.
            drop(ending);
        })
        .map_err(failed)?;
    Ok(Thread {
        id: thread.thread().id(),
        ended,
    })
}
