use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_net::TlsClient;
use mynah_session::classic::client::TlsMode;

use crate::login::Login;
use crate::traffic::{Tap, Traffic};

/// How a client logs in: user, password, schema, TLS, capabilities; and where files come from that servers request.
#[derive(Clone)]
#[must_use]
pub struct Options {
    pub(crate) login: Login,
    pub(crate) asks_for_key: bool,
    pub(crate) capabilities: Capabilities,
    /// Whether the client's usual flags aren't sent.
    pub(crate) has_only_these: bool,
    pub(crate) character_set: Option<u8>,
    pub(crate) tap: Tap,
    pub(crate) files: Option<Arc<Files>>,
}

/// A function that returns the content of a file by its name, for LOAD DATA LOCAL INFILE.
pub type Files = dyn Fn(&str) -> Bytes + Send + Sync;

impl Options {
    /// A login by this user and password, without TLS and without a schema.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            login: Login::new(user.into(), password.into()),
            asks_for_key: true,
            capabilities: Capabilities::empty(),
            has_only_these: false,
            character_set: None,
            tap: Tap::default(),
            files: None,
        }
    }

    /// Sets the schema to use from the login on; by default none.
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.login.schema = schema.into();
        self
    }

    /// Requires TLS, with these settings: the login fails if the server doesn't offer TLS.
    pub fn tls(mut self, tls: TlsClient) -> Self {
        self.login.set_tls(TlsMode::Required, tls);
        self
    }

    /// Uses TLS with these settings if the server offers it; otherwise logs in without TLS.
    pub fn tls_if_offered(mut self, tls: TlsClient) -> Self {
        self.login.set_tls(TlsMode::Preferred, tls);
        self
    }

    /// Doesn't ask the server for an RSA key over plain TCP, because an attacker in between could send another key.
    /// Logins that need such a key then fail.
    pub fn without_server_key(mut self) -> Self {
        self.asks_for_key = false;
        self
    }

    /// Adds capability flags, such as COMPRESS, to those that the client sends anyway. A flag is used if the server
    /// has it, too.
    pub fn capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities |= capabilities;
        self
    }

    /// Sets all capability flags, in place of those that the client sends otherwise, except for those without which it
    /// can't log in. A flag is used if the server has it, too.
    pub fn only_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self.has_only_these = true;
        self
    }

    /// Sets the id of the collation of the client's statements, whose character set they are in; by default
    /// utf8mb4_general_ci.
    pub fn character_set(mut self, collation: u8) -> Self {
        self.character_set = Some(collation);
        self
    }

    /// Sets a function that is called with all bytes that pass, such as one that observes the connection.
    pub fn on_traffic(mut self, on_traffic: impl Fn(Traffic<'_>) + Send + Sync + 'static) -> Self {
        self.tap = Tap(Some(Arc::new(on_traffic)));
        self
    }

    /// Sets the function that returns the content of files that a server requests; without it, requested files are
    /// empty.
    pub fn files(mut self, files: impl Fn(&str) -> Bytes + Send + Sync + 'static) -> Self {
        self.files = Some(Arc::new(files));
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}
