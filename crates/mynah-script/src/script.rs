use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::ThreadId;
use std::time::Duration;

use mynah_expect::{Expectations, NeverMet, Report, TestOptions, Tests};
use mynah_session::Failure;
use serde_json::Value;

use crate::beacon::Beacons;
use crate::check::{Node, Rules};
use crate::checked::Loaded;
use crate::expectations::{self, Answer};
use crate::fault_seed::FaultSeed;
use crate::outline::{self, ENTRIES, Places};
use crate::plan::{self, Plan};
use crate::prelude::{Identity, PreludeKind, Server};
use crate::recording::{self, Recording, ReplayOptions};
use crate::vm::{Program, Sharing, Sources, Verdict, Way};
use crate::{
    Class, Globals, Isolation, Positions, Progress, ScriptError, Time, Worker, look_over, reason,
};

/// Options for loading and running a script.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScriptOptions {
    /// The folder in which `require()` looks for modules that are named without a path: in `local_modules`
    /// and `npm/node_modules` below it. The current directory by default.
    pub module_prefix: PathBuf,
    /// The most time that a script may run for one statement, or for the start of a session; 5 s by default.
    /// A script that takes longer is ended.
    pub budget: Duration,
    /// The clock that `budget` is measured by; real time by default.
    pub time: Time,
    /// The most memory in bytes that a script may hold for one statement; 256 MiB by default. A script that
    /// takes more is ended. It has an effect only if the program's global allocator is
    /// `mynah_guard::Guarded`.
    pub memory: usize,
    /// Whether scripts are read and played like by the original mock where that differs: rows are arrays,
    /// columns have only the protocol's types, `true` in a column of numbers is the text `true`, and a
    /// statement without an answer gets the original's error in place of error 1105 with an explanation. The
    /// explanation is logged as a warning in both cases.
    pub compatible: bool,
    /// Which sessions may share a JavaScript context; by default as many as is safe.
    pub isolation: Isolation,
    /// Whether statements are compared with the `stmt` of the entry that is due, even if the script doesn't
    /// ask for it (`strict`); not by default.
    pub strict: bool,
    /// The built-in answers for statements that the script doesn't answer; by default those to statements
    /// that drivers send on connect.
    pub prelude: PreludeKind,
    /// The server version in the greeting, unless the script has one; `9.7.4-mock` by default.
    pub server_version: String,
    /// The seed that random faults are drawn from; by default a random number, which is logged when a toxicity
    /// below 1 is drawn.
    pub fault_seed: Option<u64>,
    /// What is kept for tests (expectations, journal, report); no journal by default.
    pub tests: TestOptions,
    /// How a recording is played.
    pub replay: ReplayOptions,
    /// A handle that shows the current step of loading.
    pub progress: Progress,
}

impl Default for ScriptOptions {
    fn default() -> Self {
        Self {
            module_prefix: PathBuf::from("."),
            budget: Duration::from_secs(5),
            time: Time::Real,
            memory: 256 << 20,
            compatible: false,
            isolation: Isolation::Auto,
            strict: false,
            prelude: PreludeKind::default(),
            server_version: "9.7.4-mock".to_owned(),
            fault_seed: None,
            tests: TestOptions {
                journal_limit: 0,
                ..TestOptions::default()
            },
            replay: ReplayOptions::default(),
            progress: Progress::default(),
        }
    }
}

