//! Counters and connections for HTTP clients.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use mynah_net::{ConnectionInfo, Connections, ListenAddress, Listener, NetError};
use serde::Serialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::RelayError;
use crate::counters::Counters;
use crate::trace::{Trace, TraceHealth};

/// A TCP port that HTTP clients may connect to.
#[derive(Debug)]
pub(crate) struct HttpListener(Listener);

/// Answers HTTP clients on a thread of its own, until it is dropped.
#[derive(Debug)]
pub(crate) struct Http {
    address: ListenAddress,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl HttpListener {
    pub(crate) fn bind(host: &str, port: u16) -> Result<Self, NetError> {
        Ok(Self(Listener::bind(host, port)?))
    }

    pub(crate) fn serve(
        self,
        connections: Connections,
        counters: Arc<Counters>,
        trace: Option<Trace>,
    ) -> Result<Http, RelayError> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(RelayError::Http)?;
        let address = self.0.address().clone();
        let listener = {
            let _entered = runtime.enter();
            let socket = self.0.socket().map_err(RelayError::Http)?;
            TcpListener::from_std(socket.into()).map_err(RelayError::Http)?
        };
        let api = Arc::new(Api {
            connections,
            counters,
            trace,
        });
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let thread = thread::Builder::new()
            .name("mynah http".to_owned())
            .spawn(move || {
                let _stopped = runtime.block_on(stopped.run_until_cancelled(accept(listener, api)));
            })
            .map_err(RelayError::Http)?;
        Ok(Http {
            address,
            stop,
            thread: Some(thread),
        })
    }
}

impl Http {
    pub(crate) fn address(&self) -> &ListenAddress {
        &self.address
    }
}

impl Drop for Http {
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
            Ok((stream, _)) => {
                let api = Arc::clone(&api);
                tokio::spawn(async move {
                    serve(stream, api).await;
                    drop(place);
                });
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                log::error!("can't accept an HTTP client: {error}");
                tokio::time::sleep(AFTER_A_FAILED_ACCEPT).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, api: Arc<Api>) {
    // An answer is one write, so waiting for more to send would only delay it.
    let _slower = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let reply = api.answer(&request);
        std::future::ready(Ok::<_, Infallible>(reply))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        log::debug!("HTTP client: {error}");
    }
}

/// What HTTP clients may see and do.
#[derive(Debug)]
struct Api {
    connections: Connections,
    counters: Arc<Counters>,
    trace: Option<Trace>,
}

/// What is told of a connection.
#[derive(Serialize)]
struct Shown {
    id: u32,
    user: Option<String>,
    schema: Option<String>,
    client: String,
    listener: String,
    tls: Option<String>,
    commands: u64,
    ended: Option<String>,
    since: String,
}

type Reply = Response<Full<Bytes>>;

impl Api {
    fn answer(&self, request: &Request<Incoming>) -> Reply {
        let path = request.uri().path();
        let method = request.method();
        let id = path.strip_prefix("/connections/");
        match (path, id) {
            ("/health" | "/metrics" | "/connections/" | "/connections", _)
                if method != Method::GET && method != Method::HEAD =>
            {
                not_allowed("GET, HEAD")
            }
            ("/health", _) => health(self.trace()),
            ("/metrics", _) => {
                let open = self.connections.count();
                let text = self.counters.prometheus(open, self.trace());
                reply(StatusCode::OK, "text/plain; version=0.0.4", text)
            }
            ("/connections/" | "/connections", _) => self.list(),
            (_, Some(_)) if method != Method::DELETE => not_allowed("DELETE"),
            (_, Some(id)) => {
                let digits = id.bytes().all(|byte| byte.is_ascii_digit());
                let known = id.parse().ok().filter(|_| digits);
                if known.is_some_and(|id| self.connections.close(id)) {
                    return reply(StatusCode::NO_CONTENT, TEXT, "");
                }
                let text = format!("there is no connection '{}'\n", id.escape_debug());
                reply(StatusCode::NOT_FOUND, TEXT, text)
            }
            _ => {
                let text = "there are /health, /metrics and /connections/\n";
                reply(StatusCode::NOT_FOUND, TEXT, text)
            }
        }
    }

    fn trace(&self) -> TraceHealth {
        let trace = self.trace.as_ref();
        trace.map(|trace| trace.sink.health()).unwrap_or_default()
    }

    fn list(&self) -> Reply {
        let shown: Vec<_> = self
            .connections
            .list()
            .into_iter()
            .map(Shown::from)
            .collect();
        match serde_json::to_string(&shown) {
            Ok(text) => reply(StatusCode::OK, "application/json", text),
            Err(error) => reply(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
        }
    }
}

impl From<ConnectionInfo> for Shown {
    fn from(info: ConnectionInfo) -> Self {
        // A clock before the year -9999 is none to tell the time by.
        let since = Timestamp::try_from(info.since).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            id: info.id,
            user: info.username,
            schema: info.schema,
            client: info.peer,
            listener: info.listener.to_string(),
            tls: info
                .tls
                .map(|tls| format!("{} {}", tls.version, tls.cipher)),
            commands: info.statements,
            ended: info.ended,
            since: format!("{since:.3}"),
        }
    }
}

/// Whether all goes on as it should.
fn health(trace: TraceHealth) -> Reply {
    let TraceHealth {
        lost,
        waiting,
        blocks,
    } = trace;
    if blocks {
        let text = format!("blocked: connections wait for the trace, {waiting} bytes of it wait\n");
        return reply(StatusCode::SERVICE_UNAVAILABLE, TEXT, text);
    }
    match lost {
        0 => reply(StatusCode::OK, TEXT, "ok\n"),
        lost => reply(
            StatusCode::OK,
            TEXT,
            format!("ok, but {lost} lines of the trace are lost\n"),
        ),
    }
}

fn not_allowed(allow: &'static str) -> Reply {
    let mut reply = reply(
        StatusCode::METHOD_NOT_ALLOWED,
        TEXT,
        format!("only {allow}\n"),
    );
    reply
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allow));
    reply
}

fn reply(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    reply.headers_mut().insert(CONTENT_TYPE, content_type);
    reply
}

const TEXT: &str = "text/plain";

/// How many clients are connected at once.
const MAX_CLIENTS: usize = 64;

/// How long a client has to send the head of a request, and may be silent between two.
const IDLE: Duration = Duration::from_secs(30);

/// How many bytes the head of a request may have.
const MAX_HEAD: usize = 64 * 1024;

/// Out of file descriptors, the next try fails as this one did; so wait for others to be closed.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(20);
