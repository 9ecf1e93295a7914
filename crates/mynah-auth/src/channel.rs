use crate::Method;

/// Who may be listening between the client and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Nobody: TLS.
    Tls,
    /// Nobody: a Unix socket or shared memory.
    Local,
    /// Anybody: plain TCP.
    Insecure,
}

impl Channel {
    /// Whether nobody may be listening.
    #[must_use]
    pub fn is_secure(self) -> bool {
        self != Self::Insecure
    }

    /// Whether `method` sends a password over it as it is. `sha256_password` does so under TLS
    /// only, and encrypts it on a Unix socket, too (seen: MySQL 9.7).
    pub(crate) fn carries_password_of(self, method: Method) -> bool {
        match method {
            Method::Sha256Password => self == Self::Tls,
            _ => self.is_secure(),
        }
    }
}