/// A loaded script: what the mock answers. It is loaded once and shared by all worker threads; a clone is
/// another handle for the same script.
#[derive(Clone, Debug)]
pub struct Script {
    pub(crate) contents: Contents,
    class: Class,
    problem: Option<Arc<str>>,
    /// The modules that it requires.
    modules: Option<Arc<Sources>>,
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

/// What a script is made of.
#[derive(Clone, Debug)]
pub(crate) enum Contents {
    /// Data.
    Plan(Arc<Plan>),
    /// What a real server answered.
    Recording(Arc<Recording>),
    /// A script, run anew for each connection, in a context that it has for itself.
    Program(Arc<Program>),
    /// A script, run anew for each connection, in a context that a thread's sessions share.
    Factory(Arc<Program>, Arc<Sharing>),
    /// Nothing that can be played: each client gets this error.
    Failed(Failure),
}

impl Script {
    /// Loads the script in the file `path`: as JSON if the name ends in `.json`, else as JavaScript. Its
    /// sessions share the values in `globals`, which loading doesn't change.
    ///
    /// # Errors
    /// [`ScriptError::Read`] if the file can't be read. Mistakes in the script are no error here: see
    /// [`Script::problem`].
    pub fn load(
        path: impl AsRef<Path>,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Result<Self, ScriptError> {
        let (script, loaded) = Self::load_closely(path.as_ref(), options, globals)?;
        loaded.warn_of_unknown_keys(path.as_ref());
        Ok(script)
    }

    /// Loads a script, and gives all that is known of it.
    pub(crate) fn load_closely(
        path: &Path,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Result<(Self, Loaded), ScriptError> {
        options.progress.set("reading", path);
        let text = fs::read(path).map_err(|source| ScriptError::Read {
            path: path.to_owned(),
            source,
        })?;
        let text = String::from_utf8_lossy(&text).into_owned();
        match recording::is_recording(path, &text) {
            true => Ok((Self::from_recording(path, options), Loaded::of_recording())),
            false => Self::load_text(path, text, options, globals),
        }
    }

    fn from_recording(path: &Path, options: ScriptOptions) -> Self {
        let places = Places::new(path, None);
        match recording::read(path, &options.replay) {
            Ok(read) => {
                let contents = Contents::Recording(Arc::new(read.recording));
                let script = Self::with(contents, Class::Static, None, places, options);
                script.tests.set_recording(read.setup, read.parts);
                script.tests.set_recorded_at(read.recorded_at);
                script
            }
            Err(problem) => {
                let failure = reason::load(&problem);
                let contents = Contents::Failed(failure);
                Self::with(
                    contents,
                    Class::Static,
                    Some(problem.into()),
                    places,
                    options,
                )
            }
        }
    }

    /// Loads a script from its text. `path` is the name for messages and decides by its ending between JSON
    /// and JavaScript; modules are looked for beside it.
    ///
    /// # Errors
    /// When the script runs for too long and can't be interrupted.
    pub fn from_text(
        path: impl AsRef<Path>,
        text: &str,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Result<Self, ScriptError> {
        let (path, text) = (path.as_ref(), text.to_owned());
        let (script, loaded) = Self::load_text(path, text, options, globals)?;
        loaded.warn_of_unknown_keys(path);
        Ok(script)
    }

    fn load_text(
        path: &Path,
        text: String,
        options: ScriptOptions,
        globals: Arc<Globals>,
    ) -> Result<(Self, Loaded), ScriptError> {
        let extension = path.extension();
        let mut loaded = Loaded {
            rules: Rules {
                is_json: extension.is_some_and(|e| e.eq_ignore_ascii_case("json")),
                is_compatible: options.compatible,
            },
            node: None,
            not_static: String::new(),
            outline: None,
            text,
        };
        if !loaded.rules.is_json {
            let program = Program::new(path, &loaded.text, options.clone(), globals);
            let script = Self::from_program(program, options, &mut loaded)?;
            return Ok((script, loaded));
        }
        let value = plan::parse(path, &loaded.text);
        loaded.node = value.as_ref().ok().map(Node::from);
        let plan =
            value.and_then(|value| Plan::of(path, &value, options.strict, options.compatible));
        let expectations = plan
            .as_ref()
            .ok()
            .and_then(|plan| plan.expectations.clone());
        let places = Places::new(path, outline::json(&loaded.text, ENTRIES));
        let script = Self::from_plan(plan, places, options);
        Ok((script.expecting(path, expectations.as_ref()), loaded))
    }

    /// The same script for a server with this identity: its sessions answer `SELECT @@port` and the like by
    /// it.
    #[must_use]
    pub fn with_identity(self, identity: Identity) -> Self {
        Self {
            server: Arc::new(Server::new(identity)),
            ..self
        }
    }

    /// The same script as the successor of `other`, which was played until now: it takes over the tests that
    /// are open there, with its own file's expectations in place of the old ones, and the state that all
    /// sessions share.
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

    /// The positions of the script's sessions in its array of statements.
    #[must_use]
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// The reports of all tests so far: of the shared one, and of those that were opened. Empty if the script
    /// has no expectations, unless a report is [asked for](ScriptOptions::tests).
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        match self.tests.is_used() {
            true => self.tests.reports(),
            false => Vec::new(),
        }
    }

    /// The entries of a recording that were never played, under the name of their part.
    #[must_use]
    pub fn never_played(&self) -> BTreeMap<String, Vec<NeverMet>> {
        self.tests.never_played()
    }

    /// Removes the entries that were never played from the file of a recording. Returns how many entries the
    /// file had before, and how many it has now.
    ///
    /// # Errors
    /// If the file can't be read or written, or no entry would be left.
    pub fn prune(&self, path: impl AsRef<Path>) -> Result<(usize, usize), String> {
        recording::prune(path.as_ref(), &self.options.replay, &self.never_played())
    }

    /// The version of the server that it plays, or is.
    pub(crate) fn server_version(&self) -> &str {
        match &self.contents {
            Contents::Recording(recording) => recording.version.as_deref(),
            _ => None,
        }
        .unwrap_or(&self.options.server_version)
    }

    /// The files of the modules that the script required so far.
    #[must_use]
    pub fn modules(&self) -> Vec<PathBuf> {
        let modules = self.modules.as_ref();
        modules.map_or_else(Vec::new, |modules| modules.paths())
    }

    /// Why the script can't be played, if it can't: a syntax error, a wrong type, an exception. Each client
    /// gets this as an error in place of a greeting. If the script depends on shared values, it may still
    /// work for a later client.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// How the script is run: as data, in shared contexts, or in a context per session. Loading decides that.
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
            Contents::Program(program) | Contents::Factory(program, _) => {
                format!("{}: {doing}", program.path.display())
            }
            Contents::Plan(_) | Contents::Recording(_) | Contents::Failed(_) => doing,
        }
    }

