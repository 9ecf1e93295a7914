use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mynah_net::{TlsClientOptions, TlsMode, TlsOptions};

use crate::statement::Wants;
use crate::{
    Address, FaultRules, Gates, MirrorOptions, ProxySenders, ProxyVersion, RecordOptions, Rule,
    Subscription, TraceOptions, UpstreamOptions, UpstreamPolicy,
};

/// The options of a [`Relay`](crate::Relay): routes, TLS, limits, and what is done with the connections'
/// events.
#[derive(Clone, Debug)]
pub struct RelayOptions {
    /// The addresses to listen on, each with the servers that its connections are forwarded to. At least one.
    pub routes: Vec<Route>,
    /// The options of the routes with several upstreams: limits, checks, slow start.
    pub upstreams: UpstreamOptions,
    /// How many threads serve clients; by default one per processor.
    pub workers: usize,
    /// How TLS is used with clients and with servers.
    pub tls: RelayTls,
    /// The trace to write; none by default.
    pub trace: Option<TraceOptions>,
    /// Records the servers' answers into a file; by default nothing is recorded. Traffic whose TLS isn't terminated
    /// can't be recorded.
    pub record: Option<RecordOptions>,
    /// A second server that gets what clients send, too, so that its answers are compared with those of the first; none by
    /// default.
    pub mirror: Option<MirrorOptions>,
    /// Further receivers of the connections' events; none by default.
    pub subscriptions: Vec<Subscription>,
    /// Code that decides for each command whether it is forwarded, answered or refused; by default all commands are
    /// forwarded. With gates, clients aren't offered compression. If TLS isn't terminated
    /// ([`RelayTls::passthrough`]), it is offered all the same, and compressed or encrypted commands are forwarded
    /// without a decision.
    pub gates: Option<Gates>,
    /// The rules for faults that are played between clients and servers; none by default. Rules may be changed while
    /// the relay runs. Clients that log in while there are rules aren't offered compression, unless TLS isn't
    /// terminated ([`RelayTls::passthrough`]). Commands that the proxy can't read, because they are compressed or
    /// their TLS isn't terminated, match no rule. A command with a fault isn't passed to a gate.
    pub faults: FaultRules,
    /// The HTTP listener with the counters, the connections, the rules for faults and the recording; none by default.
    pub http: Option<HttpOptions>,
    /// The counts of statements by their digests, which [`http`](Self::http) shows; none by default.
    pub digests: Option<DigestOptions>,
    /// Whether the counts for [`Relay::summary`](crate::Relay::summary) are collected; not by default.
    pub summary: bool,
    /// The permission bits of the Unix sockets that are listened on, as for `chmod`; 0o777 by default.
    pub socket_mode: u32,
    /// The load balancers that send the client's address in a header of the PROXY protocol; none by default.
    /// Connections from these addresses without such a header are refused.
    pub accept_proxy_protocol: ProxySenders,
    /// The version of the PROXY protocol header to send to servers at the start of each connection; none by
    /// default.
    pub send_proxy_protocol: Option<ProxyVersion>,
    /// The most client connections at a time, those of all routes together; further clients get error 1040. No limit
    /// by default.
    pub max_connections: Option<usize>,
    /// How long a server may take to accept a connection, and then again to send its greeting (unless the route's
    /// protocol is X), and how long a load balancer may take to send its header of the PROXY protocol; 10 seconds by
    /// default.
    pub connect_timeout: Duration,
    /// How long a login may take; 60 seconds by default. In the X Protocol the time runs until the client
    /// begins to authenticate. There is no limit if TLS isn't terminated ([`RelayTls::passthrough`]).
    pub login_timeout: Duration,
    /// The time after which a connection without any traffic is closed. By default only a connection that one side
    /// has closed is, after 60 seconds without traffic.
    pub idle_timeout: Option<Duration>,
}

/// The HTTP listener of a relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// The host name or IP address to listen on.
    pub bind: String,
    /// The TCP port to listen on; 0 for any free port.
    pub port: u16,
    /// A token that requests must have (`Authorization: Bearer …`). With `None`, requests need no token, but must
    /// have a `Host` that is `localhost`, an IP address or [`bind`](Self::bind), except those that read `/health`,
    /// `/ready` and `/metrics`; requests that would change something must not come from a web page of another site.
    pub token: Option<String>,
}

