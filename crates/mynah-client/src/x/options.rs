use std::sync::Arc;

use mynah_auth::x::Mechanism;
use mynah_net::TlsClient;
use mynah_session::classic::client::TlsMode;
use mynah_x::compress::Algorithm;

use crate::login::Login;
use crate::traffic::{Tap, Traffic};

/// How a client of the X Protocol logs in: user, password, schema, TLS, authentication mechanism; and whether it
/// compresses.
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(super) login: Login,
    pub(super) mechanism: Option<Mechanism>,
    pub(super) compression: Option<Algorithm>,
    pub(super) tap: Tap,
}

impl Options {
    /// A login by this user and password, without TLS, without a schema and without compression.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            login: Login::new(user.into(), password.into()),
            mechanism: None,
            compression: None,
            tap: Tap::default(),
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

    /// Sets the only authentication mechanism to use. Without it, the client uses PLAIN under TLS and on Unix sockets
    /// and, over plain TCP, MYSQL41 and then SHA256_MEMORY, as far as the server offers them. PLAIN over plain TCP is
    /// an error.
    pub fn mechanism(mut self, mechanism: Mechanism) -> Self {
        self.mechanism = Some(mechanism);
        self
    }

    /// Asks for compression by this algorithm, which is used if the server has it: for long messages of the client, and
    /// for those that the server chooses.
    pub fn compression(mut self, algorithm: Algorithm) -> Self {
        self.compression = Some(algorithm);
        self
    }

    /// Sets a function that is called with all bytes that pass, such as one that observes the connection.
    pub fn on_traffic(mut self, on_traffic: impl Fn(Traffic<'_>) + Send + Sync + 'static) -> Self {
        self.tap = Tap(Some(Arc::new(on_traffic)));
        self
    }
}
