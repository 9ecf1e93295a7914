//! Messages of a client that has logged in.

use bytes::{Bytes, BytesMut};
use mynah_x::sql::StmtExecute;
use mynah_x::status::Severity;
use mynah_x::{ClientMessage, Frame, FrameCodec};
use tokio_util::codec::Decoder;

use super::answer::Style;
use super::commands;
use super::cursors::Cursors;
use super::expectations::Expectations;
use super::failures;
use super::login::Entering;
use super::machine::{Action, Server, State};
use super::prepared::{PreparedStatements, Text};
use crate::x::param::params;
use crate::x::render::Render;
use crate::{
    CharacterSets, Failure, Login, SessionError, SessionState, Statement, StatementCommand,
};

/// A client that has logged in.
#[derive(Debug)]
pub(super) struct LoggedIn {
    pub(super) login: Login,
    pub(super) session: SessionState,
    entering: Entering,
    pub(super) expectations: Expectations,
    pub(super) statements: PreparedStatements,
    pub(super) cursors: Cursors,
    /// Whether it wants to hear of warnings.
    pub(super) warnings: bool,
    /// Which notices of a group it wants to hear.
    pub(super) group_notices: [bool; 4],
    /// Messages that came in one, and wait for their turn.
    unpacked: BytesMut,
}

/// What is left of a message when its own part is done.
pub(super) type Next = Result<State, SessionError>;

impl LoggedIn {
    pub(super) fn new(login: Login, session: SessionState, entering: Entering) -> Self {
        Self {
            login,
            session,
            entering,
            expectations: Expectations::default(),
            statements: PreparedStatements::default(),
            cursors: Cursors::default(),
            warnings: true,
            group_notices: [false; 4],
            unpacked: BytesMut::new(),
        }
    }
}

impl Server {
    pub(super) fn message(&mut self, mut state: Box<LoggedIn>, frame: &Frame) -> Next {
        let message = match ClientMessage::from_frame(frame) {
            Ok(message) => message,
            Err(error) => {
                let failure = failures::unreadable(&error);
                if failure == failures::invalid_message() {
                    return self.fail_message(state, &failures::unexpected_message());
                }
                return self.refuse(failure);
            }
        };
        match message {
            ClientMessage::ExpectOpen(open) => {
                let opened = state.expectations.open(&open);
                return self.done(state, opened);
            }
            ClientMessage::ExpectClose(_) => {
                let closed = state.expectations.close();
                return self.done(state, closed);
            }
            ClientMessage::Compression(message) => return self.unpack(state, &message),
            ClientMessage::ConnectionClose(close) => return self.bye(close),
            _ => {}
        }
        if let Some(failure) = state.expectations.failed().cloned() {
            return self.fail_message(state, &failure);
        }
        let asked = match message {
            ClientMessage::StmtExecute(execute) => {
                let compact = execute.compact_metadata.unwrap_or_default();
                match execute.namespace_or_default() {
                    "sql" => params(&execute.args).map(|params| {
                        let statement = Statement {
                            params,
                            ..Statement::query(execute.stmt.clone())
                        };
                        (statement, Style::Sql, compact)
                    }),
                    "mysqlx" => return self.command(state, execute),
                    other => Err(Failure::general(5162, format!("Unknown namespace {other}"))),
                }
            }
            ClientMessage::Find(find) => Render::now(&find.args)
                .find(&find)
                .map(|statement| (statement, Style::Find, false)),
            ClientMessage::Insert(insert) => {
                let inserted =
                    Render::now(&insert.args).insert(&insert, &mut || self.document_id());
                inserted.map(|(statement, ids)| (statement, Style::insert(&insert, ids), false))
            }
            ClientMessage::Update(update) => Render::now(&update.args)
                .update(&update)
                .map(|statement| (statement, Style::Change, false)),
            ClientMessage::Delete(delete) => Render::now(&delete.args)
                .delete(&delete)
                .map(|statement| (statement, Style::Change, false)),
            ClientMessage::CreateView(view) => Render::now(&[])
                .create_view(&view)
                .map(|statement| (statement, Style::View, false)),
            ClientMessage::ModifyView(view) => Render::now(&[])
                .modify_view(&view)
                .map(|statement| (statement, Style::View, false)),
            ClientMessage::DropView(view) => Render::now(&[])
                .drop_view(&view)
                .map(|statement| (statement, Style::View, false)),
            ClientMessage::Prepare(prepare) => return self.prepare(state, prepare),
            ClientMessage::Execute(execute) => return self.execute(state, &execute),
            ClientMessage::Deallocate(statement) => {
                return self.deallocate(state, statement.stmt_id);
            }
            ClientMessage::CursorOpen(open) => return self.open_cursor(state, &open),
            ClientMessage::CursorFetch(fetch) => return self.fetch(state, fetch),
            ClientMessage::CursorClose(close) => return self.close_cursor(state, close.cursor_id),
            ClientMessage::Reset(reset) if reset.keep_open == Some(true) => {
                let (login, unpacked) = (state.login.clone(), state.unpacked.split());
                let session = self.new_session(state.session.schema.take());
                let entering = self.forget(*state);
                let state = LoggedIn {
                    unpacked,
                    ..LoggedIn::new(login, session, entering)
                };
                self.actions.push_back(Action::Reset);
                return self.done(Box::new(state), Ok(()));
            }
            ClientMessage::Reset(_) | ClientMessage::SessionClose(_) => return self.leave(*state),
            _ => Err(failures::unexpected_message()),
        };
        match asked {
            Ok((statement, style, compact)) => self.ask(state, statement, style, compact),
            Err(failure) => self.fail_message(state, &failure),
        }
    }

