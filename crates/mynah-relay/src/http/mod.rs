//! The HTTP routes with the proxy's counters, connections, upstreams, digests, rules for faults and recording.

mod digests;
mod events;
mod faults;
mod page;
mod recording;
mod reply;
mod upstreams;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, Request, StatusCode};
use jiff::Timestamp;
use mynah_net::{ConnectionInfo, Connections, HttpReply, HttpService};
use serde::Serialize;

use crate::FaultRules;
use crate::counters::Counters;
use crate::digests::Digests;
use crate::record::Recorder;
use crate::trace::{Trace, TraceHealth};
use crate::upstreams::Upstreams;
use crate::watch::Watchers;
use reply::{JSON, TEXT, problem, reply};

/// What HTTP clients may see and do.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) connections: Connections,
    pub(crate) counters: Arc<Counters>,
    pub(crate) trace: Option<Trace>,
    pub(crate) faults: FaultRules,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) digests: Option<Arc<Digests>>,
    pub(crate) upstreams: Option<Upstreams>,
    pub(crate) watchers: Arc<Watchers>,
    /// Whether commands have digests.
    pub(crate) has_digests: bool,
}

/// A connection, as the route `/connections/` has it.
#[derive(Serialize)]
struct Shown {
    id: u32,
    user: Option<String>,
    schema: Option<String>,
    client: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<String>,
    listener: String,
    server: Option<String>,
    tls: Option<String>,
    commands: u64,
    ended: Option<String>,
    since: String,
}

impl HttpService for Api {
    async fn answer(&self, request: Request<Incoming>) -> HttpReply {
        match faults::is_about(request.uri().path()) {
            true => faults::answer(&self.faults, request).await,
            false => self.reply(&request),
        }
    }

    fn needs_no_token(&self, path: &str) -> bool {
        page::is_about(path)
    }

    fn refuse(&self, path: &str, status: StatusCode, why: &'static str) -> HttpReply {
        match faults::is_about(path) {
            true => problem(status, why),
            false => reply(status, TEXT, format!("{why}\n")),
        }
    }
}

impl Api {
    fn reply(&self, request: &Request<Incoming>) -> HttpReply {
        let path = request.uri().path();
        let method = request.method();
        if let Some(rest) = path.strip_prefix("/recording") {
            return recording::reply(self.recorder.as_ref(), method, rest);
        }
        if let Some(file) = page::reply(method, path) {
            return file;
        }
        if matches!(path, "/events" | "/events/") {
            let query = request.uri().query().unwrap_or_default();
            return events::reply(self, method, query);
        }
        if matches!(path, "/digests" | "/digests/") {
            let query = request.uri().query().unwrap_or_default();
            return digests::reply(self.digests.as_deref(), method, query);
        }
        if let Some(rest) = upstreams::about(path) {
            let query = request.uri().query().unwrap_or_default();
            return upstreams::reply(self.upstreams.as_ref(), method, rest, query);
        }
        let id = path.strip_prefix("/connections/");
        match (path, id) {
            ("/health" | "/ready" | "/metrics" | "/connections/" | "/connections", _)
                if method != Method::GET && method != Method::HEAD =>
            {
                not_allowed("GET, HEAD")
            }
            ("/health" | "/ready", _) => health(self.trace()),
            ("/metrics", _) => {
                let open = self.connections.count();
                let upstreams = self.upstreams.as_ref();
                let text = self
                    .counters
                    .prometheus(open, self.trace(), &self.faults, upstreams);
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
                let text = "there are / (a page for browsers), /health, /ready, /metrics, /connections/, /events/, /upstreams/, /digests/, /faults/ and /recording/\n";
                reply(StatusCode::NOT_FOUND, TEXT, text)
            }
        }
    }

    fn trace(&self) -> TraceHealth {
        let trace = self.trace.as_ref();
        trace.map(|trace| trace.sink.health()).unwrap_or_default()
    }

    /// The connections that are open.
    fn open(&self) -> Vec<Shown> {
        let list = self.connections.list();
        list.into_iter().map(Shown::from).collect()
    }

    fn list(&self) -> HttpReply {
        match serde_json::to_string(&self.open()) {
            Ok(text) => reply(StatusCode::OK, JSON, text),
            Err(error) => reply(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
        }
    }
}

impl From<ConnectionInfo> for Shown {
    fn from(info: ConnectionInfo) -> Self {
        // Only a clock before the year -9999 fails, which no machine has.
        let since = Timestamp::try_from(info.since).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            id: info.id,
            user: info.username,
            schema: info.schema,
            client: info.peer,
            via: info.via,
            listener: info.listener.to_string(),
            server: info.server,
            tls: info
                .tls
                .map(|tls| format!("{} {}", tls.version, tls.cipher)),
            commands: info.statements,
            ended: info.ended,
            since: format!("{since:.3}"),
        }
    }
}

/// The health of the trace: whether lines were lost, and whether connections wait for it.
fn health(trace: TraceHealth) -> HttpReply {
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

fn not_allowed(allow: &'static str) -> HttpReply {
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
