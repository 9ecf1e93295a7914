use std::marker::PhantomData;

use crate::local::LOCAL;

/// Keeps the calling thread from being lost until the returned value is dropped, because the thread holds something
/// that other threads wait for, such as a lock. In code that the thread has [entered](crate::enter), a
/// [stop](crate::Guard::stop) that is requested meanwhile, and a limit that is exceeded, take effect when the last such
/// value of the thread is dropped.
#[must_use]
pub fn defer() -> Deferred {
    LOCAL.with(|local| {
        // Checked first: what follows must not begin with less stack than it takes.
        local.check();
        local.hold();
    });
    Deferred(PhantomData)
}

/// As long as this value exists, the thread that made it isn't lost. See [`defer`].
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
