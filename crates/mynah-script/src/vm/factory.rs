use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use boa_engine::{JsObject, JsValue};
use mynah_session::Connection;

use super::engine::{Engine, no_script};
use super::problem::Problem;
use super::program::{Program, Sharing};
use super::source::Ready;
use super::thread::OwnThreads;

/// A context in which all sessions of a thread run, each with variables of its own: the
/// program is a function there, compiled once and called for each.
pub(crate) struct Factory {
    engine: Rc<RefCell<Engine>>,
    /// Gives the program's function, closed over what a session finds around it.
    program: JsObject,
    has_threads: bool,
    retired: Cell<bool>,
}

impl Factory {
    /// Compiles a program.
    pub(crate) fn new(program: &Arc<Program>, sharing: &Arc<Sharing>) -> Result<Self, Problem> {
        let mut engine = Engine::shared(program, sharing)
            .map_err(|error| Problem::Ended(format!("the script engine: {error}")))?;
        // The newline ends a comment in the body's last line.
        let text = format!(
            "(function (mysqld, process, console, Duktape, require) {{return function () {{{}\n}}}})",
            sharing.body
        );
        let ready = Ready::new(&text, 2, sharing.require)
            .map_err(|error| no_script(&program.path, error))?;
        let function = engine.evaluate(&program.path, &ready)?;
        let Some(function) = function.as_object() else {
            return Err(Problem::Ended("the program is no function".to_owned()));
        };
        Ok(Self {
            engine: Rc::new(RefCell::new(engine)),
            program: function,
            has_threads: sharing.duktape,
            retired: Cell::new(false),
        })
    }

    /// Runs the program for a connection; gives its last value, and its `mysqld.session`.
    pub(super) fn start(
        &self,
        connection: Connection,
    ) -> Result<(JsValue, Option<JsObject>), Problem> {
        self.engine.borrow_mut().start(&self.program, connection)
    }

    /// Coroutines for a session, if it may want any.
    pub(super) fn threads(&self) -> Option<OwnThreads> {
        self.has_threads.then(OwnThreads::default)
    }

    pub(super) fn engine(&self) -> Rc<RefCell<Engine>> {
        self.engine.clone()
    }

    /// Opens no more sessions in this context: one was ended, and may have left objects half changed. Those that are
    /// open continue.
    pub(super) fn retire(&self) {
        self.retired.set(true);
        self.engine.borrow_mut().make_up_for_what_is_left();
    }

    /// Whether a session tried to change what it shares with others, since this was last asked.
    pub(super) fn was_fouled(&self) -> bool {
        self.engine.borrow_mut().was_fouled()
    }

    /// Whether it opens no more sessions.
    pub(crate) fn is_retired(&self) -> bool {
        self.retired.get()
    }
}

impl fmt::Debug for Factory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Factory")
            .field("retired", &self.retired)
            .finish_non_exhaustive()
    }
}
