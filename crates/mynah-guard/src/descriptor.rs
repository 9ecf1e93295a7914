use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::Arc;
use std::sync::atomic::AtomicI32;
use std::sync::atomic::Ordering::SeqCst;

use crate::Guard;

/// A file descriptor of a thread that may be lost, as other threads see it: they can take it over if the
/// thread is lost.
#[derive(Clone, Debug)]
pub struct Descriptor {
    owner: Guard,
    raw: Arc<AtomicI32>,
}

/// The owner's side of a [`Descriptor`]. Must be dropped before the descriptor is closed.
#[derive(Debug)]
pub struct Lent(Arc<AtomicI32>);

impl Guard {
    /// Lends a descriptor that belongs to the guarded thread alone, so that other threads can
    /// [take](Descriptor::take) it if that thread is lost.
    ///
    /// The caller keeps [`Lent`] beside the descriptor and drops it first. The descriptor is lent, and [`Lent`]
    /// dropped, outside of code in which the thread may be lost.
    #[must_use]
    pub fn lend(&self, descriptor: &impl AsFd) -> (Lent, Descriptor) {
        let raw = Arc::new(AtomicI32::new(descriptor.as_fd().as_raw_fd()));
        let owner = self.clone();
        (Lent(Arc::clone(&raw)), Descriptor { owner, raw })
    }
}

impl Descriptor {
    /// Takes the descriptor from a lost thread, once. `None` if the thread isn't lost, had dropped its [`Lent`]
    /// before, or the descriptor was taken already.
    #[must_use]
    pub fn take(&self) -> Option<OwnedFd> {
        self.owner.lost()?;
        let raw = self.raw.swap(GONE, SeqCst);
        // SAFETY: the descriptor is open, as `Lent` wasn't dropped. Its owner is parked and will
        // neither use nor close it. No other thread takes it, as the swap left `GONE` in its place.
        (raw != GONE).then(|| unsafe { OwnedFd::from_raw_fd(raw) })
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.store(GONE, SeqCst);
    }
}

const GONE: RawFd = -1;
