use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Weak};

use mynah_expect::Test;
use mynah_session::x::Notice;
use mynah_session::{
    Account, Connection, Failure, Greeting, LocalFile, Login, Prepared, Reply, RowSource, Rows,
    Statement, StatementCommand,
};

use super::clock::collect_at_the_end;
use super::factory::Factory;
use super::problem::Problem;
use super::program::Program;
use super::running::{Columns, Running};
use crate::document::notices;
use crate::expectations::Answer;
use crate::positions::Position;
use crate::reason;
use crate::source::Source;
use crate::source_answer::SourceAnswer;
use crate::{Globals, Positions};

/// A script that answers one client.
pub(crate) struct ScriptSession {
    program: Arc<Program>,
    /// The context that it shares with other sessions, if it does.
    factory: Option<Rc<Factory>>,
    state: State,
    position: Position,
    /// What is shared by the sessions of the test of the last statement. The test keeps it.
    globals: Weak<Globals>,
}

enum State {
    Running(Box<Running>),
    /// The script was ended for this reason; each question is answered by an error.
    Ended(String),
}

impl ScriptSession {
    /// Runs the script for a connection, in a context of its own.
    pub(crate) fn start(program: &Arc<Program>, connection: Connection) -> Result<Self, Failure> {
        Self::run(program, None, || Running::start(program, connection))
    }

    /// Runs the script for a connection, in a context that it shares with others.
    pub(crate) fn start_in(
        factory: &Rc<Factory>,
        program: &Arc<Program>,
        connection: Connection,
    ) -> Result<Self, Failure> {
        Self::run(program, Some(factory.clone()), || {
            let (engine, threads) = (factory.engine(), factory.threads());
            let globals = &program.at_top_level;
            engine.borrow_mut().enter(threads.as_ref(), globals);
            let (value, session) = factory.start(connection)?;
            let mut running = Running::with(program, connection, engine, &value, session)?;
            running.threads = threads;
            Ok(running)
        })
    }

    /// The same, which goes back to the start of an array when sessions are set back.
    pub(crate) fn following(self, positions: &Positions) -> Self {
        Self {
            position: positions.watch(),
            ..self
        }
    }

    fn run(
        program: &Arc<Program>,
        factory: Option<Rc<Factory>>,
        start: impl FnOnce() -> Result<Running, Problem>,
    ) -> Result<Self, Failure> {
        let mut session = Self {
            program: program.clone(),
            factory,
            state: State::Ended(String::new()),
            position: Position::default(),
            globals: Arc::downgrade(&program.at_top_level),
        };
        let running = session.guarded(start);
        match running {
            Ok(running) => {
                session.state = State::Running(Box::new(running));
                Ok(session)
            }
            Err(problem) => Err(failure(program, problem)),
        }
    }

    /// Runs something that may fail in any way.
    fn guarded<T>(&self, run: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
        // A panic of the engine must not end the thread, which serves other sessions, too.
        let mut answer = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err(Problem::Ended(PANIC.to_owned())));
        if let Some(factory) = &self.factory {
            if let Some(foul) = self.program.foul.get() {
                // Which session did it isn't known, so one that did nothing may continue.
                if factory.was_fouled() {
                    answer = Err(Problem::Ended(foul_reason(foul)));
                }
            }
            if let Err(Problem::Ended(reason)) = &answer {
                // What the session has left in the shared context may be half done.
                log::warn!("{}: {reason}", self.program.path.display());
                factory.retire();
            }
        }
        answer
    }

    /// Asks the script. If that ends it, all later questions fail with the reason.
    fn ask<T>(
        &mut self,
        question: impl FnOnce(&mut Running) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        // A panic inside of `guarded` leaves the session ended, never in a state that was half changed.
        let state = std::mem::replace(&mut self.state, State::Ended(String::new()));
        let mut running = match state {
            State::Running(running) => running,
            State::Ended(reason) => {
                let message = format!("the script was ended: {reason}");
                self.state = State::Ended(reason);
                return Err(Problem::Thrown(message));
            }
        };
        if self.position.take_reset() {
            running.restart();
        }
        let globals = self.globals.upgrade().unwrap_or_default();
        let answer = self.guarded(|| {
            let threads = running.threads.as_ref();
            running.engine.borrow_mut().enter(threads, &globals);
            question(&mut running)
        });
        self.state = State::Running(running);
        if let Err(Problem::Ended(reason)) = &answer {
            self.end(reason.clone());
        }
        // The answer was read into Rust values, so all that the script made for it may be garbage.
        collect_at_the_end();
        answer
    }

    /// Drops the context, which may be in any state, so that dropping it may panic.
    fn end(&mut self, reason: String) {
        let state = std::mem::replace(&mut self.state, State::Ended(reason));
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(state)));
        if dropped.is_err() {
            log::error!("the script engine panicked while a context was dropped");
        }
    }
}

