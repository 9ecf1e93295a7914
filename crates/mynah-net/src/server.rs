use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::connections::{Connections, IdleWatch};
use crate::host::Host;
use crate::listener::{Incoming, SocketFile};
use crate::pool::Place;
use crate::rate_limit::RateLimit;
use crate::sessions::Sessions;
use crate::thread::{Running, ThreadOptions};
use crate::workers::{Number, Threads, Workers};
use crate::{Client, ListenAddress, Listener, NetError, Pool, Protocol, ServerOptions, Service};

/// Serves the clients of its listeners on worker threads, or on a thread of a [`Pool`], until it is shut down or
/// dropped.
#[derive(Debug)]
pub struct Server {
    addresses: Vec<ListenAddress>,
    connections: Connections,
    stop: CancellationToken,
    stop_accepting: CancellationToken,
    acceptor: Running,
    workers: Arc<Workers>,
    /// Socket files, removed when everything else is dropped.
    _files: Vec<SocketFile>,
}

impl Server {
    /// Starts serving the clients of `listeners` on worker threads, by sessions whose questions `service` answers.
    ///
    /// # Errors
    /// [`NetError::Thread`].
    pub fn start(
        listeners: Vec<Listener>,
        service: impl Service,
        options: ServerOptions,
    ) -> Result<Self, NetError> {
        let number = Number {
            least: options.workers,
            most: match options.thread_per_connection {
                // Clients that are refused, or read their last message, have threads, too, and don't count.
                true => options.limits.connections.saturating_add(SPARE_WORKERS),
                false => options.workers,
            },
        };
        let hosting = Hosting::own_threads(
            number,
            ThreadOptions {
                stack_size: Some(options.stack_size),
                blocking_threads: Some(options.blocking_threads),
                is_shared: false,
            },
        );
        let idle = IdleWatch::new(options.limits.idle_timeout);
        let sessions = Sessions::new(service, options);
        Self::start_with(listeners, sessions, hosting, Some(idle))
    }

    /// As [`start`](Self::start), but the server shares a thread of `pool` with other servers, and starts none of its
    /// own. Dropping the server ends only its own connections and listeners. The options `workers`,
    /// `thread_per_connection`, `stack_size`, `blocking_threads` and `containment` have no effect.
    ///
    /// While `service` is busy, the other servers on the thread wait. It must therefore neither block nor run untrusted
    /// code.
    ///
    /// # Errors
    /// [`NetError::Thread`].
    pub fn start_in(
        pool: &Pool,
        listeners: Vec<Listener>,
        service: impl Service,
        mut options: ServerOptions,
    ) -> Result<Self, NetError> {
        options.containment = None;
        options.thread_per_connection = false;
        let hosting = Hosting::shared(pool.place()?);
        let idle = IdleWatch::new(options.limits.idle_timeout);
        let sessions = Sessions::new(service, options);
        Self::start_with(listeners, sessions, hosting, Some(idle))
    }

    /// Starts to serve the clients of `listeners` by a service of the caller's own in place of sessions, on
    /// `workers` threads with stacks of `stack_size` bytes.
    ///
    /// # Errors
    /// [`NetError::Thread`].
    pub fn start_threads(
        listeners: Vec<Listener>,
        threads: impl Threads,
        workers: usize,
        stack_size: usize,
    ) -> Result<Self, NetError> {
        let options = ThreadOptions {
            stack_size: Some(stack_size),
            ..ThreadOptions::default()
        };
        let hosting = Hosting::own_threads(Number::fixed(workers), options);
        Self::start_with(listeners, threads, hosting, None)
    }

