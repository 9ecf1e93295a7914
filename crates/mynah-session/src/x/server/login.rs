//! From the greeting to the login.

use bytes::Bytes;
use mynah_auth::Channel;
use mynah_auth::caching_sha2_password::Hash;
use mynah_auth::server::{PasswordCache, Remembered, Secret};
use mynah_auth::x::{AuthData, Mechanism, ServerExchange, Verdict};
use mynah_classic::Capabilities;
use mynah_classic::connection::ConnectAttributes;
use mynah_x::ClientMessage;
use mynah_x::datatypes::Scalar;
use mynah_x::notice::{Frame as Notice, FrameType, Parameter, SessionStateChanged};
use mynah_x::session::{AuthenticateContinue, AuthenticateOk, AuthenticateStart};
use mynah_x::status::Severity;

use super::compression::Wanted;
use super::failures;
use super::machine::{Action, Server, State};
use super::messages::LoggedIn;
use crate::{Account, Certificate, Failure, FullAuthentication, Login, SessionError, Tls};

/// A client that hasn't logged in: what it has set.
#[derive(Clone, Debug, Default)]
pub(super) struct Entering {
    pub(super) tls: Option<Tls>,
    pub(super) starts_tls: bool,
    pub(super) attributes: ConnectAttributes,
    pub(super) compression: Option<Wanted>,
    pub(super) interactive: bool,
    pub(super) pwd_expire_ok: bool,
    /// How many logins were refused.
    refused: u8,
    /// Whether it was logged in before, and what it has set can't be changed.
    pub(super) again: bool,
}

/// A login that the account has to say something about.
#[derive(Debug)]
pub(super) struct Checking {
    exchange: ServerExchange,
    mechanism: Mechanism,
    data: Bytes,
    login: Login,
}

impl Server {
    pub(super) fn tls_started(&mut self, mut state: Box<Entering>, tls: Tls) -> State {
        state.tls = Some(tls);
        self.options.channel = Channel::Tls;
        State::ExpectLogin(state)
    }

    /// Which mechanisms a client may use.
    pub(super) fn mechanisms(&self, _: &Entering) -> impl Iterator<Item = Mechanism> + use<> {
        let is_secure = self.options.channel.is_secure();
        let all = [
            Mechanism::Mysql41,
            Mechanism::Plain,
            Mechanism::Sha256Memory,
        ];
        all.into_iter()
            .filter(move |mechanism| is_secure || *mechanism != Mechanism::Plain)
    }

    pub(super) fn before_login(
        &mut self,
        state: Box<Entering>,
        message: ClientMessage,
    ) -> Result<State, SessionError> {
        match message {
            ClientMessage::CapabilitiesGet(_) => {
                self.capabilities(&state);
                Ok(State::ExpectLogin(state))
            }
            ClientMessage::CapabilitiesSet(set) if !state.again => {
                self.set_capabilities(state, &set.capabilities)
            }
            ClientMessage::AuthenticateStart(start) => self.start(state, start),
            // Some close what they haven't opened again.
            ClientMessage::SessionClose(_) | ClientMessage::Reset(_) if state.again => {
                self.outgoing.ok(None);
                Ok(State::ExpectLogin(state))
            }
            _ => self.refuse(failures::invalid_message()),
        }
    }

    fn start(
        &mut self,
        state: Box<Entering>,
        start: AuthenticateStart,
    ) -> Result<State, SessionError> {
        if self.options.require_secure_transport && !self.options.channel.is_secure() {
            return self.refuse(failures::insecure_transport());
        }
        let mechanism = Mechanism::from_name(start.mech_name.as_bytes());
        let exchange = mechanism.and_then(|mechanism| {
            let nonce = self.options.nonce;
            let exchange = ServerExchange::new(mechanism, nonce, self.options.channel).ok()?;
            Some((mechanism, exchange))
        });
        let Some((mechanism, exchange)) = exchange else {
            return self.refuse(failures::invalid_mechanism(&start.mech_name));
        };
        match exchange.start() {
            Some(nonce) => {
                // The next one gets another.
                self.actions.push_back(Action::AskNonce);
                let auth_data = nonce.into();
                self.outgoing.send(AuthenticateContinue { auth_data });
                Ok(State::ExpectResponse(state, exchange))
            }
            None => {
                let data = start.auth_data.or(start.initial_response);
                self.ask_account(state, exchange, mechanism, data.unwrap_or_default())
            }
        }
    }

    pub(super) fn response(
        &mut self,
        state: Box<Entering>,
        exchange: ServerExchange,
        data: Bytes,
    ) -> Result<State, SessionError> {
        let mechanism = exchange.mechanism();
        self.ask_account(state, exchange, mechanism, data)
    }

    fn ask_account(
        &mut self,
        state: Box<Entering>,
        exchange: ServerExchange,
        mechanism: Mechanism,
        data: Bytes,
    ) -> Result<State, SessionError> {
        let Some(parts) = AuthData::from_bytes(&data) else {
            return self.deny(state, None, false);
        };
        let login = Login {
            username: Bytes::copy_from_slice(parts.user),
            schema: Some(Bytes::copy_from_slice(parts.schema)).filter(|schema| !schema.is_empty()),
            collation: 0,
            attributes: state.attributes.clone(),
            capabilities: Capabilities::empty(),
            peer: self.options.peer,
            tls: state.tls.clone(),
        };
        self.actions.push_back(Action::AskAccount(login.clone()));
        let checking = Checking {
            exchange,
            mechanism,
            data,
            login,
        };
        Ok(State::ExpectAccount(state, Box::new(checking)))
    }

