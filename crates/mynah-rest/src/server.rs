use mynah_net::{HttpListener, HttpServer, ListenAddress, NetError};

use crate::Served;
use crate::api::Api;

/// A TCP port that HTTP clients may connect to. Their requests are answered once it is
/// [served](Self::serve).
#[derive(Debug)]
pub struct RestListener(HttpListener);

/// Answers HTTP clients on its own thread, until it is dropped.
#[derive(Debug)]
pub struct RestServer(HttpServer);

impl RestListener {
    /// Listens on `port` of `host`, a name or an address; port 0 chooses a free port. With a token,
    /// only requests that carry it are answered.
    ///
    /// # Errors
    /// [`NetError::Resolve`] and [`NetError::Bind`].
    pub fn bind(host: &str, port: u16, token: Option<String>) -> Result<Self, NetError> {
        HttpListener::bind(host, port, token).map(Self)
    }

    /// The address that is listened on, with the chosen port.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        self.0.address()
    }

    /// Lets clients read and change the state of a mock.
    ///
    /// # Errors
    /// [`NetError::Thread`].
    pub fn serve(self, served: Served) -> Result<RestServer, NetError> {
        self.0.serve(Api::new(served)).map(RestServer)
    }
}

impl RestServer {
    /// The address that is listened on, with the chosen port.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        self.0.address()
    }
}