    /// A factory of sessions for the calling thread, whose stack must have [`STACK_SIZE`] bytes.
    #[must_use]
    pub fn worker(&self) -> Worker {
        Worker::new(self.clone())
    }

    fn from_program(
        program: Program,
        options: ScriptOptions,
        loaded: &mut Loaded,
    ) -> Result<Self, ScriptError> {
        let program = Arc::new(program);
        let program_path = program.path.clone();
        let modules = Some(Arc::clone(&program.sources));
        let Verdict {
            way,
            failure,
            expectations,
            outline,
            node,
            not_static,
        } = look_over::look_over(&program)?;
        (loaded.node, loaded.not_static) = (node, not_static);
        let problem = failure
            .as_ref()
            .map(|failure| String::from_utf8_lossy(&failure.message).into());
        let (contents, class) = match (way, failure) {
            (Way::Static(plan), _) => (Contents::Plan(Arc::new(plan)), Class::Static),
            (Way::Failed, Some(failure)) => (Contents::Failed(failure), Class::Static),
            (Way::Factory(sharing), _) => (Contents::Factory(program, sharing), Class::Factory),
            (Way::Isolated(reason), _) => {
                (Contents::Program(program), Class::Isolated(reason.into()))
            }
            (Way::Failed, None) => (Contents::Program(program), Class::Isolated("".into())),
        };
        let entries = outline.as_ref().map(|outline| outline.to_levels(ENTRIES));
        let places = Places::new(&program_path, entries);
        loaded.outline = outline;
        let script = Self {
            modules,
            ..Self::with(contents, class, problem, places, options)
        };
        Ok(script.expecting(&program_path, expectations.as_ref()))
    }

    /// The same script, with expectations for its sessions.
    fn expecting(self, path: &Path, expectations: Option<&Value>) -> Self {
        let Some(json) = expectations else {
            return self;
        };
        match expectations::read(&self.places, json) {
            Ok(list) => {
                self.tests.set_from_file(list.clone());
                Self {
                    expected: Arc::new(list),
                    ..self
                }
            }
            Err(problem) => {
                let failure = reason::load(format_args!("{}: {problem}", path.display()));
                Self {
                    problem: Some(String::from_utf8_lossy(&failure.message).into()),
                    contents: Contents::Failed(failure),
                    ..self
                }
            }
        }
    }

    fn from_plan(plan: Result<Plan, Failure>, places: Places, options: ScriptOptions) -> Self {
        match plan {
            Ok(plan) => {
                let contents = Contents::Plan(Arc::new(plan));
                Self::with(contents, Class::Static, None, places, options)
            }
            Err(failure) => {
                let problem = String::from_utf8_lossy(&failure.message).into();
                Self::with(
                    Contents::Failed(failure),
                    Class::Static,
                    Some(problem),
                    places,
                    options,
                )
            }
        }
    }

    fn with(
        contents: Contents,
        class: Class,
        problem: Option<Arc<str>>,
        places: Places,
        options: ScriptOptions,
    ) -> Self {
        Self {
            contents,
            class,
            problem,
            modules: None,
            places: Arc::new(places),
            tests: Arc::new(Tests::new(options.tests)),
            expected: Arc::default(),
            fault_seed: Arc::new(FaultSeed::new(options.fault_seed)),
            positions: Positions::default(),
            options: Arc::new(options),
            beacons: Arc::default(),
            server: Arc::new(Server::new(Identity::default())),
        }
    }
}

/// The stack size in bytes that a thread needs to run scripts.
pub const STACK_SIZE: usize = 64 * 1024 * 1024;
