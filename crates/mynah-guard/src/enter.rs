use std::marker::PhantomData;

use crate::local::{Bounds, LOCAL};
use crate::loss::Cause;
use crate::shared::Shared;

/// Marks the start of untrusted code: from now on the calling thread may be lost, until the returned value is dropped.
/// Does nothing on a thread that isn't [enlisted](crate::enlist) or [can't be lost](crate::Guard::can_be_lost), nor
/// while an earlier value that the thread got exists.
///
/// Until the drop, the thread must not hold a lock that other threads need, unless it [defers](crate::defer) being
/// lost.
#[must_use]
pub fn enter() -> Inside {
    let before = LOCAL.with(|local| {
        let shared = local.shared().filter(|shared| shared.can_be_lost())?;
        let lowest = match local.is_inside() {
            // Nested: the outer call's bounds stay, as this one may be on a fiber's stack.
            true => return None,
            false => shared.lowest(),
        };
        let before = local.enter(shared.limit(), lowest);
        local.check();
        stop_if_asked();
        Some(before)
    });
    Inside {
        before,
        _on_this_thread: PhantomData,
    }
}

/// As long as this value exists, the thread that made it may be lost, if it is enlisted. See [`enter`](crate::enter).
#[derive(Debug)]
pub struct Inside {
    before: Option<Bounds>,
    _on_this_thread: PhantomData<*const ()>,
}

impl Drop for Inside {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            // The supervisor has given this thread up, and may have ended its sessions already.
            stop_if_asked();
            LOCAL.with(|local| local.set_bounds(before));
        }
    }
}

fn stop_if_asked() {
    LOCAL.with(|local| {
        if local.shared().is_some_and(Shared::is_to_stop) && local.may_be_lost() {
            local.park(Cause::Stopped);
        }
    });
}
