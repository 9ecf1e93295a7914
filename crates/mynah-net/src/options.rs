use std::time::Duration;

use mynah_auth::rsa::PrivateKey;
use mynah_classic::Capabilities;

use crate::{Containment, Limits, TlsServer};

/// How a [`Server`](crate::Server) serves.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// How many threads serve clients; as many as there are processors by default.
    pub workers: usize,
    /// Stack of a worker thread in bytes; 2 MiB by default.
    pub stack_size: usize,
    /// The version the greeting claims, unless the handler says another.
    pub server_version: String,
    /// What is offered to clients, unless the handler says otherwise, besides what always is;
    /// nothing by default.
    pub capabilities: Capabilities,
    /// How many bytes a command may have; 64 MiB by default, as servers have it.
    pub max_allowed_packet: usize,
    /// How long a client has to log in, from its greeting on; 10 seconds by default, as servers
    /// have it. What the handler waits isn't counted.
    pub connect_timeout: Duration,
    /// How much clients may take.
    pub limits: Limits,
    /// TLS, for clients that ask for it; without it by default.
    pub tls: Option<TlsServer>,
    /// The key that clients encrypt passwords for where nothing else protects them. One is made
    /// when the first client needs it by default.
    pub rsa_key: Option<PrivateKey>,
    /// How far scripts may go before the thread that runs them is lost; none is by default.
    pub containment: Option<Containment>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            stack_size: 2 * 1024 * 1024,
            server_version: concat!(env!("CARGO_PKG_VERSION"), "-mynah").to_owned(),
            capabilities: Capabilities::empty(),
            max_allowed_packet: 64 * 1024 * 1024,
            connect_timeout: Duration::from_secs(10),
            limits: Limits::default(),
            tls: None,
            rsa_key: None,
            containment: None,
        }
    }
}
