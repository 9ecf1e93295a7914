use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mynah_auth::AuthError;
use mynah_auth::server::Secret;
use mynah_classic::connection::ConnectAttributes;
use mynah_classic::{Capabilities, StatusFlags};
use mynah_fault::Fault;

use crate::{Failure, StoredPassword};

/// What the server greets a client with. The session has defaults for fields that are `None`. The greeting of the X
/// Protocol has no content: its sessions send the connection id after the login, use the nonce, the status flags and
/// the version for themselves, and ignore the collation, the capability flags and the authentication method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Greeting {
    /// How long to wait before the greeting is sent.
    pub exec_time: Duration,
    /// The server version to claim, such as `9.7.4`; `None` for the session's own. Clients of the classic protocol
    /// decide by it which features they use.
    pub server_version: Option<Bytes>,
    /// The connection id that the client gets: in the greeting, in the X Protocol after the login. `None` for the
    /// session's own.
    pub connection_id: Option<u32>,
    /// The status flags of the greeting. The [lasting](crate::SessionState::LASTING) ones hold for the session until an
    /// answer changes them.
    pub status_flags: StatusFlags,
    /// The id of the server's default collation, as the greeting has it. If it is 0, the session's default is that of
    /// the server's version.
    pub character_set: u8,
    /// The capability flags of the greeting, in place of the session's own; `None` for the session's own. Flags that
    /// sessions don't support are left out, and SSL is if the server has no TLS.
    pub capabilities: Option<Capabilities>,
    /// Capability flags to add to those of the greeting, whether given or the session's own; with the same exceptions
    /// as for `capabilities`.
    pub more_capabilities: Capabilities,
    /// The authentication method that the greeting names; `None` for the session's own.
    pub auth_method: Option<Bytes>,
    /// The nonce that the client computes its first response from, without the NUL that follows it on the wire; cut, or
    /// filled with NULs, to 20 bytes. `None` for the session's own, which is random.
    pub nonce: Option<Bytes>,
    /// The fault that is played, if [`Handler::draw`](crate::Handler::draw) draws it, on the first bytes that the
    /// client gets: the greeting, or in the X Protocol the notice ServerHello. `None` for none.
    pub fault: Option<Arc<Fault>>,
}

/// The data that a client sent to log in, with the facts about its connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The name of the user who logs in.
    pub username: Bytes,
    /// The schema that the client wants to use; `None` if it named none.
    pub schema: Option<Bytes>,
    /// The id of the collation that the client named, which stands for its character set; 0 if it named none.
    pub collation: u16,
    /// The connection attributes that the client sent: `_client_name`, `_client_version`, `program_name` and
    /// the like.
    pub attributes: ConnectAttributes,
    /// The capability flags of the connection; empty in the X Protocol, which has none.
    pub capabilities: Capabilities,
    /// The length of the longest packet that the client has said it accepts, in bytes; 0 if it said none, as in the X
    /// Protocol. Sessions don't check answers against it.
    pub max_packet_size: u32,
    /// The client's address; `None` for a Unix socket.
    pub peer: Option<SocketAddr>,
    /// How the connection is encrypted; `None` without TLS.
    pub tls: Option<Tls>,
}

impl Login {
    /// The host part of the client's account, as errors show it: `localhost` for a Unix socket and for a loopback
    /// address, else the client's IP address.
    #[must_use]
    pub fn host(&self) -> Cow<'static, str> {
        let peer = self.peer.map(|peer| peer.ip().to_canonical());
        match peer.filter(|address| !address.is_loopback()) {
            Some(address) => address.to_string().into(),
            None => "localhost".into(),
        }
    }
}

/// The TLS connection that a client logged in over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// The TLS version, as OpenSSL names it: `TLSv1.3`.
    pub version: String,
    /// The cipher, as OpenSSL names it: `TLS_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// How many TLS handshakes of this server have resumed an earlier TLS session so far: the status
    /// variable Ssl_session_cache_hits.
    pub session_cache_hits: u64,
    /// The client's certificate, if it sent one that the server could verify.
    pub certificate: Option<Certificate>,
}

/// What a login must have to be accepted, and how its client is answered. If the user name, the password or the
/// certificate is `None`, any is accepted; the default refuses no login for one of these.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// The user name that the login must have; `None` accepts any.
    pub username: Option<Bytes>,
    /// The password that the login must prove; `None` accepts any.
    pub password: Option<Bytes>,
    /// The stored form of the password that the login must prove, in place of `password`; with `None`, `password`
    /// holds.
    pub stored_password: Option<StoredPassword>,
    /// The authentication method that the client must use, such as `mysql_native_password`; with `None` the method of
    /// `stored_password`, and without that, the session keeps the client's own where it can. In the X Protocol, PLAIN
    /// fits every method.
    pub auth_method_name: Option<Bytes>,
    /// The issuer and subject that the client's certificate must have. The server must also have verified the
    /// certificate. With `None`, the client needs no certificate.
    pub certificate: Option<Certificate>,
    /// When `caching_sha2_password` asks the client for the password itself, instead of checking its hash.
    pub full: FullAuthentication,
    /// The answer to a client that asks for the server's RSA public key, to encrypt its password.
    pub public_key: PublicKey,
    /// An error to send in place of OK after user, certificate and password were accepted; the connection is then
    /// closed. `None` to send OK.
    pub error: Option<Failure>,
    /// The fault that is played, if [`Handler::draw`](crate::Handler::draw) draws it, on the answer to the client's
    /// message with the user and the first response: HandshakeResponse, or in the X Protocol AuthenticateStart or
    /// AuthenticateContinue. `None` for none.
    pub fault: Option<Arc<Fault>>,
}

