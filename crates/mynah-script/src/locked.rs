use std::ops::{Deref, DerefMut};

use mynah_guard::Deferred;

/// A lock that is held. Meanwhile its thread isn't lost: others wait for it.
pub(crate) struct Locked<G> {
    guard: G,
    _deferred: Deferred,
}

impl<G> Locked<G> {
    /// What `lock` gives.
    pub(crate) fn new(lock: impl FnOnce() -> G) -> Self {
        let deferred = mynah_guard::defer();
        Self {
            guard: lock(),
            _deferred: deferred,
        }
    }
}

impl<G: Deref> Deref for Locked<G> {
    type Target = G::Target;

    fn deref(&self) -> &G::Target {
        &self.guard
    }
}

impl<G: DerefMut> DerefMut for Locked<G> {
    fn deref_mut(&mut self) -> &mut G::Target {
        &mut self.guard
    }
}
