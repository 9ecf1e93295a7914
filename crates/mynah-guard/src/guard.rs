use std::sync::Arc;

use crate::local::LOCAL;
use crate::loss::Cause;
use crate::shared::Shared;

/// A handle to an [enlisted](crate::enlist) thread, for other threads.
#[derive(Clone, Debug)]
pub struct Guard(Arc<Shared>);

impl Guard {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// The handle of the calling thread; `None` if it isn't enlisted.
    #[must_use]
    pub fn current() -> Option<Self> {
        LOCAL.with(|local| local.shared()?.handle().map(Self))
    }

    /// Whether the thread can be lost at all: the program has a [`Guarded`](crate::Guarded) allocator, runs on Linux,
    /// and its signal handlers, with a stack for them, could be installed.
    #[must_use]
    pub fn can_be_lost(&self) -> bool {
        self.0.can_be_lost()
    }

    /// Why the thread was lost; `None` if it wasn't.
    #[must_use]
    pub fn lost(&self) -> Option<Cause> {
        self.0.lost()
    }

    /// Parks the thread for good if it is in code in which it may be lost: at once or, from within the allocator or a
    /// [deferred](crate::defer) section, when the thread next allocates, ends the section or leaves that code. A thread
    /// outside of such code is parked when it next [enters](crate::enter) it. Does nothing if the thread [can't be
    /// lost](Self::can_be_lost). Callers repeat this until the thread is [lost](Self::lost), or has returned and they
    /// [cancel](Self::cancel_stop) it.
    pub fn stop(&self) {
        if self.can_be_lost() && self.lost().is_none() {
            self.0.stop();
        }
    }

    /// Cancels [`stop`](Self::stop), for a thread that has returned in the meantime. The thread may
    /// still be lost if it was stopped just before.
    pub fn cancel_stop(&self) {
        self.0.cancel_stop();
    }
}
