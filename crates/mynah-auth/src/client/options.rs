use crate::{Channel, LongNonce, Password, rsa};

/// What a client logs in with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The passwords of the first, second and third factor. Most accounts have one.
    pub passwords: Vec<Password>,
    /// Whether anybody may be listening.
    pub channel: Channel,
    /// What to do when the password has to be encrypted.
    pub server_key: ServerKey,
    /// The client's own nonce, for `parsec`.
    pub client_nonce: LongNonce,
}

impl Options {
    /// One password, and no server's key.
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

/// Where the RSA key comes from that a password is encrypted for when the channel isn't secure.
#[derive(Clone, Debug, Default)]
pub enum ServerKey {
    /// From nowhere: the login fails instead.
    #[default]
    Refuse,
    /// From the server, whoever that is: somebody in between can put their own in its place.
    Ask,
    /// It is known already.
    Known(rsa::PublicKey),
}
