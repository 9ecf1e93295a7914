//! A native stack of its own that a call runs on, so that it can be left and come back to.
//!
//! Code that runs on a fiber may suspend it, from any depth inside the engine. It finds
//! the `Yielder`, which lies on the fiber's stack, by a scoped thread-local variable that points
//! to it. A fiber is left in the middle of such scopes, so each switch from one stack to
//! another is made within a scope of its own, which puts back what was before it: see
//! [`aside`].

use std::cell::Cell;
use std::io;

use corosensei::stack::{DefaultStack, Stack};
use corosensei::{Coroutine, CoroutineResult, Yielder};
use mynah_guard::on_stack;
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
pub(super) struct Fiber {
    coroutine: Option<Coroutine<Passed, Passed, Finish>>,
    /// Where its stack ends.
    lowest: usize,
}

impl Fiber {
    /// A fiber that runs `body` with what it is first resumed with.
    ///
    /// # Errors
    /// There is no memory to be had for its stack.
    pub(super) fn new(body: impl FnOnce(Passed) -> Finish + 'static) -> io::Result<Self> {
        let stack = DefaultStack::new(crate::STACK_SIZE)?;
        let lowest = stack.limit().get();
        let coroutine =
            Coroutine::with_stack(stack, |yielder, input| CURRENT.set(yielder, || body(input)));
        Ok(Self {
            coroutine: Some(coroutine),
            lowest,
        })
    }

    /// Runs the fiber until it is suspended or over. It panics if the fiber does.
    pub(super) fn resume(&mut self, input: Passed) -> Option<Step> {
        let lowest = self.lowest;
        let fiber = self.coroutine.as_mut().filter(|fiber| !fiber.done())?;
        let crossing = || {
            let _deeper = Deeper::new();
            on_stack(lowest, || fiber.resume(input))
        };
        Some(match aside(crossing) {
            CoroutineResult::Yield(output) => Step::Yielded(output),
            CoroutineResult::Return(finish) => Step::Finished(finish),
        })
    }
}

impl Drop for Fiber {
    fn drop(&mut self) {
        let fiber = self.coroutine.take();
        // Dropping a suspended fiber unwinds its stack, which runs on that stack, like a resume.
        aside(|| on_stack(self.lowest, || drop(fiber)));
    }
}

/// Leaves the fiber that this is called on, until it is resumed; `None` if there is none.
pub(super) fn suspend(output: Passed) -> Option<Passed> {
    // Another fiber may run until this one is resumed, so `CURRENT` is then set to this fiber's yielder again.
    (DEPTH.get() > 0).then(|| CURRENT.with(|own| CURRENT.set(own, || own.suspend(output))))
}

/// Does what lets another fiber run, and then has `CURRENT` point to this one's again.
fn aside<T>(run: impl FnOnce() -> T) -> T {
    match DEPTH.get() {
        // No fiber runs on this stack, so nothing looks at `CURRENT`.
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

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::rc::Rc;

    use boa_engine::JsValue;

    use super::*;

    fn number(number: i32) -> Passed {
        Passed {
            value: number.into(),
            throw: false,
        }
    }

    fn read(passed: &Passed) -> i32 {
        passed.value.as_i32().unwrap()
    }

    /// Yields what it is given, plus `add`.
    fn adder(add: i32) -> Fiber {
        Fiber::new(move |mut given| {
            loop {
                given = suspend(number(read(&given) + add)).unwrap();
            }
        })
        .unwrap()
    }

    fn next(fiber: &mut Fiber, given: i32) -> i32 {
        match fiber.resume(number(given)) {
            Some(Step::Yielded(yielded)) => read(&yielded),
            _ => panic!("it is over"),
        }
    }

    #[test]
    fn outside_of_fibers_there_is_nothing_to_suspend() {
        assert!(suspend(number(1)).is_none());
        let mut fiber = adder(1);
        assert_eq!(next(&mut fiber, 1), 2);
        assert!(suspend(number(1)).is_none());
        drop(fiber);
        assert!(suspend(number(1)).is_none());
    }

    #[test]
    fn a_fiber_may_be_resumed_by_one_and_then_by_another() {
        let shared = Rc::new(Cell::new(Some(adder(100))));
        let within = shared.clone();
        let mut outer = Fiber::new(move |mut given| {
            loop {
                let mut inner = within.take().unwrap();
                let sum = next(&mut inner, read(&given));
                within.set(Some(inner));
                given = suspend(number(sum + 1000)).unwrap();
            }
        })
        .unwrap();
        for _ in 0..3 {
            let mut inner = shared.take().unwrap();
            assert_eq!(next(&mut inner, 1), 101);
            shared.set(Some(inner));
            assert_eq!(next(&mut outer, 2), 1102);
        }
    }

    #[test]
    fn a_fiber_continues_after_it_dropped_another() {
        let mut other = Some(adder(1));
        next(other.as_mut().unwrap(), 1);
        let mut fiber = Fiber::new(move |_| {
            drop(other.take());
            for n in 0.. {
                let mut short = adder(n);
                next(&mut short, n);
                drop(short);
                suspend(number(n)).unwrap();
            }
            None
        })
        .unwrap();
        for n in 0..5 {
            assert_eq!(next(&mut fiber, 0), n);
        }
    }

    #[test]
    fn what_is_on_the_stack_of_a_dropped_fiber_is_dropped() {
        let held = Rc::new(());
        let within = held.clone();
        let mut fiber = Fiber::new(move |_| {
            let _held = within;
            suspend(number(1));
            None
        })
        .unwrap();
        next(&mut fiber, 0);
        assert_eq!(Rc::strong_count(&held), 2);
        drop(fiber);
        assert_eq!(Rc::strong_count(&held), 1);
        let within = held.clone();
        drop(Fiber::new(move |_| {
            Some(Ok(JsValue::from(Rc::strong_count(&within) == 1)))
        }));
        assert_eq!(Rc::strong_count(&held), 1);
    }

    #[test]
    fn a_panic_reaches_the_resumer_and_ends_that_fiber_only() {
        let mut outer = Fiber::new(|_| {
            let mut inner = Fiber::new(|_| -> Finish { panic!("as Boa might") }).unwrap();
            let caught = catch_unwind(AssertUnwindSafe(|| inner.resume(number(1)).is_some()));
            assert!(caught.is_err());
            assert!(inner.resume(number(1)).is_none());
            suspend(number(7)).unwrap();
            panic!("and again")
        })
        .unwrap();
        assert_eq!(next(&mut outer, 0), 7);
        assert!(catch_unwind(AssertUnwindSafe(|| outer.resume(number(1)).is_some())).is_err());
        assert!(suspend(number(1)).is_none());
        assert_eq!(next(&mut adder(1), 1), 2);
    }
}
