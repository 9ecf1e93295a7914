//! The start of an X Protocol connection in which the proxy takes part: until the client authenticates,
//! either side may switch to TLS.

mod authentication;
mod capabilities;
mod encryption;
mod side;
mod state;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io;
use std::mem;

use bytes::{Buf, Bytes, BytesMut};
use mynah_session::observe::Direction;
use mynah_x::{ClientMessageType, Frame, FrameError, ServerMessageType};

use super::mediator::{Action, Event, Mediator, closed, lost};
use super::{Failed, LoginDone, TlsUse, Transport};
use crate::LoginFailure;
use side::{Side, wire};
use state::{Input, State, Takes, Then};

/// Mediates the beginning of a connection, or another login on it. One message of the client's is carried
/// at a time, with its answer.
#[derive(Debug)]
pub(crate) struct Login {
    client: Side,
    server: Side,
    tls: TlsUse,
    state: State,
    /// The side that is waited for, which an error names if the login takes too long.
    waits_for: Direction,
    /// Whether client and server may agree on compression.
    compresses: bool,
    actions: VecDeque<Action>,
}

impl Login {
    /// Of a connection on which no message has passed. What was read of the two comes first.
    pub(crate) fn new(
        transports: (Transport, Transport),
        unsent: (BytesMut, BytesMut),
        tls: TlsUse,
    ) -> Self {
        Self {
            client: Side::new(transports.0, unsent.0),
            server: Side::new(transports.1, unsent.1),
            tls,
            state: State::ExpectMessage,
            waits_for: Direction::Client,
            compresses: true,
            actions: VecDeque::new(),
        }
    }

    /// Says whether client and server may agree to compress what they say; they may by default.
    pub(crate) fn compresses(self, compresses: bool) -> Self {
        Self { compresses, ..self }
    }

    /// Of one on which a session has ended.
    pub(crate) fn again(transports: (Transport, Transport), unsent: (BytesMut, BytesMut)) -> Self {
        Self {
            state: State::Authenticating,
            ..Self::new(transports, unsent, TlsUse::default())
        }
    }

    /// Handles one message. Returns `false` if there is none.
    fn step(&mut self, answer_is_due: bool) -> Result<bool, LoginFailure> {
        if matches!(self.state, State::Done) {
            self.finish();
            return Ok(true);
        }
        if let State::AcceptingTls { .. } = self.state
            && self.server.is_closed
        {
            return Err(closed(Direction::Server));
        }
        // Only when all earlier requests are answered is it certain that the next answer is to this login.
        if let State::ExpectAnswersDue(frame) = &self.state
            && !answer_is_due
        {
            let frame = frame.clone();
            self.observe(&frame);
            self.state = self.authenticate(&frame)?;
            return Ok(true);
        }
        // One message per step, because its actions may change how the next bytes are read (TLS).
        let Some(input) = self.receive()? else {
            return Ok(false);
        };
        self.state = match (mem::replace(&mut self.state, State::Ended), input) {
            // Messages that the state doesn't wait for, such as notices, pass as they are.
            (state, Input::Server(frame)) if !state.takes_from_server(&frame) => {
                self.send_to_client(&frame);
                state
            }
            (State::ExpectMessage, Input::Client(frame)) => {
                self.observe(&frame);
                self.on_message(frame)?
            }
            (State::ExpectMessage, Input::TooLong) => self.secure(Then::PassTooLong)?,
            (State::ExpectCapabilities, Input::Server(answer)) => self.on_capabilities(answer),
            (State::ExpectAnswer, Input::Server(answer)) => {
                self.send_to_client(&answer);
                State::ExpectMessage
            }
            (State::ExpectOffer(frame, set), Input::Server(answer)) => {
                self.on_offer(&frame, set, &answer)?
            }
            (State::ExpectAgreement(set), Input::Server(answer)) => {
                self.on_agreement(set, &answer)?
            }
            (State::ExpectOthersSet, Input::Server(answer)) => self.agreed(&answer, false),
            (State::ExpectServersTls(then), Input::Server(answer)) => {
                self.on_servers_tls(then, &answer)?
            }
            (State::Authenticating, Input::Client(frame)) => State::ExpectAnswersDue(frame),
            (State::Authenticating, Input::Server(frame)) => {
                self.send_to_client(&frame);
                authentication::after(&frame)
            }
            // It may hold a password, which the server must not get in clear.
            (State::Authenticating, Input::TooLong) => return Err(too_long()),
            (State::ExpectChallenge(attempt), Input::Server(answer)) => {
                self.on_challenge(attempt, &answer)?
            }
            (State::ExpectResult(attempt), Input::Server(answer)) => {
                self.on_result(*attempt, &answer)?
            }
            // What has been said is all there is.
            (State::Authenticating, Input::Closed(_)) => State::Done,
            (State::ExpectAnswersDue(frame), Input::Closed(_)) => {
                self.observe(&frame);
                self.authenticate(&frame)?
            }
            (_, Input::Closed(side)) => return Err(closed(side)),
            (state, Input::Client(_) | Input::TooLong | Input::Server(_)) => state,
        };
        Ok(true)
    }

