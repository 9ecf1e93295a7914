//! A JavaScript script that runs: reads what its value says, and calls its functions.

mod rows;
mod statements;

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use boa_engine::{JsObject, JsString, JsValue};
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{Connection, Login, Outcome, Prepared, Reply, RowSource, Statement};

use super::ahead::Ahead;
use super::clock::left;
use super::engine::Engine;
use super::host::Client;
use super::problem::Problem;
use super::program::Program;
use super::row_source::RowIterator;
use super::thread::OwnThreads;
use crate::document::{
    Defaults, Document, Entry, Expected, Handshake, Kind, Misfit, Sections, entry, expected,
    handshake, sections,
};
use crate::unanswered::LastPlayed;

/// The columns of a table, or of a result.
pub(super) type Columns = Arc<[ColumnDefinition41]>;

pub(super) struct Running {
    /// Its coroutines, if it shares its context with sessions that have others.
    pub(super) threads: Option<OwnThreads>,
    pub(super) engine: Rc<RefCell<Engine>>,
    pub(super) sections: Sections<JsValue>,
    /// The connection's number, as in the greeting.
    pub(super) connection_id: u32,
    /// `mysqld.session`.
    session: Option<JsObject>,
    client: Rc<Client>,
    /// Whether `stmts` is a coroutine, which is given the text of a statement and no more.
    is_coroutine: bool,
    /// Whether `stmts` is a function that names its second argument: it is called, too, when a statement is
    /// prepared, and for columns of tables and binary logs.
    asks_more: bool,
    /// Whether an array's entries are compared with the statements.
    strict: bool,
    /// The next element of `stmts`, if that is an array.
    next: u64,
    /// Whether a prepared statement was answered with the columns of the next element, and hasn't been run yet.
    is_announced: bool,
    /// Answers of a function that sees nothing but texts to statements that were prepared, and
    /// weren't run yet.
    ahead: Ahead,
    /// What the last entry that was read says of its preparation.
    prepared: Option<Prepared>,
    /// What answers the files that the last reply asks for.
    files: VecDeque<Option<JsValue>>,
    row_sources: HashMap<RowSource, RowIterator>,
    /// What the last elements of `stmts` answered, if that is an array.
    last_played: LastPlayed,
}

impl Running {
    pub(super) fn start(program: &Program, connection: Connection) -> Result<Self, Problem> {
        let mut engine = Engine::new(program, connection)
            .map_err(|error| Problem::Ended(format!("the script engine: {error}")))?;
        let session = engine.take_session();
        let value = engine.run(program)?;
        let engine = Rc::new(RefCell::new(engine));
        Self::with(program, connection, engine, &value, session)
    }

    /// With a program's last value, and the `mysqld.session` it has seen.
    pub(super) fn with(
        program: &Program,
        connection: Connection,
        engine: Rc<RefCell<Engine>>,
        value: &JsValue,
        session: Option<JsObject>,
    ) -> Result<Self, Problem> {
        let (sections, is_coroutine, asks_more) = {
            let engine = &mut *engine.borrow_mut();
            // The coroutine's function replaces `stmts`, so that from here on all of them are functions.
            let mut sections = sections(&mut engine.values(), value)?;
            let function = engine.as_function(sections.stmts.clone())?;
            let is_coroutine = function != sections.stmts;
            let asks_more = engine.num_parameters(&function)? >= 2;
            sections.stmts = function;
            (sections, is_coroutine, asks_more)
        };
        Ok(Self {
            threads: None,
            engine,
            strict: sections.strict || program.options.strict,
            sections,
            connection_id: connection.id,
            session,
            client: Rc::default(),
            is_coroutine,
            asks_more,
            next: 0,
            is_announced: false,
            ahead: Ahead::default(),
            prepared: None,
            files: VecDeque::new(),
            row_sources: HashMap::new(),
            last_played: LastPlayed::default(),
        })
    }

    /// Shows the script the client that logs in, and how its connection is encrypted.
    pub(super) fn see(&mut self, login: &Login) -> Result<(), Problem> {
        self.client = Rc::new(Client {
            connection_id: self.connection_id,
            login: login.clone(),
        });
        match (&self.session, &login.tls) {
            (Some(session), Some(tls)) => self.engine.borrow_mut().set_tls(session, tls),
            _ => Ok(()),
        }
    }

    pub(super) fn handshake(&mut self, is_greeting: bool) -> Result<Handshake, Problem> {
        let section = self.sections.handshake.clone();
        let engine = &mut *self.engine.borrow_mut();
        let object = match engine.values().kind(&section) {
            Kind::Undefined => return Ok(Handshake::default()),
            Kind::Function => {
                let takes_client = !is_greeting && engine.num_parameters(&section)? >= 2;
                let returned = match takes_client {
                    false => engine.call(&section, is_greeting.into())?,
                    true => {
                        let client = engine.client(&self.client)?;
                        engine.call_with(&section, false.into(), Some(client.into()))?
                    }
                };
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

    /// The next statement is answered by the first element of an array.
    pub(super) fn restart(&mut self) {
        (self.next, self.is_announced) = (0, false);
    }

    fn is_function(&self) -> bool {
        self.kind(&self.sections.stmts) == Kind::Function
    }

    fn kind(&self, value: &JsValue) -> Kind {
        self.engine.borrow_mut().values().kind(value)
    }

    /// Calls `stmts`.
    fn call(&mut self, statement: &Statement) -> Result<JsValue, Problem> {
        let engine = &mut *self.engine.borrow_mut();
        // Boa's collector doesn't see how large texts are; the clock counts them.
        left(statement.text.len());
        let text = String::from_utf8_lossy(&statement.text);
        let text = JsString::from(text.as_ref()).into();
        let stmts = &self.sections.stmts;
        if !self.is_coroutine {
            let call = engine.statement_call(statement, &self.client)?;
            return engine.call_with(stmts, text, Some(call.into()));
        }
        // A coroutine gets the text as the value of its `yield`; the rest is in `mysqld.session`.
        if let Some(session) = &self.session {
            engine.set_call(session, statement, &self.client)?;
        }
        engine.call(stmts, text)
    }

    /// Reads an entry, and keeps what it says of files and rows.
    fn entry(&mut self, value: &JsValue) -> Result<Reply, Problem> {
        let engine = &mut *self.engine.borrow_mut();
        drop(engine.take_row_sources());
        let Entry {
            reply,
            files,
            prepared,
        } = entry(&mut engine.values(), value, Defaults::default())?;
        self.files.extend(files);
        self.prepared = prepared;
        self.row_sources.extend(engine.take_row_sources());
        Ok(reply)
    }

    fn expected(&mut self, element: &JsValue) -> Result<Expected, Problem> {
        let strict = self.strict;
        expected(&mut self.engine.borrow_mut().values(), element, strict)
    }

    /// The next element of an array of statements that isn't a hole, and where the one behind it is.
    fn peek(&mut self) -> Result<Option<(JsValue, u64)>, Problem> {
        let engine = &mut *self.engine.borrow_mut();
        let (values, stmts) = (&mut engine.values(), &self.sections.stmts);
        let mut next = self.next;
        let mut element = values.next_element(stmts, &mut next)?;
        if element.is_none() && self.sections.looped {
            next = 0;
            element = values.next_element(stmts, &mut next)?;
        }
        Ok(element.map(|element| (element, next)))
    }
}

/// What a reply to something that is run may be.
fn run(reply: Reply) -> Result<Reply, Problem> {
    match reply.outcome {
        Outcome::Binlog(_) => Err(Misfit::BinlogToStatement.into()),
        _ => Ok(reply),
    }
}
