//! A script that runs: what its trace says, and what it is asked.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use boa_engine::{JsObject, JsString, JsValue};
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{
    Completion, Connection, Failure, LocalFile, Login, Outcome, Prepared, Reply, RowSource, Rows,
    Statement, StatementCommand,
};

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
use crate::plan::ahead;
use crate::reason;
use crate::said::Said;

/// The columns of a table, or of a result.
pub(super) type Columns = Arc<[ColumnDefinition41]>;

pub(super) struct Running {
    /// Its coroutines, if it shares its context with sessions that have others.
    pub(super) threads: Option<OwnThreads>,
    pub(super) engine: Rc<RefCell<Engine>>,
    pub(super) sections: Sections<JsValue>,
    /// The connection's number, as the client was told.
    pub(super) connection_id: u32,
    /// `mysqld.session`.
    session: Option<JsObject>,
    client: Rc<Client>,
    /// Whether `stmts` is a coroutine, which is given the text of a statement and no more.
    is_coroutine: bool,
    /// Whether `stmts` is a function that names its second argument: it is told when a statement is
    /// prepared, and is asked for columns and binary logs, too.
    asks_more: bool,
    /// Whether an array's entries are compared with the statements.
    strict: bool,
    /// The next element of `stmts`, if that is an array.
    next: u64,
    /// Whether a statement was told the columns of the next element, and wasn't run yet.
    told_ahead: bool,
    /// Answers of a function that sees nothing but texts to statements that were prepared, and
    /// weren't run yet.
    ahead: Ahead,
    /// What answers the files that the last reply asks for.
    files: VecDeque<Option<JsValue>>,
    row_sources: HashMap<RowSource, RowIterator>,
}

