//! A login is checked against the account of its user.

use bytes::Bytes;
use mynah_auth::server::{PasswordCache, Remembered, Secret};
use mynah_auth::x::{AuthData, Mechanism, ServerExchange, Verdict};

use crate::{Account, FullAuthentication, Login};

/// A login whose account the handler has been asked for.
#[derive(Debug)]
pub(super) struct Checking {
    pub(super) exchange: ServerExchange,
    pub(super) mechanism: Mechanism,
    /// Schema, user and response, as the client sent them.
    pub(super) data: Bytes,
    pub(super) login: Login,
}

impl Checking {
    /// Whether the login is accepted for this account.
    pub(super) fn passes(&self, account: &Account, passwords: &PasswordCache) -> bool {
        let Some(parts) = AuthData::from_bytes(&self.data) else {
            return false;
        };
        let secret = secret(account, self.mechanism, &self.login.username, passwords);
        secret.is_some_and(|secret| self.exchange.verify(&parts, &secret) == Verdict::Passed)
            && may_use(account, self.mechanism)
            && account.admits(&self.login)
    }

    /// Whether the client sent a password or a proof of one.
    pub(super) fn has_response(&self) -> bool {
        self.response().is_some_and(|response| !response.is_empty())
    }

    /// The password, if the mechanism sends it in clear text.
    pub(super) fn password(&self) -> Option<&[u8]> {
        let password = self
            .response()
            .filter(|_| self.mechanism == Mechanism::Plain)?;
        Some(password.strip_suffix(b"\0").unwrap_or(password))
    }

    fn response(&self) -> Option<&[u8]> {
        AuthData::from_bytes(&self.data).map(|parts| parts.response)
    }
}

/// The password or hash to check a response with. `SHA256_MEMORY` is refused until a client has sent the
/// password in full, if the account demands that.
fn secret(
    account: &Account,
    mechanism: Mechanism,
    user: &[u8],
    passwords: &PasswordCache,
) -> Option<Secret> {
    let stored = account.secret();
    if mechanism != Mechanism::Sha256Memory || !account.has_password() {
        return Some(stored);
    }
    match account.full() {
        FullAuthentication::Never => Some(stored),
        FullAuthentication::Always => None,
        FullAuthentication::First => match passwords.remembered(&account.cached_as(user)) {
            Remembered::Hash(hash) => Some(Secret::CachingSha2Password(hash)),
            _ => None,
        },
    }
}

/// Whether the mechanism fits the account's method. PLAIN, which needs a secure channel, fits every account.
fn may_use(account: &Account, mechanism: Mechanism) -> bool {
    let Some(name) = account.method_name() else {
        return true;
    };
    match mechanism {
        Mechanism::Plain => true,
        Mechanism::Mysql41 => matches!(name, b"mysql_native_password" | b"MYSQL41"),
        Mechanism::Sha256Memory => {
            matches!(name, b"caching_sha2_password" | b"SHA256_MEMORY")
        }
        _ => false,
    }
}
