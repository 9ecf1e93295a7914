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

/// An event on the connection, for [`Client::handle`].
#[derive(Debug)]
pub enum Event {
    /// The server sent a packet.
    Packet(Packet),
    /// TLS is there, as [`Action::StartTls`] asked.
    TlsEstablished,
    /// The caller wants a command run.
    Command(Command),
    /// The caller wants to log in again, with these passwords. What the command says of an
    /// authentication method and a response to it is left as it is: the server answers with a
    /// method and a fresh nonce.
    ChangeUser(ComChangeUser, mynah_auth::client::Credentials),
    /// A piece of the file that [`Part::LocalInfile`] asks for; an empty one is its end.
    File(Bytes),
    /// The server closed the connection.
    Eof,
}

/// An action for the caller, besides sending what [`Client::output`] holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Send all of the output and go on under TLS. What was read before TLS is there was not
    /// protected, and must be thrown away.
    StartTls,
    /// The login succeeded; commands may be sent. From the next byte on both sides compress, if
    /// a capability that is shared says so.
    LoggedIn(OkPacket),
    /// A message of the answer to a command came.
    Received(Part, Bytes),
    /// The answer is complete; the next command may be sent.
    Answered,
    /// Send all of the output and close the connection.
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
    /// A client that has just connected.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            state: State::ExpectGreeting,
            exchange: PacketExchange::new(options.max_packet_size as usize),
            actions: VecDeque::new(),
            options,
        }
    }

    /// What is to be sent to the server; the caller takes it out.
    pub fn output(&mut self) -> &mut BytesMut {
        &mut self.exchange.output
    }

    /// What is to be done next; nothing until the next event if there is none.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// The capabilities in force, once the client has logged in.
    #[must_use]
    pub fn shared(&self) -> Option<Capabilities> {
        match &self.state {
            State::Ready(shared) => Some(*shared),
            State::ExpectAnswer(state) => Some(state.shared),
            _ => None,
        }
    }

    /// Takes in what happened.
    ///
    /// # Errors
    /// When the session can't go on; it is closed then.
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
