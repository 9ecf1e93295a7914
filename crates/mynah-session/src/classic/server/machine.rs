use std::mem;

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_wire::Packet;

use super::answered::answered;
use super::connecting::{Connecting, ExpectAccount, FirstResponse, Step};
use super::core::Core;
use super::event::{Action, Event, Input, unexpected};
use super::logged_in::LoggedIn;
use super::options::Options;
use super::waiting::{Next, Waiting};
use super::{answer, command_phase, local_infile, x_client};
use crate::{ClosingError, Failure, Login, Outcome, Question, SessionError, SessionState};

/// A server's side of one connection.
///
/// It is given what happens ([`handle`](Self::handle)) and says what is to be done
/// ([`poll_action`](Self::poll_action), [`output`](Self::output)). It has no socket, no clock
/// and no source of randomness.
///
/// The login; questions stand on the left of a colon, what comes of their answers on the right:
/// ```text
/// ExpectGreeting ──greeting──> ExpectHandshakeResponse <──TlsStarted── ExpectTls
///                                │    │                                   ^
///                                │    └────────────SSLRequest─────────────┘
///                        handshake response
///                                v
///        ExpectNonce ──nonce──> ExpectAccount ──account, a key is needed──> ExpectRsaKey
///             ^                    │    │                                      │  key
///             │   account, the     │    │  account, another method             v
///             │   response passes  │    └───────────────> ExpectAuthentication ┴─┐
///             │                    v                        │    ^      │ more   │
///      COM_CHANGE_USER         LoggedIn <───passes──────────┘    └──────┴────────┘
///             └────────────────────┘
///
/// ExpectRsaKey ──key, the response passes──> LoggedIn
/// ```
/// The commands of a client that is logged in:
/// ```text
/// ExpectCommand ──COM_QUERY, _STMT_EXECUTE, _BINLOG_DUMP …──> ExpectReply ──reply──> ExpectCommand
///               ──COM_STMT_PREPARE──────────────────────────> ExpectPrepared ──────> ExpectCommand
///               ──COM_STMT_FETCH────────────────────────────> (rows, as behind a reply)
///               ──COM_FIELD_LIST────────────────────────────> ExpectFields ────────> ExpectCommand
///               ──COM_STATISTICS────────────────────────────> ExpectStatistics ────> ExpectCommand
///               ──COM_PROCESS_INFO──────────────────────────> ExpectProcesses ─────> ExpectCommand
///               ──COM_PROCESS_KILL──────────────────────────> ExpectKilled ────────> ExpectCommand
///               ──COM_INIT_DB───────────────────────────────> ExpectSchema ────────> ExpectCommand
///               ──COM_PING, COM_SET_OPTION, …───────────────> ExpectAdministration ─> ExpectCommand, if the handler is asked
///               ──COM_STMT_BULK_EXECUTE─────────────────────> ExpectBulk ──────────> ExpectCommand, if the handler is asked
///               ──any other─────────────────────────────────> ExpectCommand
///
/// ExpectBulk ──no answer──> ExpectReply (its first row)
///
/// ExpectReply ──a row of a bulk execution──> ExpectReply (its next row)
///             ──KILL──> ExpectKilled
///             ──a file is wanted──> ExpectFile ──piece──> ExpectFile
///                                              ──its end──> ExpectReply
///             ──many rows──> ExpectFlushed ──Flushed──> ExpectFlushed, ExpectRows, ExpectCommand
///             ──rows that a script makes──> ExpectRows ──rows──> (the same)
/// ```
/// Every state ends in `Closed`: on COM_QUIT, on the end of the stream, after a refused login, after
/// an error, when the server ends and when the client was idle for too long.
#[derive(Debug)]
pub struct Server {
    state: State,
    core: Core,
}

#[derive(Debug)]
enum State {
    /// The client isn't logged in, or logs in once more.
    Connecting(Connecting),
    /// The client is logged in.
    LoggedIn(Box<LoggedIn>, Waiting),
    Closed,
}

