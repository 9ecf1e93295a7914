use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Weak};

use crate::local::LOCAL;
use crate::loss::{Cause, Reporter};
use crate::os;

/// A handle to an [enlisted](crate::enlist) thread, for other threads.
#[derive(Clone, Debug)]
pub struct Guard(Arc<Shared>);

#[derive(Debug)]
pub(crate) struct Shared {
    me: Weak<Self>,
    number: u32,
    reporter: Reporter,
    limit: isize,
    /// The lowest address of the thread's own stack; `None` if the thread can't be lost.
    lowest: Option<usize>,
    thread: os::ThreadId,
    is_to_stop: AtomicBool,
    has_ended: AtomicBool,
    /// The code of the [`Cause`], or 0.
    lost: AtomicU32,
}

impl Guard {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// The handle of the calling thread, if it is enlisted.
    #[must_use]
    pub fn current() -> Option<Self> {
        LOCAL.with(|local| local.shared()?.me.upgrade().map(Self))
    }

    /// Whether the thread can be lost at all: it has a counting allocator and runs on Linux.
    #[must_use]
    pub fn can_be_lost(&self) -> bool {
        self.0.can_be_lost()
    }

    /// Why the thread was lost, if it was.
    #[must_use]
    pub fn lost(&self) -> Option<Cause> {
        Cause::from_code(self.0.lost.load(Acquire))
    }

    /// Parks the thread if it is in code in which it may be lost: at once, or as soon as it leaves
    /// the allocator and any [deferred](crate::defer) section. Callers repeat this until the thread
    /// is [lost](Self::lost), or has returned and they [cancel](Self::cancel_stop) it.
    pub fn stop(&self) {
        if self.can_be_lost() && self.lost().is_none() {
            // The flag before the signal, because the handler reads the flag. A thread that has ended gets no signal:
            // its id may belong to another thread by now.
            self.0.is_to_stop.store(true, SeqCst);
            if !self.0.has_ended.load(SeqCst) {
                os::interrupt(self.0.thread);
            }
        }
    }

    /// Cancels [`stop`](Self::stop), for a thread that has returned in the meantime. The thread may
    /// still be lost if it was stopped just before.
    pub fn cancel_stop(&self) {
        self.0.is_to_stop.store(false, SeqCst);
    }
}

impl Shared {
    pub(crate) fn new(
        number: u32,
        reporter: Reporter,
        limit: isize,
        lowest: Option<usize>,
    ) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            number,
            reporter,
            limit,
            lowest,
            thread: os::thread_id(),
            is_to_stop: AtomicBool::new(false),
            has_ended: AtomicBool::new(false),
            lost: AtomicU32::new(0),
        })
    }

    pub(crate) fn can_be_lost(&self) -> bool {
        self.lowest.is_some()
    }

    pub(crate) fn limit(&self) -> isize {
        self.limit
    }

    pub(crate) fn lowest(&self) -> usize {
        self.lowest.unwrap_or_default()
    }

    pub(crate) fn is_to_stop(&self) -> bool {
        self.is_to_stop.load(Relaxed)
    }

    pub(crate) fn end(&self) {
        self.has_ended.store(true, SeqCst);
    }

    pub(crate) fn report(&self, cause: Cause) {
        self.lost.store(cause.code(), Release);
        self.reporter.send(self.number, cause.code());
    }
}
