//! The connection up to the end of the login.

use bytes::Bytes;
use mynah_auth::caching_sha2_password::Hash;
use mynah_auth::x::{AuthData, Mechanism, ServerExchange};
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_classic::Capabilities;
use mynah_x::datatypes::Scalar;
use mynah_x::notice::{Frame as Notice, FrameType, Parameter, ServerHello, SessionStateChanged};
use mynah_x::session::{AuthenticateContinue, AuthenticateOk, AuthenticateStart};
use mynah_x::{ClientMessage, ClientMessageType, Frame};
use strum::IntoStaticStr;

use super::checking::Checking;
use super::core::{Core, Greeted};
use super::entering::Entering;
use super::event::{Action, Input};
use super::logged_in::LoggedIn;
use super::{capabilities, failures};
use crate::placeholders::Dialect;
use crate::{Account, Answer, Failure, Greeting, Login, Question, SessionError, Tls};

/// What a session waits for whose client isn't logged in.
#[derive(Debug, IntoStaticStr)]
#[strum(prefix = "Expect")]
pub(super) enum Connecting {
    /// The greeting, from the handler.
    Greeting,
    /// A message of the client: its capabilities or its login.
    Login(Box<Entering>),
    /// The end of the TLS handshake.
    Tls(Box<Entering>),
    /// A nonce, for a login that has begun.
    Nonce(Box<Entering>, AuthenticateStart),
    /// The client's response to a nonce.
    Response(Box<Entering>, ServerExchange),
    /// The account of the user, from the handler.
    Account(Box<Entering>, Box<Checking>),
}

/// How a login goes on.
#[derive(Debug)]
pub(super) enum Step {
    /// The login waits for this.
    Wait(Connecting),
    /// The client is logged in.
    Passed(Box<LoggedIn>),
    /// The connection is over.
    Closed,
}

impl Connecting {
    /// Takes what it waits for.
    pub(super) fn take(self, core: &mut Core, input: Input) -> Result<Step, SessionError> {
        match (self, input) {
            (state, Input::Frame(frame)) => state.frame(core, &frame),
            (Self::Tls(state), Input::TlsStarted(tls)) => Ok(tls_started(state, core, tls)),
            (state, Input::Answer(answer)) => state.answered(core, answer),
            (state, input) => Err(state.unexpected(input.name())),
        }
    }

