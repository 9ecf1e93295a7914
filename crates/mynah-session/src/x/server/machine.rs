use std::collections::VecDeque;
use std::mem;

use bytes::BytesMut;
use mynah_auth::Nonce;
use mynah_classic::StatusFlags;
use mynah_x::compress::Decompressor;
use mynah_x::connection;
use mynah_x::notice::{Frame as NoticeFrame, FrameType, Level, ServerHello, Warning};
use mynah_x::sql::StmtExecute;
use mynah_x::status::Severity;
use mynah_x::{ClientMessage, Frame};

use super::Options;
use super::answer::{Answering, Asked};
use super::failures;
use super::login::{Checking, Entering};
use super::messages::LoggedIn;
use super::outgoing::Outgoing;
use super::prepared::PreparedStatement;
use crate::classic::server::Process;
use crate::placeholders::Dialect;
use crate::x::Notice;
use crate::{
    Account, Failure, Farewell, Greeting, Kill, Login, Prepared, Reply, RowSource, Rows,
    SessionError, SessionState, Statement, Tls,
};

/// A server's side of one connection of the X Protocol.
///
/// It is told what happens ([`handle`](Self::handle)) and says what is to be done
/// ([`poll_action`](Self::poll_action), [`output`](Self::output)). It has no socket, no clock
/// and no source of randomness.
///
/// ```text
///               ExpectTls
///                ^     |
///    Set of tls  |     TlsStarted                   Reset, Session.Close
///                |     v                                    |
/// ExpectGreeting --Greeting--> ExpectLogin <----------------+--------+
///                               |  ^    |                            |
///            AuthenticateStart  |  |    PLAIN                        |
///                               v  |    v                            |
///                  ExpectResponse -+-> ExpectAccount --Account--> ExpectMessage <--+
///                 AuthenticateContinue    (refused: back)            |             |
///                                                        a message   v             | Flushed,
///                                              ExpectReply, ExpectPrepared, -------+ the last
///                                              ExpectCommand, ExpectRows,            rows
///                                              ExpectFlushed, …
/// ```
/// Every state ends in `Closed`: on Connection.Close, on the end of the stream, after the third
/// refused login and after an error.
#[derive(Debug)]
pub struct Server {
    state: State,
    pub(super) outgoing: Outgoing,
    pub(super) actions: VecDeque<Action>,
    pub(super) options: Options,
    pub(super) login_version: u32,
    /// How many documents have got an id.
    pub(super) documents: u64,
    pub(super) greeted: Greeted,
    /// What messages in one piece are inflated by.
    pub(super) decompressor: Option<Decompressor>,
    limit: usize,
    refusal: Option<Box<Failure>>,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The client sent a frame.
    Frame(Frame),
    /// The client sent what is no frame.
    BadFrame(BadFrame),
    /// The answer to [`Action::AskGreeting`].
    Greeting(Result<Greeting, Failure>),
    /// The answer to [`Action::AskAccount`].
    Account(Result<Account, Failure>),
    /// The answer to [`Action::AskNonce`].
    Nonce(Nonce),
    /// The connection is encrypted, as [`Action::StartTls`] asked.
    TlsStarted(Tls),
    /// The answer to [`Action::AskReply`].
    Reply(Reply),
    /// The answer to [`Action::AskCommand`]: nothing for what servers say by themselves.
    Command(Option<Reply>),
    /// The answer to [`Action::AskPrepared`].
    Prepared(Result<Prepared, Failure>),
    /// The answer to [`Action::AskRows`].
    Rows(Result<Rows, Failure>),
    /// The answer to [`Action::AskProcesses`].
    Processes(Vec<Process>),
    /// The answer to [`Action::Kill`]: whether there was such a connection.
    Killed(bool),
    /// The client is to be told this, unasked.
    Notice(Notice),
    /// All that [`Server::output`] held was sent, as [`Action::Flush`] asked.
    Flushed,
    /// The client closed the connection.
    Eof,
    /// The server ends.
    ShutDown,
    /// The client has sent nothing for as long as it may.
    IdleTooLong,
}

/// Why what a client sent is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFrame {
    /// It has no room for a type.
    Empty,
    /// It is longer than [`Server::frame_limit`].
    TooLarge,
}

