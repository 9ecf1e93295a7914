//! The exchange from the client's response to the server's verdict, and all of COM_CHANGE_USER. Packets are
//! forwarded unchanged, except where the two sides need different sequence ids, or where only one side may
//! send its password in clear text.

use bytes::{Bytes, BytesMut};
use mynah_auth::Nonce;
use mynah_auth::rsa::{PrivateKey, PublicKey};
use mynah_classic::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, HandshakeResponse41,
};
use mynah_session::observe::Direction;
use mynah_wire::Message;

use super::Login;
use super::side::{ASK_CACHING_SHA2, ASK_SHA256, Received, Side};
use super::state::{Decrypts, State};
use crate::LoginFailure;
use crate::login::mediator::{Action, closed};
use crate::refusal::Refusal;

/// How a login ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    LoggedIn,
    Refused,
}

impl Login {
    /// Forwards the packets at hand, of which nothing has to change. A client that has sent all
    /// is left to the caller.
    pub(super) fn pass_on(&mut self) -> Result<bool, LoginFailure> {
        // Nothing has to change, so the client's bytes pass without being cut into packets.
        if !self.client.input.is_empty() {
            let bytes = self.client.input.split().freeze();
            self.actions.push_back(Action::ToServer(bytes.clone()));
            self.actions.push_back(Action::Observe(bytes));
            self.waits_for = Direction::Server;
            return Ok(true);
        }
        let Some(packet) = self.server.receive().map_err(LoginFailure::Server)? else {
            if self.server.is_closed {
                return Err(closed(Direction::Server));
            }
            if self.client.is_closed {
                self.state = State::Done;
            }
            return Ok(self.client.is_closed);
        };
        self.actions.push_back(Action::ToClient(packet.wire));
        // For an error of the proxy, if the login fails later.
        self.client.next = packet.sequence_id.wrapping_add(1);
        match verdict(&packet.payload) {
            Some(_) => self.state = State::Done,
            None => self.waits_for = next_sender_after(&packet.payload),
        }
        Ok(true)
    }

    /// The client sends a packet while the server decides.
    pub(super) fn on_client(&mut self, packet: &Received) -> Result<State, LoginFailure> {
        self.observe(packet);
        self.send_to_server(&packet.payload)?;
        Ok(State::ExpectVerdict)
    }

    /// The server decides, or wants to know more.
    pub(super) fn on_server(&mut self, payload: &Bytes) -> Result<State, LoginFailure> {
        self.send_to_client(payload)?;
        match verdict(payload) {
            Some(Verdict::LoggedIn) => return Ok(State::Done),
            Some(Verdict::Refused) => {
                if !self.is_again {
                    // There is nothing left to say.
                    self.actions.push_back(Action::CloseClient);
                }
                return Ok(State::Done);
            }
            None => self.waits_for = next_sender_after(payload),
        }
        match payload.first() {
            Some(&AuthMoreData::HEADER) if payload[..] == FULL_AUTHENTICATION => {
                Ok(self.expect_password(ASK_CACHING_SHA2))
            }
            Some(&(AuthSwitchRequest::HEADER | AuthNextFactor::HEADER))
                if self.begins_sha256(payload) =>
            {
                Ok(self.expect_password(ASK_SHA256))
            }
            _ => Ok(State::ExpectVerdict),
        }
    }

    fn expect_password(&mut self, key_request: u8) -> State {
        self.waits_for = Direction::Client;
        State::ExpectPassword { key_request }
    }

    /// The client's password, in the form that its channel has for it; the server gets it in the form
    /// that its own has.
    pub(super) fn on_password(
        &mut self,
        packet: &Received,
        key_request: u8,
    ) -> Result<State, LoginFailure> {
        self.observe(packet);
        let payload = &packet.payload;
        let carries = |side: &Side| side.carries_password(key_request);
        match (carries(&self.client), carries(&self.server)) {
            // An empty password is a NUL, or nothing, everywhere.
            // The password came in clear. The server may get it only encrypted for its own key.
            (true, false) if payload.len() > 1 => {
                self.send_to_server(&[key_request])?;
                Ok(State::ExpectServerKey {
                    password: payload.clone(),
                    in_response: false,
                })
            }
            // The client asks for a key. The server expects the password in clear, so the client gets the proxy's
            // key.
            (false, true) if payload[..] == [key_request] => {
                self.actions.push_back(Action::MakeKey);
                Ok(State::MakingKey(Decrypts(None)))
            }
            _ => {
                self.send_to_server(payload)?;
                Ok(State::ExpectVerdict)
            }
        }
    }