    fn start_with(
        listeners: Vec<Listener>,
        threads: impl Threads,
        hosting: Hosting,
        idle: Option<IdleWatch>,
    ) -> Result<Self, NetError> {
        let (mut sockets, mut addresses, mut files) = (Vec::new(), Vec::new(), Vec::new());
        for listener in listeners {
            addresses.push(listener.address.clone());
            files.extend(listener.file);
            sockets.push((
                listener.socket,
                Arc::new(listener.address),
                listener.protocol,
            ));
        }
        let (stop, connections) = (CancellationToken::new(), Connections::default());
        let stop_accepting = stop.child_token();
        let workers = Workers::start(
            threads,
            hosting.workers,
            hosting.worker,
            &connections,
            &stop,
        )?;
        let workers = Arc::new(workers);
        let front = Front {
            connections: connections.clone(),
            workers: Arc::clone(&workers),
        };
        let accepting = stop_accepting.clone();
        let acceptor = hosting.acceptor.run(
            "mynah acceptor",
            stop.clone(),
            || (),
            move || async move {
                let mut tasks = JoinSet::new();
                for (socket, address, protocol) in sockets {
                    match Incoming::new(socket, address) {
                        Ok(incoming) => {
                            let accept = front.clone().accept(incoming, protocol);
                            let accepting = accepting.clone();
                            drop(tasks.spawn_local(async move {
                                let _stopped = accepting.run_until_cancelled(accept).await;
                            }));
                        }
                        Err(error) => log::error!("can't wait for clients: {error}"),
                    }
                }
                if let Some(idle) = idle {
                    drop(tasks.spawn_local(watch(idle, front.connections.clone())));
                }
                drop(tasks.spawn_local(async move { front.workers.move_waiting().await }));
                while tasks.join_next().await.is_some() {}
            },
        )?;
        Ok(Self {
            addresses,
            connections,
            stop,
            stop_accepting,
            acceptor,
            workers,
            _files: files,
        })
    }

    /// The addresses on which the server listens, in the order of the listeners, with the ports that were chosen
    /// for port 0.
    #[must_use]
    pub fn addresses(&self) -> &[ListenAddress] {
        &self.addresses
    }

    /// A handle to the open connections, which can be listed and closed.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.connections.clone()
    }

    /// Stops accepting clients. Open connections continue.
    pub fn stop_accepting(&self) {
        self.stop_accepting.cancel();
    }

    /// Stops accepting, ends every session, and waits up to `timeout` for the threads to end.
    /// Returns whether they did: a thread that is inside its handler ends only when that returns, and one with work that
    /// blocks (`spawn_blocking`) only when that is done.
    ///
    /// Clients of sessions that are logged in get error 1053 (the server shuts down), except while they send a file
    /// and in the middle of a packet that they don't read.
    pub fn shut_down(self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        self.stop_accepting.cancel();
        self.connections.end();
        let errors_read_by = deadline.min(Instant::now() + ERROR_TIMEOUT);
        while self.connections.count() > 0 && Instant::now() < errors_read_by {
            std::thread::sleep(POLL_INTERVAL);
        }
        self.stop.cancel();
        let accepting_ended = self.acceptor.wait_until(deadline);
        self.workers.wait_until(deadline) && accepting_ended
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Where the parts of a server run.
struct Hosting {
    acceptor: Host,
    worker: Host,
    workers: Number,
}

impl Hosting {
    fn own_threads(workers: Number, worker: ThreadOptions) -> Self {
        Self {
            acceptor: Host::OwnThread(ThreadOptions::default()),
            worker: Host::OwnThread(worker),
            workers,
        }
    }

    fn shared(place: Arc<Place>) -> Self {
        Self {
            acceptor: Host::Shared(Arc::clone(&place)),
            worker: Host::Shared(place),
            workers: Number::fixed(1),
        }
    }
}

/// Accepts clients, and hands them to workers.
#[derive(Clone)]
struct Front {
    connections: Connections,
    workers: Arc<Workers>,
}

impl Front {
    /// Hands each client that connects to a worker.
    async fn accept(self, incoming: Incoming, protocol: Protocol) {
        let address = incoming.address();
        let mut failures = RateLimit::default();
        loop {
            let client = match incoming.accept().await {
                Ok(client) => client,
                // The client disconnected before it was accepted. The next one may be fine.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => {
                    if let Some(more) = failures.allow(Instant::now()) {
                        log::error!(listener:% = address.log_name();
                            "can't accept a client: {error} (and {more} times before)");
                    }
                    tokio::time::sleep(AFTER_A_FAILED_ACCEPT).await;
                    continue;
                }
            };
            let connection = self.connections.add(address, protocol, client.peer);
            log::info!(listener:% = address.log_name();
                "connection {}: opened by {}", connection.id(), client.peer);
            self.workers
                .hand_over(Client::new(client.socket, connection, client.peer));
        }
    }
}

/// Ends the waits of clients that have sent nothing for too long.
async fn watch(mut idle: IdleWatch, connections: Connections) {
    loop {
        tokio::time::sleep(idle.interval()).await;
        idle.look(&connections, Instant::now());
    }
}

/// How many workers there may be beyond the limit of connections.
const SPARE_WORKERS: usize = 16;
/// How long clients have to read the error that the server shuts down.
const ERROR_TIMEOUT: Duration = Duration::from_millis(200);

/// How often to check whether all clients have disconnected.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// Without free file descriptors the next try would fail at once, too: this gives sessions time to
/// end.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(20);
