use crate::Method;

/// Whether eavesdroppers can read the traffic between client and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// TLS: safe from eavesdroppers.
    Tls,
    /// A Unix socket or shared memory: safe from eavesdroppers, as it doesn't leave the machine.
    Local,
    /// Plain TCP: anyone on the network may listen.
    Insecure,
}

impl Channel {
    /// Whether the channel is safe from eavesdroppers.
    #[must_use]
    pub fn is_secure(self) -> bool {
        self != Self::Insecure
    }

    /// Whether `method` sends a password in clear over this channel. `sha256_password` does so
    /// under TLS only: it encrypts the password on a Unix socket, too (seen: MySQL 9.7).
    pub(crate) fn carries_password_of(self, method: Method) -> bool {
        match method {
            Method::Sha256Password => self == Self::Tls,
            _ => self.is_secure(),
        }
    }
}