    pub(super) fn check(
        &mut self,
        state: Box<Entering>,
        checking: Checking,
        account: Result<Account, Failure>,
    ) -> Result<State, SessionError> {
        let account = match account {
            Ok(account) => account,
            Err(failure) => return self.refuse(failure),
        };
        let Checking {
            exchange,
            mechanism,
            data,
            login,
        } = checking;
        let user = &login.username;
        let secret = secret(&account, mechanism, user, &self.options.passwords);
        let parts = AuthData::from_bytes(&data);
        let passed = parts.is_some_and(|parts| {
            secret.is_some_and(|secret| exchange.verify(&parts, &secret) == Verdict::Passed)
                && may_use(&account, mechanism)
                && is_whom(&account, &login)
        });
        if !passed {
            let with_password = parts.is_some_and(|parts| !parts.response.is_empty());
            return self.deny(state, Some(&login), with_password);
        }
        if let (Mechanism::Plain, Some(parts)) = (mechanism, parts) {
            let password = parts.response;
            let password = password.strip_suffix(b"\0").unwrap_or(password);
            self.options.passwords.remember(user, Hash::of(password));
        }
        if let Some(error) = account.error {
            return self.refuse(error);
        }
        let id = self.options.connection_id;
        let assigned = SessionStateChanged {
            param: Parameter::ClientIdAssigned.into(),
            value: vec![Scalar::uint(id.into())],
        };
        let assigned = Notice::local(FrameType::SessionStateChanged, &assigned);
        self.outgoing.send(assigned);
        self.outgoing.send(AuthenticateOk {
            auth_data: Some(Bytes::new()),
        });
        // What was sent so far isn't compressed. The streams go on after another login.
        if let (Some(wanted), false) = (state.compression, state.again) {
            self.outgoing.compress(wanted)?;
            self.decompressor = wanted.decompressor();
        }
        self.set_logged_in(true);
        self.login_version += 1;
        if !state.again {
            self.actions.push_back(Action::AskNotices);
        }
        let session = self.new_session(login.schema.clone());
        Ok(State::ExpectMessage(Box::new(LoggedIn::new(
            login, session, *state,
        ))))
    }

    /// The client isn't let in, and may try again, but not for ever.
    fn deny(
        &mut self,
        mut state: Box<Entering>,
        login: Option<&Login>,
        with_password: bool,
    ) -> Result<State, SessionError> {
        let nobody = Login {
            peer: self.options.peer,
            ..Login::default()
        };
        let failure = failures::access_denied(login.unwrap_or(&nobody), with_password);
        state.refused += 1;
        if state.refused >= MAX_REFUSED {
            return self.refuse(failure);
        }
        self.outgoing.error(&failure, Severity::Error);
        Ok(State::ExpectLogin(state))
    }

    /// The client begins anew on its connection, and has to log in.
    pub(super) fn leave(&mut self, state: LoggedIn) -> Result<State, SessionError> {
        let mut entering = self.forget(state);
        self.outgoing.ok(None);
        self.set_logged_in(false);
        entering.again = true;
        entering.refused = 0;
        Ok(State::ExpectLogin(Box::new(entering)))
    }
}

/// What a response is checked against. `SHA256_MEMORY` is refused as long as nobody has sent the
/// password in full, where the account wants that.
fn secret(
    account: &Account,
    mechanism: Mechanism,
    user: &[u8],
    passwords: &PasswordCache,
) -> Option<Secret> {
    let stored = match &account.password {
        Some(password) => Secret::Password(password[..].into()),
        None => Secret::Any,
    };
    let has_one = account.password.as_ref().is_none_or(|own| !own.is_empty());
    if mechanism != Mechanism::Sha256Memory || !has_one {
        return Some(stored);
    }
    match account.full {
        FullAuthentication::Never => Some(stored),
        FullAuthentication::Always => None,
        FullAuthentication::First => match passwords.remembered(user) {
            Remembered::Hash(hash) => Some(Secret::CachingSha2Password(hash)),
            _ => None,
        },
    }
}

/// Whether the account's method, if it has one, is the mechanism's. In clear anybody who may send
/// that can be checked.
fn may_use(account: &Account, mechanism: Mechanism) -> bool {
    let Some(name) = &account.auth_method_name else {
        return true;
    };
    match mechanism {
        Mechanism::Plain => true,
        Mechanism::Mysql41 => matches!(&name[..], b"mysql_native_password" | b"MYSQL41"),
        Mechanism::Sha256Memory => {
            matches!(&name[..], b"caching_sha2_password" | b"SHA256_MEMORY")
        }
    }
}

/// Whether it is the account's user, with the certificate it has to have.
fn is_whom(account: &Account, login: &Login) -> bool {
    let username = account.username.as_ref();
    username.is_none_or(|name| *name == login.username)
        && account
            .certificate
            .as_ref()
            .is_none_or(|needed| has_certificate(login, needed))
}

fn has_certificate(login: &Login, needed: &Certificate) -> bool {
    let found = login.tls.as_ref().and_then(|tls| tls.certificate.as_ref());
    found.is_some_and(|found| {
        (needed.issuer.is_none() || needed.issuer == found.issuer)
            && (needed.subject.is_none() || needed.subject == found.subject)
    })
}

/// How many logins are refused before the connection is closed.
const MAX_REFUSED: u8 = 3;
