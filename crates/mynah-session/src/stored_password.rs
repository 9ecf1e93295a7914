use std::fmt;

use bytes::Bytes;
use mynah_auth::server::Secret;
use mynah_auth::{AuthError, Method};

/// A password in the form in which a server stores it: the columns `plugin` and `authentication_string` of an account.
#[derive(Clone)]
pub struct StoredPassword {
    method: Method,
    text: Bytes,
    secret: Secret,
}

impl StoredPassword {
    /// Reads the name of an authentication method, and the stored form of a password that belongs to the method, from
    /// the columns `plugin` and `authentication_string` of `mysql.user`: such as `mysql_native_password` and
    /// `*6BB4837E…`, `caching_sha2_password` and `$A$005$…`, `sha256_password` and `$5$…`; of MariaDB also `ed25519` and
    /// `parsec`. An empty `stored` stands for an account without a password.
    ///
    /// # Errors
    /// [`AuthError::UnknownMethod`]; [`AuthError::NotStored`] if `stored` isn't in the method's format.
    pub fn parse(method: &str, stored: impl Into<Bytes>) -> Result<Self, AuthError> {
        let text = stored.into();
        let method = match method {
            // MariaDB's server plugin has a shorter name than its clients'.
            "ed25519" => Method::Ed25519,
            name => Method::try_from(name.as_bytes())?,
        };
        let secret = Secret::parse(method, &text)?;
        Ok(Self {
            method,
            text,
            secret,
        })
    }

    /// The authentication method that the stored form belongs to.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// What the caches of passwords know it by. With another password, an account is another user to them.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(crate) fn has_password(&self) -> bool {
        !self.text.is_empty()
    }
}

impl PartialEq for StoredPassword {
    fn eq(&self, other: &Self) -> bool {
        self.method == other.method && self.text == other.text
    }
}

impl Eq for StoredPassword {}

impl fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredPassword({}, hidden)", self.method)
    }
}
