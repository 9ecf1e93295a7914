use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use boa_engine::{JsObject, JsString, JsValue};
use mynah_session::{Account, Connection, Failure, Greeting, Handler, Login, Reply, Statement};

use super::engine::Engine;
use super::factory::Factory;
use super::problem::Problem;
use super::program::Program;
use super::thread::OwnThreads;
use crate::document::{
    Defaults, Document, Handshake, Kind, Misfit, Sections, entry, handshake, notices, sections,
};
use crate::{Notice, reason};

/// A script that answers one client.
pub(crate) struct ScriptSession {
    program: Arc<Program>,
    /// Whose context it shares with others, if it does.
    factory: Option<Rc<Factory>>,
    state: State,
}

enum State {
    Running(Box<Running>),
    /// It was ended; this is why.
    Ended(String),
}

struct Running {
    /// Its coroutines, if it shares its context with sessions that have others.
    threads: Option<OwnThreads>,
    engine: Rc<RefCell<Engine>>,
    sections: Sections<JsValue>,
    /// `mysqld.session`.
    session: Option<JsObject>,
    /// The next element of `stmts`, if that is an array.
    next: u64,
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
            engine.borrow_mut().enter(threads.as_ref());
            let (value, session) = factory.start(connection)?;
            Ok(Running {
                threads,
                ..Running::with(engine, &value, session)?
            })
        })
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

    /// What an X Protocol client is told unasked.
    pub(crate) fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        let notices = self.ask(|running| {
            let section = running.sections.notices.clone();
            notices(&mut running.engine.borrow_mut().values(), &section)
        });
        notices.map_err(|problem| failure(&self.program, problem))
    }

    /// Runs something that may fail in any way.
    fn guarded<T>(&self, run: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
        let mut answer = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err(Problem::Ended(PANIC.to_owned())));
        if let Some(factory) = &self.factory {
            if let Some(foul) = self.program.foul.get() {
                // Whose it is isn't known; a session that did nothing may go on.
                if factory.was_fouled() {
                    answer = Err(Problem::Ended(foul_reason(foul)));
                }
            }
            if let Err(Problem::Ended(reason)) = &answer {
                log::warn!("{}: {reason}", self.program.path.display());
                factory.retire();
            }
        }
        answer
    }

    /// Asks the script, whatever it does.
    fn ask<T>(
        &mut self,
        question: impl FnOnce(&mut Running) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let state = std::mem::replace(&mut self.state, State::Ended(String::new()));
        let mut running = match state {
            State::Running(running) => running,
            State::Ended(reason) => {
                let told = format!("the script was ended: {reason}");
                self.state = State::Ended(reason);
                return Err(Problem::Thrown(told));
            }
        };
        let answer = self.guarded(|| {
            let threads = running.threads.as_ref();
            running.engine.borrow_mut().enter(threads);
            question(&mut running)
        });
        self.state = State::Running(running);
        if let Err(Problem::Ended(reason)) = &answer {
            self.end(reason.clone());
        }
        answer
    }

    /// Gives up the context, which may be in any state.
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

impl Handler for ScriptSession {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        let handshake = self.ask(|running| running.handshake(true));
        handshake
            .map_err(|problem| failure(&self.program, problem))?
            .greeting()
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        let handshake = self.ask(|running| {
            running.see(login)?;
            running.handshake(false)
        });
        handshake
            .map_err(|problem| failure(&self.program, problem))?
            .account()
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        self.ask(|running| running.statement(statement))
            .unwrap_or_else(|problem| match problem {
                Problem::Misfit(misfit) => reason::statement_failed(misfit),
                Problem::Thrown(reason) | Problem::Ended(reason) => {
                    reason::statement_failed(reason)
                }
            })
    }
}

impl Running {
    fn start(program: &Program, connection: Connection) -> Result<Self, Problem> {
        let mut engine = Engine::new(program, connection)
            .map_err(|error| Problem::Ended(format!("the script engine: {error}")))?;
        let session = engine.take_session();
        let value = engine.evaluate(&program.path, &program.text)?;
        Self::with(Rc::new(RefCell::new(engine)), &value, session)
    }

    /// With a program's last value, and the `mysqld.session` it has seen.
    fn with(
        engine: Rc<RefCell<Engine>>,
        value: &JsValue,
        session: Option<JsObject>,
    ) -> Result<Self, Problem> {
        let sections = {
            let engine = &mut *engine.borrow_mut();
            let mut sections = sections(&mut engine.values(), value)?;
            sections.stmts = engine.as_function(sections.stmts)?;
            sections
        };
        Ok(Self {
            threads: None,
            engine,
            sections,
            session,
            next: 0,
        })
    }

    /// Lets the script see how the connection is encrypted, if it is.
    fn see(&mut self, login: &Login) -> Result<(), Problem> {
        match (&self.session, &login.tls) {
            (Some(session), Some(tls)) => self.engine.borrow_mut().set_tls(session, tls),
            _ => Ok(()),
        }
    }

    fn handshake(&mut self, is_greeting: bool) -> Result<Handshake, Problem> {
        let section = self.sections.handshake.clone();
        let engine = &mut *self.engine.borrow_mut();
        let object = match engine.values().kind(&section) {
            Kind::Undefined => return Ok(Handshake::default()),
            Kind::Function => {
                let returned = engine.call(&section, is_greeting.into())?;
                match engine.values().kind(&returned) {
                    Kind::Undefined => return Ok(Handshake::default()),
                    kind if kind.is_object() => returned,
                    _ => return Err(Misfit::HandshakeReturn.into()),
                }
            }
            _ => section,
        };
        handshake(&mut engine.values(), &object)
    }

    fn statement(&mut self, statement: &Statement) -> Result<Reply, Problem> {
        let stmts = self.sections.stmts.clone();
        let engine = self.engine.clone();
        let engine = &mut *engine.borrow_mut();
        if engine.values().kind(&stmts) == Kind::Function {
            let text = String::from_utf8_lossy(&statement.text);
            let text = JsString::from(text.as_ref());
            let value = engine.call(&stmts, text.into())?;
            return entry(&mut engine.values(), &value, Defaults::default());
        }
        match self.next_element(engine, &stmts)? {
            Some(element) => entry(&mut engine.values(), &element, Defaults::default()),
            None => Ok(reason::end_of_statements()),
        }
    }

    /// The next element of an array of statements that isn't a hole.
    fn next_element(
        &mut self,
        engine: &mut Engine,
        stmts: &JsValue,
    ) -> Result<Option<JsValue>, Problem> {
        let values = &mut engine.values();
        let element = values.next_element(stmts, &mut self.next)?;
        if element.is_some() || !self.sections.looped {
            return Ok(element);
        }
        self.next = 0;
        values.next_element(stmts, &mut self.next)
    }
}

pub(super) fn failure(program: &Program, problem: Problem) -> Failure {
    match problem {
        Problem::Misfit(misfit) => reason::misfit(&program.path, &misfit),
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