    fn answered(self, core: &mut Core, answer: Answer) -> Result<Step, SessionError> {
        match (self, answer) {
            (Self::Greeting, Answer::Greeting(greeting)) => greet(core, greeting),
            (Self::Nonce(state, start), Answer::Nonce(nonce)) => {
                core.nonce = Some(short(&nonce));
                begin(state, core, start)
            }
            (Self::Account(state, checking), Answer::Account(account)) => {
                checked(state, *checking, core, account)
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
    pub(super) fn wants_frame(&self) -> bool {
        matches!(self, Self::Login(_) | Self::Response(..))
    }

    /// Its name in errors.
    pub(super) fn name(&self) -> &'static str {
        self.into()
    }

    fn frame(self, core: &mut Core, frame: &Frame) -> Result<Step, SessionError> {
        // Compression begins with the login.
        if frame.message_type == ClientMessageType::COMPRESSION.0 {
            return refuse(core, failures::compression_not_enabled());
        }
        let message = match ClientMessage::from_frame(frame) {
            Ok(message) => message,
            Err(error) => return refuse(core, failures::unreadable(&error)),
        };
        match (self, message) {
            (_, ClientMessage::ConnectionClose(close)) => {
                core.bye(close);
                Ok(Step::Closed)
            }
            (Self::Login(state), message) => before_login(state, core, message),
            (Self::Response(state, exchange), ClientMessage::AuthenticateContinue(response)) => {
                let mechanism = exchange.mechanism();
                ask_account(state, core, exchange, mechanism, response.auth_data)
            }
            _ => refuse(core, failures::invalid_message()),
        }
    }
}

/// Greets the client.
fn greet(core: &mut Core, greeting: Result<Box<Greeting>, Failure>) -> Result<Step, SessionError> {
    let greeting = match greeting {
        Ok(greeting) => *greeting,
        Err(failure) => return refuse(core, failure),
    };
    let version = greeting.server_version.as_ref();
    let dialect = version.map_or_else(Dialect::default, |text| Dialect::of_version(text));
    core.greeted = Greeted {
        status_flags: greeting.status_flags,
        dialect,
    };
    if let Some(id) = greeting.connection_id {
        core.connection_id = id;
    }
    if let Some(nonce) = &greeting.nonce {
        core.nonce = Some(Nonce::from_bytes(nonce));
    }
    let hello = Notice {
        scope: None,
        ..Notice::local(FrameType::ServerHello, &ServerHello {})
    };
    core.outgoing.send(hello);
    Ok(Step::Wait(Connecting::Login(Box::default())))
}

/// Continues after the TLS handshake.
fn tls_started(mut state: Box<Entering>, core: &mut Core, tls: Tls) -> Step {
    state.tls = Some(tls);
    core.channel = Channel::Tls;
    Step::Wait(Connecting::Login(state))
}

/// Handles a message of a client that isn't logged in.
fn before_login(
    state: Box<Entering>,
    core: &mut Core,
    message: ClientMessage,
) -> Result<Step, SessionError> {
    match message {
        ClientMessage::CapabilitiesGet(_) => {
            capabilities::send(&state, core);
            Ok(Step::Wait(Connecting::Login(state)))
        }
        // After a session reset, capabilities can't be changed any more.
        ClientMessage::CapabilitiesSet(set) if !state.again => {
            Ok(match capabilities::set(state, core, &set.capabilities) {
                (state, true) => Step::Wait(Connecting::Tls(state)),
                (state, false) => Step::Wait(Connecting::Login(state)),
            })
        }
        ClientMessage::AuthenticateStart(start) => begin(state, core, start),
        // Some close what they haven't opened again.
        ClientMessage::SessionClose(_) | ClientMessage::Reset(_) if state.again => {
            core.outgoing.ok(None);
            Ok(Step::Wait(Connecting::Login(state)))
        }
        _ => refuse(core, failures::invalid_message()),
    }
}

/// Begins a login. A mechanism with a nonce gets one that no earlier login had.
fn begin(
    state: Box<Entering>,
    core: &mut Core,
    start: AuthenticateStart,
) -> Result<Step, SessionError> {
    if core.options.require_secure_transport && !core.channel.is_secure() {
        return refuse(core, failures::insecure_transport());
    }
    let Some(nonce) = core.nonce else {
        core.ask(Question::Nonce);
        return Ok(Step::Wait(Connecting::Nonce(state, start)));
    };
    let mechanism = Mechanism::from_name(start.mech_name.as_bytes());
    let exchange = mechanism.and_then(|mechanism| {
        let exchange = ServerExchange::new(mechanism, nonce, core.channel).ok()?;
        Some((mechanism, exchange))
    });
    let Some((mechanism, exchange)) = exchange else {
        return refuse(core, failures::invalid_mechanism(&start.mech_name));
    };
    match exchange.start() {
        Some(nonce) => {
            // A nonce is used for one login: with the same one twice, a response that was read could be sent
            // again.
            core.nonce = None;
            let auth_data = nonce.into();
            core.outgoing.send(AuthenticateContinue { auth_data });
            Ok(Step::Wait(Connecting::Response(state, exchange)))
        }
        None => {
            let data = start.auth_data.or(start.initial_response);
            ask_account(state, core, exchange, mechanism, data.unwrap_or_default())
        }
    }
}

fn ask_account(
    state: Box<Entering>,
    core: &mut Core,
    exchange: ServerExchange,
    mechanism: Mechanism,
    data: Bytes,
) -> Result<Step, SessionError> {
    let Some(parts) = AuthData::from_bytes(&data) else {
        return deny(state, core, None, false);
    };
    let login = Login {
        username: Bytes::copy_from_slice(parts.user),
        schema: Some(Bytes::copy_from_slice(parts.schema)).filter(|schema| !schema.is_empty()),
        collation: 0,
        attributes: state.attributes.clone(),
        capabilities: Capabilities::empty(),
        max_packet_size: 0,
        peer: core.options.peer,
        tls: state.tls.clone(),
    };
    core.ask(Question::Account(Box::new(login.clone())));
    let checking = Checking {
        exchange,
        mechanism,
        data,
        login,
    };
    let next = Connecting::Account(state, Box::new(checking));
    Ok(Step::Wait(next))
}

/// Continues with the handler's answer about the account.
fn checked(
    state: Box<Entering>,
    checking: Checking,
    core: &mut Core,
    account: Result<Box<Account>, Failure>,
) -> Result<Step, SessionError> {
    let account = match account {
        Ok(account) => *account,
        Err(failure) => return refuse(core, failure),
    };
    if !checking.passes(&account, &core.options.passwords) {
        let with_password = checking.has_response();
        return deny(state, core, Some(&checking.login), with_password);
    }
    // From now on SHA256_MEMORY logins of this user can be checked, as by a server's cache.
    if let Some(password) = checking.password() {
        let hash = Hash::of(password);
        let user = account.cached_as(&checking.login.username);
        core.options.passwords.remember(&user, hash);
    }
    if let Some(error) = account.error {
        return refuse(core, error);
    }
    let assigned = SessionStateChanged {
        param: Parameter::ClientIdAssigned.into(),
        value: vec![Scalar::uint(core.connection_id.into())],
    };
    let assigned = Notice::local(FrameType::SessionStateChanged, &assigned);
    core.outgoing.send(assigned);
    core.outgoing.send(AuthenticateOk {
        auth_data: Some(Bytes::new()),
    });
    // Compression begins behind the login. After a session reset its streams continue.
    if let (Some(wanted), false) = (state.compression, state.again) {
        core.outgoing.compress(wanted)?;
        core.decompressor = wanted.decompressor();
    }
    core.set_logged_in(true);
    core.login_version += 1;
    // Their clock starts at the first login, and isn't set back by another.
    if !state.again {
        core.actions.push_back(Action::StartNotices);
    }
    let login = checking.login;
    let session = core.new_session(login.schema.clone());
    let session = LoggedIn::new(login, session, *state);
    Ok(Step::Passed(Box::new(session)))
}

/// Refuses a login. The client may try again, up to MAX_REFUSED times in all.
fn deny(
    mut state: Box<Entering>,
    core: &mut Core,
    login: Option<&Login>,
    with_password: bool,
) -> Result<Step, SessionError> {
    let unnamed = Login {
        peer: core.options.peer,
        ..Login::default()
    };
    let failure = failures::access_denied(login.unwrap_or(&unnamed), with_password);
    state.refused += 1;
    if state.refused >= MAX_REFUSED {
        return refuse(core, failure);
    }
    core.fail(&failure);
    Ok(Step::Wait(Connecting::Login(state)))
}

fn refuse(core: &mut Core, failure: Failure) -> Result<Step, SessionError> {
    core.refuse(failure)?;
    Ok(Step::Closed)
}

/// A nonce as this protocol has it.
fn short(nonce: &LongNonce) -> Nonce {
    let bytes = nonce.as_bytes();
    Nonce::from_bytes(bytes.get(..Nonce::LEN).unwrap_or(bytes))
}

/// How many logins are refused before the connection is closed.
const MAX_REFUSED: u8 = 3;
