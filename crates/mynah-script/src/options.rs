use std::path::PathBuf;
use std::time::Duration;

use mynah_expect::TestOptions;

use crate::prelude::PreludeKind;
use crate::recording::ReplayOptions;
use crate::{Isolation, Progress, Time};

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
    /// Whether scripts are read and played like by the original mock where that differs: rows are arrays, columns
    /// have only the protocol's types, `true` in a column of numbers is the text `true`, and a statement without an
    /// answer gets, if there are no expectations, the original's error in place of error 1105 with an explanation.
    /// The explanation is logged as a warning in both cases.
    pub compatible: bool,
    /// Which sessions of a script in JavaScript may share a context; by default as many as is safe.
    pub isolation: Isolation,
    /// Whether statements are compared with the `stmt` of the next entry of the script's array of statements, even if
    /// the script doesn't set `strict`; not by default.
    pub strict: bool,
    /// The built-in answers for statements that the script doesn't answer; by default those to statements
    /// about the session, such as drivers send on connect.
    pub prelude: PreludeKind,
    /// The server version that clients are greeted with if the script has none: by it, statements are parsed and the
    /// prelude answers. This option only names the version: the program that serves the script has to put the same
    /// version in its greeting. `9.7.4-mock` by default.
    pub server_version: String,
    /// The seed that random faults are drawn from; by default a random number, which is logged when a toxicity
    /// below 1 is drawn.
    pub fault_seed: Option<u64>,
    /// What is kept for tests (expectations, journal, report); no journal by default.
    pub tests: TestOptions,
    /// How a recording is played: the password that logins need, whether statements must come in the recorded order,
    /// how long answers take, values that differ from run to run. No effect on scripts.
    pub replay: ReplayOptions,
    /// A handle that shows which step loading has reached, for programs that show it when loading takes long.
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
