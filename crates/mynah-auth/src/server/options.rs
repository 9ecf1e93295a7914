use crate::{Channel, caching_sha2_password, rsa};

/// How a server checks its clients.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether anybody may be listening.
    pub channel: Channel,
    /// The key that clients encrypt passwords for; without one they can send theirs over a secure
    /// channel only.
    pub rsa_key: Option<rsa::PrivateKey>,
    /// What a client is sent that asks for that key.
    pub public_key: PublicKeyAnswer,
    /// What the fast path of `caching_sha2_password` is checked against.
    pub remembered: Remembered,
}

impl Options {
    /// No RSA key, and passwords that are known as they are stored.
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

/// What a client is sent that asks for the server's public key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PublicKeyAnswer {
    /// The key.
    #[default]
    Own,
    /// This in its place. A password that is encrypted for another key can't be read.
    Other(Vec<u8>),
    /// Nothing: the login is refused.
    Refused,
}

/// What a server knows of a password by `caching_sha2_password` before a client sends it. Without
/// it the client has to send the password itself: full authentication.
#[derive(Clone, Debug, Default)]
pub enum Remembered {
    /// What the account stores, if that tells.
    #[default]
    Stored,
    /// Nothing.
    Nothing,
    /// The hash of a password that was sent earlier.
    Hash(caching_sha2_password::Hash),
}
