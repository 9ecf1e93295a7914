use bytes::Bytes;
use mynah_auth::server::{Exchange, Step};
use mynah_auth::{Channel, Method, Nonce};
use mynah_classic::Capabilities;
use mynah_classic::StatusFlags;
use mynah_classic::connection::{
    AuthMoreData, AuthSwitchRequest, HandshakeResponse41, HandshakeV10, SslRequest,
};
use mynah_classic::response::{OkPacket, SessionStateChange, SessionStateChanges};
use mynah_wire::Message;
use mynah_wire::compress::Algorithm;

use super::authentication;
use super::command_phase::{Greeted, LoggedIn};
use super::machine::{Action, Server, State};
use crate::placeholders::Dialect;
use crate::{Account, CharacterSets, Failure, Greeting, Login, SessionError, SessionState, Tls};

/// The greeting is sent; or, behind an SSLRequest, TLS is being started.
#[derive(Debug)]
pub(super) struct ExpectHandshakeResponse {
    offered: Capabilities,
    greeted: Greeted,
    auth_method: Bytes,
    thread_id: u32,
    dialect: Dialect,
    tls: Option<Tls>,
}

/// The client has said who it is.
#[derive(Debug)]
pub(super) struct ExpectAccount {
    pub(super) pending: LoggedIn,
    pub(super) first: FirstResponse,
}

/// What a client sends along when it says who it is.
#[derive(Debug)]
pub(super) struct FirstResponse {
    /// The method that the server named; none if what the client sent was made with a nonce that
    /// is no longer fresh.
    pub(super) greeted: Option<Bytes>,
    pub(super) auth_response: Bytes,
    pub(super) plugin_name: Bytes,
}

/// What is known but for the key that the client is to encrypt its password for.
#[derive(Debug)]
pub(super) struct ExpectRsaKey {
    pub(super) pending: LoggedIn,
    account: Account,
    method: Method,
    first: FirstResponse,
}

/// The client's answer is being checked, or it was asked for another one.
#[derive(Debug)]
pub(super) struct ExpectAuthentication {
    pub(super) pending: LoggedIn,
    account: Account,
    exchange: Exchange,
}

impl Server {
    pub(super) fn greet(
        &mut self,
        greeting: Result<Greeting, Failure>,
    ) -> Result<State, SessionError> {
        let greeting = match greeting {
            Ok(greeting) => greeting,
            Err(failure) => return self.refuse(failure, Capabilities::empty()),
        };
        let default = DEFAULT | Capabilities::SSL | self.options.capabilities;
        let offered = greeting.capabilities.unwrap_or(default) | greeting.more_capabilities;
        let mut offered = offered & SUPPORTED;
        if offered.bits() > u64::from(u32::MAX) {
            // Which is how MariaDB's servers say that they have more.
            offered.remove(Capabilities::LONG_PASSWORD);
        }
        if !self.options.offer_tls {
            offered.remove(Capabilities::SSL);
        }
        if let Some(nonce) = &greeting.nonce {
            self.options.nonce = Nonce::from_bytes(nonce);
        }
        let auth_method = greeting
            .auth_method
            .unwrap_or_else(|| Method::CachingSha2Password.name().into());
        let handshake = HandshakeV10 {
            server_version: greeting
                .server_version
                .unwrap_or_else(|| self.options.server_version.clone()),
            thread_id: greeting.connection_id.unwrap_or(self.options.connection_id),
            auth_plugin_data: greeted_nonce(&self.options.nonce, offered),
            capabilities: offered,
            character_set: greeting.character_set,
            status_flags: greeting.status_flags,
            auth_plugin_name: auth_method.clone(),
        };
        self.exchange.send(&handshake, ())?;
        let dialect = Dialect::of_version(&handshake.server_version);
        Ok(State::ExpectHandshakeResponse(ExpectHandshakeResponse {
            offered,
            greeted: Greeted {
                status_flags: greeting.status_flags,
                default_collation: dialect.default_collation(greeting.character_set),
            },
            auth_method,
            thread_id: handshake.thread_id,
            dialect,
            tls: None,
        }))
    }

