//! The greeting, and the client's answer to it.

use bytes::Bytes;
use mynah_auth::{Channel, Method, Nonce};
use mynah_classic::Capabilities;
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10, SslRequest};
use mynah_wire::Message;
use mynah_wire::compress::Algorithm;

use super::authentication;
use super::connecting::{Connecting, ExpectAccount, ExpectHandshakeResponse, FirstResponse, Step};
use super::core::Core;
use super::event::Action;
use super::logged_in::{Greeted, LoggedIn};
use crate::placeholders::Dialect;
use crate::{CharacterSets, Failure, Greeting, Login, Question, SessionError, SessionState, Tls};

/// Greets the client.
pub(super) fn greet(
    core: &mut Core,
    greeting: Result<Box<Greeting>, Failure>,
) -> Result<Step, SessionError> {
    let greeting = match greeting {
        Ok(greeting) => *greeting,
        Err(failure) => return Step::refused(core, failure, Capabilities::empty()),
    };
    let options = &core.options;
    let default = DEFAULT | Capabilities::SSL | options.capabilities;
    let offered = greeting.capabilities.unwrap_or(default) | greeting.more_capabilities;
    let mut offered = offered & SUPPORTED;
    if offered.bits() > u64::from(u32::MAX) {
        // Which is how MariaDB's servers say that they have more.
        offered.remove(Capabilities::LONG_PASSWORD);
    }
    if !options.offer_tls {
        offered.remove(Capabilities::SSL);
    }
    if !Algorithm::Zstd(ZSTD_MOST).is_built() {
        offered.remove(Capabilities::ZSTD_COMPRESSION_ALGORITHM);
    }
    if let Some(nonce) = &greeting.nonce {
        core.nonce = Nonce::from_bytes(nonce);
    }
    let auth_method = greeting
        .auth_method
        .unwrap_or_else(|| Method::CachingSha2Password.name().into());
    let handshake = HandshakeV10 {
        server_version: greeting
            .server_version
            .unwrap_or_else(|| options.server_version.clone()),
        thread_id: greeting.connection_id.unwrap_or(options.connection_id),
        auth_plugin_data: greeted_nonce(&core.nonce, offered),
        capabilities: offered,
        character_set: greeting.character_set,
        status_flags: greeting.status_flags,
        auth_plugin_name: auth_method.clone(),
    };
    core.exchange.send(&handshake, ())?;
    let dialect = Dialect::of_version(&handshake.server_version);
    let next = ExpectHandshakeResponse {
        offered,
        greeted: Greeted {
            status_flags: greeting.status_flags,
            default_collation: dialect.default_collation(greeting.character_set),
        },
        auth_method,
        thread_id: handshake.thread_id,
        dialect,
        tls: None,
    };
    Ok(Step::Wait(Connecting::HandshakeResponse(Box::new(next))))
}

impl ExpectHandshakeResponse {
    /// Takes the client's handshake response, or its request for TLS.
    pub(super) fn response(
        self: Box<Self>,
        core: &mut Core,
        payload: &Bytes,
    ) -> Result<Step, SessionError> {
        let client = client_capabilities(payload);
        if !client.contains(Capabilities::PROTOCOL_41) {
            return Err(SessionError::Protocol320);
        }
        // The capability flags are the same in both packets: only the length distinguishes an SSLRequest from
        // a handshake response.
        if client.contains(Capabilities::SSL) && payload.len() == SslRequest::LEN {
            if !self.offered.contains(Capabilities::SSL) || self.tls.is_some() {
                return Err(SessionError::TlsNotOffered);
            }
            core.actions.push_back(Action::StartTls);
            return Ok(Step::Wait(Connecting::Tls(self)));
        }
        // Before the handshake response is decoded: its password would be checked on an insecure channel
        // otherwise.
        if core.options.require_secure_transport && !core.channel.is_secure() {
            let failure = authentication::insecure_transport();
            return Step::refused(core, failure, Capabilities::PROTOCOL_41);
        }
        let (response, _rest) = HandshakeResponse41::from_payload_lenient(payload, ())
            .map_err(SessionError::Handshake)?;
        // A feature is used only if both sides have its flag ("Capabilities Flags").
        let shared = self.offered & response.capabilities;
        let character_sets = CharacterSets::of_login(
            response.character_set.into(),
            self.greeted.default_collation,
            self.dialect,
        );
        let character_sets = match character_sets {
            Ok(character_sets) => character_sets,
            Err(failure) => return Step::refused(core, failure, shared),
        };
        let login = Login {
            username: response.username,
            schema: schema(response.database),
            collation: response.character_set.into(),
            attributes: response.attributes,
            capabilities: shared,
            max_packet_size: response.max_packet_size,
            peer: core.options.peer,
            tls: self.tls,
        };
        let session = SessionState::greeted(
            self.greeted.status_flags,
            character_sets,
            login.schema.clone(),
        );
        // Nothing is known of the account yet, so even an unknown user gets the whole exchange.
        core.ask(Question::Account(Box::new(login.clone())));
        let pending = LoggedIn {
            shared,
            compression: compression(shared, response.zstd_compression_level),
            session,
            greeted: self.greeted,
            login,
            thread_id: self.thread_id,
            dialect: self.dialect,
            statements: None,
        };
        Ok(Step::Wait(Connecting::Account(Box::new(ExpectAccount {
            pending: Box::new(pending),
            first: FirstResponse {
                greeted: Some(self.auth_method),
                auth_response: response.auth_response,
                plugin_name: response.client_plugin_name,
            },
        }))))
    }

