use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};

use atomic_waker::AtomicWaker;

/// Requests by other threads to a session that waits: for its client, or for the time to send an
/// answer.
///
/// The session checks them whenever it waits, so a check takes no lock and no clock. The other
/// threads read the clock: see [`IdleWatch`](super::IdleWatch).
#[derive(Debug, Default)]
pub(super) struct WakeRequests {
    waker: AtomicWaker,
    is_ending: AtomicBool,
    is_interrupted: AtomicBool,
    is_released: AtomicBool,
    /// Counts the begins and ends of the session's waits for its client: odd during a wait. Only
    /// the session writes it.
    waits: AtomicU32,
    /// The number of the wait that has lasted too long.
    too_long: AtomicU32,
}

/// Why a waiting session is to continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WakeReason {
    /// The server shuts down.
    Ending,
    /// Another client has cancelled the answer that this one waits for.
    Interrupted,
    /// The answer that the client waits for is to go out now.
    Released,
    /// The client has sent nothing for the idle timeout.
    Idle,
}

impl WakeRequests {
    /// Wakes the session because the server shuts down.
    pub(super) fn end(&self) {
        self.is_ending.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Wakes the session because another client has cancelled its answer.
    pub(super) fn interrupt(&self) {
        self.is_interrupted.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Wakes the session to send the answer that it delays.
    pub(super) fn release(&self) {
        self.is_released.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Wakes the session if its wait still has this number.
    pub(super) fn end_wait(&self, number: u32) {
        self.too_long.store(number, Ordering::Release);
        self.waker.wake();
    }

    /// The number of the wait for the client, during one.
    pub(super) fn wait(&self) -> Option<u32> {
        let number = self.waits.load(Ordering::Relaxed);
        (number % 2 == 1).then_some(number)
    }

    /// Marks whether the session waits for its client.
    pub(super) fn set_waiting(&self, is_waiting: bool) {
        let number = self.waits.load(Ordering::Relaxed);
        if (number % 2 == 1) != is_waiting {
            self.waits.store(number.wrapping_add(1), Ordering::Relaxed);
        }
    }

    /// Marks the start of a wait for the time to answer. Earlier interrupts and releases don't count.
    pub(super) fn begin_interruptible(&self) {
        self.is_interrupted.store(false, Ordering::Relaxed);
        self.is_released.store(false, Ordering::Relaxed);
    }

    /// Whether another client has cancelled the session's answer.
    pub(super) fn is_interrupted(&self) -> bool {
        self.is_interrupted.load(Ordering::Acquire)
    }

    /// Whether the server shuts down.
    pub(super) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Acquire)
    }

    /// The reason to continue, if there is one; if not, the session's task is woken when there is.
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<WakeReason> {
        if self.poll_ending(cx).is_ready() {
            return Poll::Ready(WakeReason::Ending);
        }
        // Before the requests that are about a delayed answer: they stay set while there is none.
        if self
            .wait()
            .is_some_and(|number| number == self.too_long.load(Ordering::Acquire))
        {
            return Poll::Ready(WakeReason::Idle);
        }
        if self.is_interrupted() {
            return Poll::Ready(WakeReason::Interrupted);
        }
        match self.is_released.load(Ordering::Acquire) {
            true => Poll::Ready(WakeReason::Released),
            false => Poll::Pending,
        }
    }

    /// Whether the server shuts down; if not, the session's task is woken when it does.
    pub(super) fn poll_ending(&self, cx: &Context<'_>) -> Poll<()> {
        // Registered before the check, so that a request in between isn't missed.
        self.waker.register(cx.waker());
        match self.is_ending() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}
