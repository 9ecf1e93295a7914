//! The exchange from the server's greeting to the handshake response, in the form that the server needs.

use bytes::{Bytes, BytesMut};
use mynah_auth::Nonce;
use mynah_classic::Capabilities;
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10, SslRequest};
use mynah_session::observe::Direction;
use mynah_wire::Message;

use super::authentication::encoded;
use super::side::{ASK_SHA256, Received};
use super::state::{Decrypts, Greeted, Responded, State};
use super::{Login, capabilities};
use crate::LoginFailure;
use crate::login::mediator::Action;
use crate::login::tls_use::no_tls;
use crate::refusal::Refusal;

impl Login {
    pub(super) fn on_greeting(&mut self, packet: &Received) -> Result<State, LoginFailure> {
        self.client.next = packet.sequence_id;
        let Ok((greeting, _rest)) = HandshakeV10::from_payload_lenient(&packet.payload, ()) else {
            // An error in its place, or one of long ago: it passes as it is.
            self.send_to_client(&packet.payload)?;
            return Ok(State::Done);
        };
        let offers_tls = self.tls.is_offered(greeting.capabilities);
        let mut payload = BytesMut::from(&packet.payload[..]);
        capabilities::offer_tls(&mut payload, offers_tls);
        if !self.compresses {
            capabilities::offer_no_compression(&mut payload);
        }
        self.send_to_client(&payload)?;
        self.waits_for = Direction::Client;
        self.nonce = Nonce::from_bytes(&greeting.auth_plugin_data);
        Ok(State::ExpectResponse(Greeted {
            greeting: Box::new(greeting),
            offers_tls,
        }))
    }

    pub(super) fn on_response(
        &mut self,
        greeted: Greeted,
        packet: &Received,
    ) -> Result<State, LoginFailure> {
        self.observe(packet);
        if greeted.offers_tls && is_ssl_request(&packet.payload) {
            // What follows an SSLRequest is the client's TLS handshake and no packet.
            let start = self.client.input.split().freeze();
            self.actions.push_back(Action::AcceptTls(start));
            return Ok(State::AcceptingTls(greeted));
        }
        if self.tls.is_required() && !self.client.transport.is_secure {
            return Err(LoginFailure::WithError(Refusal::insecure()));
        }
        self.connect(greeted, packet, false)
    }

    pub(super) fn on_response_under_tls(
        &mut self,
        greeted: Greeted,
        packet: &Received,
    ) -> Result<State, LoginFailure> {
        self.observe(packet);
        self.connect(greeted, packet, true)
    }

    /// Continues after the client's response: asks the server for TLS, if it is to be used.
    fn connect(
        &mut self,
        greeted: Greeted,
        packet: &Received,
        client_has_tls: bool,
    ) -> Result<State, LoginFailure> {
        let responded = Responded {
            greeting: greeted.greeting,
            response: BytesMut::from(&packet.payload[..]),
            client_has_tls,
        };
        let offered = responded.greeting.capabilities.contains(Capabilities::SSL);
        let uses_tls = self.tls.with_server(client_has_tls, offered);
        let uses_tls = uses_tls.map_err(|()| no_tls())?;
        // The server has seen nothing of the client yet, not even its SSLRequest: the next packet has sequence id 1.
        self.server.next = 1;
        if !uses_tls {
            return self.respond(responded, false);
        }
        let request = capabilities::ssl_request(&responded.response).ok_or_else(|| {
            LoginFailure::WithError(Refusal::tls(
                "the client is too old to be carried on under TLS",
            ))
        })?;
        self.send_to_server(&request)?;
        self.actions.push_back(Action::ConnectTls);
        Ok(State::ConnectingTls(Box::new(responded)))
    }

    /// Sends the response as the server has to have it.
    pub(super) fn respond(
        &mut self,
        responded: Responded,
        server_has_tls: bool,
    ) -> Result<State, LoginFailure> {
        let Responded {
            greeting,
            mut response,
            client_has_tls,
        } = responded;
        if is_response41(&response) {
            capabilities::use_tls(&mut response, server_has_tls);
            if !self.compresses {
                capabilities::use_no_compression(&mut response);
            }
        }
        self.mediated = self.client.transport != self.server.transport;
        if self.mediated {
            self.compression = capabilities::compression(&greeting, &response);
            return self.respond_with_password(response.freeze());
        }
        self.send_to_server(&response)?;
        // With an SSLRequest on both sides or on neither, both count the same packets, and none has to be
        // renumbered.
        Ok(if client_has_tls == server_has_tls {
            State::Passing
        } else {
            State::ExpectVerdict
        })
    }

    /// Sends a response with the client's password, or asks for a key to encrypt the password for.
    fn respond_with_password(&mut self, payload: Bytes) -> Result<State, LoginFailure> {
        let response = HandshakeResponse41::from_payload_lenient(&payload, ());
        let response = response.ok().map(|(response, _rest)| response);
        let sha256 =
            |response: &HandshakeResponse41| response.client_plugin_name[..] == *b"sha256_password";
        if let Some(mut response) = response.filter(sha256) {
            let password = response.auth_response.clone();
            // An empty password, a lone NUL, is sent in clear on every channel.
            if self.client.carries_password(ASK_SHA256) && password.len() > 1 {
                response.auth_response = Bytes::from_static(&[ASK_SHA256]);
                self.send_to_server(&encoded(&response)?)?;
                return Ok(State::ExpectServerKey {
                    password,
                    in_response: true,
                });
            }
            if self.server.carries_password(ASK_SHA256) && password[..] == [ASK_SHA256] {
                self.actions.push_back(Action::MakeKey);
                return Ok(State::MakingKey(Decrypts(Some(Box::new(response)))));
            }
        }
        self.send_to_server(&payload)?;
        Ok(State::ExpectVerdict)
    }
}

fn is_ssl_request(payload: &Bytes) -> bool {
    SslRequest::from_payload(payload, ()).is_ok_and(|request| {
        request.capabilities.contains(Capabilities::SSL)
            && payload.len() == SslRequest::len(request.capabilities)
    })
}

fn is_response41(payload: &[u8]) -> bool {
    // PROTOCOL_41 is bit 9.
    payload.get(1).is_some_and(|byte| byte & 0x02 != 0)
}
