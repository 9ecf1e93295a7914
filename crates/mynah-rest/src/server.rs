use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use mynah_net::{Connections, ListenAddress, Listener, NetError};
use mynah_script::Globals;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::api::Api;

/// A TCP port that HTTP clients may connect to. They are answered once it is
/// [served](Self::serve).
#[derive(Debug)]
pub struct RestListener(Listener);

/// Answers HTTP clients on a thread of its own, until it is dropped.
#[derive(Debug)]
pub struct RestServer {
    address: ListenAddress,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

/// Why HTTP clients can't be answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RestError {
    /// The operating system gave no thread, or no means to wait for sockets.
    #[error("can't start the thread {THREAD}")]
    Thread(#[source] io::Error),
}

impl RestListener {
    /// Listens on `port` of `host`, a name or an address; port 0 is one that is free.
    ///
    /// # Errors
    /// [`NetError::Resolve`] and [`NetError::Bind`].
    pub fn bind(host: &str, port: u16) -> Result<Self, NetError> {
        Ok(Self(Listener::bind(host, port)?))
    }

    /// What is listened on, with the port that was found free.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        self.0.address()
    }

    /// Lets clients see and change `globals` and `connections`.
    ///
    /// # Errors
    /// [`RestError::Thread`].
    pub fn serve(
        self,
        globals: Arc<Globals>,
        connections: Connections,
    ) -> Result<RestServer, RestError> {
        let address = self.0.address().clone();
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(RestError::Thread)?;
        let listener = {
            let _entered = runtime.enter();
            let socket = self.0.socket().map_err(RestError::Thread)?;
            TcpListener::from_std(socket.into()).map_err(RestError::Thread)?
        };
        let api = Arc::new(Api::new(globals, connections, address.log_name()));
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let thread = thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || {
                // With the runtime all requests end that are under way.
                let _stopped = runtime.block_on(stopped.run_until_cancelled(accept(listener, api)));
            })
            .map_err(RestError::Thread)?;
        Ok(RestServer {
            address,
            stop,
            thread: Some(thread),
        })
    }
}

impl RestServer {
    /// What is listened on, with the port that was found free.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        &self.address
    }
}

/// Stops listening, and ends what is under way.
impl Drop for RestServer {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended, too.
            let _ended = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, api: Arc<Api>) {
    let free = Arc::new(Semaphore::new(MAX_CLIENTS));
    loop {
        // Further clients wait to be accepted.
        let Ok(place) = Arc::clone(&free).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let api = Arc::clone(&api);
                tokio::spawn(async move {
                    serve(stream, peer, api).await;
                    drop(place);
                });
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                log::error!(listener:% = api.log_name(); "can't accept an HTTP client: {error}");
                tokio::time::sleep(AFTER_A_FAILED_ACCEPT).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, api: Arc<Api>) {
    // An answer is one write, so waiting for more to send would only delay it.
    let _slower = stream.set_nodelay(true);
    let service = service_fn(|request| api.answer(request, peer));
    let connection = http1::Builder::new()
        .title_case_headers(true)
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        log::debug!(listener:% = api.log_name(); "HTTP client {peer}: {error}");
    }
}

/// What the thread is called.
const THREAD: &str = "mynah rest";

/// How many clients are connected at once.
const MAX_CLIENTS: usize = 256;

/// How long a client has to send the head of a request, and may be silent between two.
const IDLE: Duration = Duration::from_secs(30);

/// How many bytes the head of a request may have.
const MAX_HEAD: usize = 64 * 1024;

/// Out of file descriptors, the next try fails as this one did; so wait for others to be closed.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(20);
