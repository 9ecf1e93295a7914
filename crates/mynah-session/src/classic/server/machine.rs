use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use mynah_auth::LongNonce;
use mynah_auth::rsa::PrivateKey;
use mynah_classic::Capabilities;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_wire::Packet;
use mynah_wire::compress::Algorithm;

use super::administration::{Process, Statistics};
use super::answer::{Answering, Asked};
use super::command_phase::LoggedIn;
use super::connection_phase::{
    ExpectAccount, ExpectAuthentication, ExpectHandshakeResponse, ExpectRsaKey,
};
use super::local_infile::Receiving;
use super::{Options, x_client};
use crate::classic::exchange::Exchange;
use crate::{
    Account, Failure, Farewell, Greeting, Kill, LocalFile, Login, Prepared, Reply, RowSource, Rows,
    SessionError, SessionState, Statement, Tls,
};

/// A server's side of one connection.
///
/// It is told what happens ([`handle`](Self::handle)) and says what is to be done
/// ([`poll_action`](Self::poll_action), [`output`](Self::output)). It has no socket, no clock
/// and no source of randomness.
///
/// ```text
///                 ExpectTls
///                  ^     |
///         SSLRequest     TlsStarted
///                  |     v
/// ExpectGreeting --Greeting--> ExpectHandshakeResponse --Packet--> ExpectAccount <---------+
///                                                                   |     |   |            |
///                 ExpectRsaKey <--Account, a key is needed----------+     |   |            |
///                    |                                                    |   |            |
///                    RsaKey    +-- more data --+    Account, another      |   |            |
///                    |         v               |    method                |   |            |
///                    +-> ExpectAuthentication--+ <------------------------+   |            |
///                              |                                              |            |
///                              +--Packet, it passed--> ExpectCommand <--Account, it passed |
///                                                       |  ^  ^  |                         |
///                                               COM_QUERY  |  |  +------COM_CHANGE_USER----+
///                                                       v  |  +--Flushed, the last rows--+
///                                                 ExpectReply --Reply, many rows--> ExpectFlushed
/// ```
/// Every state ends in `Closed`: on COM_QUIT, on the end of the stream, after a refused login
/// and after an error.
#[derive(Debug)]
pub struct Server {
    state: State,
    pub(super) exchange: Exchange,
    pub(super) actions: VecDeque<Action>,
    pub(super) options: Options,
    pub(super) login_version: u32,
    refusal: Option<Box<Failure>>,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The client sent a packet.
    Packet(Packet),
    /// The client sent the header of a packet whose payload hasn't come in whole. A packet that can't
    /// be taken is refused at once; else nothing follows from it.
    Header {
        /// The packet's sequence id.
        sequence_id: u8,
        /// How many bytes its payload has.
        len: usize,
    },
    /// The answer to [`Action::AskGreeting`].
    Greeting(Result<Greeting, Failure>),
    /// The answer to [`Action::AskAccount`].
    Account(Result<Account, Failure>),
    /// The answer to [`Action::AskNonce`].
    Nonce(LongNonce),
    /// The answer to [`Action::AskRsaKey`]; nothing if there is none to be had.
    RsaKey(Option<PrivateKey>),
    /// The connection is encrypted, as [`Action::StartTls`] asked.
    TlsStarted(Tls),
    /// The answer to [`Action::AskReply`], [`Action::AskFile`] and [`Action::AskReplication`].
    Reply(Reply),
    /// The answer to [`Action::AskPrepared`].
    Prepared(Result<Prepared, Failure>),
    /// The answer to [`Action::AskRows`].
    Rows(Result<Rows, Failure>),
    /// The answer to [`Action::AskFields`].
    Fields(Result<Arc<[ColumnDefinition41]>, Failure>),
    /// The answer to [`Action::AskStatistics`].
    Statistics(Statistics),
    /// The answer to [`Action::AskProcesses`].
    Processes(Vec<Process>),
    /// The answer to [`Action::AskCommand`]: nothing if the handler leaves it to the session.
    Command(Option<Reply>),
    /// The answer to [`Action::Kill`]: whether there was such a connection.
    Killed(bool),
    /// All that [`Server::output`] held was sent, as [`Action::Flush`] asked.
    Flushed,
    /// The client closed the connection.
    Eof,
    /// The server ends.
    ShutDown,
    /// The client has sent nothing for as long as it may.
    IdleTooLong,
}

