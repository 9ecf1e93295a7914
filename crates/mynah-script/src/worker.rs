use std::sync::Arc;

use mynah_session::placeholders::Dialect;
use mynah_session::{Connection, Failure};

use crate::code::CodeWorker;
use crate::contents::Contents;
use crate::plan::{Plan, Playback};
use crate::prelude::Prelude;
use crate::recording::{Recording, Replay};
use crate::source::{Expecting, Failed, Preluded, Source};
use crate::{Script, Session};

/// Opens the sessions of a script on one thread. It and its sessions can't be moved to another thread.
#[derive(Debug)]
pub struct Worker {
    script: Script,
    opens: Opens,
}

/// The contents of a script, from which a worker opens sessions.
#[derive(Debug)]
enum Opens {
    Plan(Arc<Plan>),
    Recording(Arc<Recording>),
    Code(Box<dyn CodeWorker>),
    Failed(Failure),
}

impl Worker {
    pub(crate) fn new(script: Script) -> Self {
        let opens = match &script.contents {
            Contents::Plan(plan) => Opens::Plan(plan.clone()),
            Contents::Recording(recording) => Opens::Recording(recording.clone()),
            Contents::Code(code) => Opens::Code(code.worker(&script.beacons, &script.positions)),
            Contents::Failed(failure) => Opens::Failed(failure.clone()),
        };
        Self { script, opens }
    }

    /// Opens a session for a new connection. Unless the script is data, its program then runs from the first line for
    /// this session.
    #[must_use]
    pub fn open(&self, connection: Connection) -> Session {
        let code = match &self.opens {
            Opens::Plan(plan) => {
                let plan = Playback::new(plan.clone(), &self.script.positions);
                return self.with_prelude(connection, plan);
            }
            Opens::Recording(recording) => {
                return self.with_prelude(connection, Replay::new(recording.clone()));
            }
            Opens::Code(code) => code.open(connection),
            Opens::Failed(failure) => Err(failure.clone()),
        };
        match code {
            Ok(source) => self.with_prelude(connection, source),
            Err(failure) => self.session(Failed(failure)),
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
}
