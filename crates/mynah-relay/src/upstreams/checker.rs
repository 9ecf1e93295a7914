use std::sync::Arc;
use std::thread::{self, JoinHandle};

use mynah_net::NetError;
use tokio::runtime;
use tokio::task::LocalSet;
use tokio_util::sync::CancellationToken;

use super::check::check;
use super::{CheckSettings, Upstreams};

/// Checks upstreams on a thread of its own, and closes the connections of drained ones, until it is dropped.
#[derive(Debug)]
pub(crate) struct Checker {
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Checker {
    pub(crate) fn start(upstreams: Upstreams, settings: CheckSettings) -> Result<Self, NetError> {
        let failed = |source| NetError::Thread {
            name: THREAD.to_owned(),
            source,
        };
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let thread = thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || {
                let tasks = LocalSet::new();
                let run = run(upstreams, Arc::new(settings));
                let _stopped = runtime.block_on(tasks.run_until(stopped.run_until_cancelled(run)));
                drop(tasks);
                // A name that is being resolved must not hold the end up.
                runtime.shutdown_background();
            })
            .map_err(failed)?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended, too.
            let _ended = thread.join();
        }
    }
}

async fn run(upstreams: Upstreams, settings: Arc<CheckSettings>) {
    loop {
        for upstream in upstreams.begin_checks() {
            let (upstreams, settings) = (upstreams.clone(), Arc::clone(&settings));
            // The task's end is noticed by `end_check`, which wakes this loop.
            drop(tokio::task::spawn_local(async move {
                let result = match upstreams.known().get(upstream) {
                    Some(known) => {
                        let on_late = |why| upstreams.note_late_check(upstream, why);
                        check(&upstreams, known, upstream, &settings, on_late).await
                    }
                    None => return,
                };
                // What isn't the upstream's fault says nothing of it.
                let result = match result {
                    Err(problem) if !problem.is_down() => None,
                    result => Some(result.map_err(|problem| problem.why)),
                };
                upstreams.end_check(upstream, result);
            }));
        }
        upstreams.close_drained();
        upstreams.wait().await;
    }
}

/// The thread's name.
const THREAD: &str = "mynah checks";
