use std::mem;

use bytes::BytesMut;
use mynah_x::notice::{Frame as NoticeFrame, FrameType, Level, Warning};

use super::core::Core;
use super::event::{Action, BadFrame, Event, Input};
use super::logged_in::LoggedIn;
use super::login::{Connecting, Step};
use super::options::Options;
use super::waiting::{Next, Waiting};
use super::{answer, commands, failures, messages, prepared};
use crate::x::Notice;
use crate::{Answer, ClosingError, Failure, Login, Question, SessionError, SessionState};

/// A server's side of one connection of the X Protocol.
///
/// It is given what happens ([`handle`](Self::handle)) and says what is to be done
/// ([`poll_action`](Self::poll_action), [`output`](Self::output)). It has no socket, no clock
/// and no source of randomness.
///
/// The login:
/// ```text
/// ExpectGreeting ──greeting──> ExpectLogin ──CapabilitiesSet of tls──> ExpectTls
///                               │ ^    │ ^                                │
///                               │ │    │ └───────────TlsStarted───────────┘
///             AuthenticateStart,│ │    └─AuthenticateStart, PLAIN──> ExpectAccount
///       no nonce is left        v │                                    │  ^    │
///                      ExpectNonce│ refused, up to twice               │  │    │
///                               │ └────────────────────────────────────┘  │    │
///                         nonce v                                         │    │ passes
///                      ExpectResponse ──AuthenticateContinue──────────────┘    v
///                       (AuthenticateStart with a nonce left goes here)     LoggedIn
///
/// ExpectLogin    ──CapabilitiesGet, CapabilitiesSet──> ExpectLogin
/// ExpectNonce    ──nonce, for PLAIN──> ExpectAccount
/// ExpectResponse ──data that can't be read, up to twice──> ExpectLogin
/// ```
/// The messages of a client that is logged in:
/// ```text
/// ExpectMessage ──StmtExecute, Crud, Prepare.Execute, Cursor.Open──> ExpectReply ──> ExpectMessage
///               ──StmtExecute of mysqlx────> ExpectCommand ──command──> ExpectMessage
///                                                          ──list_clients──> ExpectProcesses
///                                                          ──kill_client──> ExpectKilled
///               ──Prepare.Prepare──────────> ExpectPrepared ──> ExpectMessage
///               ──Cursor.Fetch─────────────> (rows, as behind a reply)
///               ──Compression──────────────> (each message in it, ExpectDrained between them)
///               ──Session.Close, Reset─────> ExpectLogin
///               ──any other────────────────> ExpectMessage
///
/// ExpectReply ──KILL──> ExpectKilled ──> ExpectMessage
///             ──many rows──> ExpectFlushed ──Flushed──> ExpectFlushed, ExpectRows, ExpectMessage
///             ──rows that a script makes──> ExpectRows ──rows──> (the same)
/// ```
/// Every state ends in `Closed`: on Connection.Close, on the end of the stream, after the third
/// refused login, after an error, when the server ends and when the client was idle for too long.
#[derive(Debug)]
pub struct Server {
    state: State,
    core: Core,
}

