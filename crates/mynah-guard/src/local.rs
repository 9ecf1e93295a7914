//! State of a thread that only the thread itself uses: in its allocator, and in its signal
//! handlers.

use std::ptr;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{
    AtomicBool, AtomicIsize, AtomicPtr, AtomicU32, AtomicUsize, compiler_fence,
};

use crate::loss::Cause;
use crate::os;
use crate::red_zone::{RED_ZONE, here};
use crate::shared::Shared;

/// Only its own thread, and signal handlers on that thread, access it. The fields are atomic so
/// that a handler sees complete values; with relaxed ordering they are plain loads and stores.
#[derive(Debug)]
pub(crate) struct Local {
    /// Bytes allocated minus bytes freed.
    held: AtomicIsize,
    /// How many bytes may be held; `isize::MAX` outside of code in which the thread may be lost.
    limit: AtomicIsize,
    /// Beyond how many bytes the allocator looks more closely: `limit`, or less than any number if
    /// the thread may have been asked to stop.
    checked_at: AtomicIsize,
    /// The upper end of the red zone of the stack in use; 0 outside of code in which the thread may
    /// be lost.
    edge: AtomicUsize,
    /// Depth of deferred sections: locks of the process are held, so the thread must not be parked.
    busy: AtomicU32,
    /// Whether the allocator is at work; the thread must not be parked in it either. A flag is
    /// enough, as the allocator doesn't call itself.
    allocates: AtomicBool,
    /// The part of the state that other threads see; null while the thread isn't enlisted.
    shared: AtomicPtr<Shared>,
}

thread_local! {
    /// Has no destructor and is initialised at compile time: the allocator and signal handlers can
    /// use it at any moment of a thread's life.
    pub(crate) static LOCAL: Local = const { Local::new() };
}

/// Passes the calling thread's state to `look`.
#[inline(always)]
pub(crate) fn with_local<T>(look: impl FnOnce(&Local) -> T) -> T {
    // `with` doesn't inline a long closure, so only the pointer is taken inside of it.
    let local = LOCAL.with(ptr::from_ref);
    // SAFETY: the state has no destructor, so it lives as long as its thread, and the reference
    // doesn't leave this call.
    look(unsafe { &*local })
}

/// The bounds that [`Local::enter`] replaced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    limit: isize,
    edge: usize,
}

impl Local {
    const fn new() -> Self {
        Self {
            held: AtomicIsize::new(0),
            limit: AtomicIsize::new(isize::MAX),
            checked_at: AtomicIsize::new(isize::MAX),
            edge: AtomicUsize::new(0),
            busy: AtomicU32::new(0),
            allocates: AtomicBool::new(false),
            shared: AtomicPtr::new(ptr::null_mut()),
        }
    }

    #[inline]
    pub(crate) fn held(&self) -> isize {
        self.held.load(Relaxed)
    }

    /// Begins a call of the allocator that allocates `more` bytes. Doesn't return if that exceeds
    /// the limit, or if the stack is nearly used up.
    #[inline(always)]
    pub(crate) fn begin(&self, more: isize) {
        let held = self.held.load(Relaxed).wrapping_add(more);
        self.held.store(held, Relaxed);
        if held > self.checked_at.load(Relaxed) || self.is_in_red_zone() {
            self.over();
        }
        self.allocates.store(true, Relaxed);
        // What follows must not be moved before this: a signal handler may run in between.
        compiler_fence(SeqCst);
    }

    /// Begins a call of the allocator that frees `size` bytes.
    #[inline(always)]
    pub(crate) fn begin_to_free(&self, size: isize) {
        let held = self.held.load(Relaxed).wrapping_sub(size);
        self.held.store(held, Relaxed);
        self.allocates.store(true, Relaxed);
        compiler_fence(SeqCst);
    }

    /// Ends a call of the allocator.
    #[inline(always)]
    pub(crate) fn end(&self) {
        compiler_fence(SeqCst);
        self.allocates.store(false, Relaxed);
    }

    /// The allocator returned null: undoes the count, and parks the thread if it may be lost.
    #[cold]
    pub(crate) fn failed(&self, change: isize) {
        let held = self.held.load(Relaxed).wrapping_sub(change);
        self.held.store(held, Relaxed);
        if self.may_be_lost() {
            self.park(Cause::Memory);
        }
    }

    /// Begins a section in which the thread must not be parked. Sections nest.
    #[inline]
    pub(crate) fn hold(&self) {
        self.busy
            .store(self.busy.load(Relaxed).wrapping_add(1), Relaxed);
        // What follows must not be moved before this: a signal handler may run in between.
        compiler_fence(SeqCst);
    }