    pub(super) fn handshake_response(
        &mut self,
        greeted: ExpectHandshakeResponse,
        payload: &Bytes,
    ) -> Result<State, SessionError> {
        let client = client_capabilities(payload);
        if !client.contains(Capabilities::PROTOCOL_41) {
            return Err(SessionError::Protocol320);
        }
        if client.contains(Capabilities::SSL) && payload.len() == SslRequest::LEN {
            if !greeted.offered.contains(Capabilities::SSL) || greeted.tls.is_some() {
                return Err(SessionError::TlsNotOffered);
            }
            self.actions.push_back(Action::StartTls);
            return Ok(State::ExpectTls(greeted));
        }
        if self.options.require_secure_transport && !self.options.channel.is_secure() {
            let failure = authentication::insecure_transport();
            return self.refuse(failure, Capabilities::PROTOCOL_41);
        }
        let (response, _rest) = HandshakeResponse41::from_payload_lenient(payload, ())
            .map_err(SessionError::Handshake)?;
        let character_sets = CharacterSets::of_login(
            response.character_set.into(),
            greeted.greeted.default_collation,
            greeted.dialect,
        );
        let character_sets = match character_sets {
            Ok(character_sets) => character_sets,
            Err(failure) => return self.refuse(failure, greeted.offered & response.capabilities),
        };
        let shared = greeted.offered & response.capabilities;
        let login = Login {
            username: response.username,
            schema: schema(response.database),
            collation: response.character_set.into(),
            attributes: response.attributes,
            capabilities: shared,
            peer: self.options.peer,
            tls: greeted.tls,
        };
        let compression = if shared.contains(Capabilities::COMPRESS) {
            Some(Algorithm::Zlib)
        } else if shared.contains(Capabilities::ZSTD_COMPRESSION_ALGORITHM) {
            Some(Algorithm::Zstd(
                response.zstd_compression_level.clamp(1, ZSTD_MOST),
            ))
        } else {
            None
        };
        self.actions.push_back(Action::AskAccount(login.clone()));
        Ok(State::ExpectAccount(ExpectAccount {
            pending: LoggedIn {
                shared,
                compression,
                session: SessionState::greeted(
                    greeted.greeted.status_flags,
                    character_sets,
                    login.schema.clone(),
                ),
                greeted: greeted.greeted,
                login,
                thread_id: greeted.thread_id,
                dialect: greeted.dialect,
                statements: None,
            },
            first: FirstResponse {
                greeted: Some(greeted.auth_method),
                auth_response: response.auth_response,
                plugin_name: response.client_plugin_name,
            },
        }))
    }

    pub(super) fn tls_started(&mut self, mut greeted: ExpectHandshakeResponse, tls: Tls) -> State {
        self.options.channel = Channel::Tls;
        greeted.tls = Some(tls);
        State::ExpectHandshakeResponse(greeted)
    }

    pub(super) fn authenticate(
        &mut self,
        state: ExpectAccount,
        account: Result<Account, Failure>,
    ) -> Result<State, SessionError> {
        let ExpectAccount { pending, first } = state;
        let account = match account {
            Ok(account) => account,
            Err(failure) => return self.refuse(failure, pending.shared),
        };
        let client = authentication::client_method(pending.shared, &first.plugin_name);
        let greeted = first.greeted.as_deref();
        let method = match authentication::choose(&account, &client, greeted) {
            Ok(method) => method,
            Err(failure) => return self.refuse(failure, pending.shared),
        };
        let state = ExpectRsaKey {
            pending,
            account,
            method,
            first,
        };
        if authentication::needs_rsa_key(&state.account, method, self.options.channel)
            && self.options.rsa_key.is_none()
        {
            self.actions.push_back(Action::AskRsaKey);
            return Ok(State::ExpectRsaKey(state));
        }
        self.challenge(state)
    }

