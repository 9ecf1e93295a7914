//! Authentication where the client may send its password in clear text (over TLS), but the proxy may not (no
//! TLS with the server): `PLAIN` is replaced by mechanisms that servers accept without TLS.

use std::io;

use bytes::Bytes;
use mynah_auth::Channel;
use mynah_auth::x::{AuthData, ClientExchange, Mechanism};
use mynah_classic::error_code;
use mynah_x::session::{AuthenticateContinue, AuthenticateStart};
use mynah_x::status::{Error, Severity};
use mynah_x::{ClientMessageType, Frame, Message, ServerMessageType};

use super::Login;
use super::side::{to_client, to_server};
use super::state::{Attempt, State};
use crate::LoginFailure;

impl Login {
    /// A message of a client that is logging in.
    pub(super) fn authenticate(&mut self, frame: &Frame) -> Result<State, LoginFailure> {
        match ClientMessageType(frame.message_type) {
            ClientMessageType::SESS_AUTHENTICATE_START => {
                if let Some(start) = plain(frame) {
                    return self.in_place_of_plain(start);
                }
                self.ask_server(frame);
                Ok(State::Authenticating)
            }
            ClientMessageType::SESS_AUTHENTICATE_CONTINUE => {
                self.ask_server(frame);
                Ok(State::Authenticating)
            }
            _ => {
                self.ask_server(frame);
                Ok(State::Done)
            }
        }
    }

    /// Logs in by one mechanism after the other, as clients without TLS do.
    fn in_place_of_plain(&mut self, start: AuthenticateStart) -> Result<State, LoginFailure> {
        let login = start.auth_data.clone().unwrap_or_default();
        if AuthData::from_bytes(&login).is_none() {
            // The server's to refuse; there is no password in it.
            self.ask_server(&to_server(start));
            return Ok(State::Authenticating);
        }
        self.attempt(login, &MECHANISMS)
    }

    /// Starts a login with the next of these mechanisms.
    fn attempt(
        &mut self,
        login: Bytes,
        mechanisms: &'static [Mechanism],
    ) -> Result<State, LoginFailure> {
        let (Some(data), Some((&mechanism, left))) =
            (AuthData::from_bytes(&login), mechanisms.split_first())
        else {
            return Ok(State::Authenticating);
        };
        // PLAIN's data has the password itself, which any other mechanism can be computed from.
        let (schema, user) = (data.schema, data.user);
        let exchange =
            ClientExchange::new(mechanism, schema, user, data.response, Channel::Insecure)
                .map_err(LoginFailure::Auth)?;
        self.ask_server(&to_server(AuthenticateStart {
            mech_name: mechanism.name().to_owned(),
            auth_data: exchange.start().map(Into::into),
            initial_response: None,
        }));
        Ok(State::ExpectChallenge(Box::new(Attempt {
            exchange,
            login,
            left,
        })))
    }

    pub(super) fn on_challenge(
        &mut self,
        attempt: Box<Attempt>,
        answer: &Frame,
    ) -> Result<State, LoginFailure> {
        let continues = ServerMessageType::SESS_AUTHENTICATE_CONTINUE;
        if ServerMessageType(answer.message_type) != continues {
            return self.on_result(*attempt, answer);
        }
        let nonce = AuthenticateContinue::from_payload(&answer.payload).map_err(unreadable)?;
        let response = attempt.exchange.handle(&nonce.auth_data);
        let auth_data = response.map_err(LoginFailure::Auth)?.into();
        self.ask_server(&to_server(AuthenticateContinue { auth_data }));
        Ok(State::ExpectResult(attempt))
    }

    pub(super) fn on_result(
        &mut self,
        attempt: Attempt,
        answer: &Frame,
    ) -> Result<State, LoginFailure> {
        if ServerMessageType(answer.message_type) != ServerMessageType::ERROR {
            self.send_to_client(answer);
            return Ok(after(answer));
        }
        let mut refusal = Error::from_payload(&answer.payload).map_err(unreadable)?;
        let is_fatal = refusal.severity() == Severity::Fatal;
        if refusal.code == ACCESS_DENIED {
            if !is_fatal && !attempt.left.is_empty() {
                return self.attempt(attempt.login, attempt.left);
            }
            // The client used TLS and a right password perhaps, so the server's text alone would mislead it.
            refusal.msg.push_str(ONLY_WITHOUT_TLS);
        }
        self.send_to_client(&to_client(refusal));
        Ok(State::Authenticating)
    }
}

/// The state after a message of the server.
pub(super) fn after(message: &Frame) -> State {
    match ServerMessageType(message.message_type) {
        ServerMessageType::SESS_AUTHENTICATE_OK => State::Done,
        _ => State::Authenticating,
    }
}

/// A login's first message, if its mechanism is PLAIN.
fn plain(frame: &Frame) -> Option<AuthenticateStart> {
    let start = AuthenticateStart::from_payload(&frame.payload).ok()?;
    (start.mech_name == Mechanism::Plain.name()).then_some(start)
}

fn unreadable(error: mynah_x::MessageError) -> LoginFailure {
    LoginFailure::Server(io::Error::other(error))
}

/// In the order in which clients try them.
static MECHANISMS: [Mechanism; 2] = [Mechanism::Mysql41, Mechanism::Sha256Memory];

const ACCESS_DENIED: u32 = error_code::ER_ACCESS_DENIED_ERROR as u32;

pub(super) const ONLY_WITHOUT_TLS: &str = " (The proxy has no TLS with the server. There accounts log in by \
                                MYSQL41, or by SHA256_MEMORY if they have logged in before by the \
                                X Protocol over TLS.)";
