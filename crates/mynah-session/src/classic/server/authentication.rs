//! Which method a client has to use, and whether it passed.

use mynah_auth::{Method, Nonce, caching_sha2_password, clear_password, native_password};
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
            Self::Named(name) => *name == method.name().as_bytes() && *name == greeted,
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
        ClientMethod::Named(name) => Method::from_name(name),
        ClientMethod::BeforeNames => Some(Method::NativePassword),
    };
    let method = match (&account.auth_method_name, own) {
        (Some(name), _) => Method::from_name(name).ok_or_else(|| not_loaded(name))?,
        (None, Some(own @ (Method::CachingSha2Password | Method::ClearPassword))) => own,
        (None, Some(own)) if client.answered(own, greeted) => own,
        (None, _) => Method::CachingSha2Password,
    };
    match client {
        ClientMethod::BeforeNames if method != Method::NativePassword => Err(not_supported()),
        _ => Ok(method),
    }
}

/// Whether a client may come in.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It may.
    Passed,
    /// It may, and waits to hear that its password needn't be sent.
    FastAuthSuccess,
    /// It may not.
    Refused(Failure),
}

pub(super) fn verify(
    account: &Account,
    username: &[u8],
    method: Method,
    nonce: &Nonce,
    response: &[u8],
) -> Verdict {
    let right_user = account
        .username
        .as_ref()
        .is_none_or(|name| name == username);
    let right_password = account
        .password
        .as_ref()
        .is_none_or(|password| match method {
            Method::CachingSha2Password => caching_sha2_password::verify(response, password, nonce),
            Method::NativePassword => native_password::verify(response, password, nonce),
            Method::ClearPassword => clear_password::verify(response, password),
        });
    // A certificate comes with TLS only.
    if !right_user || !right_password || account.certificate.is_some() {
        return Verdict::Refused(access_denied(username));
    }
    if method == Method::CachingSha2Password && !caching_sha2_password::is_empty_password(response)
    {
        return Verdict::FastAuthSuccess;
    }
    Verdict::Passed
}

fn access_denied(username: &[u8]) -> Failure {
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
