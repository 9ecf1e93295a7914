use std::mem;

use bytes::{Bytes, BytesMut};
use mynah_auth::Channel;
use mynah_classic::Capabilities;

use super::core::Core;
use super::event::{Action, Event};
use super::state::State;
use super::{ClientError, Options};

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
    core: Core,
}

impl Client {
    /// A client that has just connected and waits for the greeting.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            state: State::ExpectGreeting,
            core: Core::new(options),
        }
    }

    /// The bytes to send to the server. The caller removes what it has sent.
    pub fn output(&mut self) -> &mut BytesMut {
        &mut self.core.exchange.output
    }

    /// The next thing to do; `None` if there is none until the next event.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.core.actions.pop_front()
    }

    /// The connection's capability flags while commands can be sent or are being answered; `None` during a login,
    /// also by COM_CHANGE_USER, and after the connection's end.
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
        // If `step` fails, the state stays `Closed`: after an error no event is accepted any more.
        let state = mem::replace(&mut self.state, State::Closed);
        self.state = self.step(state, event)?;
        Ok(())
    }

    fn step(&mut self, state: State, event: Event) -> Result<State, ClientError> {
        match (state, event) {
            (State::Closed, Event::Eof) => Ok(State::Closed),
            (_, Event::Eof) => {
                self.core.actions.push_back(Action::Close);
                Ok(State::Closed)
            }
            (
                state @ (State::ExpectGreeting
                | State::ExpectAuthentication(_)
                | State::ExpectAnswer(_)),
                Event::Packet(packet),
            ) => match self.core.exchange.receive(packet)? {
                Some(payload) => self.message(state, payload),
                None => Ok(state),
            },
            (State::ExpectTls(state), Event::TlsEstablished) => {
                // Set before the response is computed: under TLS, methods may send the password in clear.
                self.core.options.auth.channel = Channel::Tls;
                self.core.respond(&state.greeting)
            }
            (State::Ready(shared), Event::Command(command)) => self.core.command(shared, &command),
            (State::Ready(shared), Event::ChangeUser(change, auth)) => {
                self.core.change_user(shared, &change, auth)
            }
            (State::ExpectAnswer(state), Event::File(piece)) => Ok(self.core.file(state, &piece)),
            (state, event) => Err(state.unexpected(event.name())),
        }
    }

    fn message(&mut self, state: State, payload: Bytes) -> Result<State, ClientError> {
        match state {
            State::ExpectGreeting => self.core.greeting(&payload),
            State::ExpectAuthentication(state) => self.core.authentication(state, &payload),
            State::ExpectAnswer(state) => self.core.answer(state, payload),
            state => Err(state.unexpected("Packet")),
        }
    }
}
