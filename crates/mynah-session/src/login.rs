use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use mynah_classic::connection::ConnectAttributes;
use mynah_classic::{Capabilities, StatusFlags};

use crate::Failure;

/// What a server says of itself before the login. The session fills in what is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Greeting {
    /// How long to wait before it is sent.
    pub exec_time: Duration,
    /// The version that is claimed.
    pub server_version: Option<Bytes>,
    /// The connection's number.
    pub connection_id: Option<u32>,
    /// State of the session.
    pub status_flags: StatusFlags,
    /// Id of the server's default collation.
    pub character_set: u8,
    /// What the server can do.
    pub capabilities: Option<Capabilities>,
    /// What it can do besides that, or besides what it can if that is absent.
    pub more_capabilities: Capabilities,
    /// The authentication method that is tried first.
    pub auth_method: Option<Bytes>,
    /// The nonce that the client's first response is made with, without a closing NUL.
    pub nonce: Option<Bytes>,
}

/// A client that wants to log in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The user's name.
    pub username: Bytes,
    /// The schema to start in, if the client named one.
    pub schema: Option<Bytes>,
    /// The id of the collation that the client names; 0 for none.
    pub collation: u16,
    /// What the client says of itself: its name, its version and the like.
    pub attributes: ConnectAttributes,
    /// The capabilities that client and server share; none in the X Protocol.
    pub capabilities: Capabilities,
    /// Where the client comes from; absent for a Unix socket.
    pub peer: Option<SocketAddr>,
    /// How the connection is encrypted, if it is.
    pub tls: Option<Tls>,
}

impl Login {
    /// The client's host as accounts and errors name it: `localhost` for the server's own.
    #[must_use]
    pub fn host(&self) -> Cow<'static, str> {
        let peer = self.peer.map(|peer| peer.ip().to_canonical());
        match peer.filter(|address| !address.is_loopback()) {
            Some(address) => address.to_string().into(),
            None => "localhost".into(),
        }
    }
}

/// How a connection is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// The version of the protocol, as OpenSSL names it: `TLSv1.3`.
    pub version: String,
    /// The cipher, as OpenSSL names it: `TLS_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// How many handshakes of this server have resumed a TLS session so far.
    pub session_cache_hits: u64,
    /// Subject and issuer of the client's certificate, if it sent one that was verified.
    pub certificate: Option<Certificate>,
}

/// What a login has to pass. An absent field lets all logins pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The user's name.
    pub username: Option<Bytes>,
    /// The user's password.
    pub password: Option<Bytes>,
    /// The authentication method that the client must use.
    pub auth_method_name: Option<Bytes>,
    /// What the client's certificate must say; the client must then have one.
    pub certificate: Option<Certificate>,
    /// When `caching_sha2_password` has the client send the password itself.
    pub full: FullAuthentication,
    /// What a client gets that asks for the key to encrypt its password for.
    pub public_key: PublicKey,
    /// The error that a client that has passed gets in place of OK; the connection then ends.
    pub error: Option<Failure>,
}

impl Account {
    /// Whether a login is of this account's user, with the certificate that it has to have.
    pub(crate) fn admits(&self, login: &Login) -> bool {
        let username = self.username.as_ref();
        let certificate = self.certificate.as_ref();
        username.is_none_or(|name| *name == login.username)
            && certificate.is_none_or(|needed| needed.is_met_by(login))
    }
}

/// When `caching_sha2_password` has the client send the password itself, and not only its hash:
/// encrypted, or as it is over a secure channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FullAuthentication {
    /// Where the hash is wrong, over a secure channel.
    #[default]
    Never,
    /// As a server that has just started: at each user's first login.
    First,
    /// At each login.
    Always,
}

/// What a client gets that asks for the key to encrypt its password for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PublicKey {
    /// The key.
    #[default]
    Right,
    /// One that the server has no private key for.
    Wrong,
    /// Something that is no key.
    Broken,
    /// Nothing: the login is refused.
    Refused,
}

/// What a client's certificate must say. What is absent, any will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// Its issuer, as `/C=…/CN=…`.
    pub issuer: Option<Bytes>,
    /// Its subject, as `/C=…/CN=…`.
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