    /// The server's key, for a password that came in clear; or what it says in its place.
    pub(super) fn on_server_key(
        &mut self,
        payload: &Bytes,
        password: &[u8],
        in_response: bool,
    ) -> Result<State, LoginFailure> {
        let switches = payload.first() == Some(&AuthSwitchRequest::HEADER);
        if in_response && switches {
            // The account has another method: all goes on as usual.
            let is_sha256 = self.begins_sha256(payload);
            self.send_to_client(payload)?;
            self.waits_for = next_sender_after(payload);
            return Ok(match is_sha256 {
                true => self.expect_password(ASK_SHA256),
                false => State::ExpectVerdict,
            });
        }
        let Ok(more) = AuthMoreData::from_payload(payload, ()) else {
            // It is an error, which the client gets.
            self.send_to_client(payload)?;
            return Ok(State::Refused);
        };
        // The NUL that ends a password in clear; `encrypt` adds one of its own.
        let password = password.strip_suffix(b"\0").unwrap_or(password);
        let encrypted = PublicKey::from_pem(&more.authentication_method_data)
            .and_then(|key| key.encrypt(password, &self.nonce))
            .map_err(|error| LoginFailure::WithError(Refusal::password(error.to_string())))?;
        self.send_to_server(&encrypted)?;
        Ok(State::ExpectVerdict)
    }

    /// The client wanted a key to encrypt its password for: it gets this one.
    pub(super) fn on_key(
        &mut self,
        key: PrivateKey,
        decrypts: Decrypts,
    ) -> Result<State, LoginFailure> {
        let mut more = vec![AuthMoreData::HEADER];
        more.extend(key.public_key_pem().map_err(LoginFailure::Auth)?);
        self.send_to_client(&more)?;
        self.waits_for = Direction::Client;
        Ok(State::ExpectEncrypted(key, decrypts))
    }

    pub(super) fn on_encrypted(
        &mut self,
        key: &PrivateKey,
        decrypts: Decrypts,
        packet: &Received,
    ) -> Result<State, LoginFailure> {
        self.observe(packet);
        let Some(mut password) = key.decrypt(&packet.payload, &self.nonce) else {
            let message = "the password is not encrypted for the key that was sent";
            return Err(LoginFailure::WithError(Refusal::password(message)));
        };
        // In clear, the password ends with a NUL.
        password.push(0);
        match decrypts.0 {
            Some(mut response) => {
                response.auth_response = password.into();
                self.send_to_server(&encoded(&response)?)?;
            }
            None => self.send_to_server(&password)?,
        }
        Ok(State::ExpectVerdict)
    }

    /// Notes the method that begins here. Returns whether it sends the password at once.
    fn begins_sha256(&mut self, payload: &Bytes) -> bool {
        // A next factor has the same form behind another first byte.
        let mut switch = BytesMut::from(&payload[..]);
        if let Some(first) = switch.first_mut() {
            *first = AuthSwitchRequest::HEADER;
        }
        let Ok(switch) = AuthSwitchRequest::from_payload(&switch.freeze(), ()) else {
            return false;
        };
        self.nonce = Nonce::from_bytes(&switch.plugin_provided_data);
        switch.plugin_name[..] == *b"sha256_password"
    }
}

pub(super) fn encoded(response: &HandshakeResponse41) -> Result<Bytes, LoginFailure> {
    response.to_payload(()).map_err(LoginFailure::Encode)
}

/// The verdict (OK or ERR) in a packet of the server; `None` if the exchange continues.
fn verdict(payload: &[u8]) -> Option<Verdict> {
    match payload.first() {
        Some(&OK) => Some(Verdict::LoggedIn),
        Some(&ERR) => Some(Verdict::Refused),
        _ => None,
    }
}

/// The side that sends next, after a packet of the server that is no verdict.
fn next_sender_after(payload: &[u8]) -> Direction {
    if payload == FAST_AUTHENTICATION {
        Direction::Server
    } else {
        Direction::Client
    }
}

const OK: u8 = 0x00;
const ERR: u8 = 0xff;
const FAST_AUTHENTICATION: [u8; 2] = [AuthMoreData::HEADER, 3];
const FULL_AUTHENTICATION: [u8; 2] = [AuthMoreData::HEADER, 4];
