use std::collections::VecDeque;
use std::mem;

use bytes::{Bytes, BytesMut};
use mynah_auth::Channel;
use mynah_classic::Capabilities;
use mynah_classic::command::{ComChangeUser, Command};
use mynah_classic::response::OkPacket;
use mynah_wire::Packet;

use super::commands::ExpectAnswer;
use super::handshake::{ExpectAuthentication, ExpectTls};
use super::{ClientError, Options};
use crate::classic::Part;
use crate::classic::packet_exchange::PacketExchange;

/// A client's side of one connection.
///
/// Like [`Server`](crate::classic::server::Server), it takes events in and gives actions out,
/// and has no socket.
///
/// ```text
/// ExpectGreeting --HandshakeV10--> ExpectAuthentication --OK--> Ready <--last packet--+
///              |                     ^  |  ^  <-----ChangeUser---  |                   |
///              +--> ExpectTls --Tls--+  +--+ switch, more data    +--Command--> ExpectAnswer
/// ```
/// Every state ends in `Closed`: on COM_QUIT, on the end of the stream, when the server refuses,
/// and after an error.
#[derive(Debug)]
pub struct Client {
    state: State,
    pub(super) exchange: PacketExchange,
    pub(super) actions: VecDeque<Action>,
    pub(super) options: Options,
}

/// Something that happened on the connection, for [`Client::handle`].
#[derive(Debug)]
pub enum Event {
    /// A packet of the server was received.
    Packet(Packet),
    /// The TLS handshake that [`Action::StartTls`] asked for is done.
    TlsEstablished,
    /// The caller sends a command.
    Command(Command),
    /// The caller logs in again as another user, by COM_CHANGE_USER with these passwords. The method and the
    /// response in the command are sent as they are; the server answers with a method and a fresh nonce,
    /// which the session responds to.
    ChangeUser(ComChangeUser, mynah_auth::client::Credentials),
    /// A piece of the file that [`Part::LocalInfile`] asks for; an empty piece ends the file.
    File(Bytes),
    /// The server closed the connection.
    Eof,
}

/// Something that the caller has to do, besides sending the bytes of [`Client::output`].
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Send the whole output, then start the TLS handshake. Discard bytes that were received before it: they
    /// weren't protected.
    StartTls,
    /// The login succeeded; commands can be sent. If the capability flags agree on compression, both sides
    /// compress from the next byte on.
    LoggedIn(OkPacket),
    /// A message of the answer was received: its part in the answer, and its payload.
    Received(Part, Bytes),
    /// The answer is complete; the next command can be sent.
    Answered,
    /// Send the whole output and close the connection.
    Close,
}

#[derive(Debug)]
pub(super) enum State {
    ExpectGreeting,
    ExpectTls(ExpectTls),
    ExpectAuthentication(ExpectAuthentication),
    Ready(Capabilities),
    ExpectAnswer(ExpectAnswer),
    Closed,
}

impl Client {
    /// A client that has just connected and waits for the greeting.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            state: State::ExpectGreeting,
            exchange: PacketExchange::new(options.max_packet_size as usize),
            actions: VecDeque::new(),
            options,
        }
    }

    /// The bytes to send to the server. The caller removes what it has sent.
    pub fn output(&mut self) -> &mut BytesMut {
        &mut self.exchange.output
    }

    /// The next thing to do; `None` if there is none until the next event.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// The capability flags of the connection; `None` before they are known.
    #[must_use]
    pub fn shared(&self) -> Option<Capabilities> {
        match &self.state {
            State::Ready(shared) => Some(*shared),
            State::ExpectAnswer(state) => Some(state.shared),
            _ => None,
        }
    }

    /// Handles an event. Then send [`output`](Self::output) and take actions by
    /// [`poll_action`](Self::poll_action).
    ///
    /// # Errors
    /// When the session can't continue; it is closed then.
    pub fn handle(&mut self, event: Event) -> Result<(), ClientError> {
        let state = mem::replace(&mut self.state, State::Closed);
        self.state = self.step(state, event)?;
        Ok(())
    }

    fn step(&mut self, state: State, event: Event) -> Result<State, ClientError> {
        match (state, event) {
            (State::Closed, Event::Eof) => Ok(State::Closed),
            (_, Event::Eof) => {
                self.actions.push_back(Action::Close);
                Ok(State::Closed)
            }
            (
                state @ (State::ExpectGreeting
                | State::ExpectAuthentication(_)
                | State::ExpectAnswer(_)),
                Event::Packet(packet),
            ) => match self.exchange.receive(packet)? {
                Some(payload) => self.message(state, payload),
                None => Ok(state),
            },
            (State::ExpectTls(state), Event::TlsEstablished) => {
                self.options.auth.channel = Channel::Tls;
                self.respond(&state.greeting)
            }
            (State::Ready(shared), Event::Command(command)) => self.command(shared, &command),
            (State::Ready(shared), Event::ChangeUser(change, auth)) => {
                self.change_user(shared, &change, auth)
            }
            (State::ExpectAnswer(state), Event::File(piece)) => Ok(self.file(state, &piece)),
            (state, event) => Err(state.unexpected(event.name())),
        }
    }

    fn message(&mut self, state: State, payload: Bytes) -> Result<State, ClientError> {
        match state {
            State::ExpectGreeting => self.greeting(&payload),
            State::ExpectAuthentication(state) => self.authentication(state, &payload),
            State::ExpectAnswer(state) => self.answer(state, payload),
            state => Err(state.unexpected("Packet")),
        }
    }
}

impl State {
    fn unexpected(&self, event: &'static str) -> ClientError {
        let state = match self {
            Self::ExpectGreeting => "ExpectGreeting",
            Self::ExpectTls(_) => "ExpectTls",
            Self::ExpectAuthentication(_) => "ExpectAuthentication",
            Self::Ready(_) => "Ready",
            Self::ExpectAnswer(_) => "ExpectAnswer",
            Self::Closed => "Closed",
        };
        ClientError::Unexpected { state, event }
    }
}

impl Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Packet(_) => "Packet",
            Self::TlsEstablished => "TlsEstablished",
            Self::Command(_) => "Command",
            Self::ChangeUser(..) => "ChangeUser",
            Self::File(_) => "File",
            Self::Eof => "Eof",
        }
    }
}