impl Server {
    /// A session for a client that has just connected.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let mut core = Core::new(options);
        core.ask(Question::Greeting);
        Self {
            state: State::Connecting(Connecting::Greeting),
            core,
        }
    }

    /// The bytes to send to the client. The caller removes what it has sent.
    pub fn output(&mut self) -> &mut BytesMut {
        &mut self.core.exchange.output
    }

    /// Whether the session can take the client's next packet: it isn't closed, and waits for neither an answer, a
    /// TLS handshake nor the flush of its output.
    #[must_use]
    pub fn wants_packet(&self) -> bool {
        match &self.state {
            State::Connecting(state) => state.wants_packet(),
            State::LoggedIn(_, waiting) => waiting.wants_packet(),
            State::Closed => false,
        }
    }

    /// The login of the client; `None` unless the client is logged in.
    #[must_use]
    pub fn login(&self) -> Option<&Login> {
        self.logged_in().map(|session| &session.login)
    }

    /// The state of the session, with the schema in use; `None` unless the client is logged in.
    #[must_use]
    pub fn session(&self) -> Option<&SessionState> {
        self.logged_in().map(|session| &session.session)
    }

    fn logged_in(&self) -> Option<&LoggedIn> {
        match &self.state {
            State::LoggedIn(session, _) => Some(session),
            _ => None,
        }
    }

    /// A counter that goes up whenever a client has logged in, again too, and whenever the schema changes. Comparing it
    /// is cheaper than comparing [`login`](Self::login) and schema.
    #[must_use]
    pub fn login_version(&self) -> u32 {
        self.core.login_version
    }

    /// The error with which the session refused the client or its login, and closed the connection. `None` if there is
    /// none, and after [`handle`](Self::handle) has failed.
    #[must_use]
    pub fn refusal(&self) -> Option<&Failure> {
        self.core.refusal.as_deref()
    }

    /// The error with which the session closed the connection of a client that was logged in: the server ends, the
    /// client was idle for too long, or it has ended its own connection. `None` if there is none, and after
    /// [`handle`](Self::handle) has failed.
    #[must_use]
    pub fn ended_with(&self) -> Option<&Failure> {
        self.core.ended_with.as_deref()
    }

    /// How to write an error that the caller closes the connection with; `None` if there is no place for one
    /// in the stream now.
    #[must_use]
    pub fn closing_error(&self) -> Option<ClosingError> {
        let next = self.core.exchange.next_sequence_id();
        // A client that has sent a command expects its answer; one that hasn't accepts an error with sequence
        // id 0, as servers send before they close an idle connection. In the middle of an answer there is no
        // room.
        let sequence_id = match &self.state {
            State::Closed
            | State::Connecting(Connecting::Tls(_))
            | State::LoggedIn(_, Waiting::Flushed(_) | Waiting::Rows(_)) => return None,
            State::LoggedIn(_, Waiting::Command) => 0,
            State::Connecting(_) | State::LoggedIn(..) => next,
        };
        let output = &self.core.exchange.output;
        output.is_empty().then(|| ClosingError::Classic {
            sequence_id,
            protocol_41: self.shared().contains(Capabilities::PROTOCOL_41),
        })
    }

    /// The capability flags of the connection.
    fn shared(&self) -> Capabilities {
        match &self.state {
            State::Connecting(state) => state.shared(),
            State::LoggedIn(session, _) => session.shared,
            State::Closed => Capabilities::empty(),
        }
    }

    /// Whether [`poll_action`](Self::poll_action) has something to return.
    #[must_use]
    pub fn has_actions(&self) -> bool {
        !self.core.actions.is_empty()
    }

    /// The next thing to do; `None` if there is none until the next event.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.core.actions.pop_front()
    }

    /// Handles an event. Then send [`output`](Self::output) and take actions by
    /// [`poll_action`](Self::poll_action).
    ///
    /// # Errors
    /// When the session can't continue. The output then has the client's ERR packet, and [`Action::Close`] is
    /// among the actions.
    pub fn handle(&mut self, event: Event) -> Result<(), SessionError> {
        let shared = self.shared();
        let handled = self.lead(event);
        if let Err(error) = &handled {
            self.state = State::Closed;
            self.core.close_with(error.failure(), shared)?;
        }
        handled
    }

    /// Passes an event to the state that waits for it.
    fn lead(&mut self, event: Event) -> Result<(), SessionError> {
        let input = match event {
            Event::Packet(packet) => match self.receive(packet)? {
                Some(payload) => Input::Message(payload),
                None => return Ok(()),
            },
            Event::Header { sequence_id, len } => return self.header(sequence_id, len),
            Event::Answer(answer) => Input::Answer(answer),
            Event::TlsStarted(tls) => Input::TlsStarted(tls),
            Event::Flushed => Input::Flushed,
            Event::Eof => {
                self.close();
                return Ok(());
            }
            Event::ShutDown => return self.end(Failure::shut_down()),
            Event::IdleTooLong => return self.end(Failure::idle_too_long()),
        };
        match &mut self.state {
            State::LoggedIn(session, waiting) => {
                // The state is taken out and `Command` is left, so that each handler returns its successor by
                // value.
                let taken = mem::replace(waiting, Waiting::Command);
                match logged_in(session, &mut self.core, taken, input)? {
                    Next::Wait(next) => *waiting = next,
                    Next::LogIn(first) => self.log_in_once_more(*first),
                    Next::Closed => self.state = State::Closed,
                }
            }
            State::Connecting(_) => {
                // An error leaves `Closed` behind.
                let taken = mem::replace(&mut self.state, State::Closed);
                if let State::Connecting(state) = taken {
                    self.state = match state.take(&mut self.core, input)? {
                        Step::Wait(next) => State::Connecting(next),
                        Step::Passed(session) => State::LoggedIn(session, Waiting::Command),
                        Step::Closed => State::Closed,
                    };
                }
            }
            State::Closed => return Err(unexpected("Closed", input.name())),
        }
        Ok(())
    }

    /// Takes a packet; returns the message once it is complete.
    fn receive(&mut self, packet: Packet) -> Result<Option<Bytes>, SessionError> {
        if !self.wants_packet() {
            return Err(unexpected(self.state.name(), "Packet"));
        }
        if self.may_be_x() && x_client::is_of_one(&packet) {
            self.refuse_x_client();
            return Ok(None);
        }
        Ok(self.core.exchange.receive(packet)?)
    }

    /// Checks the header of a packet whose payload may still be on its way.
    fn header(&mut self, sequence_id: u8, len: usize) -> Result<(), SessionError> {
        let may_be_x = self.may_be_x() && x_client::may_begin(sequence_id, len);
        if self.wants_packet() && !may_be_x {
            // A packet that is too long or out of order is refused before its payload is read into memory.
            self.core.exchange.check_header(sequence_id, len)?;
        }
        Ok(())
    }

    /// Whether nothing has been received from the client yet.
    fn may_be_x(&self) -> bool {
        matches!(
            self.state,
            State::Connecting(Connecting::HandshakeResponse(_))
        )
    }

    /// Refuses a client of the X Protocol, which is at the wrong port, with a message that it can read.
    fn refuse_x_client(&mut self) {
        let failure = x_client::refusal();
        x_client::put(&failure, &mut self.core.exchange.output);
        self.core.refusal = Some(Box::new(failure));
        self.close();
    }

    /// COM_CHANGE_USER: the login starts again on the same connection; prepared statements and the like are
    /// dropped.
    fn log_in_once_more(&mut self, first: FirstResponse) {
        if let State::LoggedIn(pending, _) = mem::replace(&mut self.state, State::Closed) {
            let state = Box::new(ExpectAccount { pending, first });
            self.state = State::Connecting(Connecting::Nonce(state));
        }
    }

    /// Closes the connection, with an error at a place where the client expects one: at any time while the
    /// client is idle, else as the answer or in place of its next row.
    fn end(&mut self, failure: Failure) -> Result<(), SessionError> {
        let shared = match &self.state {
            // A client that sends a file doesn't read until it has sent all of it.
            State::LoggedIn(session, waiting) if !matches!(waiting, Waiting::File(_)) => {
                session.shared
            }
            _ => {
                self.close();
                return Ok(());
            }
        };
        self.state = State::Closed;
        self.core.end(failure, shared)
    }

    fn close(&mut self) {
        self.state = State::Closed;
        self.core.close();
    }
}

/// Passes an event to the state of a client that is logged in.
fn logged_in(
    session: &mut LoggedIn,
    core: &mut Core,
    waiting: Waiting,
    input: Input,
) -> Result<Next, SessionError> {
    match (waiting, input) {
        (Waiting::Command, Input::Message(payload)) => {
            command_phase::command(session, core, &payload)
        }
        (Waiting::File(received), Input::Message(payload)) => {
            local_infile::piece(core, received, &payload).or_else(|(asked, failure)| {
                answer::reply(session, core, asked, Outcome::Error(failure).into())
            })
        }
        (Waiting::Flushed(answering), Input::Flushed) => {
            answer::send_rows(session, core, *answering)
        }
        (waiting, Input::Answer(answer)) => answered(session, core, waiting, answer),
        (waiting, input) => Err(unexpected(waiting.name(), input.name())),
    }
}

impl State {
    /// Its name in errors.
    fn name(&self) -> &'static str {
        match self {
            Self::Connecting(state) => state.name(),
            Self::LoggedIn(_, waiting) => waiting.name(),
            Self::Closed => "Closed",
        }
    }
}