/// What is to be done, besides sending what [`Server::output`] holds.
#[derive(Debug, PartialEq)]
pub enum Action {
    /// Ask what the client is greeted with.
    AskGreeting,
    /// Ask who may log in.
    AskAccount(Login),
    /// Make a nonce, for a client that logs in once more.
    AskNonce,
    /// Ask for the key that clients encrypt passwords for, which may have to be made first.
    AskRsaKey,
    /// Go on under TLS. What was read behind the packet that came last is the beginning of the
    /// client's handshake.
    StartTls,
    /// Send all of the output, and compress what comes behind it, in both directions.
    Compress(Algorithm),
    /// Ask what a statement's answer is.
    AskReply(Statement),
    /// Ask whether a schema may be taken into use.
    AskCommand(Statement),
    /// Ask what is known of a statement that is prepared.
    AskPrepared(Statement),
    /// Ask for more rows.
    AskRows(RowSource),
    /// Say that nobody will ask for these rows any more. There is no answer.
    DropRows(RowSource),
    /// Say that the session is as after its login again. There is no answer.
    Reset,
    /// Ask what the answer to a file is that the client has sent.
    AskFile(LocalFile),
    /// Ask which columns a table has.
    AskFields(Statement),
    /// Ask what a replica is answered.
    AskReplication(Statement),
    /// Ask how the server is doing.
    AskStatistics,
    /// Ask which connections there are.
    AskProcesses,
    /// Close another connection or end its statement, and say whether there was one of this number.
    Kill(Kill),
    /// Send all of the output before more is made.
    Flush,
    /// Send all of the output and close the connection.
    Close,
}

#[derive(Debug)]
pub(super) enum State {
    ExpectGreeting,
    ExpectHandshakeResponse(ExpectHandshakeResponse),
    ExpectTls(ExpectHandshakeResponse),
    ExpectAccount(ExpectAccount),
    ExpectRsaKey(ExpectRsaKey),
    ExpectAuthentication(ExpectAuthentication),
    ExpectCommand(LoggedIn),
    ExpectReply(LoggedIn, Asked),
    ExpectPrepared(LoggedIn, Bytes),
    ExpectFlushed(LoggedIn, Box<Answering>),
    ExpectRows(LoggedIn, Box<Answering>),
    ExpectFile(LoggedIn, Box<Receiving>),
    ExpectFields(LoggedIn),
    ExpectStatistics(LoggedIn),
    ExpectProcesses(LoggedIn),
    ExpectKilled(LoggedIn, Kill),
    ExpectInitDb(LoggedIn, Bytes),
    Closed,
}

