//! What is known of a thread, on that thread: by the allocator, and by signal handlers.

use std::ptr;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{
    AtomicBool, AtomicIsize, AtomicPtr, AtomicU32, AtomicUsize, compiler_fence,
};

use crate::guard::Shared;
use crate::loss::Cause;
use crate::os;
use crate::stack::{RED_ZONE, here};

/// Only its own thread, and handlers of signals on that thread, look at it. The fields are atomic so
/// that a handler sees whole values; relaxed, they are plain loads and stores.
#[derive(Debug)]
pub(crate) struct Local {
    /// Bytes allocated less bytes freed.
    held: AtomicIsize,
    /// How many bytes may be held; `isize::MAX` outside of what the thread may be lost in.
    limit: AtomicIsize,
    /// The upper end of the red zone of the stack in use; 0 outside of what the thread may be lost in.
    edge: AtomicUsize,
    /// Counts what the thread must not be parked in: locks of the process.
    busy: AtomicU32,
    /// Whether the allocator is at work, which the thread must not be parked in either. It doesn't call
    /// itself, so that nothing need be counted.
    allocates: AtomicBool,
    /// What others know of the thread, while it is enlisted.
    shared: AtomicPtr<Shared>,
}

thread_local! {
    /// Without a destructor and initialised at compile time: there is no moment in a thread's life when
    /// the allocator, or a handler, can't use it.
    pub(crate) static LOCAL: Local = const { Local::new() };
}

/// The calling thread's own.
#[inline(always)]
pub(crate) fn with_local<T>(look: impl FnOnce(&Local) -> T) -> T {
    // A closure that is too long isn't inlined into `with`, so that only a pointer is taken there.
    let local = LOCAL.with(ptr::from_ref);
    // SAFETY: a thread's own lives as long as the thread, having no destructor, and the reference
    // doesn't leave this call.
    look(unsafe { &*local })
}

/// What [`Local::enter`] has replaced.
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

    /// Begins a call of the allocator that takes so much more. It doesn't return if that is more than
    /// may be, or if the stack is nearly used up.
    #[inline(always)]
    pub(crate) fn begin(&self, more: isize) {
        let held = self.held.load(Relaxed).wrapping_add(more);
        self.held.store(held, Relaxed);
        if held > self.limit.load(Relaxed) || self.is_in_red_zone() {
            self.over();
        }
        self.allocates.store(true, Relaxed);
        // What follows must not be moved before it: a handler may run in between.
        compiler_fence(SeqCst);
    }

    /// Begins a call of the allocator that gives so much back.
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

    /// The allocator had nothing to give.
    #[cold]
    pub(crate) fn failed(&self, change: isize) {
        let held = self.held.load(Relaxed).wrapping_sub(change);
        self.held.store(held, Relaxed);
        if self.may_be_lost() {
            self.park(Cause::Memory);
        }
    }

    /// From now on the thread must not be parked.
    #[inline]
    pub(crate) fn hold(&self) {
        self.busy
            .store(self.busy.load(Relaxed).wrapping_add(1), Relaxed);
        // What follows must not be moved before it: a handler may run in between.
        compiler_fence(SeqCst);
    }

    /// Takes one [`hold`](Self::hold) back.
    #[inline]
    pub(crate) fn let_go(&self) {
        compiler_fence(SeqCst);
        self.busy
            .store(self.busy.load(Relaxed).wrapping_sub(1), Relaxed);
    }

    /// Parks the thread if it has gone too far.
    #[inline]
    pub(crate) fn check(&self) {
        if self.held.load(Relaxed) > self.limit.load(Relaxed) || self.is_in_red_zone() {
            self.over();
        }
    }

    /// The same, if it may be parked.
    #[cold]
    fn over(&self) {
        if !self.may_be_lost() {
            return;
        }
        if self.is_in_red_zone() {
            self.park(Cause::Stack);
        }
        if self.shared().is_some_and(Shared::is_to_stop) {
            self.park(Cause::Stopped);
        }
        if self.held.load(Relaxed) > self.limit.load(Relaxed) {
            self.park(Cause::Memory);
        }
    }

    /// Whether the thread is in what it may be lost in, and in the middle of nothing.
    pub(crate) fn may_be_lost(&self) -> bool {
        self.is_inside() && self.busy.load(Relaxed) == 0 && !self.allocates.load(Relaxed)
    }

    pub(crate) fn is_inside(&self) -> bool {
        self.edge.load(Relaxed) != 0
    }

    /// Lets the next allocation look again whether the thread is to stop.
    pub(crate) fn look_soon(&self) {
        if self.is_inside() {
            self.limit.store(isize::MIN, Relaxed);
        }
    }

    /// Whether a fault at this address is one of the stack in use.
    pub(crate) fn is_behind_stack(&self, address: usize) -> bool {
        let lowest = self.edge.load(Relaxed).wrapping_sub(RED_ZONE);
        address.abs_diff(lowest) <= NEAR
    }

    pub(crate) fn enlist(&self, shared: *const Shared) {
        self.shared.store(shared.cast_mut(), Relaxed);
    }

    pub(crate) fn shared(&self) -> Option<&Shared> {
        let shared = self.shared.load(Relaxed);
        // SAFETY: null, or what `Enlisted` holds an `Arc` of; when that is dropped, it is null again.
        unsafe { shared.as_ref() }
    }

    /// Sets what holds from now on, and gives what did.
    pub(crate) fn enter(&self, limit: isize, lowest: usize) -> Bounds {
        let before = self.bounds();
        self.set_bounds(Bounds {
            limit: self.held().saturating_add(limit),
            edge: lowest.wrapping_add(RED_ZONE),
        });
        before
    }

    /// The same for another stack.
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
        self.edge.store(bounds.edge, Relaxed);
    }

    fn bounds(&self) -> Bounds {
        Bounds {
            limit: self.limit.load(Relaxed),
            edge: self.edge.load(Relaxed),
        }
    }

    /// Leaves the thread where it is, for good, and says so.
    pub(crate) fn park(&self, cause: Cause) -> ! {
        // From here on no handler may run, and nothing be parked once more.
        os::mask_signals();
        if let Some(shared) = self.shared() {
            shared.report(cause);
        }
        os::sleep_for_good()
    }

    /// One comparison, which is false outside, and on a stack that isn't the one in use: a thread that
    /// comes from a fiber is on its own stack for a moment before that is said.
    #[inline(always)]
    fn is_in_red_zone(&self) -> bool {
        self.edge.load(Relaxed).wrapping_sub(here()) <= RED_ZONE
    }
}

/// How far from the end of a stack a fault is one of that stack: a function's frame may be large, but
/// its pages are touched one by one.
const NEAR: usize = 64 * 1024;
