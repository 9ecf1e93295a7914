//! Logins of the classic protocol in which the proxy takes part, because it terminates TLS on one side or on
//! both.

mod authentication;
mod capabilities;
mod connection_phase;
mod frames;
mod side;
mod state;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::mem;

use bytes::BytesMut;
use mynah_auth::Nonce;
use mynah_classic::Capabilities;
use mynah_session::observe::Direction;
use mynah_wire::compress::Algorithm;

use super::mediator::{Action, Event, Mediator, closed, lost};
use super::{Failed, LoginDone, TlsUse, Transport};
use crate::LoginFailure;
use side::{Received, Side};
use state::{State, Takes};

/// Mediates a login, or a COM_CHANGE_USER.
#[derive(Debug)]
pub(crate) struct Login {
    client: Side,
    server: Side,
    tls: TlsUse,
    state: State,
    /// The nonce of the method in use, with which passwords are encrypted.
    nonce: Nonce,
    /// The side that is waited for, which an error names if the login takes too long.
    waits_for: Direction,
    /// Whether passwords of a method cross only one side in clear text. Later logins on the connection are then
    /// mediated, too.
    mediated: bool,
    /// How client and server compress after the login; `None` without compression.
    compression: Option<Algorithm>,
    /// Whether client and server may agree on compression.
    compresses: bool,
    /// Whether the connection had logged in before.
    is_again: bool,
    actions: VecDeque<Action>,
}

impl Login {
    /// A login whose server has not greeted. What was read of the two comes first.
    pub(crate) fn new(
        transports: (Transport, Transport),
        unsent: (BytesMut, BytesMut),
        tls: TlsUse,
    ) -> Self {
        Self::at(State::ExpectGreeting, 0, transports, unsent, tls)
    }

    /// Says whether client and server may agree to compress what they say; they may by default.
    pub(crate) fn compresses(self, compresses: bool) -> Self {
        Self { compresses, ..self }
    }

    /// Behind a COM_CHANGE_USER that has passed, which had the first sequence id.
    pub(crate) fn again(
        transports: (Transport, Transport),
        unsent: (BytesMut, BytesMut),
        compression: Option<Algorithm>,
    ) -> Self {
        let tls = TlsUse::default();
        let mut login = Self::at(State::ExpectVerdict, 1, transports, unsent, tls);
        if let Some(algorithm) = compression {
            login.client = login.client.compressed(algorithm);
            login.server = login.server.compressed(algorithm);
        }
        Self {
            mediated: true,
            compression,
            is_again: true,
            ..login
        }
    }

    fn at(
        state: State,
        next: u8,
        transports: (Transport, Transport),
        unsent: (BytesMut, BytesMut),
        tls: TlsUse,
    ) -> Self {
        let side = |side, transport, input| Side::new(side, input, next, transport);
        Self {
            client: side(Direction::Client, transports.0, unsent.0),
            server: side(Direction::Server, transports.1, unsent.1),
            tls,
            state,
            // Before a password is sent the server says another one.
            nonce: Nonce::from_bytes(&[]),
            waits_for: Direction::Server,
            mediated: false,
            compression: None,
            compresses: true,
            is_again: false,
            actions: VecDeque::new(),
        }
    }

    /// Handles one packet. Returns `false` if there is none.
    fn step(&mut self) -> Result<bool, LoginFailure> {
        // One packet per step, because its actions may change how the next bytes are read (TLS, a key).
        let packet = match self.state.takes() {
            Takes::Nothing => return self.finish(),
            Takes::Server => self.of_server()?,
            Takes::Client => match self.of_client()? {
                // The client's packet would go to a server that has closed.
                None if self.server.is_closed => return Err(closed(Direction::Server)),
                packet => packet,
            },
            Takes::Both if matches!(self.state, State::Passing) => return self.pass_on(),
            // The server's packet first: a verdict ends the login, and what the client has sent behind it is a
            // command.
            Takes::Both => match self.of_server()? {
                // A command that was sent ahead of the verdict waits for it.
                None if self.client.has_command() => None,
                None => self.of_client()?,
                packet => packet,
            },
        };
        let Some((from, packet)) = packet else {
            return Ok(false);
        };
        self.state = match (mem::replace(&mut self.state, State::Ended), from) {
            (State::ExpectGreeting, _) => self.on_greeting(&packet)?,
            (State::ExpectResponse(greeted), _) => self.on_response(greeted, &packet)?,
            (State::ExpectResponseUnderTls(greeted), _) => {
                self.on_response_under_tls(greeted, &packet)?
            }
            (State::ExpectVerdict, Direction::Server) => self.on_server(&packet.payload)?,
            (State::ExpectVerdict, Direction::Client) => self.on_client(&packet)?,
            (State::ExpectPassword { key_request }, _) => self.on_password(&packet, key_request)?,
            (
                State::ExpectServerKey {
                    password,
                    in_response,
                },
                _,
            ) => self.on_server_key(&packet.payload, &password, in_response)?,
            (State::ExpectEncrypted(key, decrypts), _) => {
                self.on_encrypted(&key, decrypts, &packet)?
            }
            // They take no packets.
            (
                state @ (State::AcceptingTls(_)
                | State::ConnectingTls(_)
                | State::MakingKey(_)
                | State::Passing
                | State::Done
                | State::Refused
                | State::Ended),
                _,
            ) => state,
        };
        Ok(true)
    }