impl fmt::Debug for ScriptSession {
    /// Without the context, which is everything that JavaScript has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptSession")
            .field("path", &self.program.path)
            .finish_non_exhaustive()
    }
}

impl Source for ScriptSession {
    fn set_test(&mut self, test: &Test<Answer>) {
        self.globals = Arc::downgrade(&self.program.globals.of_test(test));
        self.position.set_test(test);
    }

    fn greeting(&mut self) -> Result<Greeting, Failure> {
        let handshake = self.ask(|running| running.handshake(true));
        let greeting = handshake.map_err(|problem| failure(&self.program, problem))?;
        let greeting = greeting.greeting()?;
        // A greeting may have another number for the connection; from then on scripts see that one.
        if let (State::Running(running), Some(id)) = (&mut self.state, greeting.connection_id) {
            running.connection_id = id;
        }
        Ok(greeting)
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        let handshake = self.ask(|running| {
            running.see(login)?;
            running.handshake(false)
        });
        handshake
            .map_err(|problem| failure(&self.program, problem))?
            .account(login)
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        self.ask(|running| running.statement(statement))
            .unwrap_or_else(|problem| SourceAnswer::script(reason::statement_failed(problem)))
    }

    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        if statement.command != StatementCommand::InitDb {
            return self.statement(statement).if_answered();
        }
        self.ask(|running| running.init_db(statement))
            .unwrap_or_else(|problem| Some(SourceAnswer::script(reason::statement_failed(problem))))
    }

    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        self.ask(|running| running.prepare(statement))
            .unwrap_or_else(|problem| SourceAnswer::script(Err(reason::statement_failure(problem))))
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        let notices = self.ask(|running| {
            let section = running.sections.notices.clone();
            notices(&mut running.engine.borrow_mut().values(), &section)
        });
        notices.map_err(|problem| failure(&self.program, problem))
    }

    fn file(&mut self, file: &LocalFile) -> Reply {
        self.ask(|running| running.file(file))
            .unwrap_or_else(reason::statement_failed)
    }

    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        self.ask(|running| running.rows(source))
            .map_err(statement_failure)
    }

    /// An error that the script throws here is only logged: the client has stopped reading.
    fn drop_rows(&mut self, source: RowSource) {
        if let Err(problem) = self.ask(|running| running.drop_rows(source)) {
            log::warn!("{}: {problem}", self.program.path.display());
        }
    }

    fn fields(&mut self, statement: &Statement) -> Result<Columns, Failure> {
        self.ask(|running| running.fields(statement))
            .map_err(statement_failure)
    }

    fn replicate(&mut self, statement: &Statement) -> Option<Reply> {
        self.ask(|running| running.replicate(statement))
            .unwrap_or_else(|problem| Some(reason::statement_failed(problem)))
    }
}

/// The error that ends an answer of which the client has a part.
fn statement_failure(problem: Problem) -> Failure {
    match problem {
        Problem::Failed(failure) => failure,
        problem => reason::statement_failure(problem),
    }
}

pub(super) fn failure(program: &Program, problem: Problem) -> Failure {
    match problem {
        Problem::Misfit(misfit) => reason::misfit(&program.path, &misfit),
        Problem::Failed(failure) => failure,
        Problem::Thrown(reason) | Problem::Ended(reason) => reason::load(reason),
    }
}

fn foul_reason(foul: &str) -> String {
    format!("{foul} wasn't foreseen; later sessions have a context each")
}

const PANIC: &str = "the script engine panicked";

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_panic_of_the_engine_ends_its_session_only() {
        let text = "({stmts: function () { return {ok: {}}; }})";
        let program = Program::new(
            Path::new("t.js"),
            text,
            Default::default(),
            Default::default(),
        );
        let (program, connection) = (Arc::new(program), Connection { id: 1, port: 0 });
        let mut broken = ScriptSession::start(&program, connection).unwrap();
        let mut other = ScriptSession::start(&program, connection).unwrap();
        let answer = broken.ask(|_| -> Result<(), _> { panic!("as Boa might") });
        assert!(matches!(answer, Err(Problem::Ended(reason)) if reason == PANIC));
        let answer = broken.ask(|_| Ok(()));
        assert!(matches!(answer, Err(Problem::Thrown(_))));
        assert!(other.ask(|running| running.handshake(true)).is_ok());
    }
}
