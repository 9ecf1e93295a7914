use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use mynah_session::{Connection, Failure};

use super::factory::Factory;
use super::program::{Program, Sharing};
use super::session::ScriptSession;
use crate::Positions;
use crate::beacon::{Beacon, Beacons};
use crate::code::{Code, CodeWorker};
use crate::source::{Source, Watched};

/// A program that runs anew for each connection.
#[derive(Clone, Debug)]
pub(super) struct RunProgram {
    program: Arc<Program>,
    /// How sessions share a context, if they do.
    sharing: Option<Arc<Sharing>>,
}

impl RunProgram {
    /// In a context of its own for each connection.
    pub(super) fn isolated(program: &Arc<Program>) -> Self {
        Self {
            program: Arc::clone(program),
            sharing: None,
        }
    }

    /// In a context that a thread's sessions share.
    pub(super) fn shared(program: &Arc<Program>, sharing: Arc<Sharing>) -> Self {
        Self {
            program: Arc::clone(program),
            sharing: Some(sharing),
        }
    }
}

impl Code for RunProgram {
    fn path(&self) -> &Path {
        &self.program.path
    }

    fn modules(&self) -> Vec<PathBuf> {
        self.program.sources.paths()
    }

    fn worker(&self, beacons: &Arc<Beacons>, positions: &Positions) -> Box<dyn CodeWorker> {
        let Program { path, options, .. } = &*self.program;
        Box::new(Worker {
            code: self.clone(),
            factory: RefCell::default(),
            beacon: beacons.light(path, options.budget),
            positions: positions.clone(),
        })
    }
}

/// Opens the sessions of a program on one thread.
#[derive(Debug)]
struct Worker {
    code: RunProgram,
    /// What the next session shares with those before it.
    factory: RefCell<Option<Rc<Factory>>>,
    /// Shows the watchdog whether this thread is inside a script.
    beacon: Arc<Beacon>,
    positions: Positions,
}

impl CodeWorker for Worker {
    fn open(&self, connection: Connection) -> Result<Box<dyn Source>, Failure> {
        let session = self.start(connection)?.following(&self.positions);
        Ok(Box::new(Watched::new(session, self.beacon.clone())))
    }
}

impl Worker {
    fn start(&self, connection: Connection) -> Result<ScriptSession, Failure> {
        // The top level of a script may hang like any of its functions.
        let _inside = Beacon::enter(&*self.beacon, LOADING);
        let program = &self.code.program;
        let sharing = self.code.sharing.as_ref();
        match sharing.and_then(|sharing| self.factory(sharing)) {
            Some(factory) => ScriptSession::start_in(&factory, program, connection),
            None => ScriptSession::start(program, connection),
        }
    }

    /// The JavaScript context that new sessions share, if they can share one.
    fn factory(&self, sharing: &Arc<Sharing>) -> Option<Rc<Factory>> {
        let program = &self.code.program;
        // A session has tried to change what it shares. From then on each session has a context of its own.
        if program.foul.get().is_some() {
            return None;
        }
        let mut factory = self.factory.borrow_mut();
        // A retired context serves the sessions that it has; new ones get a fresh context.
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

/// What log lines have in place of a statement while a session starts.
const LOADING: &[u8] = b"(starting a session)";
