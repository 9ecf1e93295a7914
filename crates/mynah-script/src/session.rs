use crate::Notice;
use mynah_session::{
    Account, Connection, Failure, Greeting, Handler, Login, Outcome, Reply, Statement,
};

use crate::plan::Playback;
use crate::trace::Source;
use crate::vm::ScriptSession;

/// Answers one client from a trace.
#[derive(Debug)]
pub struct Session(Answers);

#[derive(Debug)]
enum Answers {
    Plan(Playback),
    Script(Box<ScriptSession>),
    Failed(Failure),
}

impl Session {
    pub(crate) fn new(source: &Source, connection: Connection) -> Self {
        Self(match source {
            Source::Plan(plan) => Answers::Plan(Playback::new(plan.clone())),
            Source::Program(program) => match ScriptSession::start(program, connection) {
                Ok(script) => Answers::Script(Box::new(script)),
                Err(failure) => Answers::Failed(failure),
            },
            Source::Failed(failure) => Answers::Failed(failure.clone()),
        })
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
            Answers::Script(script) => script.notices(),
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }
}

impl Handler for Session {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        match &mut self.0 {
            Answers::Plan(playback) => playback.greeting(),
            Answers::Script(script) => script.greeting(),
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        match &mut self.0 {
            Answers::Plan(playback) => playback.login(login),
            Answers::Script(script) => script.login(login),
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        match &mut self.0 {
            Answers::Plan(playback) => playback.statement(statement),
            Answers::Script(script) => script.statement(statement),
            Answers::Failed(failure) => Outcome::Error(failure.clone()).into(),
        }
    }
}
