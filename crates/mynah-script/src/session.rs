use std::sync::Arc;

use mynah_session::{Account, Failure, Greeting, Handler, Login, Outcome, Reply, Statement};

use crate::Notice;
use crate::beacon::Beacon;
use crate::plan::{Plan, Playback};
use crate::vm::ScriptSession;

/// Answers one client from a trace.
#[derive(Debug)]
pub struct Session(Answers);

#[derive(Debug)]
enum Answers {
    Plan(Playback),
    Script(Box<ScriptSession>, Option<Arc<Beacon>>),
    Failed(Failure),
}

impl Session {
    pub(crate) fn played(plan: Arc<Plan>) -> Self {
        Self(Answers::Plan(Playback::new(plan)))
    }

    pub(crate) fn failed(failure: Failure) -> Self {
        Self(Answers::Failed(failure))
    }

    pub(crate) fn script(
        started: Result<ScriptSession, Failure>,
        beacon: Option<Arc<Beacon>>,
    ) -> Self {
        match started {
            Ok(script) => Self(Answers::Script(Box::new(script), beacon)),
            Err(failure) => Self::failed(failure),
        }
    }
}

impl Session {
    /// What an X Protocol client is told unasked.
    ///
    /// # Errors
    /// What is wrong with the `notices` of the trace, or with all of it.
    pub fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        match &mut self.0 {
            Answers::Plan(playback) => playback.notices(),
            Answers::Script(script, beacon) => {
                let _inside = beacon.as_ref().map(|beacon| beacon.enter(b"(notices)"));
                script.notices()
            }
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }
}

impl Handler for Session {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        match &mut self.0 {
            Answers::Plan(playback) => playback.greeting(),
            Answers::Script(script, beacon) => {
                let _inside = beacon.as_ref().map(|beacon| beacon.enter(b"(greeting)"));
                script.greeting()
            }
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        match &mut self.0 {
            Answers::Plan(playback) => playback.login(login),
            Answers::Script(script, beacon) => {
                let _inside = beacon.as_ref().map(|beacon| beacon.enter(b"(login)"));
                script.login(login)
            }
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        match &mut self.0 {
            Answers::Plan(playback) => playback.statement(statement),
            Answers::Script(script, beacon) => {
                let _inside = beacon.as_ref().map(|beacon| beacon.enter(&statement.text));
                script.statement(statement)
            }
            Answers::Failed(failure) => Outcome::Error(failure.clone()).into(),
        }
    }
}
