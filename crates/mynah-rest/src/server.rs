use mynah_net::{HttpListener, HttpServer, ListenAddress, NetError};

use crate::Served;
use crate::api::Api;

/// A TCP port for HTTP clients. They can connect from now on; requests are answered once it is
/// [served](Self::serve).
#[derive(Debug)]
pub struct RestListener(HttpListener);

/// Answers HTTP requests on a thread of its own, until it is dropped.
#[derive(Debug)]
pub struct RestServer(HttpServer);

impl RestListener {
    /// Listens on `port` of `host`, a name or an address; port 0 stands for any free port. With a token, requests
    /// that don't have it (`Authorization: Bearer …`) are refused with status 401. Without one, requests whose `Host`
    /// is neither `localhost`, an IP address nor `host` get 403, except those that read `/health`, `/ready` and
    /// `/metrics`, and so do requests from web pages of other sites that would change something.
    ///
    /// # Errors
    /// [`NetError::Resolve`] and [`NetError::Bind`].
    pub fn bind(host: &str, port: u16, token: Option<String>) -> Result<Self, NetError> {
        HttpListener::bind(host, port, token).map(Self)
    }

    /// The TCP address that is listened on, with the chosen port.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        self.0.address()
    }

    /// Starts to answer requests, by which HTTP clients read and change the state of a mock.
    ///
    /// # Errors
    /// [`NetError::Thread`].
    pub fn serve(self, served: Served) -> Result<RestServer, NetError> {
        self.0.serve(Api::new(served)).map(RestServer)
    }
}

impl RestServer {
    /// The TCP address on which the server listens, with the chosen port.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        self.0.address()
    }
}
