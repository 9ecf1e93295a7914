use std::time::Duration;

use mynah_auth::rsa::PrivateKey;
use mynah_classic::Capabilities;

use crate::{Containment, Limits, TlsServer};

/// How a [`Server`](crate::Server) serves its clients.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// How many threads serve clients, at least one; by default as many as there are processors for the process.
    pub workers: usize,
    /// Whether each client is served by a thread that has no other client, so that one that keeps its thread busy holds
    /// up no other; false by default. Threads are started as clients connect, up to 16 more than there may be
    /// connections, since clients that are refused have a thread, too; clients beyond that share threads. Threads that
    /// have neither a client nor tasks of its handler for ten to twenty seconds end, but for `workers` of them. A
    /// session on such a thread waits for its client's next command first in the system call, for 10 ms at most, which
    /// answers short statements faster, and then in the event loop; tasks that its handler has started keep it from the
    /// former while they run.
    pub thread_per_connection: bool,
    /// The stack of a worker thread in bytes; 2 MiB by default.
    pub stack_size: usize,
    /// How many threads each worker may have for work that blocks, such as making an RSA key, or what its handlers pass to
    /// `tokio::task::spawn_blocking`; 512 by default. A thread is started when it is needed.
    pub blocking_threads: usize,
    /// The version in the greeting of the classic protocol, unless the handler's greeting has another; by default
    /// `9.7.4-mynah`, since some drivers refuse old servers.
    pub server_version: String,
    /// Capabilities that clients of the classic protocol are offered in addition to those that every session has,
    /// unless the handler's greeting has others; none by default.
    pub capabilities: Capabilities,
    /// The longest command in bytes that is accepted; 64 MiB by default, as with MySQL's servers.
    pub max_allowed_packet: usize,
    /// How long a client has to log in, from its greeting on, TLS included; 10 seconds by default, as with MySQL's
    /// servers. Neither the time before the greeting nor that in which the server makes or delays an answer is counted.
    pub connect_timeout: Duration,
    /// Bounds on the resources that clients use.
    pub limits: Limits,
    /// The TLS settings, by whose mode clients may or must use TLS; none by default, so that TLS isn't offered.
    pub tls: Option<TlsServer>,
    /// The key that clients of the classic protocol encrypt passwords for on connections without TLS. By default, a
    /// key is made when the first client needs it.
    pub rsa_key: Option<PrivateKey>,
    /// Limits for scripts, beyond which the thread that runs them is lost; none by default.
    pub containment: Option<Containment>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            thread_per_connection: false,
            stack_size: 2 * 1024 * 1024,
            blocking_threads: 512,
            server_version: "9.7.4-mynah".to_owned(),
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
