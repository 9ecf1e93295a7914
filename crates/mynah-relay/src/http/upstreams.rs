//! The upstreams of routes that have several: `/upstreams/`, one of them, `/upstreams/NAME`, and whether it is drained,
//! `/upstreams/NAME/drain`.

use std::time::{Duration, SystemTime};

use hyper::{Method, StatusCode};
use jiff::Timestamp;
use mynah_net::HttpReply;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::not_allowed;
use super::reply::{JSON, TEXT, reply as answer};
use crate::upstreams::{Known, UpstreamView, Upstreams, duration};

/// An upstream, as the route `/upstreams/` has it.
#[derive(Serialize)]
struct Shown {
    name: String,
    listeners: Vec<String>,
    state: &'static str,
    since: String,
    why: Option<String>,
    drained: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes: Option<String>,
    share: f64,
    connections: usize,
    connections_total: u64,
    failures: u64,
    failed_checks: u64,
    checked: Option<String>,
}

/// What stands behind `/upstreams` in a path that is about upstreams.
pub(super) fn about(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/upstreams")?;
    match rest {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}

/// Answers to `/upstreams/`, with `rest` behind it and `query` behind a `?`.
pub(super) fn reply(
    upstreams: Option<&Upstreams>,
    method: &Method,
    rest: &str,
    query: &str,
) -> HttpReply {
    let Some(upstreams) = upstreams else {
        let text = "no route has several upstreams: start the proxy with --upstream A,B\n";
        return answer(StatusCode::NOT_FOUND, TEXT, text);
    };
    let reads = [Method::GET, Method::HEAD].contains(method);
    if rest.is_empty() {
        return match reads {
            true => json(
                &upstreams
                    .list()
                    .into_iter()
                    .map(Shown::of)
                    .collect::<Vec<_>>(),
            ),
            false => not_allowed("GET, HEAD"),
        };
    }
    let (name, is_drain) = match rest.strip_suffix("/drain") {
        Some(name) => (name, true),
        None => (rest, false),
    };
    let name = percent_decode_str(name).decode_utf8_lossy();
    let Some(number) = upstreams.named(&name) else {
        let text = format!("there is no upstream '{}'\n", name.escape_debug());
        return answer(StatusCode::NOT_FOUND, TEXT, text);
    };
    match (is_drain, method) {
        (false, _) if reads => match upstreams.view(number) {
            Some(view) => json(&Shown::of(view)),
            None => answer(StatusCode::NOT_FOUND, TEXT, ""),
        },
        (false, _) => not_allowed("GET, HEAD"),
        (true, &Method::PUT) => drain(upstreams, number, query),
        (true, &Method::DELETE) => {
            upstreams.undrain(number);
            answer(StatusCode::NO_CONTENT, TEXT, "")
        }
        (true, _) => not_allowed("PUT, DELETE"),
    }
}

fn drain(upstreams: &Upstreams, number: usize, query: &str) -> HttpReply {
    let mut close_after = None;
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let problem = match (name, duration(value)) {
            ("close_after", Some(time)) => {
                close_after = Some(time);
                continue;
            }
            ("close_after", None) => {
                let value = value.escape_debug();
                format!("'{value}' is no time: use 500ms, 30s, 5m or 1h\n")
            }
            _ => format!(
                "'{}' is unknown: there is close_after\n",
                name.escape_debug()
            ),
        };
        return answer(StatusCode::BAD_REQUEST, TEXT, problem);
    }
    upstreams.drain(number, close_after);
    answer(StatusCode::NO_CONTENT, TEXT, "")
}

impl Shown {
    fn of((known, view): (&Known, UpstreamView)) -> Self {
        let now = SystemTime::now();
        let before = |ago: Duration| now.checked_sub(ago).map(time).unwrap_or_default();
        Self {
            name: known.name.to_string(),
            listeners: known.listeners.iter().map(ToString::to_string).collect(),
            state: if view.is_up { "up" } else { "down" },
            since: before(view.unchanged_for),
            why: Some(view.why).filter(|why| !why.is_empty()),
            drained: view.is_drained,
            closes: view
                .closes_in
                .and_then(|left| now.checked_add(left))
                .map(time),
            // Two digits are enough for people, and don't change with each request.
            share: (view.share * 100.0).round() / 100.0,
            connections: view.connections,
            connections_total: view.total,
            failures: view.failures,
            failed_checks: view.failed_checks,
            checked: view.checked_before.map(before),
        }
    }
}

fn time(time: SystemTime) -> String {
    // Only a clock before the year -9999 fails, which no machine has.
    let time = Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}")
}

fn json(value: &impl Serialize) -> HttpReply {
    match serde_json::to_string(value) {
        Ok(text) => answer(StatusCode::OK, JSON, text),
        Err(error) => answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
    }
}
