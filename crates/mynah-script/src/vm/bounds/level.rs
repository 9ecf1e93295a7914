//! How deep functions are inside nested values, which could use up the native stack.

use std::cell::Cell;

use boa_engine::{JsError, JsResult};

use super::range;

/// A level of a value that a function goes down into, for as long as it lives.
pub(super) struct Level(());

impl Level {
    /// # Errors
    /// A value is nested too deep.
    pub(super) fn enter() -> JsResult<Self> {
        if DEPTH.get() >= DEEPEST {
            return Err(too_deep());
        }
        DEPTH.set(DEPTH.get() + 1);
        Ok(Self(()))
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

thread_local! {
    /// How many levels functions of the thread are in.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn too_deep() -> JsError {
    range(format!("a value nested deeper than {DEEPEST}"))
}

/// As deep as the native stack of a worker takes in a build without optimisation.
pub(super) const DEEPEST: usize = 6000;
