use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::connection::{Handshake, HandshakeResponse};
use mynah_classic::response::{ErrPacket, OkPacket};
use mynah_wire::Message as _;
use mynah_wire::compress::Algorithm;

use super::follower::{COMPRESSION, Follower, Phase, undecodable};
use crate::observe::answer::schema_in;
use crate::observe::identity::Identity;
use crate::observe::side::Cut;
use crate::observe::{Compression, Direction, Event, LoginAttempt, Loss, What};
use crate::placeholders::Dialect;
use crate::sql::Settings;

impl Follower {
    pub(super) fn greeting(&mut self, cut: &Cut, see: &mut impl FnMut(Event)) {
        if cut.first == Some(ERR) {
            return self.refused(cut, What::Greeting, see);
        }
        match Handshake::from_payload_lenient(&cut.payload, ()) {
            Ok((greeting, _rest)) => {
                self.emit_from_server(cut, What::Greeting, see);
                self.phase = Phase::HandshakeResponse;
                let (server_version, thread_id) = match greeting {
                    Handshake::V10(greeting) => {
                        self.shared = greeting.capabilities;
                        let server = Dialect::of_version(&greeting.server_version);
                        self.settings.server = server;
                        self.default_collation = server.default_collation(greeting.character_set);
                        (greeting.server_version, greeting.thread_id)
                    }
                    Handshake::V9(greeting) => (greeting.server_version, greeting.thread_id),
                };
                see(Event::Greeting {
                    server_version,
                    thread_id,
                });
            }
            Err(error) => {
                self.emit_from_server(cut, undecodable(&error), see);
                self.lose(Loss::NoGreeting(error), see);
            }
        }
    }

    pub(super) fn handshake_response(&mut self, cut: &Cut, see: &mut impl FnMut(Event)) {
        match HandshakeResponse::from_payload_lenient(&cut.payload, ()) {
            Ok((HandshakeResponse::Ssl(_), _)) => {
                self.emit(Direction::Client, cut, What::SslRequest, see);
                self.phase = Phase::Tls;
                see(Event::TlsRequested);
            }
            Ok((response, _rest)) => {
                self.emit(Direction::Client, cut, What::HandshakeResponse, see);
                // What was not offered is not in force, whatever the client says.
                self.shared &= response.capabilities();
                if let HandshakeResponse::V41(response) = &response {
                    self.zstd_level = response.zstd_compression_level;
                    let collation = response.character_set.into();
                    let (server, default) = (self.settings.server, self.default_collation);
                    self.settings = Settings::of_login(server, collation, default);
                }
                self.phase = Phase::Authentication;
                let login = attempt(response);
                let identity = Identity {
                    user: login.user.clone(),
                    schema: login.schema.clone(),
                };
                self.identity.change_to(identity, see);
                see(Event::Login(login));
            }
            Err(error) => {
                self.emit(Direction::Client, cut, undecodable(&error), see);
                self.lose(Loss::NoHandshakeResponse(error), see);
            }
        }
    }

    /// What the server says until it is decided whether the client may come in.
    pub(super) fn authentication(&mut self, cut: &Cut, see: &mut impl FnMut(Event)) {
        match cut.first {
            // Before the client has answered the greeting, an OK can't end the login.
            Some(OK) if self.phase == Phase::Authentication => self.logged_in(cut, see),
            Some(ERR) => self.refused(cut, What::LoginEnd, see),
            _ => self.emit_from_server(cut, What::AuthRequest, see),
        }
    }

    fn logged_in(&mut self, cut: &Cut, see: &mut impl FnMut(Event)) {
        let ok = match OkPacket::from_payload(&cut.payload, self.shared) {
            Ok(ok) => ok,
            Err(error) => {
                self.emit_from_server(cut, undecodable(&error), see);
                return self.lose(Loss::NoLoginEnd(error), see);
            }
        };
        self.emit_from_server(cut, What::LoginEnd, see);
        self.phase = Phase::Command;
        self.settings.follow_status(ok.status_flags);
        for change in ok.session_state_changes.iter().map_while(Result::ok) {
            self.settings.follow_change(&change);
        }
        if let Some(schema) = schema_in(&ok) {
            let identity = self.identity.in_schema(schema);
            self.identity.change_to(identity, see);
        }
        see(Event::LoggedIn);
        if let Some(algorithm) = self.compression() {
            self.client.compress(algorithm);
            self.server.compress(algorithm);
            see(Event::Compressed(Compression::Classic(algorithm)));
        }
    }

    /// What both sides do from the login on: zlib before zstd, as servers have it.
    pub(super) fn compression(&self) -> Option<Algorithm> {
        if !self.shared.intersects(COMPRESSION) {
            None
        } else if self.shared.contains(Capabilities::COMPRESS) {
            Some(Algorithm::Zlib)
        } else {
            Some(Algorithm::Zstd(self.zstd_level))
        }
    }

    fn refused(&mut self, cut: &Cut, what: What, see: &mut impl FnMut(Event)) {
        self.emit_from_server(cut, what, see);
        // Before the greeting there are no capabilities, and no state in the error.
        let shared = self.shared | Capabilities::PROTOCOL_41;
        let error = ErrPacket::from_payload(&cut.payload, shared);
        let error = error.unwrap_or_else(|_| ErrPacket {
            error_code: 0,
            sql_state: None,
            error_message: Bytes::new(),
        });
        see(Event::Refused(error.into()));
        self.close(see);
    }
}

fn attempt(response: HandshakeResponse) -> LoginAttempt {
    let capabilities = Some(response.capabilities());
    match response {
        HandshakeResponse::V41(response) => LoginAttempt {
            user: response.username,
            schema: response.database,
            method: response.client_plugin_name,
            capabilities,
        },
        HandshakeResponse::V320(response) => LoginAttempt {
            user: response.username,
            schema: response.database,
            method: Bytes::new(),
            capabilities,
        },
        HandshakeResponse::Ssl(_) => LoginAttempt::default(),
    }
}

const OK: u8 = 0x00;
const ERR: u8 = 0xff;
