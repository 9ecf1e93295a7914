//! Coroutines, as `Duktape.Thread` has them: a function that can be left at any depth and come
//! back to.
//!
//! A coroutine runs on a native stack and in a context of its own, which has the realm of the
//! one it was made in. Values go freely from one to the other: the heap is the thread's.

use boa_engine::{JsError, JsResult, JsValue};

mod fiber;
mod object;
mod resume;
mod sibling;
mod stmts;
mod threads;

pub(super) use object::constructor;
pub(super) use stmts::{as_function, is_coroutine, is_generator_function};
pub(super) use threads::{OwnThreads, reap};

/// What goes into a coroutine, or comes out of it: a value, which may be to be thrown.
#[derive(Debug)]
struct Passed {
    value: JsValue,
    throw: bool,
}

impl Passed {
    /// The value, or the error, for the side that receives it.
    fn arrive(self) -> JsResult<JsValue> {
        match self.throw {
            true => Err(JsError::from_opaque(self.value)),
            false => Ok(self.value),
        }
    }
}

/// How a coroutine came to its end; `None` if its time was up.
type Finish = Option<JsResult<JsValue>>;
