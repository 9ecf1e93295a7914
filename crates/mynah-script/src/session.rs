use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::x::Notice;
use mynah_session::{
    Account, Failure, Greeting, Handler, LocalFile, Login, Outcome, Prepared, Reply, RowSource,
    Rows, Statement, StatementCommand,
};

use crate::beacon::{Beacon, Inside};
use crate::plan::{Plan, Playback};
use crate::prelude::Prelude;
use crate::said::{Said, SaidPrepared, SaidReply};
use crate::vm::ScriptSession;

/// Answers one client from a trace.
#[derive(Debug)]
pub struct Session {
    answers: Answers,
    /// Tells whether the thread is inside the script, if there is one.
    beacon: Option<Arc<Beacon>>,
    /// What is said where the trace says nothing. Boxed, as it is seldom looked at.
    prelude: Option<Box<Prelude>>,
}

#[derive(Debug)]
enum Answers {
    Plan(Playback),
    Script(Box<ScriptSession>),
    Failed(Failure),
}

impl Session {
    pub(crate) fn played(plan: Arc<Plan>) -> Self {
        Self::with(Answers::Plan(Playback::new(plan)), None)
    }

    pub(crate) fn failed(failure: Failure) -> Self {
        Self::with(Answers::Failed(failure), None)
    }

    pub(crate) fn script(
        started: Result<ScriptSession, Failure>,
        beacon: Option<Arc<Beacon>>,
    ) -> Self {
        match started {
            Ok(script) => Self::with(Answers::Script(Box::new(script)), beacon),
            Err(failure) => Self::failed(failure),
        }
    }

    fn with(answers: Answers, beacon: Option<Arc<Beacon>>) -> Self {
        Self {
            answers,
            beacon,
            prelude: None,
        }
    }

    pub(crate) fn with_prelude(mut self, prelude: Option<Prelude>) -> Self {
        self.prelude = prelude.map(Box::new);
        self
    }

    /// What the trace says to a statement that is run.
    fn said(&mut self, statement: &Statement) -> SaidReply {
        let _inside = inside(&self.beacon, &statement.text);
        match &mut self.answers {
            Answers::Plan(playback) => playback.statement(statement),
            Answers::Script(script) => script.statement(statement),
            Answers::Failed(failure) => Said::Answer(Outcome::Error(failure.clone()).into()),
        }
    }

    fn init_db(&mut self, statement: &Statement) -> Option<Reply> {
        let _inside = inside(&self.beacon, &statement.text);
        match &mut self.answers {
            Answers::Plan(playback) => playback.init_db(statement),
            Answers::Script(script) => script.init_db(statement),
            Answers::Failed(failure) => Some(Outcome::Error(failure.clone()).into()),
        }
    }

    /// What the trace says to a statement that is prepared.
    fn said_ahead(&mut self, statement: &Statement) -> SaidPrepared {
        let _inside = inside(&self.beacon, &statement.text);
        match &mut self.answers {
            Answers::Plan(playback) => playback.prepare(statement),
            Answers::Script(script) => script.prepare(statement),
            Answers::Failed(failure) => Said::Answer(Err(failure.clone())),
        }
    }
}

impl Handler for Session {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        let _inside = inside(&self.beacon, b"(greeting)");
        let greeting = match &mut self.answers {
            Answers::Plan(playback) => playback.greeting(),
            Answers::Script(script) => script.greeting(),
            Answers::Failed(failure) => Err(failure.clone()),
        }?;
        if let Some(prelude) = &mut self.prelude {
            prelude.greeted(&greeting);
        }
        Ok(greeting)
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        if let Some(prelude) = &mut self.prelude {
            prelude.logged_in(login);
        }
        let _inside = inside(&self.beacon, b"(login)");
        match &mut self.answers {
            Answers::Plan(playback) => playback.login(login),
            Answers::Script(script) => script.login(login),
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        match self.said(statement) {
            Said::Answer(mut reply) => {
                if let Some(prelude) = &mut self.prelude {
                    prelude.answered(statement, &mut reply);
                }
                reply
            }
            Said::Nothing(told) => {
                let prelude = self.prelude.as_mut();
                let answer = prelude.and_then(|prelude| prelude.statement(statement));
                answer.unwrap_or(told)
            }
        }
    }

    fn command(&mut self, statement: &Statement) -> Option<Reply> {
        if statement.command == StatementCommand::InitDb {
            return self.init_db(statement);
        }
        match self.said(statement) {
            Said::Answer(reply) => Some(reply),
            Said::Nothing(_) => None,
        }
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        let _inside = inside(&self.beacon, b"(notices)");
        match &mut self.answers {
            Answers::Plan(playback) => playback.notices(),
            Answers::Script(script) => script.notices(),
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }

    fn prepare(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        match self.said_ahead(statement) {
            Said::Answer(prepared) => prepared,
            Said::Nothing(told) => {
                let prelude = self.prelude.as_mut();
                let answer = prelude.and_then(|prelude| prelude.prepare(statement));
                answer.map_or(told, Ok)
            }
        }
    }

    fn reset(&mut self) {
        if let Some(prelude) = &mut self.prelude {
            prelude.reset();
        }
    }

    fn file(&mut self, file: LocalFile) -> Reply {
        let _inside = inside(&self.beacon, &file.filename);
        match &mut self.answers {
            Answers::Plan(playback) => playback.file(&file),
            Answers::Script(script) => script.file(&file),
            Answers::Failed(failure) => Outcome::Error(failure.clone()).into(),
        }
    }

    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        let _inside = inside(&self.beacon, b"(rows)");
        match &mut self.answers {
            Answers::Script(script) => script.rows(source),
            Answers::Plan(_) | Answers::Failed(_) => Ok(Rows::default()),
        }
    }

    fn drop_rows(&mut self, source: RowSource) {
        let _inside = inside(&self.beacon, b"(rows)");
        if let Answers::Script(script) = &mut self.answers {
            script.drop_rows(source);
        }
    }

    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let _inside = inside(&self.beacon, &statement.text);
        match &mut self.answers {
            Answers::Script(script) => script.fields(statement),
            Answers::Plan(_) => Ok([].into()),
            Answers::Failed(failure) => Err(failure.clone()),
        }
    }

    fn replicate(&mut self, statement: &Statement) -> Reply {
        let _inside = inside(&self.beacon, &statement.text);
        let reply = match &mut self.answers {
            Answers::Plan(playback) => playback.replicate(statement),
            Answers::Script(script) => script.replicate(statement),
            Answers::Failed(_) => None,
        };
        reply.unwrap_or_else(|| Outcome::Error(Failure::access_denied("REPLICATION SLAVE")).into())
    }
}

/// To let a script go is to walk through all that it holds.
impl Drop for Session {
    fn drop(&mut self) {
        let _inside = inside(&self.beacon, b"(end of a session)");
        self.answers = Answers::Failed(Failure::general(0, ""));
    }
}

/// Notes that the thread is inside the script, for as long as what it gives lives.
fn inside<'a>(beacon: &'a Option<Arc<Beacon>>, doing: &[u8]) -> Option<Inside<'a>> {
    beacon.as_ref().map(|beacon| beacon.enter(doing))
}
