use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::Client;

/// The clients that wait for a worker, and the number that it serves.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Mutex<VecDeque<Client>>,
    arrived: Notify,
    /// Whether a client was waiting at the last [`look`](Self::look), and the worker has taken none
    /// since.
    was_seen_waiting: AtomicBool,
    is_late: AtomicBool,
    served: AtomicUsize,
}

impl Queue {
    pub(super) fn push(&self, client: Client) {
        self.waiting().push_back(client);
        self.arrived.notify_one();
    }

    /// Waits for the next client, which counts as served until the other value is dropped.
    pub(super) async fn next(self: &Arc<Self>) -> (Client, Served) {
        loop {
            self.was_seen_waiting.store(false, Ordering::Relaxed);
            self.is_late.store(false, Ordering::Relaxed);
            match self.take() {
                Some(next) => return next,
                None => self.arrived.notified().await,
            }
        }
    }

    fn take(self: &Arc<Self>) -> Option<(Client, Served)> {
        // Under one lock, so that the client counts all the time.
        let mut waiting = self.waiting();
        let client = waiting.pop_front()?;
        Some((client, self.served()))
    }

    /// Counts a client as served until the returned value is dropped.
    pub(super) fn served(self: &Arc<Self>) -> Served {
        self.served.fetch_add(1, Ordering::Relaxed);
        Served(Arc::clone(self))
    }

    /// How many clients the worker has, waiting or served.
    pub(super) fn load(&self) -> usize {
        let waiting = self.waiting();
        let served = self.served.load(Ordering::Relaxed);
        waiting.len().saturating_add(served)
    }

    /// Called at intervals: a worker is late if the same client waits at two calls in a row.
    pub(super) fn look(&self) {
        // Late if a client waited at the last look and still waits: `next` resets both flags.
        let seen_before = self
            .was_seen_waiting
            .swap(self.has_waiting(), Ordering::Relaxed);
        if seen_before {
            self.is_late.store(self.has_waiting(), Ordering::Relaxed);
        }
    }

    pub(super) fn is_late(&self) -> bool {
        self.is_late.load(Ordering::Relaxed)
    }

    pub(super) fn has_waiting(&self) -> bool {
        !self.waiting().is_empty()
    }

    /// Takes all clients that wait in another queue.
    pub(super) fn take_over(&self, other: &Self) {
        let taken = std::mem::take(&mut *other.waiting());
        self.waiting().extend(taken);
        self.arrived.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Client>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a client that is served.
pub(super) struct Served(Arc<Queue>);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.served.fetch_sub(1, Ordering::Relaxed);
    }
}
