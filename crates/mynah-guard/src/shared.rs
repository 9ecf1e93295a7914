use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Weak};

use crate::loss::{Cause, Reporter};
use crate::os;

/// The part of a thread's state that other threads see.
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

    pub(crate) fn handle(&self) -> Option<Arc<Self>> {
        self.me.upgrade()
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

    /// Asks the thread to park, and interrupts it to look.
    pub(crate) fn stop(&self) {
        // The flag before the signal, because the handler reads the flag. A thread that has ended gets no signal:
        // its id may belong to another thread by now.
        self.is_to_stop.store(true, SeqCst);
        if !self.has_ended.load(SeqCst) {
            os::interrupt(self.thread);
        }
    }

    pub(crate) fn cancel_stop(&self) {
        self.is_to_stop.store(false, SeqCst);
    }

    pub(crate) fn end(&self) {
        self.has_ended.store(true, SeqCst);
    }

    pub(crate) fn report(&self, cause: Cause) {
        self.lost.store(cause.code(), Release);
        self.reporter.send(self.number, cause.code());
    }

    pub(crate) fn lost(&self) -> Option<Cause> {
        Cause::from_code(self.lost.load(Acquire))
    }
}
