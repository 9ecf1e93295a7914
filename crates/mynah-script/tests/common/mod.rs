//! Traces written to a directory of their own, and what they answer.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests, outside of them"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use mynah_script::{Globals, Isolation, STACK_SIZE, Script, ScriptOptions, Session, Time};
use mynah_session::{
    Completion, Connection, Failure, Handler, Outcome, Reply, ResultSet, Statement,
};

/// A directory that is removed with it.
pub(crate) struct Dir(tempfile::TempDir);

impl Dir {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Loads a trace that was written here; modules are searched for here, too.
    pub(crate) fn load(&self, name: &str) -> Script {
        self.load_with(name, Arc::new(Globals::new()))
    }

    pub(crate) fn load_with(&self, name: &str, globals: Arc<Globals>) -> Script {
        let mut options = ScriptOptions::default();
        options.time = Time::Work;
        options.module_prefix = self.0.path().to_owned();
        load(&self.0.path().join(name), options, globals)
    }

    /// Loads a trace that may run for so long, as time passes.
    pub(crate) fn load_within(&self, name: &str, budget: Duration) -> Script {
        self.load_for(name, budget, Time::Real)
    }

    /// The same, with the time counted by the script's work, as all others have it: how busy the machine is doesn't
    /// matter.
    pub(crate) fn load_for_work(&self, name: &str, budget: Duration) -> Script {
        self.load_for(name, budget, Time::Work)
    }

    fn load_for(&self, name: &str, budget: Duration, time: Time) -> Script {
        let mut options = ScriptOptions::default();
        (options.budget, options.time) = (budget, time);
        load(&self.0.path().join(name), options, Arc::default())
    }
}

/// Loads a trace; each session in a context of its own where a test asks for that.
pub(crate) fn load(path: &Path, mut options: ScriptOptions, globals: Arc<Globals>) -> Script {
    if module_path!().starts_with("each_in_a_context") {
        options.isolation = Isolation::Context;
    }
    Script::load(path, options, globals).unwrap()
}

/// Runs what needs the stack of a worker thread.
pub(crate) fn on_worker<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_SIZE);
        thread.spawn_scoped(scope, run).unwrap().join().unwrap()
    })
}

/// Answers one session from a trace of this text.
pub(crate) fn with_session<T: Send>(
    name: &str,
    text: &str,
    run: impl FnOnce(&mut Session) -> T + Send,
) -> T {
    let dir = Dir::new();
    dir.write(name, text);
    let trace = dir.load(name);
    on_worker(|| run(&mut open(&trace)))
}

/// Answers a session from a JSON trace, and one from the same text as a script.
pub(crate) fn with_both(json: &str, run: impl Fn(&str, &mut Session) + Send + Sync) {
    with_session("t.json", json, |session| run("t.json", session));
    with_session("t.js", &format!("({json})"), |session| run("t.js", session));
}

/// What the first statement of a trace with this one entry is answered.
pub(crate) fn reply_to(name: &str, entry: &str) -> Reply {
    let trace = match name.ends_with(".json") {
        true => format!("{{\"stmts\": [{entry}]}}"),
        false => format!("({{stmts: [{entry}]}})"),
    };
    first_reply(name, &trace)
}

/// Why the first statement of a script with this one entry fails: the text of its error 1064.
pub(crate) fn complaint(entry: &str) -> String {
    let (code, state, message) = error_parts(&error(reply_to("t.js", entry)));
    assert_eq!((code, state.as_str()), (1064, "HY000"), "{message}");
    message
}

pub(crate) fn open(trace: &Script) -> Session {
    let connection = Connection { id: 1, port: 3306 };
    trace.worker().open(connection)
}

/// The reply to one statement.
pub(crate) fn ask(session: &mut Session, text: &str) -> Reply {
    session.statement(&Statement::query(text.to_owned()))
}

/// The first reply of a trace whose file has this name and text.
pub(crate) fn first_reply(name: &str, text: &str) -> Reply {
    with_session(name, text, |session| ask(session, "select 1 from t"))
}

pub(crate) fn ok(reply: Reply) -> Completion {
    match reply.outcome {
        Outcome::Ok(completion) => completion,
        other => panic!("not OK: {other:?}"),
    }
}

pub(crate) fn rows(reply: Reply) -> ResultSet {
    match reply.outcome {
        Outcome::Rows(result) => result,
        other => panic!("no rows: {other:?}"),
    }
}

pub(crate) fn error(reply: Reply) -> Failure {
    match reply.outcome {
        Outcome::Error(failure) => failure,
        other => panic!("no error: {other:?}"),
    }
}

/// A failure's number, state and text.
pub(crate) fn error_parts(failure: &Failure) -> (u16, String, String) {
    let message = String::from_utf8_lossy(&failure.message).into_owned();
    (failure.code, failure.sql_state.to_string(), message)
}

/// What an OK says.
pub(crate) fn message(reply: Reply) -> String {
    String::from_utf8(ok(reply).message.to_vec()).unwrap()
}

/// The cells of all rows, NULL as `None`.
pub(crate) fn cells(result: &ResultSet) -> Vec<Vec<Option<String>>> {
    let rows = (0..result.rows.len()).map(|index| {
        let row = result.rows.get(index).unwrap();
        let cells = row.cells().map(|cell| {
            let cell = cell.unwrap();
            cell.map(|cell| String::from_utf8(cell.to_vec()).unwrap())
        });
        cells.collect()
    });
    rows.collect()
}
