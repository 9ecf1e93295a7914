//! The login: from the greeting to the OK.

use bytes::Bytes;
use mynah_auth::server::{Exchange, Step as AuthStep};
use mynah_auth::{Channel, LongNonce, Method, Nonce};
use mynah_classic::Capabilities;
use mynah_classic::StatusFlags;
use mynah_classic::connection::{
    AuthMoreData, AuthSwitchRequest, HandshakeResponse41, HandshakeV10, SslRequest,
};
use mynah_classic::response::{OkPacket, SessionStateChange, SessionStateChanges};
use mynah_wire::Message;
use mynah_wire::compress::Algorithm;

use super::authentication;
use super::core::Core;
use super::event::{Action, Input};
use super::logged_in::{Greeted, LoggedIn};
use crate::placeholders::Dialect;
use crate::{
    Account, Answer, CharacterSets, Failure, Greeting, Login, Question, SessionError, SessionState,
    Tls,
};

/// What a session waits for whose client isn't logged in, or logs in once more.
#[derive(Debug)]
pub(super) enum Connecting {
    /// What the client is greeted with.
    Greeting,
    /// The client's handshake response, or its request for TLS.
    HandshakeResponse(Box<ExpectHandshakeResponse>),
    /// That the connection is encrypted.
    Tls(Box<ExpectHandshakeResponse>),
    /// A nonce, of a client that logs in once more.
    Nonce(Box<ExpectAccount>),
    /// The account of the user.
    Account(Box<ExpectAccount>),
    /// The key that the client encrypts its password for.
    RsaKey(Box<ExpectRsaKey>),
    /// What the method of authentication has the client send.
    Authentication(Box<ExpectAuthentication>),
}

/// How a login goes on.
#[derive(Debug)]
pub(super) enum Step {
    /// It waits for this.
    Wait(Connecting),
    /// The client is logged in.
    Passed(Box<LoggedIn>),
    /// It is refused, and the connection over.
    Closed,
}

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

/// The client has said which user it is.
#[derive(Debug)]
pub(super) struct ExpectAccount {
    pub(super) pending: Box<LoggedIn>,
    pub(super) first: FirstResponse,
}

/// What a client sends along when it says which user it is.
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
    pending: Box<LoggedIn>,
    account: Account,
    method: Method,
    first: FirstResponse,
}

/// The client's answer is being checked, or it was asked for another one.
#[derive(Debug)]
pub(super) struct ExpectAuthentication {
    pending: Box<LoggedIn>,
    account: Account,
    exchange: Exchange,
}

impl Connecting {
    /// Takes what it waits for.
    pub(super) fn take(self, core: &mut Core, input: Input) -> Result<Step, SessionError> {
        match (self, input) {
            (Self::HandshakeResponse(state), Input::Message(payload)) => {
                state.response(core, &payload)
            }
            (Self::Authentication(state), Input::Message(payload)) => {
                state.response(core, &payload)
            }
            (Self::Tls(state), Input::TlsStarted(tls)) => Ok(state.tls_started(core, tls)),
            (state, Input::Answer(answer)) => state.answered(core, answer),
            (state, input) => Err(state.unexpected(input.name())),
        }
    }

    fn answered(self, core: &mut Core, answer: Answer) -> Result<Step, SessionError> {
        match (self, answer) {
            (Self::Greeting, Answer::Greeting(greeting)) => greet(core, greeting),
            (Self::Nonce(state), Answer::Nonce(nonce)) => Ok(state.nonce(core, nonce)),
            (Self::Account(state), Answer::Account(account)) => state.account(core, account),
            (Self::RsaKey(state), Answer::RsaKey(key)) => {
                core.rsa_key = key;
                state.challenge(core)
            }
            (state, answer) => Err(state.unexpected(answer.name())),
        }
    }

    fn unexpected(&self, event: &'static str) -> SessionError {
        SessionError::Unexpected {
            state: self.name(),
            event,
        }
    }

    /// Whether the client may send something.
    pub(super) fn wants_packet(&self) -> bool {
        matches!(self, Self::HandshakeResponse(_) | Self::Authentication(_))
    }

    /// The capabilities in force; before the client has told its own, those that decide what an
    /// error looks like.
    pub(super) fn shared(&self) -> Capabilities {
        match self {
            Self::Greeting => Capabilities::empty(),
            Self::HandshakeResponse(_) | Self::Tls(_) => Capabilities::PROTOCOL_41,
            Self::Nonce(state) | Self::Account(state) => state.pending.shared,
            Self::RsaKey(state) => state.pending.shared,
            Self::Authentication(state) => state.pending.shared,
        }
    }

    /// Its name in errors.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Greeting => "ExpectGreeting",
            Self::HandshakeResponse(_) => "ExpectHandshakeResponse",
            Self::Tls(_) => "ExpectTls",
            Self::Nonce(_) => "ExpectNonce",
            Self::Account(_) => "ExpectAccount",
            Self::RsaKey(_) => "ExpectRsaKey",
            Self::Authentication(_) => "ExpectAuthentication",
        }
    }
}