    /// Ends a section that [`hold`](Self::hold) began.
    #[inline]
    pub(crate) fn release(&self) {
        compiler_fence(SeqCst);
        self.busy
            .store(self.busy.load(Relaxed).wrapping_sub(1), Relaxed);
    }

    /// Parks the thread if it exceeds its memory or stack.
    #[inline]
    pub(crate) fn check(&self) {
        if self.held.load(Relaxed) > self.checked_at.load(Relaxed) || self.is_in_red_zone() {
            self.over();
        }
    }

    /// The slow path of [`check`](Self::check): parks the thread if it may be parked now.
    #[cold]
    fn over(&self) {
        if !self.may_be_lost() {
            return;
        }
        if self.is_in_red_zone() {
            self.park(Cause::Stack);
        }
        // Before the flag is read: from here on, a signal to stop parks the thread itself. If the
        // stop was cancelled meanwhile, only the limit counts again.
        self.checked_at.store(self.limit.load(Relaxed), Relaxed);
        if self.shared().is_some_and(Shared::is_to_stop) {
            self.park(Cause::Stopped);
        }
        if self.held.load(Relaxed) > self.limit.load(Relaxed) {
            self.park(Cause::Memory);
        }
    }

    /// Whether the thread may be parked now: it runs untrusted code, outside of the allocator and
    /// of deferred sections.
    pub(crate) fn may_be_lost(&self) -> bool {
        self.is_inside() && self.busy.load(Relaxed) == 0 && !self.allocates.load(Relaxed)
    }

    pub(crate) fn is_inside(&self) -> bool {
        self.edge.load(Relaxed) != 0
    }

    /// Makes the next allocation check again whether the thread is to stop.
    pub(crate) fn look_soon(&self) {
        if self.is_inside() {
            self.checked_at.store(isize::MIN, Relaxed);
        }
    }

    /// Whether a fault at this address is an overflow of the stack in use.
    pub(crate) fn is_behind_stack(&self, address: usize) -> bool {
        let lowest = self.edge.load(Relaxed).wrapping_sub(RED_ZONE);
        address.abs_diff(lowest) <= NEAR
    }

    pub(crate) fn enlist(&self, shared: *const Shared) {
        self.shared.store(shared.cast_mut(), Relaxed);
    }

    pub(crate) fn shared(&self) -> Option<&Shared> {
        let shared = self.shared.load(Relaxed);
        // SAFETY: it is null, or points into the `Arc` that `Enlisted` holds. `Enlisted` sets it to null when
        // dropped.
        unsafe { shared.as_ref() }
    }

    /// Sets the bounds for untrusted code, and returns the ones before.
    pub(crate) fn enter(&self, limit: isize, lowest: usize) -> Bounds {
        let before = self.bounds();
        self.set_bounds(Bounds {
            limit: self.held().saturating_add(limit),
            edge: lowest.wrapping_add(RED_ZONE),
        });
        before
    }

    /// Sets the bounds for another stack, and returns the ones before.
    pub(crate) fn enter_stack(&self, lowest: usize) -> Bounds {
        let before = self.bounds();
        self.edge.store(lowest.wrapping_add(RED_ZONE), Relaxed);
        before
    }

    pub(crate) fn set_edge(&self, bounds: Bounds) {
        self.edge.store(bounds.edge, Relaxed);
    }

    pub(crate) fn set_bounds(&self, bounds: Bounds) {
        self.limit.store(bounds.limit, Relaxed);
        self.checked_at.store(bounds.limit, Relaxed);
        self.edge.store(bounds.edge, Relaxed);
    }

    fn bounds(&self) -> Bounds {
        Bounds {
            limit: self.limit.load(Relaxed),
            edge: self.edge.load(Relaxed),
        }
    }

    /// Stops the thread where it is, for good, and reports the loss.
    pub(crate) fn park(&self, cause: Cause) -> ! {
        // From here on no signal handler may run: it could park the thread a second time.
        os::mask_signals();
        if let Some(shared) = self.shared() {
            shared.report(cause);
        }
        os::sleep_for_good()
    }

    /// One comparison. It is false outside of untrusted code (`edge` is 0). It is false, too, on a
    /// stack other than the one that `edge` belongs to: a thread that comes from a fiber is on its
    /// own stack for a moment before `edge` is set back.
    #[inline(always)]
    fn is_in_red_zone(&self) -> bool {
        self.edge.load(Relaxed).wrapping_sub(here()) <= RED_ZONE
    }
}

/// How near to the end of a stack a fault must be to count as its overflow. A function's frame may
/// be large, but its pages are touched one by one.
const NEAR: usize = 64 * 1024;