    /// Asks the handler what a statement's answer is.
    pub(super) fn ask(
        &mut self,
        state: Box<LoggedIn>,
        mut statement: Statement,
        style: Style,
        compact: bool,
    ) -> Next {
        statement.state.clone_from(&state.session);
        self.actions.push_back(Action::AskReply(statement));
        Ok(State::ExpectReply(
            state,
            super::answer::Asked::new(style, compact),
        ))
    }

    /// A command of the X Plugin.
    fn command(&mut self, state: Box<LoggedIn>, execute: StmtExecute) -> Next {
        let request = match commands::request(&execute) {
            Ok(request) => request,
            Err(failure) => return self.fail_message(state, &failure),
        };
        let statement = Statement {
            state: state.session.clone(),
            x: Some(Box::new(request)),
            ..Statement::new(StatementCommand::Admin, execute.stmt.clone())
        };
        self.actions.push_back(Action::AskCommand(statement));
        Ok(State::ExpectCommand(state, Box::new(execute)))
    }

    /// Ends a message that has no answer but whether it went well.
    pub(super) fn done(&mut self, state: Box<LoggedIn>, done: Result<(), Failure>) -> Next {
        match done {
            Ok(()) => self.outgoing.ok(None),
            Err(failure) => self.fail(&failure),
        }
        self.expect_message(state)
    }

    /// Ends a message that has failed.
    pub(super) fn fail_message(&mut self, mut state: Box<LoggedIn>, failure: &Failure) -> Next {
        self.outgoing.seal()?;
        self.fail(failure);
        state.expectations.fail();
        self.expect_message(state)
    }

    /// What is said of something that failed; the connection goes on.
    pub(super) fn fail(&mut self, failure: &Failure) {
        self.outgoing.error(failure, Severity::Error);
    }

    /// A message is done with.
    pub(super) fn expect_message(&mut self, state: Box<LoggedIn>) -> Next {
        self.outgoing.seal()?;
        Ok(State::ExpectMessage(state))
    }

    /// Goes on with messages that came in one, as far as it goes without asking anybody.
    pub(super) fn go_on(&mut self, mut state: State) -> Next {
        loop {
            let mut logged_in = match state {
                State::ExpectMessage(logged_in) if !logged_in.unpacked.is_empty() => logged_in,
                state => return Ok(state),
            };
            if self.outgoing.len() >= OUTPUT_LIMIT {
                self.actions.push_back(Action::Flush);
                return Ok(State::ExpectDrained(logged_in));
            }
            let limit = self.options.max_allowed_packet;
            state = match FrameCodec::new(limit).decode(&mut logged_in.unpacked) {
                Ok(Some(frame)) => self.message(logged_in, &frame)?,
                Ok(None) | Err(_) => self.refuse(bad_compression())?,
            };
        }
    }

    fn unpack(
        &mut self,
        mut state: Box<LoggedIn>,
        message: &mynah_x::connection::Compression,
    ) -> Next {
        let Some(decompressor) = &mut self.decompressor else {
            return self.refuse(failures::compression_not_enabled());
        };
        if !state.unpacked.is_empty() {
            return self.refuse(bad_compression());
        }
        match decompressor.frames(message, self.options.max_allowed_packet) {
            Ok(frames) => state.unpacked = frames.into(),
            Err(error) => {
                let message = format!("Decompression failed: {error}");
                return self.refuse(Failure::general(5171, message));
            }
        }
        self.expect_message(state)
    }

    /// The state of a session that begins in this schema.
    pub(super) fn new_session(&self, schema: Option<Bytes>) -> SessionState {
        let character_sets = CharacterSets::default();
        SessionState::greeted(self.greeted.status_flags, character_sets, schema)
    }

    /// Forgets all of a session but what was set before it.
    pub(super) fn forget(&mut self, state: LoggedIn) -> Entering {
        for source in state.cursors.into_sources() {
            self.actions.push_back(Action::DropRows(source));
        }
        state.entering
    }

    /// An id for a document that has none, like those that servers make.
    pub(super) fn document_id(&mut self) -> String {
        self.documents += 1;
        format!(
            "0000{:08x}{:016x}",
            self.options.connection_id, self.documents
        )
    }

    /// The statement of a prepared text and its arguments.
    pub(super) fn text_statement(
        text: &Text,
        args: &[mynah_x::datatypes::Any],
    ) -> Result<Statement, Failure> {
        Ok(Statement {
            params: params(args)?,
            ..Statement::new(StatementCommand::Execute, text.stmt.clone())
        })
    }
}

fn bad_compression() -> Failure {
    Failure::general(5174, "Invalid compressed frame")
}

/// How much output may gather before it is sent.
const OUTPUT_LIMIT: usize = 64 * 1024;