/// The counts of statements by their digests.
#[derive(Clone, Debug)]
pub struct DigestOptions {
    /// The most digests that are counted separately, those of a schema; at least 1, and 1000 by default. When there are more, those
    /// that weren't used for longest are counted together.
    pub most: usize,
    /// Rules for what is hidden in examples and digests, besides passwords: each match of a rule is replaced. A
    /// trace's [rules](TraceOptions::redact) apply, too.
    pub redact: Vec<Rule>,
}

impl Default for DigestOptions {
    fn default() -> Self {
        Self {
            most: 1000,
            redact: Vec::new(),
        }
    }
}

/// An address to listen on, and the servers that its connections are forwarded to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The address to listen on. TCP port 0 stands for any free port.
    pub listen: Address,
    /// The addresses of the servers that connections are forwarded to, at least one. Each connection has one of them for
    /// its whole life. If there are several, [`policy`](Self::policy) says which, and one that is down is passed over.
    pub upstreams: Vec<Address>,
    /// Which of several upstreams a connection gets.
    pub policy: UpstreamPolicy,
    /// The protocol of the route's connections, or that it is found out for each.
    pub protocol: Protocol,
}

impl Route {
    /// A route from a free port of the loopback interface to this server.
    #[must_use]
    pub fn to(upstream: Address) -> Self {
        Self {
            listen: Address::Tcp {
                host: "127.0.0.1".to_owned(),
                port: 0,
            },
            upstreams: vec![upstream],
            policy: UpstreamPolicy::default(),
            protocol: Protocol::default(),
        }
    }
}

/// The protocol of a route's connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// Found out for each connection by the first bytes: a classic server sends a greeting, and a client of the X
    /// Protocol may speak first.
    #[default]
    Auto,
    /// All connections of the route use the classic protocol.
    Classic,
    /// All connections of the route use the X Protocol.
    X,
}

/// How TLS is used with clients and with servers.
#[derive(Clone, Debug, Default)]
pub struct RelayTls {
    /// Whether encrypted bytes are forwarded unread between client and server. If so, the other fields have no
    /// effect.
    pub passthrough: bool,
    /// Whether the proxy offers or requires TLS with clients; `None` offers TLS if the server offers it.
    pub client: Option<TlsMode>,
    /// TLS with servers; `None` uses TLS if the client does and the server offers it.
    pub server: Option<TlsMode>,
    /// The certificate and key that the proxy shows clients, and the authorities that client certificates
    /// must be signed by. Without a certificate, a proxy that terminates TLS makes a self-signed one when it starts, or
    /// takes that which [`TlsOptions::self_signed`] keeps.
    pub own: TlsOptions,
    /// How the certificates of servers are verified. If a host name is needed and not given, the host name of the
    /// route is used, and `localhost` for a Unix socket.
    pub servers: TlsClientOptions,
    /// A file that the secrets of TLS sessions are appended to, in NSS key log format, so that recorded traffic can
    /// be decrypted; none by default.
    pub key_log: Option<PathBuf>,
}

impl RelayOptions {
    /// What is asked for of statements.
    pub(crate) fn wants(&self) -> Wants {
        let of_http = Wants {
            outlines: self.http.is_some(),
            digests: self.http.is_some() && self.digests.is_some(),
        };
        let of_trace = self.trace.as_ref().map(TraceOptions::wants);
        of_http.or(of_trace.unwrap_or_default())
    }

    /// What is hidden besides passwords in what is known of statements.
    pub(crate) fn redact_rules(&self) -> Arc<[Rule]> {
        let of_digests = self.digests.iter().flat_map(|digests| &digests.redact);
        let of_trace = self.trace.iter().flat_map(|trace| &trace.redact);
        of_digests.chain(of_trace).cloned().collect()
    }
}

impl Default for RelayOptions {
    fn default() -> Self {
        Self {
            routes: Vec::new(),
            upstreams: UpstreamOptions::default(),
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            tls: RelayTls::default(),
            trace: None,
            record: None,
            mirror: None,
            subscriptions: Vec::new(),
            gates: None,
            faults: FaultRules::default(),
            http: None,
            digests: None,
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
