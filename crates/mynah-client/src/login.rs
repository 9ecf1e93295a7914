use std::fmt;

use mynah_net::TlsClient;
use mynah_session::classic::client::TlsMode;

/// Who logs in, to which schema, and whether under TLS: what clients of both protocols need.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
    /// Empty for none.
    pub(crate) schema: String,
    pub(crate) tls_mode: TlsMode,
    /// The settings of TLS; there are some unless TLS is disabled.
    pub(crate) tls: Option<TlsClient>,
}

impl Login {
    /// A login without TLS and without a schema.
    pub(crate) fn new(user: String, password: String) -> Self {
        Self {
            user,
            password,
            schema: String::new(),
            tls_mode: TlsMode::Disabled,
            tls: None,
        }
    }

    pub(crate) fn set_tls(&mut self, mode: TlsMode, tls: TlsClient) {
        (self.tls_mode, self.tls) = (mode, Some(tls));
    }
}

impl fmt::Debug for Login {
    /// Hides the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("user", &self.user)
            .field("schema", &self.schema)
            .field("tls_mode", &self.tls_mode)
            .finish_non_exhaustive()
    }
}