#[derive(Debug)]
enum State {
    /// The client isn't logged in.
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
        &mut self.core.outgoing.output
    }

    /// The longest frame to accept from the client next, in bytes, without the four bytes of its length.
    #[must_use]
    pub fn frame_limit(&self) -> usize {
        self.core.limit
    }

    /// Whether the session can take the client's next frame: it isn't closed, and waits for neither an answer, a TLS
    /// handshake nor the flush of its output.
    #[must_use]
    pub fn wants_frame(&self) -> bool {
        match &self.state {
            State::Connecting(state) => state.wants_frame(),
            State::LoggedIn(_, waiting) => matches!(waiting, Waiting::Message),
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

    /// The error with which the session refused the client, for instance after the third refused login, and closed the
    /// connection. `None` if there is none, and after [`handle`](Self::handle) has failed.
    #[must_use]
    pub fn refusal(&self) -> Option<&Failure> {
        self.core.refusal.as_deref()
    }

    /// The error with which the session closed the connection of a client that was logged in: the server ends, the
    /// client was idle for too long, it has ended its own connection, or has sent something that can't be read. `None`
    /// if there is none, and after [`handle`](Self::handle) has failed.
    #[must_use]
    pub fn ended_with(&self) -> Option<&Failure> {
        self.core.ended_with.as_deref()
    }

    /// How to write an error that the caller closes the connection with; `None` if there is no place for one
    /// in the stream now.
    #[must_use]
    pub fn closing_error(&self) -> Option<ClosingError> {
        // An Error is the answer of each message that waits for one, so there is room for it unless a part of
        // an answer was sent.
        let is_answering = matches!(
            self.state,
            State::Closed
                | State::Connecting(Connecting::Tls(_))
                | State::LoggedIn(_, Waiting::Flushed(_) | Waiting::Rows(_) | Waiting::Drained)
        );
        (!is_answering && self.core.outgoing.len() == 0).then_some(ClosingError::X)
    }

    /// The next thing to do; `None` if there is none until the next event.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.core.actions.pop_front()
    }

    /// Handles an event. Then send [`output`](Self::output) and take actions by
    /// [`poll_action`](Self::poll_action).
    ///
    /// # Errors
    /// When the session can't continue. The output then has the client's Error message, and [`Action::Close`]
    /// is among the actions.
    pub fn handle(&mut self, event: Event) -> Result<(), SessionError> {
        let handled = self.lead(event).and_then(|()| self.unpack());
        if let Err(error) = &handled {
            self.state = State::Closed;
            self.core.close_with(&failures::of(error))?;
        }
        handled
    }

    /// Passes an event to the state that waits for it.
    fn lead(&mut self, event: Event) -> Result<(), SessionError> {
        let input = match event {
            Event::Frame(frame) if self.wants_frame() => Input::Frame(frame),
            Event::Frame(_) => return Err(self.unexpected("Frame")),
            Event::BadFrame(bad) => return self.bad_frame(bad),
            Event::Answer(answer) => Input::Answer(answer),
            Event::TlsStarted(tls) => Input::TlsStarted(tls),
            Event::Notice(notice) => return self.notice(&notice),
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
                // The state is taken out and `Message` is left, so that each handler returns its successor by
                // value.
                let taken = mem::replace(waiting, Waiting::Message);
                let next = logged_in(session, &mut self.core, taken, input)?;
                self.go_on(next);
            }
            State::Connecting(_) => {
                let taken = mem::replace(&mut self.state, State::Closed);
                if let State::Connecting(state) = taken {
                    self.state = match state.take(&mut self.core, input)? {
                        Step::Wait(next) => State::Connecting(next),
                        Step::Passed(session) => State::LoggedIn(session, Waiting::Message),
                        Step::Closed => State::Closed,
                    };
                }
            }
            State::Closed => return Err(self.unexpected(input.name())),
        }
        Ok(())
    }

    fn go_on(&mut self, next: Next) {
        match (next, &mut self.state) {
            (Next::Wait(next), State::LoggedIn(_, waiting)) => *waiting = next,
            (Next::LogIn(entering), state) => {
                *state = State::Connecting(Connecting::Login(entering));
            }
            (_, state) => *state = State::Closed,
        }
    }

    /// Handles messages that came in one compressed message, up to the first that asks a question.
    fn unpack(&mut self) -> Result<(), SessionError> {
        // Each round handles one message. A question, the end of the session or a full output ends the loop;
        // the next event enters it again.
        while let State::LoggedIn(session, waiting @ Waiting::Message) = &mut self.state {
            if session.unpacked.is_empty() {
                break;
            }
            if self.core.outgoing.len() >= OUTPUT_LIMIT {
                self.core.actions.push_back(Action::Flush);
                *waiting = Waiting::Drained;
                break;
            }
            let next = messages::next_unpacked(session, &mut self.core)?;
            self.go_on(next);
        }
        Ok(())
    }

    fn bad_frame(&mut self, bad: BadFrame) -> Result<(), SessionError> {
        if !self.wants_frame() {
            return Err(self.unexpected("BadFrame"));
        }
        let is_logged_in = self.logged_in().is_some();
        self.state = State::Closed;
        let failure = failures::bad_frame(bad);
        match is_logged_in {
            true => self.core.end(failure),
            false => self.core.refuse(failure),
        }
    }

    /// Sends a notice, at once or between the messages of the current answer.
    fn notice(&mut self, notice: &Notice) -> Result<(), SessionError> {
        self.core.outgoing.notice(&NoticeFrame::from(notice));
        // A notice may stand between messages of a result, and is compressed with them.
        // Between two answers nothing follows that could be compressed with the notice, so it is sent now.
        if matches!(self.state, State::LoggedIn(_, Waiting::Message)) {
            self.core.outgoing.seal()?;
        }
        Ok(())
    }

    /// Closes the connection. A client that is logged in gets the reason in a notice, as servers send it, and
    /// in an error for clients that ignore notices.
    fn end(&mut self, failure: Failure) -> Result<(), SessionError> {
        let is_logged_in = self.logged_in().is_some();
        self.state = State::Closed;
        if !is_logged_in {
            self.core.close();
            return Ok(());
        }
        let warning = Warning {
            level: Some(Level::Error.into()),
            code: failure.code.into(),
            msg: String::from_utf8_lossy(&failure.message).into_owned(),
        };
        let mut notice = NoticeFrame::local(FrameType::Warning, &warning);
        // Which means global.
        notice.scope = None;
        self.core.outgoing.notice(&notice);
        self.core.end(failure)
    }

    fn close(&mut self) {
        self.state = State::Closed;
        self.core.close();
    }

    fn unexpected(&self, event: &'static str) -> SessionError {
        let state = match &self.state {
            State::Connecting(state) => state.name(),
            State::LoggedIn(_, waiting) => waiting.name(),
            State::Closed => "Closed",
        };
        SessionError::Unexpected { state, event }
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
        (Waiting::Message, Input::Frame(frame)) => messages::message(session, core, &frame),
        (Waiting::Drained, Input::Flushed) => Ok(Next::Wait(Waiting::Message)),
        (Waiting::Flushed(answering), Input::Flushed) => {
            answer::send_rows(session, core, *answering)
        }
        (waiting, Input::Answer(answer)) => answered(session, core, waiting, answer),
        (waiting, input) => Err(unexpected(&waiting, input.name())),
    }
}

