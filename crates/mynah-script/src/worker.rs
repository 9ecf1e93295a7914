use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use mynah_session::Connection;

use crate::trace::Source;
use crate::vm::{Factory, Program, ScriptSession, Sharing};
use crate::{Session, Trace};

/// Opens sessions on one thread. Neither it nor its sessions can leave that thread.
#[derive(Debug)]
pub struct Worker {
    trace: Trace,
    /// What the next session shares with those before it.
    factory: RefCell<Option<Rc<Factory>>>,
}

impl Worker {
    pub(crate) fn new(trace: Trace) -> Self {
        Self {
            trace,
            factory: RefCell::default(),
        }
    }

    /// Opens a session. A script is run from its first line.
    #[must_use]
    pub fn open(&self, connection: Connection) -> Session {
        match &self.trace.source {
            Source::Plan(plan) => Session::played(plan.clone()),
            Source::Failed(failure) => Session::failed(failure.clone()),
            Source::Program(program) => Session::script(ScriptSession::start(program, connection)),
            Source::Factory(program, sharing) => {
                Session::script(match self.factory(program, sharing) {
                    Some(factory) => ScriptSession::start_in(&factory, program, connection),
                    None => ScriptSession::start(program, connection),
                })
            }
        }
    }

    /// The context that sessions share now, if they can.
    fn factory(&self, program: &Arc<Program>, sharing: &Arc<Sharing>) -> Option<Rc<Factory>> {
        if program.foul.get().is_some() {
            return None;
        }
        let mut factory = self.factory.borrow_mut();
        if let Some(factory) = &*factory
            && !factory.is_retired()
        {
            return Some(factory.clone());
        }
        match Factory::new(program, sharing) {
            Ok(new) => Some(factory.insert(Rc::new(new)).clone()),
            Err(problem) => {
                log::error!("{}: no shared context: {problem:?}", program.path.display());
                None
            }
        }
    }
}
