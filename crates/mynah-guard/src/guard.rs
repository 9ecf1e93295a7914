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

    /// Whether the thread can be lost at all: it has a counting allocator and runs on Linux.
    #[must_use]
    pub fn can_be_lost(&self) -> bool {
        self.0.can_be_lost()
    }

    /// Why the thread was lost; `None` if it wasn't.
    #[must_use]
    pub fn lost(&self) -> Option<Cause> {
        self.0.lost()
    }

    /// Parks the thread if it is in code in which it may be lost: at once, or as soon as it leaves
    /// the allocator and any [deferred](crate::defer) section. Callers repeat this until the thread
    /// is [lost](Self::lost), or has returned and they [cancel](Self::cancel_stop) it.
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