    /// The connection is encrypted now; the client says once more what it wants.
    pub(super) fn tls_started(mut self: Box<Self>, core: &mut Core, tls: Tls) -> Step {
        core.channel = Channel::Tls;
        self.tls = Some(tls);
        Step::Wait(Connecting::HandshakeResponse(self))
    }
}

/// The compression that the capability flags agree on.
fn compression(shared: Capabilities, zstd_level: u8) -> Option<Algorithm> {
    if shared.contains(Capabilities::COMPRESS) {
        Some(Algorithm::Zlib)
    } else if shared.contains(Capabilities::ZSTD_COMPRESSION_ALGORITHM) {
        Some(Algorithm::Zstd(zstd_level.clamp(1, ZSTD_MOST)))
    } else {
        None
    }
}

/// The schema that a client names; an empty name is none.
pub(super) fn schema(name: Bytes) -> Option<Bytes> {
    Some(name).filter(|name| !name.is_empty())
}

/// The client's capability flags, from the start of a payload that may be no HandshakeResponse41.
fn client_capabilities(payload: &[u8]) -> Capabilities {
    let standard = match payload {
        [a, b, c, d, ..] => u32::from_le_bytes([*a, *b, *c, *d]),
        [a, b, ..] => u32::from_le_bytes([*a, *b, 0, 0]),
        _ => 0,
    };
    Capabilities::from_halves(standard, 0)
}

fn greeted_nonce(nonce: &Nonce, offered: Capabilities) -> Bytes {
    let nonce = Bytes::copy_from_slice(nonce.as_bytes());
    if offered.intersects(Capabilities::PLUGIN_AUTH | Capabilities::SECURE_CONNECTION) {
        nonce
    } else {
        nonce.slice(..8)
    }
}

/// What is offered unless the handler says otherwise, besides TLS.
const DEFAULT: Capabilities = Capabilities::LONG_PASSWORD
    .union(Capabilities::FOUND_ROWS)
    .union(Capabilities::LONG_FLAG)
    .union(Capabilities::CONNECT_WITH_DB)
    .union(Capabilities::NO_SCHEMA)
    .union(Capabilities::ODBC)
    .union(Capabilities::LOCAL_FILES)
    .union(Capabilities::PROTOCOL_41)
    .union(Capabilities::TRANSACTIONS)
    .union(Capabilities::SECURE_CONNECTION)
    .union(Capabilities::MULTI_RESULTS)
    .union(Capabilities::PS_MULTI_RESULTS)
    .union(Capabilities::PLUGIN_AUTH)
    .union(Capabilities::CONNECT_ATTRS)
    .union(Capabilities::PLUGIN_AUTH_LENENC_CLIENT_DATA)
    .union(Capabilities::CAN_HANDLE_EXPIRED_PASSWORDS)
    .union(Capabilities::SESSION_TRACK)
    .union(Capabilities::DEPRECATE_EOF);

/// The greatest level of zstd.
const ZSTD_MOST: u8 = 22;

/// What may be offered: all but what changes the bytes of the protocol in a way that isn't
/// spoken here.
const SUPPORTED: Capabilities = Capabilities::MARIADB_PROGRESS
    .union(Capabilities::MARIADB_COM_MULTI)
    .union(Capabilities::MULTI_FACTOR_AUTHENTICATION)
    .union(Capabilities::CAPABILITY_EXTENSION)
    .complement();