/// Without the password.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let password = self.password.as_ref().map(|_| format_args!("(hidden)"));
        f.debug_struct("Account")
            .field("username", &self.username)
            .field("password", &password)
            .field("stored_password", &self.stored_password)
            .field("auth_method_name", &self.auth_method_name)
            .field("certificate", &self.certificate)
            .field("full", &self.full)
            .field("public_key", &self.public_key)
            .field("error", &self.error)
            .field("fault", &self.fault)
            .finish()
    }
}

impl Account {
    /// An account of any name with this password.
    #[must_use]
    pub fn of_password(password: impl Into<Bytes>) -> Self {
        Self {
            password: Some(password.into()),
            ..Self::default()
        }
    }

    /// An account of any name with a stored password, as in `mysql.user`; see [`StoredPassword::parse`].
    ///
    /// # Errors
    /// As for [`StoredPassword::parse`].
    pub fn of_stored_password(method: &str, stored: impl Into<Bytes>) -> Result<Self, AuthError> {
        Ok(Self {
            stored_password: Some(StoredPassword::parse(method, stored)?),
            ..Self::default()
        })
    }

    /// Also demands a certificate of the client, which the server has verified, with this issuer and subject.
    #[must_use]
    pub fn with_certificate(mut self, certificate: Certificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// What the login must prove.
    pub(crate) fn secret(&self) -> Secret {
        match (&self.stored_password, &self.password) {
            (Some(stored), _) => stored.secret().clone(),
            (None, Some(password)) => Secret::Password(password[..].into()),
            (None, None) => Secret::Any,
        }
    }

    /// Whether an empty password isn't the right one.
    pub(crate) fn has_password(&self) -> bool {
        match &self.stored_password {
            Some(stored) => stored.has_password(),
            None => self.password.as_ref().is_none_or(|own| !own.is_empty()),
        }
    }

    /// The method that the client must use.
    pub(crate) fn method_name(&self) -> Option<&[u8]> {
        let stored = self.stored_password.as_ref();
        let of_stored = stored.map(|stored| stored.method().name().as_bytes());
        self.auth_method_name.as_deref().or(of_stored)
    }

    /// When the password itself is needed: with the stored form that only the password can be checked by, at the
    /// first login.
    pub(crate) fn full(&self) -> FullAuthentication {
        let stored = self.stored_password.as_ref();
        let is_slow =
            stored.is_some_and(|stored| matches!(stored.secret(), Secret::Sha256Crypt(_)));
        match self.full {
            FullAuthentication::Never if is_slow => FullAuthentication::First,
            full => full,
        }
    }

    /// What a cache of passwords knows this user by.
    pub(crate) fn cached_as<'a>(&self, user: &'a [u8]) -> Cow<'a, [u8]> {
        // With another password, an account is another user: what is kept for the old one doesn't count.
        let secret = match (&self.stored_password, &self.password) {
            (Some(stored), _) => stored.text(),
            (None, Some(password)) => password,
            (None, None) => return user.into(),
        };
        [user, b"\0", secret].concat().into()
    }

    /// Whether a login is of this account's user, with the certificate that it has to have.
    pub(crate) fn admits(&self, login: &Login) -> bool {
        let username = self.username.as_ref();
        let certificate = self.certificate.as_ref();
        username.is_none_or(|name| *name == login.username)
            && certificate.is_none_or(|needed| needed.is_met_by(login))
    }
}

/// When `caching_sha2_password` asks the client for the password itself, and not only for its hash. The client sends
/// the password RSA-encrypted, or in clear over TLS or a Unix socket; a client without a password isn't asked. In the X
/// Protocol no client is asked: a login by `SHA256_MEMORY` is refused instead, and one by PLAIN has the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FullAuthentication {
    /// Only if the hash is wrong and the channel is secure (TLS or a Unix socket); in the X Protocol never. With a
    /// stored password of `caching_sha2_password` or `sha256_password`, the same as [`First`](Self::First), as a response
    /// can't be checked against it.
    #[default]
    Never,
    /// At each login of a user until the user has sent the right password once, as to a server whose cache is empty
    /// after its start. Later logins are checked by the hash; in the classic protocol the client is asked again if the
    /// hash is wrong.
    First,
    /// At each login, whatever the hash.
    Always,
}

/// The answer to a client that asks for the server's RSA public key. All but `Right` are faults to test
/// clients with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PublicKey {
    /// The server's own public key.
    #[default]
    Right,
    /// A valid key, but not the server's, which can't decrypt what the client sends and refuses the login.
    Wrong,
    /// Bytes that no client can read as a key.
    Broken,
    /// No key: the login is refused when the client asks for the key.
    Refused,
}

/// The issuer and subject of a client's certificate, or those that an account demands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The issuer's name, in the form `/C=…/CN=…`; in an account, `None` accepts any.
    pub issuer: Option<Bytes>,
    /// The subject's name, in the form `/C=…/CN=…`; in an account, `None` accepts any.
    pub subject: Option<Bytes>,
}

impl Certificate {
    fn is_met_by(&self, login: &Login) -> bool {
        let found = login.tls.as_ref().and_then(|tls| tls.certificate.as_ref());
        found.is_some_and(|found| {
            (self.issuer.is_none() || self.issuer == found.issuer)
                && (self.subject.is_none() || self.subject == found.subject)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_an_account_is_not_in_its_debug_text() {
        let text = format!("{:?}", Account::of_password("SEKRET"));
        assert!(text.contains("password: Some((hidden))"), "{text}");
        assert!(!text.contains("SEKRET"), "{text}");
    }
}
