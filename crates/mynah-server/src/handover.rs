use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use mynah_session::{ResultSet, Rows};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::Cancellation;

/// What the answer to a statement and the session that waits for it share, on one thread or two. Most answers are short
/// and use nothing of it, so all of it is made when it is needed.
#[derive(Debug, Default)]
pub(crate) struct Handover {
    /// Whether the answer isn't needed any more.
    is_cancelled: AtomicBool,
    held: Mutex<Held>,
}

/// The beginning of a result that is longer than what is handed on at once.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) result: ResultSet,
    /// The further rows but the last ones, which come with the [`Finished`].
    pub(crate) more: mpsc::Receiver<Rows>,
}

#[derive(Debug, Default)]
struct Held {
    begun: Option<Begun>,
    /// The session that waits for `begun`.
    session: Option<Waker>,
    /// Cancelled when `is_cancelled` is set.
    cancellation: Option<CancellationToken>,
}

impl Handover {
    /// Hands over the beginning of a result; returns whether it is needed.
    pub(crate) fn begin(&self, begun: Begun) -> bool {
        let session = {
            let mut held = self.held();
            // Under the lock, so that nothing is kept that isn't taken any more.
            if self.is_cancelled() {
                return false;
            }
            held.begun = Some(begun);
            held.session.take()
        };
        if let Some(session) = session {
            session.wake();
        }
        true
    }

    /// The beginning of a result, if it is there.
    pub(crate) fn take_begun(&self) -> Option<Begun> {
        self.held().begun.take()
    }

    /// Waits for the beginning of a result.
    pub(crate) fn poll_begun(&self, cx: &Context<'_>) -> Poll<Begun> {
        let mut held = self.held();
        match held.begun.take() {
            Some(begun) => Poll::Ready(begun),
            None => {
                held.session = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// Says that the answer isn't needed any more.
    pub(crate) fn cancel(&self) {
        let held = {
            let mut held = self.held();
            self.is_cancelled.store(true, Ordering::Release);
            // A cancellation that is asked for from here on is cancelled at once.
            std::mem::take(&mut *held)
        };
        // Without its receiver, a channel for more rows takes none, and a writer that waits for room in it ends.
        drop(held.begun);
        if let Some(cancellation) = held.cancellation {
            cancellation.cancel();
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Acquire)
    }

    pub(crate) fn cancellation(&self) -> Cancellation {
        // Under the lock, so that no cancelling comes between the two steps.
        let mut held = self.held();
        let cancellation = held.cancellation.get_or_insert_default();
        if self.is_cancelled() {
            cancellation.cancel();
        }
        Cancellation(cancellation.clone())
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
