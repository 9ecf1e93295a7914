use crate::local::{Bounds, LOCAL};

/// Runs `run` and, in code that the thread has [entered](crate::enter), informs the guard that `run` uses another
/// native stack, with the lowest address `lowest`. `run` must switch to that stack and back before it returns.
///
/// A coroutine's stack isn't its thread's, and the guard can protect the end of a coroutine's stack only if it knows
/// where that end is.
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
