use std::marker::PhantomData;

use crate::guard::Shared;
use crate::local::{Bounds, LOCAL};
use crate::loss::Cause;

/// From now on the calling thread may be lost, until what this gives is dropped: it is about to run code
/// that isn't trusted. It changes nothing on a thread that isn't [enlisted](crate::enlist).
///
/// The thread must not hold a lock of the process in between, or [defer](crate::defer) being lost.
#[must_use]
pub fn enter() -> Inside {
    let before = LOCAL.with(|local| {
        let shared = local.shared().filter(|shared| shared.can_be_lost())?;
        let lowest = match local.is_inside() {
            // It may be on another stack.
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

/// The thread may be lost.
#[derive(Debug)]
pub struct Inside {
    before: Option<Bounds>,
    _on_this_thread: PhantomData<*const ()>,
}

impl Drop for Inside {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            // Somebody gave the thread up: its sessions may have ended already.
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
