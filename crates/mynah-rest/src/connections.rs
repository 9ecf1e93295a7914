//! The routes of client connections.

use hyper::StatusCode;
use jiff::Timestamp;
use mynah_net::{ConnectionInfo, Connections};
use serde::Serialize;

use crate::refusal::Refusal;
use crate::reply::{self, Reply, done, empty};

/// A connection in JSON.
#[derive(Serialize)]
struct Shown {
    id: u32,
    user: Option<String>,
    schema: Option<String>,
    peer: String,
    listener: String,
    protocol: String,
    tls: Option<ShownTls>,
    statements: u64,
    since: String,
}

#[derive(Serialize)]
struct ShownTls {
    version: &'static str,
    cipher: &'static str,
}

/// Lists all connections, the oldest first.
pub(crate) fn get(connections: &Connections) -> Result<Reply, Refusal> {
    let shown: Vec<_> = connections.list().into_iter().map(Shown::from).collect();
    reply::value(&shown)
}

/// Closes all connections.
pub(crate) fn close_all(connections: &Connections) -> Reply {
    connections.close_all();
    empty(StatusCode::OK)
}

/// Closes the connection with this id.
pub(crate) fn close(connections: &Connections, id: &str) -> Result<Reply, Refusal> {
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    let known = id.parse().ok().filter(|_| digits);
    if known.is_some_and(|id| connections.close(id)) {
        return Ok(done());
    }
    Err(Refusal::absent(format!(
        "there is no connection '{}'",
        id.escape_debug()
    )))
}

impl From<ConnectionInfo> for Shown {
    fn from(info: ConnectionInfo) -> Self {
        // A time before the year -9999, which has no timestamp, can only be a wrong clock.
        let since = Timestamp::try_from(info.since).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            id: info.id,
            user: info.username,
            schema: info.schema,
            peer: info.peer,
            listener: info.listener.to_string(),
            protocol: info.protocol.to_string(),
            tls: info.tls.map(|tls| ShownTls {
                version: tls.version,
                cipher: tls.cipher,
            }),
            statements: info.statements,
            since: format!("{since:.3}"),
        }
    }
}
