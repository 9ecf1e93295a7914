//! Runs functions of tests, which may block, on threads where they hold up no server.

use std::future::Future;
use std::io;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, LocalSet};
use tokio_util::sync::CancellationToken;

/// Calls a function and completes the future that it returns, both on a thread that does nothing else meanwhile. If the
/// future that this returns is dropped, the other one is dropped where it next waits.
///
/// # Errors
/// Why the function has no result, as text.
pub(super) async fn run<F, T>(function: F) -> Result<T::Output, String>
where
    F: FnOnce() -> T + Send + 'static,
    T: Future + 'static,
    T::Output: Send,
{
    let runtime = runtime().map_err(|error| format!("the responder can't run: {error}"))?;
    let stop = CancellationToken::new();
    let _stop_when_dropped = stop.clone().drop_guard();
    let handle = runtime.handle().clone();
    let running = runtime.spawn_blocking(move || {
        let tasks = LocalSet::new();
        let result = stop.run_until_cancelled(async { function().await });
        handle.block_on(tasks.run_until(result))
    });
    match running.await {
        Ok(Some(result)) => Ok(result),
        Ok(None) => Err("the responder was stopped".to_owned()),
        Err(error) => Err(panicked(error)),
    }
}

/// The runtime of the functions. It isn't that of the servers, so that tasks which a function spawns hold up no server
/// either. Its workers run these tasks, and the timers and sockets of all functions: they stop if all workers are
/// blocked.
fn runtime() -> Result<&'static Runtime, &'static io::Error> {
    static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
    let start = || {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .max_blocking_threads(MOST_AT_ONCE)
            .thread_name("mynah responder")
            .enable_all()
            .build()
    };
    RUNTIME.get_or_init(start).as_ref()
}

fn panicked(error: JoinError) -> String {
    let panic = error.try_into_panic().ok();
    let text = panic.as_ref().and_then(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied())
    });
    format!("the responder panicked: {}", text.unwrap_or_default())
}

/// As many tasks that functions have spawned may block, but one, before the timers of other functions stop.
const WORKERS: usize = 8;

/// More functions than these wait for others to return.
const MOST_AT_ONCE: usize = 10_000;
