use std::path::PathBuf;
use std::time::Duration;

use mynah_net::{TlsClientOptions, TlsMode, TlsOptions};

use crate::{Address, Gates, ProxySenders, ProxyVersion, Subscription, TraceOptions};

/// The options of a [`Relay`](crate::Relay).
#[derive(Clone, Debug)]
pub struct RelayOptions {
    /// Where clients come in, and the server that each of these leads to. One at least.
    pub routes: Vec<Route>,
    /// How many threads serve clients; by default, one for each processor.
    pub workers: usize,
    /// How TLS is used on both sides.
    pub tls: RelayTls,
    /// The trace of connections, and where it goes; none by default.
    pub trace: Option<TraceOptions>,
    /// Further subscribers to the events on connections; none by default.
    pub subscriptions: Vec<Subscription>,
    /// What decides which commands reach their server; nothing by default. Clients of gates are not offered
    /// compression, and where TLS passes as it is there is nothing to decide on.
    pub gates: Option<Gates>,
    /// Where HTTP clients see counters and connections; nowhere by default.
    pub http: Option<HttpOptions>,
    /// Whether [`Relay::summary`](crate::Relay::summary) has one; not by default.
    pub summary: bool,
    /// The permissions of Unix sockets that are listened on, as `chmod` takes them; 0777 by default.
    pub socket_mode: u32,
    /// Load balancers whose connections begin with a header of the PROXY protocol, which has the client's address. A
    /// connection of theirs without one is refused. None by default.
    pub accept_proxy_protocol: ProxySenders,
    /// The header that servers are sent in front of each connection; none by default.
    pub send_proxy_protocol: Option<ProxyVersion>,
    /// How many clients there may be at once; no limit by default.
    pub max_connections: Option<usize>,
    /// How long a server may take to accept a connection and to greet; 10 seconds by default.
    pub connect_timeout: Duration,
    /// How long a login may take until it is decided, or by the X Protocol until the client begins
    /// with it; 60 seconds by default. Where TLS passes as it is there is no limit.
    pub login_timeout: Duration,
    /// After how long a silence a connection is closed; never by default.
    pub idle_timeout: Option<Duration>,
}

/// Where HTTP clients see counters and connections, and which of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// The name or address that is listened on.
    pub bind: String,
    /// The port, 0 for one that is free.
    pub port: u16,
    /// What clients have to know, if they have to.
    pub token: Option<String>,
}

/// Where clients come in, and the server that this leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// What is listened on; of a TCP port 0 stands for one that is free.
    pub listen: Address,
    /// The server.
    pub upstream: Address,
    /// The protocol of the server.
    pub protocol: Protocol,
}

/// A protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// The protocol of the server's first packet.
    #[default]
    Auto,
    /// The classic protocol.
    Classic,
    /// The X Protocol.
    X,
}

/// How TLS is used on both sides.
#[derive(Clone, Debug, Default)]
pub struct RelayTls {
    /// Whether what is encrypted passes as it is, from the client to the server. Nothing is seen of
    /// it then, and none of the rest here matters.
    pub passthrough: bool,
    /// Towards clients; absent, they are offered what the server offers.
    pub client: Option<TlsMode>,
    /// Towards servers; absent, as the client does it.
    pub server: Option<TlsMode>,
    /// The proxy's own certificate and key, and the authorities of its clients. Without a
    /// certificate it makes one when it starts.
    pub own: TlsOptions,
    /// How servers are verified. Their name, where it matters and isn't said, is that of the route.
    pub servers: TlsClientOptions,
    /// A file that secrets are appended to which let others decipher what was recorded.
    pub key_log: Option<PathBuf>,
}

impl Default for RelayOptions {
    fn default() -> Self {
        Self {
            routes: Vec::new(),
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            tls: RelayTls::default(),
            trace: None,
            subscriptions: Vec::new(),
            gates: None,
            http: None,
            summary: false,
            socket_mode: 0o777,
            accept_proxy_protocol: ProxySenders::default(),
            send_proxy_protocol: None,
            max_connections: None,
            connect_timeout: Duration::from_secs(10),
            login_timeout: Duration::from_secs(60),
            idle_timeout: None,
        }
    }
}
