use std::future::Future;
use std::io;
use std::panic;
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
    T: Future<Output = ()> + 'static,
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
            // In a task of its own, because `block_on` polls its future whenever any task is woken.
            let until_stopped = sessions.spawn_local(async move {
                stop.run_until_cancelled(async { task().await }).await;
            });
            if let Err(error) = sessions.block_on(&runtime, until_stopped)
                && error.is_panic()
            {
                panic::resume_unwind(error.into_panic());
            }
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