impl Server {
    /// A session whose client has just connected.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            state: State::ExpectGreeting,
            exchange: Exchange::new(LOGIN_LIMIT),
            actions: VecDeque::from([Action::AskGreeting]),
            options,
            login_version: 0,
            refusal: None,
        }
    }

    /// What is to be sent to the client; the caller takes it out.
    pub fn output(&mut self) -> &mut BytesMut {
        &mut self.exchange.output
    }

    /// Whether the client may go on: nothing is asked or left to send, and a packet is due.
    #[must_use]
    pub fn wants_packet(&self) -> bool {
        self.state.wants_packet()
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
            State::ExpectCommand(state)
            | State::ExpectReply(state, _)
            | State::ExpectPrepared(state, _)
            | State::ExpectFlushed(state, _)
            | State::ExpectRows(state, _)
            | State::ExpectFile(state, _)
            | State::ExpectFields(state)
            | State::ExpectStatistics(state)
            | State::ExpectProcesses(state)
            | State::ExpectKilled(state, _)
            | State::ExpectInitDb(state, _) => Some(state),
            _ => None,
        }
    }

    /// How often the [`login`](Self::login) or the schema has become another one. Cheaper to look at
    /// than both.
    #[must_use]
    pub fn login_version(&self) -> u32 {
        self.login_version
    }

    /// Why the client was refused, if it was closed for that: what its ERR packet says.
    #[must_use]
    pub fn refusal(&self) -> Option<&Failure> {
        self.refusal.as_deref()
    }

    /// How others can tell the client why the session ends, if they can now.
    #[must_use]
    pub fn farewell(&self) -> Option<Farewell> {
        let sequence_id = match self.state {
            State::ExpectTls(_)
            | State::ExpectFlushed(..)
            | State::ExpectRows(..)
            | State::Closed => return None,
            State::ExpectCommand(_) => 0,
            _ => self.exchange.next_sequence_id(),
        };
        self.exchange.output.is_empty().then(|| Farewell::Classic {
            sequence_id,
            protocol_41: self.state.shared().contains(Capabilities::PROTOCOL_41),
        })
    }

    /// Whether there is something to be done.
    #[must_use]
    pub fn has_actions(&self) -> bool {
        !self.actions.is_empty()
    }

    /// What is to be done next; nothing until the next event if there is none.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// Takes in what happened.
    ///
    /// # Errors
    /// When the session can't go on. The client's ERR packet is in the output then, and
    /// [`Action::Close`] among the actions.
    pub fn handle(&mut self, event: Event) -> Result<(), SessionError> {
        let shared = self.state.shared();
        let state = mem::replace(&mut self.state, State::Closed);
        match self.step(state, event) {
            Ok(next) => {
                self.state = next;
                Ok(())
            }
            Err(error) => {
                self.refuse(error.failure(), shared)?;
                self.refusal = None;
                Err(error)
            }
        }
    }

    fn step(&mut self, state: State, event: Event) -> Result<State, SessionError> {
        if let Event::Packet(packet) = event {
            if !state.wants_packet() {
                return Err(state.unexpected("Packet"));
            }
            if matches!(state, State::ExpectHandshakeResponse(_)) && x_client::is_of_one(&packet) {
                return Ok(self.refuse_x_client());
            }
            return match self.exchange.receive(packet)? {
                Some(payload) => self.message(state, &payload),
                None => Ok(state),
            };
        }
        match (state, event) {
            (state, Event::Header { sequence_id, len }) => {
                let may_be_x = matches!(state, State::ExpectHandshakeResponse(_))
                    && x_client::may_begin(sequence_id, len);
                if state.wants_packet() && !may_be_x {
                    self.exchange.check_header(sequence_id, len)?;
                }
                Ok(state)
            }
            (State::ExpectGreeting, Event::Greeting(greeting)) => self.greet(greeting),
            (State::ExpectAccount(state), Event::Account(account)) => {
                self.authenticate(state, account)
            }
            (State::ExpectTls(state), Event::TlsStarted(tls)) => Ok(self.tls_started(state, tls)),
            (State::ExpectRsaKey(state), Event::RsaKey(key)) => {
                self.options.rsa_key = key;
                self.challenge(state)
            }
            (state, Event::Nonce(nonce)) => {
                self.options.switch_nonce = nonce;
                Ok(state)
            }
            (State::ExpectReply(state, asked), Event::Reply(reply)) => {
                self.reply(state, asked, reply)
            }
            (State::ExpectFlushed(state, answering), Event::Flushed) => {
                self.send_rows(state, *answering)
            }
            (State::ExpectRows(state, answering), Event::Rows(rows)) => {
                self.more_rows(state, *answering, rows)
            }
            (State::ExpectPrepared(state, text), Event::Prepared(prepared)) => {
                self.prepared(state, &text, prepared)
            }
            (State::ExpectFields(state), Event::Fields(fields)) => self.fields(state, fields),
            (State::ExpectStatistics(state), Event::Statistics(statistics)) => {
                self.statistics(state, statistics)
            }
            (State::ExpectProcesses(state), Event::Processes(processes)) => {
                self.processes(state, &processes)
            }
            (State::ExpectKilled(state, kill), Event::Killed(was_there)) => {
                self.killed(state, kill, was_there)
            }
            (State::ExpectInitDb(state, schema), Event::Command(reply)) => {
                self.schema_answered(state, schema, reply)
            }
            (_, Event::Eof) => {
                self.actions.push_back(Action::Close);
                Ok(State::Closed)
            }
            (state, Event::ShutDown) => self.end(&state, Failure::shut_down()),
            (state, Event::IdleTooLong) => self.end(&state, Failure::idle_too_long()),
            (state, event) => Err(state.unexpected(event.name())),
        }
    }

    fn message(&mut self, state: State, payload: &Bytes) -> Result<State, SessionError> {
        match state {
            State::ExpectHandshakeResponse(state) => self.handshake_response(state, payload),
            State::ExpectAuthentication(state) => self.authentication(state, payload),
            State::ExpectCommand(state) => self.command(state, payload),
            State::ExpectFile(state, receiving) => self.file_data(state, receiving, payload),
            state => Err(state.unexpected("Packet")),
        }
    }

    /// Tells a client of the X Protocol, in its own words, that it is at the wrong port.
    fn refuse_x_client(&mut self) -> State {
        let failure = x_client::refusal();
        x_client::put(&failure, &mut self.exchange.output);
        self.refusal = Some(Box::new(failure));
        self.actions.push_back(Action::Close);
        State::Closed
    }

    /// Closes the connection, and says why where an error has its place: unasked to a client that
    /// is idle, else as the answer or in place of its next row.
    fn end(&mut self, state: &State, failure: Failure) -> Result<State, SessionError> {
        if !state.is_logged_in() || matches!(state, State::ExpectFile(..)) {
            self.actions.push_back(Action::Close);
            return Ok(State::Closed);
        }
        self.refuse(failure, state.shared())
    }

    /// Sends an error and closes the connection.
    pub(super) fn refuse(
        &mut self,
        failure: Failure,
        shared: Capabilities,
    ) -> Result<State, SessionError> {
        self.refusal = Some(Box::new(failure.clone()));
        self.exchange.send_failure(failure, shared)?;
        self.actions.push_back(Action::Close);
        Ok(State::Closed)
    }
}