/// Passes an answer to the state of a client that is logged in.
fn answered(
    session: &mut LoggedIn,
    core: &mut Core,
    waiting: Waiting,
    answer: Answer,
) -> Result<Next, SessionError> {
    match (waiting, answer) {
        (Waiting::Reply(asked), Answer::Reply(reply)) => {
            answer::reply(session, core, *asked, *reply)
        }
        (Waiting::Rows(answering), Answer::Rows(rows)) => {
            answer::more_rows(session, core, *answering, rows)
        }
        (Waiting::Command(execute), Answer::Command(reply)) => {
            commands::reply(session, core, &execute, reply.map(|reply| *reply))
        }
        (Waiting::Prepared(new), Answer::Prepared(prepared)) => {
            prepared::prepared(session, core, *new, prepared)
        }
        (Waiting::Processes, Answer::Processes(processes)) => {
            commands::list_clients(session, core, &processes)
        }
        (Waiting::Killed(kill, asked), Answer::Killed(was_there)) => {
            commands::killed(session, core, kill, *asked, was_there)
        }
        (Waiting::Processes | Waiting::Killed(..), Answer::Refused(failure)) => {
            session.fail(core, &failure)
        }
        (waiting, answer) => Err(unexpected(&waiting, answer.name())),
    }
}

fn unexpected(waiting: &Waiting, event: &'static str) -> SessionError {
    SessionError::Unexpected {
        state: waiting.name(),
        event,
    }
}

/// How much output may gather before it is sent.
const OUTPUT_LIMIT: usize = 64 * 1024;
