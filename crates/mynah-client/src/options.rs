use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_net::TlsClient;

/// How a client logs in.
#[derive(Clone)]
#[must_use]
pub struct Options {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) schema: String,
    pub(crate) tls: Option<TlsClient>,
    pub(crate) is_tls_required: bool,
    pub(crate) asks_for_key: bool,
    pub(crate) capabilities: Capabilities,
    pub(crate) files: Option<Arc<Files>>,
}

/// Gives the content of the file of a name, for LOAD DATA LOCAL INFILE.
pub type Files = dyn Fn(&str) -> Bytes + Send + Sync;

impl Options {
    /// A login of this user, without TLS and without a schema.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            password: password.into(),
            schema: String::new(),
            tls: None,
            is_tls_required: false,
            asks_for_key: true,
            capabilities: Capabilities::empty(),
            files: None,
        }
    }

    /// Sets the schema.
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = schema.into();
        self
    }

    /// Uses TLS; a server without it is refused.
    pub fn tls(mut self, tls: TlsClient) -> Self {
        (self.tls, self.is_tls_required) = (Some(tls), true);
        self
    }

    /// Uses TLS if the server offers it.
    pub fn tls_if_offered(mut self, tls: TlsClient) -> Self {
        (self.tls, self.is_tls_required) = (Some(tls), false);
        self
    }

    /// Doesn't ask the server for an RSA key to encrypt the password for on an insecure channel, as an attacker in the
    /// middle could give another.
    pub fn without_server_key(mut self) -> Self {
        self.asks_for_key = false;
        self
    }

    /// Adds capabilities, such as COMPRESS; they are used if the server has them, too.
    pub fn capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities |= capabilities;
        self
    }

    /// Sets what the files are that the server asks for.
    pub fn files(mut self, files: impl Fn(&str) -> Bytes + Send + Sync + 'static) -> Self {
        self.files = Some(Arc::new(files));
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("user", &self.user)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}