impl State {
    fn wants_packet(&self) -> bool {
        matches!(
            self,
            Self::ExpectHandshakeResponse(_)
                | Self::ExpectAuthentication(_)
                | Self::ExpectCommand(_)
                | Self::ExpectFile(..)
        )
    }

    fn is_logged_in(&self) -> bool {
        !matches!(
            self,
            Self::ExpectGreeting
                | Self::ExpectHandshakeResponse(_)
                | Self::ExpectTls(_)
                | Self::ExpectAccount(_)
                | Self::ExpectRsaKey(_)
                | Self::ExpectAuthentication(_)
                | Self::Closed
        )
    }

    /// The capabilities in force; before the client has told its own, those that decide what an
    /// error looks like.
    fn shared(&self) -> Capabilities {
        match self {
            Self::ExpectGreeting | Self::Closed => Capabilities::empty(),
            Self::ExpectHandshakeResponse(_) | Self::ExpectTls(_) => Capabilities::PROTOCOL_41,
            Self::ExpectAccount(state) => state.pending.shared,
            Self::ExpectRsaKey(state) => state.pending.shared,
            Self::ExpectAuthentication(state) => state.pending.shared,
            Self::ExpectCommand(state)
            | Self::ExpectReply(state, _)
            | Self::ExpectPrepared(state, _)
            | Self::ExpectFlushed(state, _)
            | Self::ExpectRows(state, _)
            | Self::ExpectFile(state, _)
            | Self::ExpectFields(state)
            | Self::ExpectStatistics(state)
            | Self::ExpectProcesses(state)
            | Self::ExpectKilled(state, _)
            | Self::ExpectInitDb(state, _) => state.shared,
        }
    }

    fn unexpected(&self, event: &'static str) -> SessionError {
        let state = match self {
            Self::ExpectGreeting => "ExpectGreeting",
            Self::ExpectHandshakeResponse(_) => "ExpectHandshakeResponse",
            Self::ExpectTls(_) => "ExpectTls",
            Self::ExpectAccount(_) => "ExpectAccount",
            Self::ExpectRsaKey(_) => "ExpectRsaKey",
            Self::ExpectAuthentication(_) => "ExpectAuthentication",
            Self::ExpectCommand(_) => "ExpectCommand",
            Self::ExpectReply(..) => "ExpectReply",
            Self::ExpectPrepared(..) => "ExpectPrepared",
            Self::ExpectFlushed(..) => "ExpectFlushed",
            Self::ExpectRows(..) => "ExpectRows",
            Self::ExpectFile(..) => "ExpectFile",
            Self::ExpectFields(_) => "ExpectFields",
            Self::ExpectStatistics(_) => "ExpectStatistics",
            Self::ExpectProcesses(_) => "ExpectProcesses",
            Self::ExpectKilled(..) => "ExpectKilled",
            Self::ExpectInitDb(..) => "ExpectInitDb",
            Self::Closed => "Closed",
        };
        SessionError::Unexpected { state, event }
    }
}

impl Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Packet(_) => "Packet",
            Self::Header { .. } => "Header",
            Self::Greeting(_) => "Greeting",
            Self::Account(_) => "Account",
            Self::Nonce(_) => "Nonce",
            Self::RsaKey(_) => "RsaKey",
            Self::TlsStarted(_) => "TlsStarted",
            Self::Reply(_) => "Reply",
            Self::Prepared(_) => "Prepared",
            Self::Rows(_) => "Rows",
            Self::Fields(_) => "Fields",
            Self::Statistics(_) => "Statistics",
            Self::Processes(_) => "Processes",
            Self::Command(_) => "Command",
            Self::Killed(_) => "Killed",
            Self::Flushed => "Flushed",
            Self::Eof => "Eof",
            Self::ShutDown => "ShutDown",
            Self::IdleTooLong => "IdleTooLong",
        }
    }
}

/// How many bytes a message may have before anybody has logged in. Connection attributes have
/// at most 64 KiB.
const LOGIN_LIMIT: usize = 256 * 1024;
