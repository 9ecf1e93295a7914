use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use mynah_net::{
    Connections, Limits, ListenAddress, Listener, NetError, Protocol, ServerOptions, Service,
    TlsServer, Worker,
};

use crate::handler::Asking;
use crate::{Backend, Connection};

/// A running MySQL server whose answers come from a [`Backend`] for each connection. It ends when it is shut down
/// or dropped.
#[derive(Debug)]
pub struct Server {
    server: mynah_net::Server,
}

/// The options of a [`Server`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    host: String,
    port: Option<u16>,
    x_port: Option<u16>,
    socket: Option<PathBuf>,
    open_cursors: usize,
    options: ServerOptions,
}

impl Server {
    /// Begins the options of a server that listens for clients of the classic protocol on this TCP port; 0 for any free
    /// port. The address is 127.0.0.1 unless [`host`](Builder::host) sets another.
    pub fn on_port(port: u16) -> Builder {
        Builder {
            host: "127.0.0.1".to_owned(),
            port: Some(port),
            x_port: None,
            socket: None,
            open_cursors: 16,
            options: ServerOptions::default(),
        }
    }

    /// Begins the options of a server that listens for clients of the classic protocol on a Unix socket at this path.
    pub fn on_socket(path: impl Into<PathBuf>) -> Builder {
        Builder {
            port: None,
            socket: Some(path.into()),
            ..Self::on_port(0)
        }
    }

    /// The addresses on which the server listens: the TCP address of the classic protocol, the TCP address of the X
    /// Protocol, and the Unix socket, as far as the server has them.
    #[must_use]
    pub fn addresses(&self) -> &[ListenAddress] {
        self.server.addresses()
    }

    /// The first TCP address on which the server listens, that of the classic protocol if it has one; `None` if the
    /// server has only a Unix socket.
    #[must_use]
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        self.addresses().iter().find_map(|address| match address {
            ListenAddress::Tcp(address) => Some(*address),
            _ => None,
        })
    }

    /// A handle to the open connections, which can be listed and closed.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.server.connections()
    }

    /// Stops accepting clients. Open connections continue.
    pub fn stop_accepting(&self) {
        self.server.stop_accepting();
    }

    /// Stops accepting, ends all connections, with error 1053 to logged-in clients where the protocol has a place
    /// for it, and waits up to `timeout` for the server's threads to end, also for those of work in
    /// [`blocking`](crate::blocking). Returns whether they have ended.
    pub fn shut_down(self, timeout: Duration) -> bool {
        self.server.shut_down(timeout)
    }
}

impl Builder {
    /// Sets the host name or address that the TCP ports of both protocols listen on; by default 127.0.0.1.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// Also listens for clients of the X Protocol, on this TCP port; 0 for any free port. By default only the
    /// classic protocol is served.
    pub fn x_port(mut self, port: u16) -> Self {
        self.x_port = Some(port);
        self
    }

    /// Sets the server version in the greeting of the classic protocol, by which clients decide which features they
    /// use. By default it is `9.7.4-mynah`, since some drivers refuse old servers.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.options.server_version = version.into();
        self
    }

    /// Sets the server's TLS, which clients may or must use by its [mode](TlsServer::mode); by default TLS isn't
    /// offered.
    pub fn tls(mut self, tls: TlsServer) -> Self {
        self.options.tls = Some(tls);
        self
    }

    /// Sets how many threads serve clients, at least one; by default as many as there are processors for the process.
    pub fn workers(mut self, workers: usize) -> Self {
        self.options.workers = workers;
        self
    }

    /// Serves each client on a thread that has no other client. A backend that keeps its thread busy then holds up only its
    /// own client, and short statements are answered faster, as their thread waits in the system call that reads. It costs
    /// a thread for each connection, so it suits tens or hundreds of them. Threads are kept for ten to twenty seconds for
    /// the next client; [`workers`](Self::workers) says how many are always there. There are at most 16 more threads than there
    /// may be connections; clients that are refused beyond that share threads with others.
    ///
    /// What a backend starts with [`spawn_local`](tokio::task::spawn_local) runs on the thread of its connection.
    pub fn thread_per_connection(mut self) -> Self {
        self.options.thread_per_connection = true;
        self
    }

    /// Sets how many connections may be open at a time, of both protocols together; further clients get error 1040. By
    /// default 4096.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.options.limits.connections = connections;
        self
    }

    /// Sets how long the server waits for the next command of a logged-in client before the client gets error 4031
    /// and is disconnected; by default 8 hours.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.options.limits.idle_timeout = timeout;
        self
    }

    /// Sets all limits on the resources that clients use, in place of those that
    /// [`max_connections`](Self::max_connections) and [`idle_timeout`](Self::idle_timeout) have set.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// Sets how many cursors a connection may have open at a time whose rows the backend hasn't all written; a client
    /// that opens one more gets error 1226. By default 16. A cursor's rows are written when the client fetches them, at most
    /// about 192 KiB ahead; until then, work in [`blocking`](crate::blocking) that writes them holds a thread. A cursor whose
    /// rows are all written isn't counted. That a cursor is one too many is known only once its statement was run, and has
    /// more rows than fit in one part.
    pub fn open_cursors(mut self, cursors: usize) -> Self {
        self.open_cursors = cursors;
        self
    }

    /// Sets the length of the longest command that is accepted, in bytes; by default 64 MiB.
    pub fn max_allowed_packet(mut self, bytes: usize) -> Self {
        self.options.max_allowed_packet = bytes;
        self
    }

    /// Starts the server. `backend` makes the [`Backend`] of each connection, on the thread that serves the
    /// connection.
    ///
    /// # Errors
    /// If the server can't listen on an address, or a thread can't be started.
    pub fn serve<B: Backend>(
        self,
        backend: impl Fn(Connection) -> B + Clone + Send + Sync + 'static,
    ) -> Result<Server, NetError> {
        let (mut listeners, mut options) = (Vec::new(), self.options);
        // So many that no connection's work waits for that of another one.
        let for_one = self.open_cursors.saturating_add(1);
        let for_all = options.limits.connections.saturating_mul(for_one);
        options.blocking_threads = options.blocking_threads.max(for_all);
        for (port, protocol) in [(self.port, Protocol::Classic), (self.x_port, Protocol::X)] {
            if let Some(port) = port {
                listeners.push(Listener::bind(&self.host, port)?.speaking(protocol));
            }
        }
        if let Some(path) = self.socket {
            listeners.push(Listener::bind_unix(path)?);
        }
        let server = mynah_net::Server::start(
            listeners,
            Opening {
                backend,
                open_cursors: self.open_cursors,
            },
            options,
        )?;
        Ok(Server { server })
    }
}

/// Makes backends.
struct Opening<F> {
    backend: F,
    open_cursors: usize,
}

impl<F, B> Service for Opening<F>
where
    F: Fn(Connection) -> B + Clone + Send + Sync + 'static,
    B: Backend,
{
    type Worker = Self;

    fn worker(&self) -> Self {
        Self {
            backend: self.backend.clone(),
            ..*self
        }
    }
}

impl<F, B> Worker for Opening<F>
where
    F: Fn(Connection) -> B + 'static,
    B: Backend,
{
    type Handler = Asking<B>;

    fn open(&self, connection: mynah_session::Connection) -> Asking<B> {
        let connection = Connection::new(connection);
        let backend = (self.backend)(connection.clone());
        Asking::new(backend, connection, self.open_cursors)
    }
}
