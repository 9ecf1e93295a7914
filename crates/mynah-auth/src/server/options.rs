use crate::{Channel, caching_sha2_password, rsa};

/// The options of a server that checks its clients' logins.
#[derive(Clone, Debug)]
pub struct Options {
    /// The channel to the client: whether eavesdroppers can read what the client sends.
    pub channel: Channel,
    /// The key that clients encrypt passwords for. With `None`, clients can send passwords only in clear: over a
    /// secure channel, or with `sha256_password` under TLS.
    pub rsa_key: Option<rsa::PrivateKey>,
    /// The answer to a client that asks for the public key of `rsa_key`.
    pub public_key: PublicKeyAnswer,
    /// The hash that the fast path of `caching_sha2_password` is checked against.
    pub remembered: Remembered,
}

impl Options {
    /// Options without an RSA key; the fast path uses the account's stored password or its
    /// [`CachingSha2Password`](super::Secret::CachingSha2Password).
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            rsa_key: None,
            public_key: PublicKeyAnswer::default(),
            remembered: Remembered::default(),
        }
    }
}

/// The answer to a client that asks for the server's public key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PublicKeyAnswer {
    /// The public key of [`Options::rsa_key`].
    #[default]
    Own,
    /// Other bytes in place of the key. A password that is encrypted for another key can't be read, and the login is
    /// refused.
    Other(Vec<u8>),
    /// No key is sent, and the login is refused.
    Refused,
}

/// The hash that `caching_sha2_password` has of a password before a client sends it. Without one
/// the client has to send the password itself: full authentication.
#[derive(Clone, Debug, Default)]
pub enum Remembered {
    /// The account's [`CachingSha2Password`](super::Secret::CachingSha2Password), or the hash of its
    /// [`Password`](super::Secret::Password). With [`Any`](super::Secret::Any), every response passes; with another
    /// stored form, the client must send the password itself.
    #[default]
    Stored,
    /// No hash: the client must send the password itself, unless it is empty.
    Nothing,
    /// The hash of a password that the user sent in an earlier login.
    Hash(caching_sha2_password::Hash),
}
