use std::future::Future;
use std::io;
use std::thread;
use std::time::Instant;

use tokio::runtime;
use tokio::task::LocalSet;
use tokio_util::sync::CancellationToken;

use crate::NetError;
use crate::patience::Ended;

/// A thread that runs one task, and what belongs to it, until that ends or is stopped.
#[derive(Debug)]
pub(crate) struct Thread {
    id: thread::ThreadId,
    ended: Ended,
}

impl Thread {
    pub(crate) fn id(&self) -> thread::ThreadId {
        self.id
    }

    /// Waits for the thread to end, and says whether it did.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        self.ended.wait_until(deadline)
    }
}

/// `around` is called on the thread first; what it gives is dropped last.
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
    let (ending, ended) = Ended::new();
    let thread = builder
        .spawn(move || {
            let around = around();
            let sessions = LocalSet::new();
            let stopped = stop.run_until_cancelled(async { task().await });
            sessions.block_on(&runtime, stopped);
            // With the sessions their sockets are closed.
            drop(sessions);
            drop(around);
            drop(ending);
        })
        .map_err(failed)?;
    Ok(Thread {
        id: thread.thread().id(),
        ended,
    })
}
