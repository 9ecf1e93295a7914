//! Which method a client has to use, and whether it passed.

use mynah_auth::server::{Exchange, Options, Secret};
use mynah_auth::{Channel, Method, Nonce};
use mynah_classic::Capabilities;
use mynah_classic::response::SqlState;

use crate::{Account, Failure};

/// The method that a client's first response was made by.
#[derive(Debug)]
pub(super) enum ClientMethod<'a> {
    /// The client names it.
    Named(&'a [u8]),
    /// The client knows of no names: it has always used the one that was there before them,
    /// and can't be asked for another.
    BeforeNames,
}

pub(super) fn client_method(shared: Capabilities, plugin_name: &[u8]) -> ClientMethod<'_> {
    if shared.contains(Capabilities::PLUGIN_AUTH) {
        ClientMethod::Named(plugin_name)
    } else {
        ClientMethod::BeforeNames
    }
}

impl ClientMethod<'_> {
    /// Whether the client's first response is one of `method`, made with the greeting's nonce.
    pub(super) fn answered(&self, method: Method, greeted: &[u8]) -> bool {
        match self {
            // A greeting's nonce is too short for some.
            Self::Named(name) => {
                *name == method.name().as_bytes()
                    && *name == greeted
                    && method.nonce_len() <= Nonce::LEN
            }
            Self::BeforeNames => method == Method::NativePassword,
        }
    }
}

/// The method that the client has to pass: the account's, if it has one; or else the client's
/// own where it is the greeting's or needs no more than a fresh nonce.
pub(super) fn choose(
    account: &Account,
    client: &ClientMethod<'_>,
    greeted: &[u8],
) -> Result<Method, Failure> {
    let own = match client {
        ClientMethod::Named(name) => Method::from_name(name).filter(is_served),
        ClientMethod::BeforeNames => Some(Method::NativePassword),
    };
    let method = match (&account.auth_method_name, own) {
        (Some(name), _) => Method::from_name(name)
            .filter(is_served)
            .ok_or_else(|| not_loaded(name))?,
        (None, Some(own @ (Method::CachingSha2Password | Method::ClearPassword))) => own,
        (None, Some(own)) if client.answered(own, greeted) => own,
        (None, _) => Method::CachingSha2Password,
    };
    match client {
        ClientMethod::BeforeNames if method != Method::NativePassword => Err(not_supported()),
        _ => Ok(method),
    }
}

/// `sha256_password` takes TLS or an RSA key, and `mysql_old_password` protects nothing.
fn is_served(method: &Method) -> bool {
    !matches!(method, Method::Sha256Password | Method::OldPassword)
}

/// The account's check of a client that has got this nonce.
pub(super) fn exchange(
    account: &Account,
    method: Method,
    nonce: &[u8],
) -> Result<Exchange, Failure> {
    let secret = match &account.password {
        Some(password) => Secret::Password(password[..].into()),
        None => Secret::Any,
    };
    Exchange::new(method, secret, nonce, Options::new(Channel::Insecure))
        .map_err(|error| Failure::general(1105, format!("Unknown error: {error}")))
}

/// Whether it is the account's user, with the certificate it has to have.
pub(super) fn admits(account: &Account, username: &[u8]) -> bool {
    // A certificate comes with TLS only.
    account.certificate.is_none()
        && account
            .username
            .as_ref()
            .is_none_or(|name| name == username)
}

pub(super) fn access_denied(username: &[u8]) -> Failure {
    let username = String::from_utf8_lossy(username);
    Failure {
        code: 1045,
        sql_state: SqlState(*b"28000"),
        message: format!("Access Denied for user '{username}'@'localhost'").into(),
    }
}

fn not_loaded(name: &[u8]) -> Failure {
    let name = String::from_utf8_lossy(name);
    Failure::general(1524, format!("Plugin '{name}' is not loaded"))
}

fn not_supported() -> Failure {
    Failure {
        code: 1251,
        sql_state: SqlState(*b"08004"),
        message: "Client does not support authentication protocol requested by server; \
                  consider upgrading MySQL client"
            .into(),
    }
}
