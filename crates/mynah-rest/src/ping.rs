use std::io;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, HOST};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::runtime::Builder;

/// Why [`ping`] doesn't find a mock that serves clients.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PingError {
    /// The HTTP listener of the mock can't be reached.
    #[error("{address} can't be reached")]
    Unreachable {
        /// The address of the HTTP listener: host and port.
        address: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// What answers at the address doesn't speak HTTP, or the connection ends before an answer.
    #[error("{address} doesn't answer as a mock does")]
    Http {
        /// The address of the HTTP listener: host and port.
        address: String,
        /// What is wrong with the answer.
        source: hyper::Error,
    },
    /// The mock didn't answer in time.
    #[error("{address} didn't answer within {timeout:?}")]
    Late {
        /// The address of the HTTP listener: host and port.
        address: String,
        /// The time within which the mock had to answer.
        timeout: Duration,
    },
    /// The mock answered with another HTTP status than 200: it doesn't serve MySQL clients, or demands a token that
    /// wasn't sent.
    #[error("{address} answers {status}: {body}")]
    Status {
        /// The address of the HTTP listener: host and port.
        address: String,
        /// The HTTP status of the answer.
        status: u16,
        /// The body of the answer, which says why; empty if it can't be read or has more than 64 KiB.
        body: String,
    },
}

/// Asks a mock, by a GET of `/ready` on its HTTP listener, whether it serves MySQL clients. Returns the body of its
/// answer.
///
/// # Errors
/// If the mock doesn't serve MySQL clients, refuses the token, or doesn't answer within `timeout`.
pub fn ping(
    host: &str,
    port: u16,
    token: Option<&str>,
    timeout: Duration,
) -> Result<String, PingError> {
    // A colon means an IPv6 address.
    let address = match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    };
    let unreachable = |source| PingError::Unreachable {
        address: address.clone(),
        source,
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    let asked = async {
        match tokio::time::timeout(timeout, ask(&address, token)).await {
            Ok(answer) => answer,
            Err(_late) => Err(PingError::Late {
                address: address.clone(),
                timeout,
            }),
        }
    };
    runtime.map_err(unreachable)?.block_on(asked)
}

async fn ask(address: &str, token: Option<&str>) -> Result<String, PingError> {
    let http = |source| PingError::Http {
        address: address.to_owned(),
        source,
    };
    let stream = TcpStream::connect(address).await;
    let stream = stream.map_err(|source| PingError::Unreachable {
        address: address.to_owned(),
        source,
    })?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(http)?;
    let serving = tokio::spawn(connection);
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.uri_mut() = hyper::Uri::from_static("/ready");
    let headers = request.headers_mut();
    if let Ok(host) = address.parse() {
        headers.insert(HOST, host);
    }
    if let Some(Ok(token)) = token.map(|token| format!("Bearer {token}").parse()) {
        headers.insert(AUTHORIZATION, token);
    }
    let answer = sender.send_request(request).await.map_err(http)?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), MOST).collect().await;
    // The connection stays open for another request unless it is ended.
    serving.abort();
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    let body = String::from_utf8_lossy(&body).trim_end().to_owned();
    match status {
        StatusCode::OK => Ok(body),
        status => Err(PingError::Status {
            address: address.to_owned(),
            status: status.as_u16(),
            body,
        }),
    }
}

/// The longest answer that is read.
const MOST: usize = 64 * 1024;