    /// The next message of a side that the present state reads from; the server's come first.
    fn receive(&mut self) -> Result<Option<Input>, LoginFailure> {
        let takes = self.state.takes();
        if takes == Takes::Nothing {
            return Ok(None);
        }
        let frame = self.server.receive().map_err(io_error);
        if let Some(frame) = frame.map_err(LoginFailure::Server)? {
            // A classic server: its greeting, read as a frame, has one of these bytes in the place of the type.
            if GREETINGS.contains(&frame.message_type) {
                return Err(LoginFailure::NotX(wire(&frame)));
            }
            return Ok(Some(Input::Server(frame)));
        }
        if self.server.is_closed {
            return Ok(Some(Input::Closed(Direction::Server)));
        }
        if takes == Takes::Server {
            return Ok(None);
        }
        match self.client.receive() {
            Ok(Some(frame)) => Ok(Some(Input::Client(frame))),
            Ok(None) if self.client.is_closed => Ok(Some(Input::Closed(Direction::Client))),
            Ok(None) => Ok(None),
            Err(FrameError::Empty) => {
                self.pass_empty();
                Ok(None)
            }
            Err(FrameError::TooLarge { .. }) => Ok(Some(Input::TooLong)),
            Err(error) => Err(LoginFailure::Client(io_error(error))),
        }
    }

    /// Forwards an empty message, which the server then refuses.
    fn pass_empty(&mut self) {
        self.client.input.advance(EMPTY.len());
        let empty = Bytes::from_static(&EMPTY);
        self.actions.push_back(Action::Observe(empty.clone()));
        self.actions.push_back(Action::ToServer(empty));
        self.waits_for = Direction::Server;
    }

    /// Handles the client's message before it logs in.
    fn on_message(&mut self, frame: Frame) -> Result<State, LoginFailure> {
        match ClientMessageType(frame.message_type) {
            ClientMessageType::CON_CAPABILITIES_GET => {
                self.ask_server(&frame);
                Ok(State::ExpectCapabilities)
            }
            ClientMessageType::CON_CAPABILITIES_SET => self.on_set(frame),
            ClientMessageType::CON_CLOSE => {
                self.ask_server(&frame);
                Ok(State::Done)
            }
            _ => self.secure(Then::Pass(frame)),
        }
    }

    /// Continues with what waited for TLS with the server.
    fn proceed(&mut self, then: Then) -> Result<State, LoginFailure> {
        match then {
            Then::ExpectMessage => {
                self.waits_for = Direction::Client;
                Ok(State::ExpectMessage)
            }
            Then::Pass(frame) if self.is_mediated() => self.authenticate(&frame),
            Then::Pass(frame) => {
                self.ask_server(&frame);
                Ok(State::Done)
            }
            // The server ends the connection in its own way, unless the message may have something that it must not get.
            Then::PassTooLong if self.is_mediated() => Err(too_long()),
            Then::PassTooLong => Ok(State::Done),
        }
    }