/// What is to be done, besides sending what [`Server::output`] holds.
#[derive(Debug, PartialEq)]
pub enum Action {
    /// Ask what the client is greeted with.
    AskGreeting,
    /// Ask who may log in.
    AskAccount(Login),
    /// Make a nonce, for a login that may follow.
    AskNonce,
    /// Go on under TLS. What was read behind the message that came last is the beginning of the
    /// client's handshake.
    StartTls,
    /// Ask what the client is to be told unasked, and when; the clock starts now. There is no
    /// answer but an [`Event::Notice`] for each when it is due.
    AskNotices,
    /// Ask what a statement's answer is.
    AskReply(Statement),
    /// Ask what a command's answer is.
    AskCommand(Statement),
    /// Ask what is known of a statement that is prepared.
    AskPrepared(Statement),
    /// Ask for more rows.
    AskRows(RowSource),
    /// Say that nobody will ask for these rows any more. There is no answer.
    DropRows(RowSource),
    /// Say that the session is as after its login again. There is no answer.
    Reset,
    /// Ask which connections there are.
    AskProcesses,
    /// Close another connection, and say whether there was one of this number.
    Kill(Kill),
    /// Send all of the output before more is made.
    Flush,
    /// Send all of the output and close the connection.
    Close,
}

/// What the greeting says of a session.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Greeted {
    pub(super) status_flags: StatusFlags,
    pub(super) dialect: Dialect,
}

#[derive(Debug)]
pub(super) enum State {
    ExpectGreeting,
    ExpectLogin(Box<Entering>),
    ExpectTls(Box<Entering>),
    ExpectResponse(Box<Entering>, mynah_auth::x::ServerExchange),
    ExpectAccount(Box<Entering>, Box<Checking>),
    ExpectMessage(Box<LoggedIn>),
    ExpectReply(Box<LoggedIn>, Asked),
    ExpectCommand(Box<LoggedIn>, Box<StmtExecute>),
    ExpectPrepared(Box<LoggedIn>, Box<(u32, PreparedStatement)>),
    ExpectFlushed(Box<LoggedIn>, Box<Answering>),
    ExpectRows(Box<LoggedIn>, Box<Answering>),
    /// Messages that came in one have more answers than are sent at once.
    ExpectDrained(Box<LoggedIn>),
    ExpectProcesses(Box<LoggedIn>),
    ExpectKilled(Box<LoggedIn>, Kill, Box<Asked>),
    Closed,
}