    fn of_server(&mut self) -> Result<Option<(Direction, Received)>, LoginFailure> {
        match self.server.receive().map_err(LoginFailure::Server)? {
            Some(packet) => Ok(Some((Direction::Server, packet))),
            None if self.server.is_closed => Err(closed(Direction::Server)),
            None => Ok(None),
        }
    }

    fn of_client(&mut self) -> Result<Option<(Direction, Received)>, LoginFailure> {
        match self.client.receive().map_err(LoginFailure::client)? {
            Some(packet) => Ok(Some((Direction::Client, packet))),
            None if self.client.is_closed => Err(closed(Direction::Client)),
            None => Ok(None),
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
            (State::AcceptingTls(greeted), Event::Encrypted(Direction::Client)) => {
                self.client.transport = Transport::TLS;
                self.actions.push_back(Action::ObserveDecrypted);
                State::ExpectResponseUnderTls(greeted)
            }
            (State::ConnectingTls(responded), Event::Encrypted(Direction::Server)) => {
                self.server.transport = Transport::TLS;
                self.respond(*responded, true)?
            }
            (State::MakingKey(decrypts), Event::Key(key)) => self.on_key(key?, decrypts)?,
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

    fn send_to_client(&mut self, payload: &[u8]) -> Result<(), LoginFailure> {
        let packet = self.client.pack(payload).map_err(LoginFailure::Client)?;
        self.actions.push_back(Action::ToClient(packet));
        Ok(())
    }

    fn send_to_server(&mut self, payload: &[u8]) -> Result<(), LoginFailure> {
        let packet = self.server.pack(payload).map_err(LoginFailure::Server)?;
        self.actions.push_back(Action::ToServer(packet));
        self.waits_for = Direction::Server;
        Ok(())
    }

    fn observe(&mut self, packet: &Received) {
        self.actions.push_back(Action::Observe(packet.wire.clone()));
    }

    /// Ends the proxy's part in a login that is done. Returns whether it is.
    fn finish(&mut self) -> Result<bool, LoginFailure> {
        match self.state {
            State::Done => {}
            State::Refused => return Err(LoginFailure::Refused),
            _ => return Ok(false),
        }
        let done = LoginDone {
            of_client: self.client.take_rest().map_err(LoginFailure::Client)?,
            of_server: self.server.take_rest().map_err(LoginFailure::Server)?,
            mediated: self.mediated,
            compression: self.compression,
        };
        self.state = State::Ended;
        self.actions.push_back(Action::Done(Ok(done)));
        Ok(true)
    }

    /// Ends a failed login. Sends the client its error, unless the caller does.
    fn fail(&mut self, failure: LoginFailure) {
        self.state = State::Ended;
        let last = match &failure {
            // Only this exchange knows the sequence id and the compression of COM_CHANGE_USER's answer; for a
            // first login, the caller sends the error.
            _ if self.is_again => failure
                .refusal()
                .map(|refusal| refusal.payload(Capabilities::PROTOCOL_41)),
            // A server may have said why it leaves.
            LoginFailure::Server(_) => self.server.last_error().map(|error| error.payload),
            _ => None,
        };
        if let Some(last) = last {
            // A client that can't be written to has failed, too.
            let _sent = self.send_to_client(&last);
        }
        let sequence_id = self.client.next;
        self.actions.push_back(Action::Done(Err(Failed {
            failure,
            sequence_id,
        })));
    }

    fn is_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }
}

impl Mediator for Login {
    const READ_ORDER: [Direction; 2] = [Direction::Client, Direction::Server];

    fn handle(&mut self, event: Event) {
        if !self.is_ended()
            && let Err(failure) = self.on_event(event)
        {
            // What was still to be done can't be.
            self.actions.clear();
            self.fail(failure);
        }
    }

    fn next_action(&mut self, _answer_is_due: bool) -> Option<Action> {
        while self.actions.is_empty() {
            match self.step() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(failure) => self.fail(failure),
            }
        }
        self.actions.pop_front()
    }

    fn reads(&self, side: Direction) -> bool {
        let takes = self.state.takes();
        let (side, wanted) = match side {
            Direction::Client => {
                // A command that was sent ahead is complete enough: more of it stays in the socket.
                let waits = matches!(self.state, State::ExpectVerdict) && self.client.has_command();
                let wanted = matches!(takes, Takes::Client | Takes::Both) && !waits;
                (&self.client, wanted)
            }
            // That it stays is of interest, too.
            Direction::Server => {
                let watched = takes == Takes::Client && !self.server.is_full();
                let wanted = watched || matches!(takes, Takes::Server | Takes::Both);
                (&self.server, wanted)
            }
        };
        wanted && !side.is_closed
    }
}
