use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::ThreadId;
use std::time::Duration;

use mynah_expect::{Expectations, Report, TestOptions, Tests};
use mynah_session::Failure;
use serde_json::Value;

use crate::beacon::Beacons;
use crate::check::{Node, Rules};
use crate::checked::Loaded;
use crate::expectations::{self, Answer};
use crate::outline::{self, ENTRIES, Places};
use crate::plan::{self, Plan};
use crate::prelude::{Identity, PreludeKind, Server};
use crate::vm::{Program, Sharing, Verdict, Way};
use crate::{
    Class, Globals, Isolation, Positions, Progress, ScriptError, Time, Worker, look_over, reason,
};

/// Options for loading and running a script.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScriptOptions {
    /// Where `require()` searches for modules that are named without a path: in its
    /// `local_modules` and `npm/node_modules`. The current directory by default.
    pub module_prefix: PathBuf,
    /// How long a script may run for one statement, or for starting a session, before it is
    /// ended; 5 s by default.
    pub budget: Duration,
    /// What time that is; as it passes by default.
    pub time: Time,
    /// How many bytes a script may hold for one statement before it is ended, if the program's
    /// allocator is `mynah_guard::Guarded`; 256 MiB by default.
    pub memory: usize,
    /// Whether a statement that nothing answers gets the original mock's error. By default it gets error 1105
    /// with an explanation; both are logged as warnings.
    pub compatible: bool,
    /// What the sessions of a script may have in common; as much as is safe by default.
    pub isolation: Isolation,
    /// Whether the entries of an array of statements are compared with the statements, whatever the
    /// script says; not by default.
    pub strict: bool,
    /// What is answered where the script has no answer; by default, statements drivers send on connect.
    pub prelude: PreludeKind,
    /// The version that the server claims unless the script says another.
    pub server_version: String,
    /// What tests keep; no journal by default.
    pub tests: TestOptions,
    /// Receives how far loading has come.
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
            tests: TestOptions {
                journal_limit: 0,
                ..TestOptions::default()
            },
            progress: Progress::default(),
        }
    }
}

/// A script file: what the mock answers. Loaded once, shared by all worker threads; a
/// clone is the same script.
#[derive(Clone, Debug)]
pub struct Script {
    pub(crate) contents: Contents,
    class: Class,
    problem: Option<Arc<str>>,
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
    /// Where its sessions are in an array of statements.
    pub(crate) positions: Positions,
}

/// What a script is made of.
#[derive(Clone, Debug)]
pub(crate) enum Contents {
    /// Data.
    Plan(Arc<Plan>),
    /// A script, run anew for each connection, in a context that it has for itself.
    Program(Arc<Program>),
    /// A script, run anew for each connection, in a context that a thread's sessions share.
    Factory(Arc<Program>, Arc<Sharing>),
    /// Nothing that can be played: each client gets this error.
    Failed(Failure),
}

impl Script {
    /// Loads the script at `path`: JSON if that is what its name ends in, else JavaScript.
    /// Scripts share `globals`, which looking the script over leaves as it is.
    ///
    /// # Errors
    /// [`ScriptError::Read`] if there is no such file. A file that isn't a script is no
    /// error: see [`Script::problem`].
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
        Self::load_text(path, text, options, globals)
    }

    /// Loads the script of this text, as if it stood in a file at `path`.
    ///
    /// # Errors
    /// When a script can't be stopped.
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

    /// The same script, with what its sessions say of their server, such as `@@port`.
    #[must_use]
    pub fn with_identity(self, identity: Identity) -> Self {
        Self {
            server: Arc::new(Server::new(identity)),
            ..self
        }
    }

    /// The same script in place of another one: it has that one's tests, with what its own file expects, and
    /// all else that sessions of both have in common.
    #[must_use]
    pub fn in_place_of(self, other: &Self) -> Self {
        other
            .tests
            .set_from_file(Expectations::clone(&self.expected));
        Self {
            beacons: Arc::clone(&other.beacons),
            server: Arc::clone(&other.server),
            tests: Arc::clone(&other.tests),
            positions: other.positions.clone(),
            ..self
        }
    }

    /// What tests expect of its sessions, and the journal of what they were asked.
    #[must_use]
    pub fn tests(&self) -> &Arc<Tests<Answer>> {
        &self.tests
    }

    /// Where its sessions are in an array of statements.
    #[must_use]
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// What tests came to so far: the one that is shared, and those that were opened. Nothing if the script expects
    /// nothing, unless a report is [asked for](ScriptOptions::tests).
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        match self.tests.is_used() {
            true => self.tests.reports(),
            false => Vec::new(),
        }
    }

    /// Why the script can't be answered from, if it can't: each client gets that in place of
    /// a greeting. A script that fails now may still succeed for a client, if it depends on
    /// what is shared.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// How the script is run: as data, in a shared context, or in a context for each session. It is decided when the script
    /// is loaded.
    #[must_use]
    pub fn class(&self) -> &Class {
        &self.class
    }

    /// Whether a thread has been inside the script for longer than the budget, which is to
    /// say that the script can't be interrupted there; it had better get no more clients.
    #[must_use]
    pub fn is_stuck(&self, thread: ThreadId) -> bool {
        self.beacons.is_stuck(thread)
    }

    /// Forgets a thread that was lost, and says what it was doing.
    #[must_use]
    pub fn lost(&self, thread: ThreadId) -> String {
        let doing = self.beacons.lost(thread).unwrap_or_default();
        match &self.contents {
            Contents::Program(program) | Contents::Factory(program, _) => {
                format!("{}: {doing}", program.path.display())
            }
            Contents::Plan(_) | Contents::Failed(_) => doing,
        }
    }

    /// Opens sessions on the calling thread, which must have a stack of [`STACK_SIZE`].
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
        let script = Self::with(contents, class, problem, places, options);
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
            places: Arc::new(places),
            tests: Arc::new(Tests::new(options.tests)),
            expected: Arc::default(),
            positions: Positions::default(),
            options: Arc::new(options),
            beacons: Arc::default(),
            server: Arc::new(Server::new(Identity::default())),
        }
    }
}

/// How much stack a thread needs that runs scripts.
pub const STACK_SIZE: usize = 64 * 1024 * 1024;
