//! Running coroutines.

use boa_engine::{Context, JsError, JsNativeError, JsObject, JsResult, JsValue};

use super::Passed;
use super::fiber::{Fiber, Step};
use super::sibling::sibling;
use super::threads::{State, Thread, Threads, data, threads};
use crate::vm::bounce::Bounce;
use crate::vm::clock::{Clock, overdue};

/// Runs a coroutine with a value, until it yields one or is over.
pub(super) fn resume(
    thread: &JsObject<Thread>,
    passed: Passed,
    context: &mut Context,
) -> JsResult<JsValue> {
    let threads = threads(context)?;
    // Each resumption gives the coroutine a slice of its own, so without this check an endless chain of
    // resumptions would escape the budget.
    if data::<Clock>(context)?.is_over() {
        return Err(overdue());
    }
    threads.reap();
    let mut fiber = match state(thread) {
        State::New if passed.throw => {
            // As in Duktape: an error that is thrown into a thread that hasn't begun comes out of `resume()`.
            set_state(thread, State::Finished);
            return passed.arrive();
        }
        State::New if is_full(&threads) => {
            let message = format!("more than {MOST_THREADS} threads in one session");
            return Err(JsNativeError::range().with_message(message).into());
        }
        State::New => start(thread, context)?,
        State::Suspended => {
            let number = thread.borrow().data().id.number;
            threads.take(number).ok_or_else(invalid_state)?
        }
        State::Running | State::Finished => return Err(invalid_state()),
    };
    set_state(thread, State::Running);
    match threads.run(thread, || fiber.resume(passed)) {
        Some(Step::Yielded(yielded)) => {
            set_state(thread, State::Suspended);
            threads.suspend(thread.borrow().data().id.number, fiber);
            yielded.arrive()
        }
        Some(Step::Finished(finish)) => {
            set_state(thread, State::Finished);
            finish.unwrap_or_else(|| Err(overdue()))
        }
        None => Err(invalid_state()),
    }
}

/// Whether a session may begin no more coroutines. Those that can't be resumed any more don't count.
fn is_full(threads: &Threads) -> bool {
    if threads.len() >= MOST_THREADS {
        // Thread objects that nothing refers to any more are only found by a collection.
        boa_gc::force_collect();
        threads.reap();
    }
    threads.len() >= MOST_THREADS
}

/// The coroutine of a thread that was never resumed.
fn start(thread: &JsObject<Thread>, context: &mut Context) -> JsResult<Fiber> {
    let function = thread.borrow().data().function.clone();
    let function = JsValue::from(function.ok_or_else(invalid_state)?);
    let threads = threads(context)?;
    let mut own = match threads.spare() {
        Some(spare) => spare,
        None => sibling(context)?,
    };
    let (bounce, clock) = (data::<Bounce>(context)?, data::<Clock>(context)?);
    let fiber = Fiber::new(move |first| {
        let finish = bounce.call(&function, first.value, &clock, &mut own);
        // A context whose call was ended, or threw, may have frames left on its stack and isn't used again.
        if let Some(Ok(_)) = finish {
            threads.set_spare(own);
        }
        finish
    });
    fiber.map_err(|error| {
        let message = format!("no stack for another thread: {error}");
        JsNativeError::range().with_message(message).into()
    })
}

fn state(thread: &JsObject<Thread>) -> State {
    thread.borrow().data().state.get()
}

fn set_state(thread: &JsObject<Thread>, state: State) {
    thread.borrow().data().state.set(state);
}

/// Duktape's error for resuming a thread that can't be resumed, and for a `yield` outside of a thread.
pub(super) fn invalid_state() -> JsError {
    JsNativeError::typ().with_message("invalid state").into()
}

/// How many coroutines of one session may be suspended.
const MOST_THREADS: usize = 100;
