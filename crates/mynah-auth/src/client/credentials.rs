use crate::{Channel, LongNonce, Password, rsa};

/// The credentials of a client, and how it may send them.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The passwords of the first, second and third factor. Most accounts have one.
    pub passwords: Vec<Password>,
    /// The channel to the server: whether eavesdroppers can read what the client sends.
    pub channel: Channel,
    /// Where the client gets the server's RSA key from, if the password must be encrypted.
    pub server_key: ServerKey,
    /// The client's own nonce, which only `parsec` uses; it must be random.
    pub client_nonce: LongNonce,
}

impl Credentials {
    /// Credentials with one password, and without the server's RSA key.
    #[must_use]
    pub fn new(password: impl Into<Password>, channel: Channel, client_nonce: LongNonce) -> Self {
        Self {
            passwords: vec![password.into()],
            channel,
            server_key: ServerKey::Refuse,
            client_nonce,
        }
    }
}

/// The origin of the RSA key that a client encrypts its password for where it can't send the password in clear.
#[derive(Clone, Debug, Default)]
pub enum ServerKey {
    /// The client has no key, and requests none: a login that needs a key fails.
    #[default]
    Refuse,
    /// The client requests the key from the server. An attacker between client and server can replace it by
    /// their own.
    Ask,
    /// The client already has the server's key.
    Known(rsa::PublicKey),
}
