use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};

use atomic_waker::AtomicWaker;

/// What others may want of a session while it waits: for its client, or for the time to answer it.
///
/// The session looks at it whenever it waits, so a look takes no lock and no clock. The others read
/// the clock: see [`IdleWatch`](super::IdleWatch).
#[derive(Debug, Default)]
pub(super) struct Summons {
    waker: AtomicWaker,
    is_ending: AtomicBool,
    is_interrupted: AtomicBool,
    /// How often the session began to wait for its client, and how often it went on: odd while it
    /// waits. Only the session writes it.
    waits: AtomicU32,
    /// The number of the wait that has lasted too long.
    too_long: AtomicU32,
}

/// Why a session is to go on that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Summoned {
    /// The server ends.
    Ending,
    /// Another client has ended what this one waits for.
    Interrupted,
    /// The client has sent nothing for as long as it may.
    Idle,
}

impl Summons {
    /// The server ends.
    pub(super) fn end(&self) {
        self.is_ending.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Another client ends what this one waits for.
    pub(super) fn interrupt(&self) {
        self.is_interrupted.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// The wait of this number has lasted too long.
    pub(super) fn end_wait(&self, number: u32) {
        self.too_long.store(number, Ordering::Release);
        self.waker.wake();
    }

    /// The number of the wait for the client, while it lasts.
    pub(super) fn wait(&self) -> Option<u32> {
        let number = self.waits.load(Ordering::Relaxed);
        (number % 2 == 1).then_some(number)
    }

    /// The session waits for its client from now on, or goes on.
    pub(super) fn set_waiting(&self, is_waiting: bool) {
        let number = self.waits.load(Ordering::Relaxed);
        if (number % 2 == 1) != is_waiting {
            self.waits.store(number.wrapping_add(1), Ordering::Relaxed);
        }
    }

    /// From now on the session waits for the time to answer; what was wanted before doesn't count.
    pub(super) fn begin_interruptible(&self) {
        self.is_interrupted.store(false, Ordering::Relaxed);
    }

    /// Whether anything is wanted of the session; if not, its task is woken when it is.
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<Summoned> {
        self.waker.register(cx.waker());
        if self.is_ending.load(Ordering::Acquire) {
            return Poll::Ready(Summoned::Ending);
        }
        if self.is_interrupted.load(Ordering::Acquire) {
            return Poll::Ready(Summoned::Interrupted);
        }
        match self.wait() {
            Some(number) if number == self.too_long.load(Ordering::Acquire) => {
                Poll::Ready(Summoned::Idle)
            }
            _ => Poll::Pending,
        }
    }
}
