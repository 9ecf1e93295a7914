use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use mynah_session::placeholders::Dialect;
use mynah_session::{Connection, Failure};

use crate::beacon::Beacon;
use crate::plan::Playback;
use crate::prelude::Prelude;
use crate::recording::Replay;
use crate::script::Contents;
use crate::source::{Expecting, Failed, Preluded, Source, Watched};
use crate::vm::{Factory, Program, ScriptSession, Sharing};
use crate::{Script, Session};

/// Opens the sessions of a script on one thread. It and its sessions can't be moved to another thread.
#[derive(Debug)]
pub struct Worker {
    script: Script,
    /// What the next session shares with those before it.
    factory: RefCell<Option<Rc<Factory>>>,
    /// Shows the watchdog whether this thread is inside a script; unused for data, which runs none.
    beacon: Arc<Beacon>,
}

impl Worker {
    pub(crate) fn new(script: Script) -> Self {
        let beacon = match &script.contents {
            Contents::Plan(_) | Contents::Recording(_) | Contents::Failed(_) => Arc::default(),
            Contents::Program(program) | Contents::Factory(program, _) => {
                let (path, budget) = (&program.path, program.options.budget);
                script.beacons.light(path, budget)
            }
        };
        Self {
            script,
            factory: RefCell::default(),
            beacon,
        }
    }

    /// Opens a session for a new connection. Unless the script is data, its program runs from the first line.
    #[must_use]
    pub fn open(&self, connection: Connection) -> Session {
        let script = match &self.script.contents {
            Contents::Plan(plan) => {
                return self.with_prelude(
                    connection,
                    Playback::new(plan.clone(), &self.script.positions),
                );
            }
            Contents::Recording(recording) => {
                return self.with_prelude(connection, Replay::new(recording.clone()));
            }
            Contents::Failed(failure) => Err(failure.clone()),
            Contents::Program(program) => self.start(program, None, connection),
            Contents::Factory(program, sharing) => self.start(program, Some(sharing), connection),
        };
        match script {
            Ok(script) => {
                let script = script.following(&self.script.positions);
                self.with_prelude(connection, Watched::new(script, self.beacon.clone()))
            }
            Err(failure) => self.session(Failed(failure)),
        }
    }

    fn start(
        &self,
        program: &Arc<Program>,
        sharing: Option<&Arc<Sharing>>,
        connection: Connection,
    ) -> Result<ScriptSession, Failure> {
        // The top level of a script may hang like any of its functions.
        let _inside = Beacon::enter(&*self.beacon, LOADING);
        match sharing.and_then(|sharing| self.factory(program, sharing)) {
            Some(factory) => ScriptSession::start_in(&factory, program, connection),
            None => ScriptSession::start(program, connection),
        }
    }

    fn with_prelude(&self, connection: Connection, source: impl Source + 'static) -> Session {
        let options = &self.script.options;
        let prelude = Prelude::new(
            options.prelude,
            self.script.server.clone(),
            self.script.server_version(),
            connection.id,
        );
        let prelude = match &self.script.contents {
            Contents::Recording(recording) => {
                prelude.map(|prelude| prelude.of_recording(Arc::clone(&recording.variables)))
            }
            _ => prelude,
        };
        // From the inside out: script, watchdog, prelude, expectations, journal. The picture is in `source`.
        match prelude {
            Some(prelude) => self.with_tests(connection, Preluded::new(source, prelude)),
            None => self.with_tests(connection, source),
        }
    }

    fn with_tests(&self, connection: Connection, source: impl Source + 'static) -> Session {
        let dialect = Dialect::of_version(self.script.server_version().as_bytes());
        let tests = self.script.tests.clone();
        let is_compatible = self.script.options.compatible;
        let seed = self.script.fault_seed.clone();
        let volatiles = match &self.script.contents {
            Contents::Recording(recording) => Some(Arc::clone(&recording.volatiles)),
            _ => None,
        };
        let expecting = Expecting::new(source, connection, tests, dialect, is_compatible, seed)
            .with_volatiles(volatiles.filter(|volatiles| !volatiles.is_empty()));
        self.session(expecting)
    }

    fn session(&self, source: impl Source + 'static) -> Session {
        let is_compatible = self.script.options.compatible;
        Session::new(source, self.script.places.clone(), is_compatible)
    }

    /// The JavaScript context that new sessions share, if they can share one.
    fn factory(&self, program: &Arc<Program>, sharing: &Arc<Sharing>) -> Option<Rc<Factory>> {
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
