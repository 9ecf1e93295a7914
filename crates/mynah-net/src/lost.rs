use std::sync::{Arc, Mutex, PoisonError};

pub use mynah_guard::Cause as LossCause;
use tokio::sync::Notify;

/// Limits on scripts, by the thread that runs them. A worker thread that exceeds a limit in a script is lost (parked
/// for good): its sessions end, and another worker takes its place.
///
/// The limits have an effect only on Linux, in programs whose global allocator is `mynah_guard::Guarded`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Containment {
    /// The most bytes that a thread may allocate while it runs a script, besides those that it held when the script
    /// was entered.
    pub memory: usize,
}

/// The worker threads that a server has lost. A clone is another handle to the same list.
#[derive(Clone, Debug, Default)]
pub struct LostWorkers(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    added: Notify,
}

#[derive(Clone, Debug, Default)]
struct State {
    count: usize,
    last: Vec<LostWorker>,
    not_replaced: bool,
}

/// A worker thread that was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostWorker {
    /// Why the worker was lost.
    pub cause: LossCause,
    /// What the thread was doing when it was lost, in words, as [`Service::lost`](crate::Service::lost) says it; may be
    /// empty.
    pub doing: String,
}

impl LostWorkers {
    /// How many worker threads have been lost since the start.
    #[must_use]
    pub fn count(&self) -> usize {
        self.with(|state| state.count)
    }

    /// The workers that were lost last, at most 64 of them, the latest at the end.
    #[must_use]
    pub fn last(&self) -> Vec<LostWorker> {
        self.with(|state| state.last.clone())
    }

    /// Waits until `most` workers are lost, or one can't be replaced. The memory of lost workers is never
    /// freed, so a program should end then.
    pub async fn wait_for(&self, most: usize) {
        loop {
            let added = self.0.added.notified();
            if self.with(|state| state.count >= most || state.not_replaced) {
                return;
            }
            added.await;
        }
    }

    pub(crate) fn add(&self, lost: LostWorker, replaced: bool) {
        self.with(|state| {
            state.count = state.count.saturating_add(1);
            state.not_replaced |= !replaced;
            if state.last.len() == MOST_KEPT {
                state.last.remove(0);
            }
            state.last.push(lost);
        });
        self.0.added.notify_waiters();
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut state)
    }
}

/// How many lost workers are kept with their details.
const MOST_KEPT: usize = 64;
