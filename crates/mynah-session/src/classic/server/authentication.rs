//! Decides which authentication method a client has to use, and whether it passed.

use mynah_auth::server::{Exchange, Options, PasswordCache, PublicKeyAnswer, Remembered};
use mynah_auth::{Channel, Method, Nonce};
use mynah_classic::Capabilities;
use mynah_classic::error_code;
use mynah_classic::response::SqlState;

use super::core::Core;
use crate::{Account, Failure, FullAuthentication, Login, PublicKey};

/// The method that a client's first response was made by.
#[derive(Debug)]
pub(super) enum ClientMethod<'a> {
    /// The method that the client names.
    Named(&'a [u8]),
    /// The client doesn't know names of methods (no PLUGIN_AUTH): it always uses the method of old servers,
    /// and can't switch to another.
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
    /// Whether the client's first response is one of `method`, made with the nonce of the greeting
    /// that named `greeted`.
    pub(super) fn answered(&self, method: Method, greeted: Option<&[u8]>) -> bool {
        match self {
            // A greeting's nonce is too short for some.
            Self::Named(name) => {
                *name == method.name().as_bytes()
                    && Some(*name) == greeted
                    && method.nonce_len() <= Nonce::LEN
                // Before CLIENT_PLUGIN_AUTH there was one method, which is meant.
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
    greeted: Option<&[u8]>,
) -> Result<Method, Failure> {
    let own = match client {
        ClientMethod::Named(name) => Method::from_name(name).filter(is_served),
        ClientMethod::BeforeNames => Some(Method::NativePassword),
    };
    // The account decides. Without a method of its own, the client's is kept where that saves a round trip.
    let method = match (account.method_name(), own) {
        (Some(name), _) => Method::from_name(name)
            .filter(is_served)
            .ok_or_else(|| not_loaded(name))?,
        (None, Some(own @ (Method::CachingSha2Password | Method::ClearPassword))) => own,
        (None, Some(own)) if client.answered(own, greeted) => own,
        (None, _) => Method::CachingSha2Password,
    };
    // Such a client doesn't understand AuthSwitchRequest.
    match client {
        ClientMethod::BeforeNames if method != Method::NativePassword => Err(not_supported()),
        _ => Ok(method),
    }
}

/// `mysql_old_password` protects nothing.
fn is_served(method: &Method) -> bool {
    *method != Method::OldPassword
}

/// Whether the client has to encrypt its password for a key. `caching_sha2_password` gets none
/// unless the account wants the password itself: one that is known can always be checked by its
/// hash, so a wrong one is refused at once.
pub(super) fn needs_rsa_key(account: &Account, method: Method, channel: Channel) -> bool {
    match method {
        // `sha256_password` encrypts the password on a Unix socket, too; `caching_sha2_password` takes that
        // for secure.
        Method::Sha256Password => channel != Channel::Tls,
        Method::CachingSha2Password => {
            account.full() != FullAuthentication::Never && !channel.is_secure()
        }
        _ => false,
    }
}

/// The account's check of a client that has got this nonce.
pub(super) fn exchange(
    account: &Account,
    method: Method,
    nonce: &[u8],
    user: &[u8],
    core: &Core,
) -> Result<Exchange, Failure> {
    let channel = core.channel;
    let rsa_key = core.rsa_key.as_ref();
    let secret = account.secret();
    let mut options = Options::new(channel);
    options.rsa_key = rsa_key
        .filter(|_| needs_rsa_key(account, method, channel))
        .cloned();
    options.public_key = public_key(account.public_key);
    options.remembered = remembered(account, user, &core.options.passwords);
    Exchange::new(method, secret, nonce, options).map_err(|error| {
        Failure::general(
            error_code::ER_UNKNOWN_ERROR,
            format!("Unknown error: {error}"),
        )
    })
}

/// What the server has in its cache of passwords, before the client sends one.
fn remembered(account: &Account, user: &[u8], passwords: &PasswordCache) -> Remembered {
    match account.full() {
        FullAuthentication::Never => Remembered::Stored,
        FullAuthentication::First => passwords.remembered(&account.cached_as(user)),
        FullAuthentication::Always => Remembered::Nothing,
    }
}

fn public_key(wanted: PublicKey) -> PublicKeyAnswer {
    match wanted {
        PublicKey::Right => PublicKeyAnswer::Own,
        PublicKey::Wrong => PublicKeyAnswer::Other(WRONG_KEY.to_vec()),
        PublicKey::Broken => PublicKeyAnswer::Other(BROKEN_KEY.to_vec()),
        PublicKey::Refused => PublicKeyAnswer::Refused,
    }
}

pub(super) fn access_denied(login: &Login) -> Failure {
    let (username, host) = (String::from_utf8_lossy(&login.username), login.host());
    Failure {
        code: error_code::ER_ACCESS_DENIED_ERROR,
        sql_state: SqlState(*b"28000"),
        message: format!("Access Denied for user '{username}'@'{host}'").into(),
    }
}

pub(super) fn insecure_transport() -> Failure {
    Failure::general(
        error_code::ER_SECURE_TRANSPORT_REQUIRED,
        "Connections using insecure transport are prohibited while \
         --require_secure_transport=ON.",
    )
}

fn not_loaded(name: &[u8]) -> Failure {
    let name = String::from_utf8_lossy(name);
    Failure::general(
        error_code::ER_PLUGIN_IS_NOT_LOADED,
        format!("Plugin '{name}' is not loaded"),
    )
}

fn not_supported() -> Failure {
    Failure {
        code: error_code::ER_NOT_SUPPORTED_AUTH_MODE,
        sql_state: SqlState(*b"08004"),
        message: "Client does not support authentication protocol requested by server; \
                  consider upgrading MySQL client"
            .into(),
    }
}

/// A key whose private half is not kept anywhere.
const WRONG_KEY: &[u8] = include_bytes!("wrong_key.pem");

const BROKEN_KEY: &[u8] = b"-----BEGIN PUBLIC KEY-----\nnot a key\n-----END PUBLIC KEY-----\n";