impl Step {
    fn refused(
        core: &mut Core,
        failure: Failure,
        shared: Capabilities,
    ) -> Result<Self, SessionError> {
        core.refuse(failure, shared)?;
        Ok(Self::Closed)
    }
}

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
        if client.contains(Capabilities::SSL) && payload.len() == SslRequest::LEN {
            if !self.offered.contains(Capabilities::SSL) || self.tls.is_some() {
                return Err(SessionError::TlsNotOffered);
            }
            core.actions.push_back(Action::StartTls);
            return Ok(Step::Wait(Connecting::Tls(self)));
        }
        if core.options.require_secure_transport && !core.channel.is_secure() {
            let failure = authentication::insecure_transport();
            return Step::refused(core, failure, Capabilities::PROTOCOL_41);
        }
        let (response, _rest) = HandshakeResponse41::from_payload_lenient(payload, ())
            .map_err(SessionError::Handshake)?;
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
            peer: core.options.peer,
            tls: self.tls,
        };
        let session = SessionState::greeted(
            self.greeted.status_flags,
            character_sets,
            login.schema.clone(),
        );
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

impl ExpectAccount {
    /// A client that logs in once more gets this nonce.
    pub(super) fn nonce(self: Box<Self>, core: &mut Core, nonce: LongNonce) -> Step {
        core.switch_nonce = nonce;
        core.ask(Question::Account(Box::new(self.pending.login.clone())));
        Step::Wait(Connecting::Account(self))
    }

    /// Chooses the method that the client has to pass.
    pub(super) fn account(
        self,
        core: &mut Core,
        account: Result<Box<Account>, Failure>,
    ) -> Result<Step, SessionError> {
        let Self { pending, first } = self;
        let account = match account {
            Ok(account) => *account,
            Err(failure) => return Step::refused(core, failure, pending.shared),
        };
        let client = authentication::client_method(pending.shared, &first.plugin_name);
        let greeted = first.greeted.as_deref();
        let method = match authentication::choose(&account, &client, greeted) {
            Ok(method) => method,
            Err(failure) => return Step::refused(core, failure, pending.shared),
        };
        let next = ExpectRsaKey {
            pending,
            account,
            method,
            first,
        };
        if authentication::needs_rsa_key(&next.account, method, core.channel)
            && core.rsa_key.is_none()
        {
            core.ask(Question::RsaKey);
            return Ok(Step::Wait(Connecting::RsaKey(Box::new(next))));
        }
        next.challenge(core)
    }
}

impl ExpectRsaKey {
    /// Checks what the client sent along, or asks it to answer by another method.
    pub(super) fn challenge(self, core: &mut Core) -> Result<Step, SessionError> {
        let Self {
            pending,
            account,
            method,
            first,
        } = self;
        let client = authentication::client_method(pending.shared, &first.plugin_name);
        let answered = client.answered(method, first.greeted.as_deref());
        let nonce: &[u8] = if answered {
            core.nonce.as_bytes()
        } else {
            core.switch_nonce.as_bytes()
        };
        let user = &pending.login.username;
        let exchange = match authentication::exchange(&account, method, nonce, user, core) {
            Ok(exchange) => exchange,
            Err(failure) => return Step::refused(core, failure, pending.shared),
        };
        let next = Box::new(ExpectAuthentication {
            pending,
            account,
            exchange,
        });
        if answered {
            return next.response(core, &first.auth_response);
        }
        let request = AuthSwitchRequest {
            plugin_name: method.name().into(),
            plugin_provided_data: next.exchange.plugin_data().into(),
        };
        core.exchange.send(&request, ())?;
        Ok(Step::Wait(Connecting::Authentication(next)))
    }
}

impl ExpectAuthentication {
    /// Checks what the client sent.
    pub(super) fn response(
        mut self: Box<Self>,
        core: &mut Core,
        response: &[u8],
    ) -> Result<Step, SessionError> {
        let more_data = match self.exchange.handle(response) {
            AuthStep::More(data) => {
                core.exchange.send(&auth_more_data(data), ())?;
                return Ok(Step::Wait(Connecting::Authentication(self)));
            }
            AuthStep::Passed { more_data } => more_data,
            AuthStep::Refused(_) => return self.deny(core),
        };
        if !self.account.admits(&self.pending.login) {
            return self.deny(core);
        }
        if let Some(hash) = self.exchange.learned() {
            let user = &self.pending.login.username;
            core.options.passwords.remember(user, hash);
        }
        if let Some(data) = more_data {
            core.exchange.send(&auth_more_data(data), ())?;
        }
        let mut session = self.pending;
        if let Some(error) = self.account.error {
            return Step::refused(core, error, session.shared);
        }
        let ok = login_ok(&session.session, session.shared);
        core.exchange.send(&ok, session.shared)?;
        core.exchange.set_limit(core.options.max_allowed_packet);
        core.exchange.start_command();
        core.login_version += 1;
        let compression = session.compression.take();
        core.actions.extend(compression.map(Action::Compress));
        Ok(Step::Passed(session))
    }

    fn deny(&self, core: &mut Core) -> Result<Step, SessionError> {
        let failure = authentication::access_denied(&self.pending.login);
        Step::refused(core, failure, self.pending.shared)
    }
}

/// How the connection will be compressed.
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