impl Server {
    /// A session whose client has just connected.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            state: State::ExpectGreeting,
            outgoing: Outgoing::default(),
            actions: VecDeque::from([Action::AskGreeting]),
            options,
            login_version: 0,
            documents: 0,
            greeted: Greeted::default(),
            decompressor: None,
            limit: LOGIN_LIMIT,
            refusal: None,
        }
    }

    /// What is to be sent to the client; the caller takes it out.
    pub fn output(&mut self) -> &mut BytesMut {
        &mut self.outgoing.output
    }

    /// How many bytes the client's next frame may have behind its length.
    #[must_use]
    pub fn frame_limit(&self) -> usize {
        self.limit
    }

    /// Whether the client may go on: nothing is asked or left to send, and a frame is due.
    #[must_use]
    pub fn wants_frame(&self) -> bool {
        self.state.wants_frame()
    }

    /// Who is logged in.
    #[must_use]
    pub fn login(&self) -> Option<&Login> {
        self.logged_in().map(|state| &state.login)
    }

    /// The state of the session of a client that is logged in, the schema in use among it.
    #[must_use]
    pub fn session(&self) -> Option<&SessionState> {
        self.logged_in().map(|state| &state.session)
    }

    fn logged_in(&self) -> Option<&LoggedIn> {
        match &self.state {
            State::ExpectMessage(state)
            | State::ExpectReply(state, _)
            | State::ExpectCommand(state, _)
            | State::ExpectPrepared(state, _)
            | State::ExpectFlushed(state, _)
            | State::ExpectRows(state, _)
            | State::ExpectDrained(state)
            | State::ExpectProcesses(state)
            | State::ExpectKilled(state, ..) => Some(state),
            _ => None,
        }
    }

    /// How often the [`login`](Self::login) or the schema has become another one. Cheaper to look at
    /// than both.
    #[must_use]
    pub fn login_version(&self) -> u32 {
        self.login_version
    }

    /// Why the client was refused, if it was closed for that: what its Error says.
    #[must_use]
    pub fn refusal(&self) -> Option<&Failure> {
        self.refusal.as_deref()
    }

    /// How others can tell the client why the session ends, if they can now.
    #[must_use]
    pub fn farewell(&self) -> Option<Farewell> {
        let is_answering = matches!(
            self.state,
            State::ExpectTls(_)
                | State::ExpectFlushed(..)
                | State::ExpectRows(..)
                | State::ExpectDrained(_)
                | State::Closed
        );
        (!is_answering && self.outgoing.len() == 0).then_some(Farewell::X)
    }

    /// What is to be done next; nothing until the next event if there is none.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// Takes in what happened.
    ///
    /// # Errors
    /// When the session can't go on. The client's Error is in the output then, and
    /// [`Action::Close`] among the actions.
    pub fn handle(&mut self, event: Event) -> Result<(), SessionError> {
        let state = mem::replace(&mut self.state, State::Closed);
        match self.step(state, event).and_then(|next| self.go_on(next)) {
            Ok(next) => {
                self.state = next;
                Ok(())
            }
            Err(error) => {
                self.refuse(failures::of(&error))?;
                self.refusal = None;
                Err(error)
            }
        }
    }

    fn step(&mut self, state: State, event: Event) -> Result<State, SessionError> {
        match (state, event) {
            (state, Event::Frame(frame)) if state.wants_frame() => self.frame(state, &frame),
            (state, Event::BadFrame(bad)) if state.wants_frame() => {
                drop(state);
                self.refuse(failures::bad_frame(bad))
            }
            (State::ExpectGreeting, Event::Greeting(greeting)) => self.greet(greeting),
            (State::ExpectTls(state), Event::TlsStarted(tls)) => Ok(self.tls_started(state, tls)),
            (State::ExpectAccount(state, checking), Event::Account(account)) => {
                self.check(state, *checking, account)
            }
            (state, Event::Nonce(nonce)) => {
                self.options.nonce = nonce;
                Ok(state)
            }
            (state, Event::Notice(notice)) => {
                self.outgoing.notice(&NoticeFrame::from(&notice));
                if matches!(state, State::ExpectMessage(_)) {
                    self.outgoing.seal()?;
                }
                Ok(state)
            }
            (State::ExpectReply(state, asked), Event::Reply(reply)) => {
                self.reply(state, asked, reply)
            }
            (State::ExpectCommand(state, execute), Event::Command(reply)) => {
                self.command_reply(state, &execute, reply)
            }
            (State::ExpectPrepared(state, new), Event::Prepared(prepared)) => {
                self.prepared(state, *new, prepared)
            }
            (State::ExpectDrained(state), Event::Flushed) => Ok(State::ExpectMessage(state)),
            (State::ExpectFlushed(state, answering), Event::Flushed) => {
                self.send_rows(state, *answering)
            }
            (State::ExpectRows(state, answering), Event::Rows(rows)) => {
                self.more_rows(state, *answering, rows)
            }
            (State::ExpectProcesses(state), Event::Processes(processes)) => {
                self.list_clients(state, &processes)
            }
            (State::ExpectKilled(state, kill, asked), Event::Killed(was_there)) => {
                self.killed(state, kill, *asked, was_there)
            }
            (_, Event::Eof) => {
                self.actions.push_back(Action::Close);
                Ok(State::Closed)
            }
            (state, Event::ShutDown) => self.end(&state, Failure::shut_down()),
            (state, Event::IdleTooLong) => self.end(&state, Failure::idle_too_long()),
            (state, event) => Err(SessionError::Unexpected {
                state: state.name(),
                event: event.name(),
            }),
        }
    }

    fn frame(&mut self, state: State, frame: &Frame) -> Result<State, SessionError> {
        match state {
            State::ExpectMessage(state) => self.message(state, frame),
            state => {
                let message = match ClientMessage::from_frame(frame) {
                    Ok(message) => message,
                    Err(error) => return self.refuse(failures::unreadable(&error)),
                };
                match (state, message) {
                    (_, ClientMessage::ConnectionClose(close)) => self.bye(close),
                    (_, ClientMessage::Compression(_)) => {
                        self.refuse(failures::compression_not_enabled())
                    }
                    (State::ExpectLogin(state), message) => self.before_login(state, message),
                    (
                        State::ExpectResponse(state, exchange),
                        ClientMessage::AuthenticateContinue(response),
                    ) => self.response(state, exchange, response.auth_data),
                    _ => self.refuse(failures::invalid_message()),
                }
            }
        }
    }

    fn greet(&mut self, greeting: Result<Greeting, Failure>) -> Result<State, SessionError> {
        let greeting = match greeting {
            Ok(greeting) => greeting,
            Err(failure) => return self.refuse(failure),
        };
        let version = greeting.server_version.as_ref();
        let dialect = version.map_or_else(Dialect::default, |text| Dialect::of_version(text));
        self.greeted = Greeted {
            status_flags: greeting.status_flags,
            dialect,
        };
        if let Some(id) = greeting.connection_id {
            self.options.connection_id = id;
        }
        if let Some(nonce) = &greeting.nonce {
            self.options.nonce = Nonce::from_bytes(nonce);
        }
        let hello = NoticeFrame {
            scope: None,
            ..NoticeFrame::local(FrameType::ServerHello, &ServerHello {})
        };
        self.outgoing.send(hello);
        Ok(State::ExpectLogin(Box::default()))
    }

    pub(super) fn bye(&mut self, _: connection::Close) -> Result<State, SessionError> {
        self.outgoing.ok(Some("bye!"));
        self.actions.push_back(Action::Close);
        Ok(State::Closed)
    }

    /// The client may send messages as long as servers allow it, or has to log in first.
    pub(super) fn set_logged_in(&mut self, logged_in: bool) {
        self.limit = if logged_in {
            self.options.max_allowed_packet
        } else {
            LOGIN_LIMIT
        };
    }

    /// Closes the connection, and says why to a client that has logged in: in a notice, as servers
    /// do, and in an error for clients that don't look at notices.
    fn end(&mut self, state: &State, failure: Failure) -> Result<State, SessionError> {
        if !state.is_logged_in() {
            self.actions.push_back(Action::Close);
            return Ok(State::Closed);
        }
        let warning = Warning {
            level: Some(Level::Error.into()),
            code: failure.code.into(),
            msg: String::from_utf8_lossy(&failure.message).into_owned(),
        };
        let mut notice = NoticeFrame::local(FrameType::Warning, &warning);
        // Which means global.
        notice.scope = None;
        self.outgoing.notice(&notice);
        self.refuse(failure)
    }

    /// Sends an error and closes the connection.
    pub(super) fn refuse(&mut self, failure: Failure) -> Result<State, SessionError> {
        self.outgoing.seal()?;
        self.outgoing.error(&failure, Severity::Fatal);
        self.refusal = Some(Box::new(failure));
        self.actions.push_back(Action::Close);
        Ok(State::Closed)
    }
}

