use std::marker::PhantomData;

use crate::local::LOCAL;

/// Keeps the calling thread from being stopped until the returned value is dropped, because the thread holds
/// something that other threads wait for, such as a lock. A stop that is requested meanwhile happens at the
/// drop.
#[must_use]
pub fn defer() -> Deferred {
    LOCAL.with(|local| {
        // Checked first: what follows must not begin with less stack than it takes.
        local.check();
        local.hold();
    });
    Deferred(PhantomData)
}

/// As long as this value exists, the thread isn't stopped. See [`defer`].
#[derive(Debug)]
pub struct Deferred(PhantomData<*const ()>);

impl Drop for Deferred {
    fn drop(&mut self) {
        LOCAL.with(|local| {
            local.release();
            local.check();
        });
    }
}
