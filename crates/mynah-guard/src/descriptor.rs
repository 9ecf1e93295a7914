use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::Arc;
use std::sync::atomic::AtomicI32;
use std::sync::atomic::Ordering::SeqCst;

use crate::Guard;

/// A descriptor of a thread that may be lost, as others see it.
#[derive(Clone, Debug)]
pub struct Descriptor {
    owner: Guard,
    raw: Arc<AtomicI32>,
}

/// The owner's side of a [`Descriptor`]: to be dropped before the descriptor is closed.
#[derive(Debug)]
pub struct Lent(Arc<AtomicI32>);

impl Guard {
    /// Lends a descriptor that belongs to this thread alone, so that others can [take](Descriptor::take)
    /// it if the thread is lost.
    ///
    /// Who lends it keeps [`Lent`] beside the descriptor, drops it first, and does neither inside of what
    /// the thread may be lost in.
    #[must_use]
    pub fn lend(&self, descriptor: &impl AsFd) -> (Lent, Descriptor) {
        let raw = Arc::new(AtomicI32::new(descriptor.as_fd().as_raw_fd()));
        let owner = self.clone();
        (Lent(Arc::clone(&raw)), Descriptor { owner, raw })
    }
}

impl Descriptor {
    /// Takes the descriptor from a thread that was lost, once; nothing if the thread wasn't, or has closed
    /// it before.
    #[must_use]
    pub fn take(&self) -> Option<OwnedFd> {
        self.owner.lost()?;
        let raw = self.raw.swap(GONE, SeqCst);
        // SAFETY: it is open, as `Lent` wasn't dropped; and its owner is parked, so that it will neither
        // use nor close it any more. Nobody else takes it, as it is gone now.
        (raw != GONE).then(|| unsafe { OwnedFd::from_raw_fd(raw) })
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.store(GONE, SeqCst);
    }
}

const GONE: RawFd = -1;