    /// Checks what the client sent along, or asks it to answer by another method.
    pub(super) fn challenge(&mut self, state: ExpectRsaKey) -> Result<State, SessionError> {
        let ExpectRsaKey {
            pending,
            account,
            method,
            first,
        } = state;
        let client = authentication::client_method(pending.shared, &first.plugin_name);
        let answered = client.answered(method, first.greeted.as_deref());
        let options = &self.options;
        let nonce: &[u8] = if answered {
            options.nonce.as_bytes()
        } else {
            options.switch_nonce.as_bytes()
        };
        let user = &pending.login.username;
        let exchange = authentication::exchange(&account, method, nonce, user, options);
        let exchange = match exchange {
            Ok(exchange) => exchange,
            Err(failure) => return self.refuse(failure, pending.shared),
        };
        let state = ExpectAuthentication {
            pending,
            account,
            exchange,
        };
        if answered {
            return self.authentication(state, &first.auth_response);
        }
        let request = AuthSwitchRequest {
            plugin_name: method.name().into(),
            plugin_provided_data: state.exchange.plugin_data().into(),
        };
        self.exchange.send(&request, ())?;
        Ok(State::ExpectAuthentication(state))
    }

    pub(super) fn authentication(
        &mut self,
        mut state: ExpectAuthentication,
        response: &[u8],
    ) -> Result<State, SessionError> {
        let more_data = match state.exchange.handle(response) {
            Step::More(data) => {
                self.exchange.send(&auth_more_data(data), ())?;
                return Ok(State::ExpectAuthentication(state));
            }
            Step::Passed { more_data } => more_data,
            Step::Refused(_) => return self.deny(&state),
        };
        if !authentication::admits(&state.account, &state.pending.login) {
            return self.deny(&state);
        }
        if let Some(hash) = state.exchange.learned() {
            let user = &state.pending.login.username;
            self.options.passwords.remember(user, hash);
        }
        if let Some(data) = more_data {
            self.exchange.send(&auth_more_data(data), ())?;
        }
        if let Some(error) = state.account.error {
            return self.refuse(error, state.pending.shared);
        }
        let mut pending = state.pending;
        let ok = login_ok(&pending.session, pending.shared);
        self.exchange.send(&ok, pending.shared)?;
        self.exchange.set_limit(self.options.max_allowed_packet);
        self.exchange.start_command();
        self.login_version += 1;
        let compression = pending.compression.take();
        self.actions.extend(compression.map(Action::Compress));
        Ok(State::ExpectCommand(pending))
    }

    fn deny(&mut self, state: &ExpectAuthentication) -> Result<State, SessionError> {
        let pending = &state.pending;
        let failure = authentication::access_denied(&pending.login);
        self.refuse(failure, pending.shared)
    }
}

/// The schema that a client names; an empty name is none.
pub(super) fn schema(name: Bytes) -> Option<Bytes> {
    Some(name).filter(|name| !name.is_empty())
}

/// The client's capabilities, from the start of a payload that may be no handshake response 41.
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

fn auth_more_data(data: Vec<u8>) -> AuthMoreData {
    AuthMoreData {
        authentication_method_data: data.into(),
    }
}

/// The OK that ends a login. It says of a session which schema it is in, and that it has no
/// transaction open, to a client that can be told.
fn login_ok(session: &SessionState, shared: Capabilities) -> OkPacket {
    let mut ok = OkPacket {
        status_flags: session.flags(),
        ..OkPacket::default()
    };
    if shared.contains(Capabilities::SESSION_TRACK) {
        let schema = session.schema.clone().map(SessionStateChange::Schema);
        // MySQL Router's mock says this.
        let none = SessionStateChange::TransactionCharacteristics(Bytes::new());
        ok.session_state_changes = SessionStateChanges::new(schema.iter().chain([&none]));
        ok.status_flags |= StatusFlags::SESSION_STATE_CHANGED;
    }
    ok
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
