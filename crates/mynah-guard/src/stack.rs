use crate::local::{Bounds, LOCAL};

/// Runs `run`, which switches to a stack whose lowest address is `lowest`, and back before it returns.
///
/// A fiber's stack isn't its thread's: only who switches knows where it ends.
pub fn on_stack<T>(lowest: usize, run: impl FnOnce() -> T) -> T {
    if !LOCAL.with(|local| local.is_inside()) {
        return run();
    }
    let _there = There(LOCAL.with(|local| local.enter_stack(lowest)));
    run()
}

struct There(Bounds);

impl Drop for There {
    fn drop(&mut self) {
        LOCAL.with(|local| local.set_edge(self.0));
    }
}

/// About where the stack is.
#[inline(always)]
pub(crate) fn here() -> usize {
    let local = 0_u8;
    (&raw const local).addr()
}

/// How much of a stack is left for what must not be broken off: the allocator, locks of the process.
pub(crate) const RED_ZONE: usize = 128 * 1024;
