use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use boa_engine::{Context, Finalize, JsData, JsNativeError, JsObject, JsResult, Trace};

use super::fiber::Fiber;

/// What a thread object is.
#[derive(Trace, Finalize, JsData)]
pub(in crate::vm) struct Thread {
    /// What the coroutine runs. None stands for what runs in no coroutine.
    pub(super) function: Option<JsObject>,
    #[unsafe_ignore_trace]
    pub(super) state: Cell<State>,
    #[unsafe_ignore_trace]
    pub(super) id: Id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It was never resumed.
    New,
    /// It can be resumed.
    Suspended,
    /// It runs, or waits for one that it resumed.
    Running,
    /// It came to its end.
    Finished,
}

/// The coroutines of one session.
///
/// A suspended coroutine holds values, and these may hold its thread object: that can't own
/// it, or neither would ever be let go. So the session does, and drops what is left with
/// itself. And a thread object that is collected can't drop its coroutine there and then, as
/// this would drop values in the middle of a collection: it is noted, and dropped later.
#[derive(Default)]
pub(in crate::vm) struct Threads {
    suspended: RefCell<HashMap<u64, Fiber>>,
    /// The thread objects that were resumed and run, one by the other.
    running: RefCell<Vec<JsObject<Thread>>>,
    /// The coroutines whose thread object is gone.
    orphans: RefCell<Vec<u64>>,
    next: Cell<u64>,
    /// The object that stands for what runs in no coroutine.
    main: RefCell<Option<JsObject<Thread>>>,
    /// The context of a coroutine that is over, for the next.
    spare: RefCell<Option<Context>>,
}

impl Threads {
    /// The number of a new coroutine.
    pub(super) fn register(self: &Rc<Self>) -> Id {
        let number = self.next.replace(self.next.get() + 1);
        Id {
            number,
            threads: Rc::downgrade(self),
        }
    }

    /// Drops the coroutines that can't be resumed any more, as their thread objects were collected.
    pub(super) fn reap(&self) {
        for number in self.orphans.take() {
            // The map isn't borrowed while the fiber is dropped: unwinding it may run code that uses the map.
            let fiber = self.suspended.borrow_mut().remove(&number);
            drop(fiber);
        }
    }

    /// Keeps a coroutine until it is taken out again.
    pub(super) fn suspend(&self, number: u64, fiber: Fiber) {
        self.suspended.borrow_mut().insert(number, fiber);
    }

    /// Takes a suspended coroutine out.
    pub(super) fn take(&self, number: u64) -> Option<Fiber> {
        self.suspended.borrow_mut().remove(&number)
    }

    /// How many coroutines were begun and aren't over.
    pub(super) fn len(&self) -> usize {
        self.suspended.borrow().len() + self.running.borrow().len()
    }

    /// Does what is done by a coroutine.
    pub(super) fn run<T>(&self, thread: &JsObject<Thread>, run: impl FnOnce() -> T) -> T {
        self.running.borrow_mut().push(thread.clone());
        let _running = Running(self);
        run()
    }

    /// The thread object of the coroutine that runs, if one does.
    pub(super) fn current(&self) -> Option<JsObject<Thread>> {
        self.running.borrow().last().cloned()
    }

    /// The object that stands for what runs in no coroutine.
    pub(super) fn main(&self, make: impl FnOnce() -> JsObject<Thread>) -> JsObject<Thread> {
        self.main.borrow_mut().get_or_insert_with(make).clone()
    }

    /// A context that a coroutine has no more use for.
    pub(super) fn spare(&self) -> Option<Context> {
        self.spare.take()
    }

    /// Keeps a context for the next coroutine.
    pub(super) fn set_spare(&self, context: Context) {
        self.spare.replace(Some(context));
    }

    /// Drops all coroutines.
    fn clear(&self) {
        // As in `reap`: the map isn't borrowed while fibers are dropped.
        let suspended = self.suspended.take();
        drop(suspended);
        self.main.take();
        self.spare.take();
    }
}

/// A coroutine is about to be left.
struct Running<'a>(&'a Threads);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.borrow_mut().pop();
    }
}

/// The coroutines of the session that owns it. They hold the context's data, and that holds
/// them: the session breaks this cycle when it drops them.
#[derive(Default)]
pub(in crate::vm) struct OwnThreads(Rc<Threads>);

impl OwnThreads {
    /// For the data of a context.
    pub(in crate::vm) fn shared(&self) -> Rc<Threads> {
        self.0.clone()
    }
}

impl Drop for OwnThreads {
    fn drop(&mut self) {
        self.0.clear();
    }
}

/// The number of a coroutine, as its thread object has it.
pub(super) struct Id {
    pub(super) number: u64,
    threads: Weak<Threads>,
}

impl Drop for Id {
    fn drop(&mut self) {
        // During a collection, values must not be dropped: the coroutine's are dropped by the next `reap`.
        if let Some(threads) = self.threads.upgrade() {
            threads.orphans.borrow_mut().push(self.number);
        }
    }
}

/// Drops the coroutines of a session that can't be resumed any more.
pub(in crate::vm) fn reap(context: &Context) {
    if let Ok(threads) = threads(context) {
        threads.reap();
    }
}

/// The coroutines of the session that a context is in.
pub(super) fn threads(context: &Context) -> JsResult<Rc<Threads>> {
    let threads = context.get_data::<Rc<Threads>>().cloned();
    threads.ok_or_else(|| {
        JsNativeError::error()
            .with_message("there is no session")
            .into()
    })
}

/// What a context and its coroutines have in common.
pub(super) fn data<T: 'static>(context: &Context) -> JsResult<Rc<T>> {
    let data = context.get_data::<Rc<T>>().cloned();
    data.ok_or_else(|| {
        JsNativeError::error()
            .with_message("there are no threads")
            .into()
    })
}
