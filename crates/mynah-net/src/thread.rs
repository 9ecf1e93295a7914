use std::future::Future;
use std::io;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use tokio::runtime::{self, LocalOptions, LocalRuntime, Runtime};
use tokio::task::{JoinError, LocalSet};
use tokio_util::sync::CancellationToken;

use crate::NetError;
use crate::ended::{EndSignal, TaskEnd};

/// A task and the tasks that it starts, all on one thread, until it ends or is stopped.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    thread: thread::ThreadId,
    ended: Arc<TaskEnd>,
}

impl Running {
    /// A task of this thread, and what signals its end.
    pub(crate) fn new(thread: thread::ThreadId) -> (EndSignal, Self) {
        let (ending, ended) = TaskEnd::new();
        let ended = Arc::new(ended);
        (ending, Self { thread, ended })
    }

    pub(crate) fn thread(&self) -> thread::ThreadId {
        self.thread
    }

    /// Waits until the task has ended; returns whether it did before the deadline.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        self.ended.wait_until(deadline)
    }
}

/// How a thread is started.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ThreadOptions {
    /// The bytes of its stack; with `None` as many as the system gives.
    pub(crate) stack_size: Option<usize>,
    /// How many threads of its own it may have for work that blocks; with `None` tokio's default.
    pub(crate) blocking_threads: Option<usize>,
    /// Whether several servers share it, each with a set of tasks of its own, as [`until_stopped`] makes it.
    pub(crate) is_shared: bool,
}

/// What runs the tasks of a thread.
enum Tasks {
    /// Those of one server, which need no set.
    OfOne(LocalRuntime),
    /// Sets of tasks. A [`LocalRuntime`] would take the tasks out of their sets.
    OfMany(Runtime),
}

/// Runs a task on a thread of its own. `around` is called on it first, and its result is dropped last.
pub(crate) fn start_thread<A, F, T>(
    name: &str,
    options: ThreadOptions,
    stop: CancellationToken,
    around: impl FnOnce() -> A + Send + 'static,
    task: F,
) -> Result<Running, NetError>
where
    F: FnOnce() -> T + Send + 'static,
    T: Future<Output = ()> + 'static,
{
    let failed = |source: io::Error| NetError::Thread {
        name: name.to_owned(),
        source,
    };
    let mut runtime = runtime::Builder::new_current_thread();
    if let Some(threads) = options.blocking_threads {
        runtime.max_blocking_threads(threads.max(1));
    }
    runtime.enable_all();
    let mut builder = thread::Builder::new().name(name.to_owned());
    if let Some(size) = options.stack_size {
        builder = builder.stack_size(size);
    }
    let (ending, ended) = TaskEnd::new();
    let (started, has_started) = mpsc::sync_channel(1);
    let thread = builder
        .spawn(move || {
            // Declared first, so that it is dropped last also after a panic.
            let around = around();
            // A `LocalRuntime` belongs to the thread that builds it.
            let tasks = match options.is_shared {
                true => runtime.build().map(Tasks::OfMany),
                false => runtime
                    .build_local(LocalOptions::default())
                    .map(Tasks::OfOne),
            };
            let tasks = match tasks {
                Ok(tasks) => {
                    let _received = started.send(Ok(()));
                    tasks
                }
                Err(error) => {
                    let _received = started.send(Err(error));
                    return;
                }
            };
            match &tasks {
                Tasks::OfOne(runtime) => {
                    runtime.block_on(stop.run_until_cancelled(async { task().await }));
                }
                Tasks::OfMany(runtime) => {
                    // A panic was printed.
                    let _ended = runtime.block_on(until_stopped(stop, task));
                }
            }
            // Drops the sessions, which closes their sockets, and waits for work that blocks and was begun.
            drop(tasks);
            drop(around);
            // Waiters continue here, when everything else of the thread is gone.
            drop(ending);
        })
        .map_err(failed)?;
    let started = has_started.recv();
    started
        .unwrap_or_else(|_panicked| Err(io::ErrorKind::BrokenPipe.into()))
        .map_err(failed)?;
    Ok(Running {
        thread: thread.thread().id(),
        ended: Arc::new(ended),
    })
}

/// Runs a task and the local tasks that it starts, which are dropped when it ends or is stopped. Only on a thread that
/// [is shared](ThreadOptions::is_shared).
pub(crate) async fn until_stopped<F, T>(stop: CancellationToken, task: F) -> Result<(), JoinError>
where
    F: FnOnce() -> T + 'static,
    T: Future<Output = ()> + 'static,
{
    let sessions = LocalSet::new();
    // In a task of its own, because `run_until` polls its future whenever any task is woken.
    let task = sessions.spawn_local(async move {
        stop.run_until_cancelled(async { task().await }).await;
    });
    let ended = sessions.run_until(task).await;
    // Dropping the sessions closes their sockets.
    drop(sessions);
    ended
}
