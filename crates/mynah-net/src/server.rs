use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::workers::{Thread, Workers, start_thread};
use crate::{Listener, NetError, Service};

/// Serves the clients of a listener, spread over worker threads, until it is shut down or
/// dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    acceptor: Thread,
    workers: Arc<Workers>,
}

/// How a [`Server`] serves.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// How many threads serve clients; as many as there are processors by default.
    pub workers: usize,
    /// Stack of a worker thread in bytes; 2 MiB by default.
    pub stack_size: usize,
    /// The version the greeting claims, unless the handler says another.
    pub server_version: String,
    /// How many bytes a command may have; 64 MiB by default, as servers have it.
    pub max_allowed_packet: usize,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            stack_size: 2 * 1024 * 1024,
            server_version: concat!(env!("CARGO_PKG_VERSION"), "-mynah").to_owned(),
            max_allowed_packet: 64 * 1024 * 1024,
        }
    }
}

impl Server {
    /// Starts serving the clients of `listener`.
    ///
    /// # Errors
    /// [`NetError::Thread`].
    pub fn start(
        listener: Listener,
        service: impl Service,
        options: ServerOptions,
    ) -> Result<Self, NetError> {
        let address = listener.address();
        let stop = CancellationToken::new();
        let workers = Arc::new(Workers::start(service, options, &stop)?);
        let accepting = accept(listener, Arc::clone(&workers));
        let acceptor = start_thread("mynah acceptor", None, stop.clone(), || accepting)?;
        Ok(Self {
            address,
            stop,
            acceptor,
            workers,
        })
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting, ends every session, and waits up to `patience` for the threads to end.
    /// Says whether they did: one that is inside its handler ends only when that returns.
    pub fn shut_down(self, patience: Duration) -> bool {
        self.stop.cancel();
        let deadline = std::time::Instant::now() + patience;
        let accepting_ended = self.acceptor.wait_until(deadline);
        self.workers.wait_until(deadline) && accepting_ended
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Hands each client that connects to a worker.
async fn accept(listener: Listener, workers: Arc<Workers>) {
    let port = listener.address().port();
    let listener = match TcpListener::from_std(listener.socket) {
        Ok(listener) => listener,
        Err(error) => return log::error!("can't wait for clients: {error}"),
    };
    let ids = AtomicU32::new(1);
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let id = ids.fetch_add(1, Ordering::Relaxed);
                log::debug!("connection {id}: opened by {peer}");
                hand_over(&workers, stream, id, port);
            }
            Err(error) => {
                log::error!("can't accept a client: {error}");
                tokio::time::sleep(AFTER_A_FAILED_ACCEPT).await;
            }
        }
    }
}

fn hand_over(workers: &Workers, stream: TcpStream, id: u32, port: u16) {
    let connection = mynah_session::Connection { id, port };
    let stream = stream.set_nodelay(true).and_then(|()| stream.into_std());
    match stream {
        Ok(stream) => workers.hand_over(stream, connection),
        Err(error) => log::warn!("connection {id}: lost before it was served: {error}"),
    }
}

/// Out of file descriptors, the next try fails as this one did; so wait for sessions to end.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(20);
