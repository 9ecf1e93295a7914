use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::guard::Guard;
use super::reply::{HttpReply, http_body};
use super::write_timeout::WriteTimeout;
use crate::rate_limit::RateLimit;
use crate::{ListenAddress, Listener, NetError};

/// Answers the requests of an [`HttpServer`].
pub trait HttpService: Send + Sync + 'static {
    /// Answers one request, which has passed the checks of host, site and token. Without a token, a GET of
    /// `/health`, `/ready` or `/metrics` may name any host.
    fn answer(&self, request: Request<Incoming>) -> impl Future<Output = HttpReply> + Send;

    /// Whether a GET or HEAD of this path needs no token, because the answer is the same for all and says nothing about
    /// the program, such as the files of a page. By default every path needs it.
    fn needs_no_token(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// The answer to a request that is refused and isn't passed to [`answer`](Self::answer), because the request names
    /// another host, an invalid one, several or none, comes from another site, or doesn't have the token. `why` is a
    /// sentence for people. By default the answer is `why` as plain text. To an answer with status 401, the server adds
    /// the header `WWW-Authenticate`.
    fn refuse(&self, path: &str, status: StatusCode, why: &'static str) -> HttpReply {
        let _ = path;
        text(status, format!("{why}\n"))
    }
}

/// A TCP port that HTTP clients may connect to. Their requests are answered once it is
/// [served](Self::serve).
pub struct HttpListener {
    listener: Listener,
    guard: Guard,
}

/// Answers HTTP clients on its own thread, until it is dropped.
#[derive(Debug)]
pub struct HttpServer {
    address: ListenAddress,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl HttpListener {
    /// Listens on `port` of `host`, a name or an address; port 0 chooses a free port. With a token, requests that
    /// don't carry it (`Authorization: Bearer …`) get status 401. Without one, requests whose `Host` is neither
    /// `localhost`, an IP address nor `host` get 403, except those that read `/health`, `/ready` and `/metrics`, and
    /// so do requests from web pages of other sites that would change something.
    ///
    /// # Errors
    /// [`NetError::Resolve`] and [`NetError::Bind`].
    pub fn bind(host: &str, port: u16, token: Option<String>) -> Result<Self, NetError> {
        let listener = Listener::bind(host, port)?;
        let is_loopback = match listener.address() {
            ListenAddress::Tcp(address) => address.ip().is_loopback(),
            ListenAddress::Unix(_) => true,
        };
        // Routes may change the server, so one that other machines reach should need a token.
        if !is_loopback && token.is_none() {
            log::warn!(listener:% = listener.address().log_name();
                "HTTP on {} is open to others without a token", listener.address());
        }
        let host = host.to_owned();
        Ok(Self {
            listener,
            guard: Guard { host, token },
        })
    }

    /// The TCP address that is listened on, with the chosen port.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        self.listener.address()
    }

    /// Starts a thread on which a service answers the clients.
    ///
    /// # Errors
    /// [`NetError::Thread`].
    pub fn serve(self, service: impl HttpService) -> Result<HttpServer, NetError> {
        let failed = |source| NetError::Thread {
            name: THREAD.to_owned(),
            source,
        };
        let address = self.listener.address().clone();
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let listener = {
            let _entered = runtime.enter();
            let socket = self.listener.socket().map_err(failed)?;
            TcpListener::from_std(socket.into()).map_err(failed)?
        };
        let front = Arc::new(Front {
            service,
            guard: self.guard,
            log_name: address.log_name(),
        });
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let thread = thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || {
                // When this future is dropped, the runtime ends with all open requests.
                let accepting = front.accept(listener);
                let _stopped = runtime.block_on(stopped.run_until_cancelled(accepting));
            })
            .map_err(failed)?;
        Ok(HttpServer {
            address,
            stop,
            thread: Some(thread),
        })
    }
}

impl std::fmt::Debug for HttpListener {
    /// Without the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.listener.fmt(f)
    }
}

impl HttpServer {
    /// The TCP address on which the server listens, with the chosen port.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        &self.address
    }
}

/// Stops listening, and ends open requests.
impl Drop for HttpServer {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended, too.
            let _ended = thread.join();
        }
    }
}

struct Front<S> {
    service: S,
    guard: Guard,
    log_name: String,
}

impl<S: HttpService> Front<S> {
    async fn accept(self: Arc<Self>, listener: TcpListener) {
        let free = Arc::new(Semaphore::new(MAX_CLIENTS));
        let mut failures = RateLimit::default();
        loop {
            // At the limit, further clients wait in the backlog.
            let Ok(place) = Arc::clone(&free).acquire_owned().await else {
                return;
            };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let front = Arc::clone(&self);
                    tokio::spawn(async move {
                        front.serve(stream, peer).await;
                        drop(place);
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    if let Some(more) = failures.allow(Instant::now()) {
                        log::error!(listener:% = self.log_name;
                            "can't accept an HTTP client: {error} (and {more} times before)");
                    }
                    tokio::time::sleep(AFTER_A_FAILED_ACCEPT).await;
                }
            }
        }
    }

    async fn serve(&self, stream: TcpStream, peer: SocketAddr) {
        // An answer is one write, so waiting for more data would only delay it.
        let _slower = stream.set_nodelay(true);
        let service =
            service_fn(
                |request| async move { Ok::<_, Infallible>(self.answer(request, peer).await) },
            );
        let connection = http1::Builder::new()
            .title_case_headers(true)
            .timer(TokioTimer::new())
            .header_read_timeout(CLIENT_TIMEOUT)
            .max_buf_size(MAX_HEAD)
            .serve_connection(
                TokioIo::new(WriteTimeout::new(stream, CLIENT_TIMEOUT)),
                service,
            );
        if let Err(error) = connection.await {
            log::debug!(listener:% = self.log_name; "HTTP client {peer}: {error}");
        }
    }

    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> HttpReply {
        let (head, body) = request.into_parts();
        let (method, path) = (head.method.clone(), head.uri.path().to_owned());
        let needs_token = !self.service.needs_no_token(&path);
        let reply = match self.guard.refusal_of(&head, needs_token) {
            Some(refusal) => {
                let reply = self.service.refuse(&path, refusal.status, refusal.why);
                refusal.complete(reply)
            }
            None => self.service.answer(Request::from_parts(head, body)).await,
        };
        log::info!(listener:% = self.log_name;
            "HTTP client {peer}: {method} {path}: {}", reply.status().as_u16());
        reply
    }
}

/// An answer with a status and a sentence for people.
pub(super) fn text(status: StatusCode, body: impl Into<Bytes>) -> HttpReply {
    let mut reply = Response::new(http_body(body));
    *reply.status_mut() = status;
    let content_type = HeaderValue::from_static("text/plain");
    reply.headers_mut().insert(CONTENT_TYPE, content_type);
    reply
}

/// The thread's name.
const THREAD: &str = "mynah http";

/// How many clients may be connected at once.
const MAX_CLIENTS: usize = 256;

/// How long a client has to send the head of a request, may be idle between two requests, and has
/// to read a part of an answer.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest head of a request in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// Without free file descriptors the next try would fail at once, too: this gives connections time
/// to close.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(20);
