mod load;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::ThreadId;

use mynah_expect::{Expectations, NeverMet, Report, Tests};

use crate::beacon::Beacons;
use crate::contents::Contents;
use crate::expectations::Answer;
use crate::fault_seed::FaultSeed;
use crate::outline::Places;
use crate::prelude::{Identity, Server};
use crate::recording;
use crate::{Class, Positions, ScriptOptions, Worker};

/// A loaded script: what the mock answers. It is loaded once and shared by all worker threads; a clone is
/// another handle for the same script.
#[derive(Clone, Debug)]
pub struct Script {
    pub(crate) contents: Contents,
    class: Class,
    problem: Option<Arc<str>>,
    /// The files of the modules that it required when it was loaded.
    modules: Arc<[PathBuf]>,
    /// Where its entries are in its file.
    pub(crate) places: Arc<Places>,
    pub(crate) options: Arc<ScriptOptions>,
    pub(crate) beacons: Arc<Beacons>,
    /// What its sessions say of the server.
    pub(crate) server: Arc<Server>,
    /// What tests expect of its sessions, and what its sessions were asked.
    pub(crate) tests: Arc<Tests<Answer>>,
    /// What the file itself expects.
    expected: Arc<Expectations<Answer>>,
    /// What the toxicity of its faults is drawn from.
    pub(crate) fault_seed: Arc<FaultSeed>,
    /// Where its sessions are in an array of statements.
    pub(crate) positions: Positions,
}

impl Script {
    /// The same script for a server with this identity: its sessions answer `SELECT @@port` and the like by
    /// it.
    #[must_use]
    pub fn with_identity(self, identity: Identity) -> Self {
        Self {
            server: Arc::new(Server::new(identity)),
            ..self
        }
    }

    /// The same script as the successor of `other`, which was played until now: it takes over the tests that are open
    /// in `other`, with its own file's expectations in place of the old ones, and the state that all sessions share.
    #[must_use]
    pub fn in_place_of(self, other: &Self) -> Self {
        match &self.contents {
            Contents::Recording(recording) => {
                other.tests.take_recording(&self.tests, recording.order);
            }
            _ => other
                .tests
                .set_from_file(Expectations::clone(&self.expected)),
        }
        Self {
            beacons: Arc::clone(&other.beacons),
            server: Arc::clone(&other.server),
            tests: Arc::clone(&other.tests),
            fault_seed: Arc::clone(&other.fault_seed),
            positions: other.positions.clone(),
            ..self
        }
    }

    /// The tests on this script's sessions: expectations, journals, reports.
    #[must_use]
    pub fn tests(&self) -> &Arc<Tests<Answer>> {
        &self.tests
    }

    /// A handle that sets all sessions of the script back to the first entry of its array of statements.
    #[must_use]
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// The reports of all tests: of the shared one, of the last thousand that ended, of open ones, and of the parts
    /// of a recording. Empty as long as there have been no expectations, no journal and no open test, unless a report
    /// is [asked for](ScriptOptions::tests).
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        match self.tests.is_used() {
            true => self.tests.reports(),
            false => Vec::new(),
        }
    }

    /// The entries of a recording that were never played, under the name of their part; empty if this isn't a
    /// recording.
    #[must_use]
    pub fn never_played(&self) -> BTreeMap<String, Vec<NeverMet>> {
        self.tests.never_played()
    }

    /// Removes the entries that were never played from the file of a recording. Entries that were added to the file, or
    /// changed in it, since it was loaded stay. Returns how many entries the file had before, and how many it has now.
    ///
    /// # Errors
    /// If the file can't be read or written, is a recording's journal, or no entry would be left, or if this isn't a
    /// recording.
    pub fn prune(&self, path: impl AsRef<Path>) -> Result<(usize, usize), String> {
        let Contents::Recording(recording) = &self.contents else {
            return Err("this isn't a recording".to_owned());
        };
        let never = self.never_played();
        let options = &self.options.replay;
        recording::prune(path.as_ref(), options, &recording.identities, &never)
    }

    /// The version of the server that it plays, or is.
    pub(crate) fn server_version(&self) -> &str {
        match &self.contents {
            Contents::Recording(recording) => recording.version.as_deref(),
            _ => None,
        }
        .unwrap_or(&self.options.server_version)
    }

    /// The files of the modules that the script has required so far, in any of its sessions.
    #[must_use]
    pub fn modules(&self) -> Vec<PathBuf> {
        match &self.contents {
            Contents::Code(code) => code.modules(),
            _ => self.modules.to_vec(),
        }
    }

    /// Why the script can't be played: a syntax error, a wrong type, an exception; `None` if it can. A client gets
    /// this as an error in place of a greeting. If the script depends on shared values, it may still work for a later
    /// client.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// How the script is run: as data, in JavaScript contexts that the sessions of a thread share, or in a context per
    /// session. Loading decides that.
    #[must_use]
    pub fn class(&self) -> &Class {
        &self.class
    }

    /// Whether this thread has been running the script for longer than the budget, in a place where it can't
    /// be interrupted. It should get no more clients then.
    #[must_use]
    pub fn is_stuck(&self, thread: ThreadId) -> bool {
        self.beacons.is_stuck(thread)
    }

    /// Removes a thread that was given up from the watchdog's list, and returns what it was doing, in words.
    #[must_use]
    pub fn lost(&self, thread: ThreadId) -> String {
        let doing = self.beacons.lost(thread).unwrap_or_default();
        match &self.contents {
            Contents::Code(code) => format!("{}: {doing}", code.path().display()),
            Contents::Plan(_) | Contents::Recording(_) | Contents::Failed(_) => doing,
        }
    }

    /// A factory of sessions for the calling thread, whose stack must have [`STACK_SIZE`] bytes.
    #[must_use]
    pub fn worker(&self) -> Worker {
        Worker::new(self.clone())
    }
}

/// The stack size in bytes that a thread needs to run scripts.
pub const STACK_SIZE: usize = 64 * 1024 * 1024;
