use std::marker::PhantomData;

use crate::local::LOCAL;

/// Keeps the calling thread from being parked until what this gives is dropped: it holds something that
/// other threads wait for. What is to happen happens then.
#[must_use]
pub fn defer() -> Deferred {
    LOCAL.with(|local| {
        // Not with less stack than it takes.
        local.check();
        local.hold();
    });
    Deferred(PhantomData)
}

/// The thread isn't parked.
#[derive(Debug)]
pub struct Deferred(PhantomData<*const ()>);

impl Drop for Deferred {
    fn drop(&mut self) {
        LOCAL.with(|local| {
            local.let_go();
            local.check();
        });
    }
}