impl State {
    fn is_logged_in(&self) -> bool {
        !matches!(
            self,
            Self::ExpectGreeting
                | Self::ExpectLogin(_)
                | Self::ExpectTls(_)
                | Self::ExpectResponse(..)
                | Self::ExpectAccount(..)
                | Self::Closed
        )
    }

    fn wants_frame(&self) -> bool {
        matches!(
            self,
            Self::ExpectLogin(_) | Self::ExpectResponse(..) | Self::ExpectMessage(_)
        )
    }

    fn name(&self) -> &'static str {
        match self {
            Self::ExpectGreeting => "ExpectGreeting",
            Self::ExpectLogin(_) => "ExpectLogin",
            Self::ExpectTls(_) => "ExpectTls",
            Self::ExpectResponse(..) => "ExpectResponse",
            Self::ExpectAccount(..) => "ExpectAccount",
            Self::ExpectMessage(_) => "ExpectMessage",
            Self::ExpectReply(..) => "ExpectReply",
            Self::ExpectCommand(..) => "ExpectCommand",
            Self::ExpectPrepared(..) => "ExpectPrepared",
            Self::ExpectFlushed(..) => "ExpectFlushed",
            Self::ExpectRows(..) => "ExpectRows",
            Self::ExpectDrained(_) => "ExpectDrained",
            Self::ExpectProcesses(_) => "ExpectProcesses",
            Self::ExpectKilled(..) => "ExpectKilled",
            Self::Closed => "Closed",
        }
    }
}

impl Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Frame(_) => "Frame",
            Self::BadFrame(_) => "BadFrame",
            Self::Greeting(_) => "Greeting",
            Self::Account(_) => "Account",
            Self::Nonce(_) => "Nonce",
            Self::TlsStarted(_) => "TlsStarted",
            Self::Reply(_) => "Reply",
            Self::Command(_) => "Command",
            Self::Prepared(_) => "Prepared",
            Self::Rows(_) => "Rows",
            Self::Processes(_) => "Processes",
            Self::Killed(_) => "Killed",
            Self::Notice(_) => "Notice",
            Self::Flushed => "Flushed",
            Self::Eof => "Eof",
            Self::ShutDown => "ShutDown",
            Self::IdleTooLong => "IdleTooLong",
        }
    }
}

/// How many bytes a message may have before the client has logged in.
const LOGIN_LIMIT: usize = 1024 * 1024;