    fn on_event(&mut self, event: Event) -> Result<(), LoginFailure> {
        self.state = match (mem::replace(&mut self.state, State::Ended), event) {
            (state, Event::Received(side, bytes)) => {
                self.side(side).input.unsplit(bytes);
                state
            }
            (state, Event::Closed(side)) => {
                self.side(side).is_closed = true;
                state
            }
            (_, Event::Lost(side, error)) => return Err(lost(side, error)),
            (_, Event::TimedOut(limit)) => {
                return Err(LoginFailure::Late {
                    waits_for: self.waits_for,
                    limit,
                });
            }
            (_, Event::NotEncrypted(Direction::Client, error)) => {
                return Err(LoginFailure::ClientTls(error));
            }
            (_, Event::NotEncrypted(Direction::Server, error)) => {
                return Err(LoginFailure::server_tls(error));
            }
            (State::AcceptingTls { then_server }, Event::Encrypted(Direction::Client)) => {
                self.client.transport = Transport::TLS;
                match then_server {
                    true => self.connect_tls(Then::ExpectMessage),
                    false => State::ExpectMessage,
                }
            }
            (State::ConnectingTls(then), Event::Encrypted(Direction::Server)) => {
                self.server.transport = Transport::TLS;
                self.proceed(then)?
            }
            // It was not asked for.
            (state, Event::Encrypted(_) | Event::Key(_)) => state,
        };
        Ok(())
    }

    fn side(&mut self, side: Direction) -> &mut Side {
        match side {
            Direction::Client => &mut self.client,
            Direction::Server => &mut self.server,
        }
    }

    fn observe(&mut self, frame: &Frame) {
        self.actions.push_back(Action::Observe(wire(frame)));
    }

    fn ask_server(&mut self, frame: &Frame) {
        self.actions.push_back(Action::ToServer(wire(frame)));
        self.waits_for = Direction::Server;
    }

    fn send_to_client(&mut self, frame: &Frame) {
        self.actions.push_back(Action::ToClient(wire(frame)));
        if ServerMessageType(frame.message_type) != ServerMessageType::NOTICE {
            self.waits_for = Direction::Client;
        }
    }

    /// Whether clients may send passwords in clear text although the server wouldn't accept them so.
    fn is_mediated(&self) -> bool {
        self.client.transport.is_secure && !self.server.transport.is_secure
    }

    fn finish(&mut self) {
        self.state = State::Ended;
        self.actions.push_back(Action::Done(Ok(LoginDone {
            mediated: self.is_mediated(),
            of_client: mem::take(&mut self.client.input),
            of_server: mem::take(&mut self.server.input),
            compression: None,
        })));
    }

    fn fail(&mut self, failure: LoginFailure) {
        self.state = State::Ended;
        let sequence_id = 0;
        self.actions.push_back(Action::Done(Err(Failed {
            failure,
            sequence_id,
        })));
    }
}

impl Mediator for Login {
    const READ_ORDER: [Direction; 2] = [Direction::Server, Direction::Client];

    fn handle(&mut self, event: Event) {
        if !matches!(self.state, State::Ended)
            && let Err(failure) = self.on_event(event)
        {
            // What was still to be done can't be.
            self.actions.clear();
            self.fail(failure);
        }
    }

    fn next_action(&mut self, answer_is_due: bool) -> Option<Action> {
        while self.actions.is_empty() {
            match self.step(answer_is_due) {
                Ok(true) => {}
                Ok(false) if self.actions.is_empty() => return None,
                Ok(false) => {}
                Err(failure) => self.fail(failure),
            }
        }
        self.actions.pop_front()
    }

    fn reads(&self, side: Direction) -> bool {
        let takes = self.state.takes();
        match side {
            Direction::Client => takes == Takes::Both && !self.client.is_closed,
            Direction::Server => {
                let accepting = matches!(self.state, State::AcceptingTls { .. });
                let watched = accepting && !self.server.is_full();
                !self.server.is_closed && (watched || takes != Takes::Nothing)
            }
        }
    }
}

fn too_long() -> LoginFailure {
    LoginFailure::Client(io::ErrorKind::InvalidData.into())
}

fn io_error(error: FrameError) -> io::Error {
    match error {
        FrameError::Io(error) => error,
        error => io::Error::other(error),
    }
}

/// A length, and nothing that has it.
const EMPTY: [u8; 4] = [0; 4];

/// What a classic server's greeting has in the place of a type: its version, or that of an error. No
/// message of the X Protocol has these.
const GREETINGS: [u8; 3] = [9, 10, 0xff];
