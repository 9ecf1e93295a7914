use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use mynah_session::Connection;

use crate::beacon::Beacon;
use crate::prelude::Prelude;
use crate::trace::Source;
use crate::vm::{Factory, Program, ScriptSession, Sharing};
use crate::{Session, Trace};

/// Opens sessions on one thread. Neither it nor its sessions can leave that thread.
#[derive(Debug)]
pub struct Worker {
    trace: Trace,
    /// What the next session shares with those before it.
    factory: RefCell<Option<Rc<Factory>>>,
    /// Tells whether this thread is inside a script.
    beacon: Option<Arc<Beacon>>,
}

impl Worker {
    pub(crate) fn new(trace: Trace) -> Self {
        let beacon = match &trace.source {
            Source::Plan(_) | Source::Failed(_) => None,
            Source::Program(program) | Source::Factory(program, _) => {
                let (path, budget) = (&program.path, program.options.budget);
                Some(trace.beacons.light(path, budget))
            }
        };
        Self {
            trace,
            factory: RefCell::default(),
            beacon,
        }
    }

    /// Opens a session. A script is run from its first line.
    #[must_use]
    pub fn open(&self, connection: Connection) -> Session {
        let options = &self.trace.options;
        let prelude = Prelude::new(
            options.prelude,
            self.trace.server.clone(),
            &options.server_version,
            connection.id,
        );
        self.answers(connection).with_prelude(prelude)
    }

    fn answers(&self, connection: Connection) -> Session {
        let inside = self.beacon.as_ref().map(|beacon| beacon.enter(LOADING));
        let started = match &self.trace.source {
            Source::Plan(plan) => return Session::played(plan.clone()),
            Source::Failed(failure) => return Session::failed(failure.clone()),
            Source::Program(program) => ScriptSession::start(program, connection),
            Source::Factory(program, sharing) => match self.factory(program, sharing) {
                Some(factory) => ScriptSession::start_in(&factory, program, connection),
                None => ScriptSession::start(program, connection),
            },
        };
        drop(inside);
        Session::script(started, self.beacon.clone())
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

/// What a script does for which there is no statement.
const LOADING: &[u8] = b"(starting a session)";