impl Running {
    pub(super) fn start(program: &Program, connection: Connection) -> Result<Self, Problem> {
        let mut engine = Engine::new(program, connection)
            .map_err(|error| Problem::Ended(format!("the script engine: {error}")))?;
        let session = engine.take_session();
        let value = engine.evaluate(&program.path, &program.text)?;
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
            told_ahead: false,
            ahead: Ahead::default(),
            files: VecDeque::new(),
            row_sources: HashMap::new(),
        })
    }

    /// Lets the script see who the client is, and how the connection is encrypted, if it is.
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
                        engine.call_with(&section, false.into(), client.into())?
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

    /// Answers a statement that is run.
    pub(super) fn statement(&mut self, statement: &Statement) -> Result<Said<Reply>, Problem> {
        self.files.clear();
        if let Some(answer) = self.ahead.take(statement) {
            self.files = answer.files;
            return run(answer.reply).map(Said::script);
        }
        if self.is_function() {
            let value = self.call(statement)?;
            if matches!(self.kind(&value), Kind::Undefined | Kind::Null) {
                let told = Misfit::Entry(self.kind(&value));
                return Ok(Said::nothing(reason::statement_failed(told)));
            }
            return self.entry(&value).and_then(run).map(Said::script);
        }
        let Some((element, behind)) = self.peek()? else {
            return Ok(Said::nothing(reason::end_of_statements()));
        };
        if self.strict
            && let Err(difference) = self.expected(&element)?.compare(statement)
        {
            return Ok(Said::nothing(reason::unexpected(behind, difference)));
        }
        (self.next, self.told_ahead) = (behind, false);
        let reply = self.entry(&element).and_then(run)?;
        Ok(Said::entry(behind, reply))
    }

    /// Answers COM_INIT_DB, if the script has an answer for it: a function that takes the second
    /// argument, or the next element of a strict array, if that is for `USE`.
    pub(super) fn init_db(
        &mut self,
        statement: &Statement,
    ) -> Result<Option<Said<Reply>>, Problem> {
        if self.is_function() {
            if !self.asks_more || self.is_coroutine {
                return Ok(None);
            }
            self.files.clear();
            let value = self.call(statement)?;
            return match self.kind(&value) {
                Kind::Undefined | Kind::Null => Ok(None),
                _ => Ok(Some(Said::script(self.entry(&value)?))),
            };
        }
        let Some((element, behind)) = self.peek()?.filter(|_| self.strict) else {
            return Ok(None);
        };
        if !self.expected(&element)?.is_use(&statement.text) {
            return Ok(None);
        }
        (self.next, self.told_ahead) = (behind, false);
        Ok(Some(Said::entry(behind, self.entry(&element)?)))
    }

    /// Says what is known of a statement before it is run.
    pub(super) fn prepare(
        &mut self,
        statement: &Statement,
    ) -> Result<Said<Result<Prepared, Failure>>, Problem> {
        self.files.clear();
        if self.is_function() {
            if self.is_coroutine {
                return Ok(Said::script(Ok(Prepared::default())));
            }
            let value = self.call(statement)?;
            if matches!(self.kind(&value), Kind::Undefined | Kind::Null) {
                return Ok(Said::nothing(Ok(Prepared::default())));
            }
            let num_params = self.expected(&value)?.num_params();
            let reply = self.entry(&value)?;
            if self.asks_more {
                self.forget(&reply);
                return Ok(Said::script(prepared(&reply, num_params)));
            }
            let told = ahead(&reply, num_params);
            let files = std::mem::take(&mut self.files);
            for oldest in self.ahead.keep(statement, reply, files) {
                self.forget(&oldest.reply);
            }
            return Ok(Said::script(Ok(told)));
        }
        let Some((element, behind)) = self.peek()? else {
            return Ok(Said::nothing(Ok(Prepared::default())));
        };
        let expected = self.expected(&element)?;
        let compared = expected.compare_text(&statement.text);
        if let (true, Err(difference)) = (self.strict, &compared) {
            let told = reason::unexpected_failure(behind, difference);
            return Ok(Said::nothing(Err(told)));
        }
        // What is told must be what comes: clients rely on it.
        if compared.is_err() || self.told_ahead {
            return Ok(Said::entry(behind, Ok(Prepared::default())));
        }
        self.told_ahead = !expected.has_text();
        let reply = self.entry(&element)?;
        self.forget(&reply);
        let prepared = ahead(&reply, expected.num_params());
        Ok(Said::entry(behind, Ok(prepared)))
    }

    /// Answers a file that a reply asked for.
    pub(super) fn file(&mut self, file: &LocalFile) -> Result<Reply, Problem> {
        let Some(answer) = self.files.pop_front().flatten() else {
            return Ok(Outcome::Ok(Completion::default()).into());
        };
        if self.kind(&answer) != Kind::Function {
            return self.entry(&answer).and_then(run);
        }
        let value = {
            left(file.content.len().saturating_mul(FORMS_OF_A_FILE));
            let engine = &mut *self.engine.borrow_mut();
            let file = engine.file(file)?;
            engine.call(&answer, file.into())?
        };
        self.entry(&value).and_then(run)
    }

    /// More rows of a result.
    pub(super) fn rows(&mut self, source: RowSource) -> Result<Rows, Problem> {
        let Some(mut iterator) = self.row_sources.remove(&source) else {
            return Ok(Rows::default());
        };
        let engine = &mut *self.engine.borrow_mut();
        let (rows, more) = match iterator.next(engine) {
            Ok(next) => next,
            Err(problem @ Problem::Ended(_)) => return Err(problem),
            Err(problem) => {
                iterator.close(engine)?;
                return Err(problem);
            }
        };
        if !more {
            return Ok(rows);
        }
        self.row_sources.insert(source, iterator);
        Ok(rows.continued(source))
    }

    pub(super) fn drop_rows(&mut self, source: RowSource) -> Result<(), Problem> {
        match self.row_sources.remove(&source) {
            Some(iterator) => iterator.close(&mut self.engine.borrow_mut()),
            None => Ok(()),
        }
    }

    /// The columns of a table.
    pub(super) fn fields(&mut self, statement: &Statement) -> Result<Columns, Problem> {
        if !self.asks_more {
            return Ok([].into());
        }
        let value = self.call(statement)?;
        if matches!(self.kind(&value), Kind::Undefined | Kind::Null) {
            return Ok([].into());
        }
        let reply = self.entry(&value)?;
        self.forget(&reply);
        match reply.outcome {
            Outcome::Rows(result) => Ok(result.columns),
            Outcome::Error(failure) => Err(Problem::Said(failure)),
            _ => Ok([].into()),
        }
    }

    /// Answers a replica; nothing if the script has no answer for it.
    pub(super) fn replicate(&mut self, statement: &Statement) -> Result<Option<Reply>, Problem> {
        if self.is_function() {
            if !self.asks_more {
                return Ok(None);
            }
            let value = self.call(statement)?;
            return match self.kind(&value) {
                Kind::Undefined | Kind::Null => Ok(None),
                _ => self.entry(&value).map(Some),
            };
        }
        let Some((element, behind)) = self.peek()? else {
            return Ok(None);
        };
        let reply = self.entry(&element)?;
        if !matches!(reply.outcome, Outcome::Binlog(_)) {
            return Ok(None);
        }
        if statement.command == StatementCommand::RegisterReplica {
            return Ok(Some(Outcome::Ok(Completion::default()).into()));
        }
        self.next = behind;
        Ok(Some(reply))
    }

    /// Lets go of the rows that a reply would have had.
    fn forget(&mut self, reply: &Reply) {
        for outcome in std::iter::once(&reply.outcome).chain(&reply.more) {
            if let Outcome::Rows(result) = outcome
                && let Some(source) = result.rows.source()
            {
                self.row_sources.remove(&source);
            }
        }
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
        left(statement.text.len());
        let text = String::from_utf8_lossy(&statement.text);
        let text = JsString::from(text.as_ref()).into();
        let stmts = &self.sections.stmts;
        if !self.is_coroutine {
            let call = engine.statement_call(statement, &self.client)?;
            return engine.call_with(stmts, text, call.into());
        }
        if let Some(session) = &self.session {
            engine.set_call(session, statement, &self.client)?;
        }
        engine.call(stmts, text)
    }

    /// Reads an entry, and keeps what it says of files and rows.
    fn entry(&mut self, value: &JsValue) -> Result<Reply, Problem> {
        let engine = &mut *self.engine.borrow_mut();
        drop(engine.take_row_sources());
        let Entry { reply, files } = entry(&mut engine.values(), value, Defaults::default())?;
        self.files.extend(files);
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

/// What a reply to a statement that is prepared says of it.
fn prepared(reply: &Reply, params: Option<u16>) -> Result<Prepared, Failure> {
    let warning_count = match &reply.outcome {
        Outcome::Error(failure) => return Err(failure.clone()),
        Outcome::Rows(result) => result.end.warning_count,
        Outcome::Ok(completion) => completion.warning_count,
        _ => 0,
    };
    Ok(Prepared {
        exec_time: reply.exec_time,
        warning_count,
        ..ahead(reply, params)
    })
}

/// A file is given to a script as text and as bytes.
const FORMS_OF_A_FILE: usize = 2;
