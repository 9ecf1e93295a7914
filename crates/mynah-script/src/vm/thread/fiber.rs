//! A native stack of its own that a call runs on, so that it can be left and come back to.
//!
//! Whoever runs on a fiber may suspend it, from however deep in the engine. The way there is
//! the `Yielder` that lies on the fiber's stack, which a scoped thread-local variable points
//! to. A fiber comes and goes in the middle of such scopes, so each crossing from one stack to
//! another is made within a scope of its own, which puts back what was before it: see
//! [`aside`].

use std::cell::Cell;
use std::io;

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use scoped_tls::scoped_thread_local;

use super::{Finish, Passed};

/// What a fiber hands out when it is resumed.
pub(super) enum Step {
    /// It was suspended.
    Yielded(Passed),
    /// It is over.
    Finished(Finish),
}

/// A call on a stack of its own. Dropped while it is suspended, it is unwound.
pub(super) struct Fiber(Option<Coroutine<Passed, Passed, Finish>>);

impl Fiber {
    /// A fiber that runs `body` with what it is first resumed with.
    ///
    /// # Errors
    /// There is no memory to be had for its stack.
    pub(super) fn new(body: impl FnOnce(Passed) -> Finish + 'static) -> io::Result<Self> {
        let stack = DefaultStack::new(crate::STACK_SIZE)?;
        Ok(Self(Some(Coroutine::with_stack(
            stack,
            |yielder, input| CURRENT.set(yielder, || body(input)),
        ))))
    }

    /// Goes on with the fiber until it is suspended or over. It panics if the fiber does.
    pub(super) fn resume(&mut self, input: Passed) -> Option<Step> {
        let fiber = self.0.as_mut().filter(|fiber| !fiber.done())?;
        let crossing = || {
            let _deeper = Deeper::new();
            fiber.resume(input)
        };
        Some(match aside(crossing) {
            CoroutineResult::Yield(output) => Step::Yielded(output),
            CoroutineResult::Return(finish) => Step::Finished(finish),
        })
    }
}

impl Drop for Fiber {
    fn drop(&mut self) {
        let fiber = self.0.take();
        aside(|| drop(fiber));
    }
}

/// Leaves the fiber that this is called on, until it is resumed; `None` if there is none.
pub(super) fn suspend(output: Passed) -> Option<Passed> {
    (DEPTH.get() > 0).then(|| CURRENT.with(|own| CURRENT.set(own, || own.suspend(output))))
}

/// Does what lets another fiber run, and then has `CURRENT` point to this one's again.
fn aside<T>(run: impl FnOnce() -> T) -> T {
    match DEPTH.get() {
        // Nothing on this stack looks at `CURRENT`.
        0 => run(),
        _ => CURRENT.with(|own| CURRENT.set(own, run)),
    }
}

/// One fiber more is running on this thread, for as long as this lives.
struct Deeper(usize);

impl Deeper {
    fn new() -> Self {
        Self(DEPTH.replace(DEPTH.get() + 1))
    }
}

impl Drop for Deeper {
    fn drop(&mut self) {
        DEPTH.set(self.0);
    }
}

scoped_thread_local!(static CURRENT: Yielder<Passed, Passed>);

thread_local! {
    /// How many fibers have been resumed and run, one in the other.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}
