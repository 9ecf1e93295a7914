//! What happens on the connections, as server-sent events: `/events/`.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Response, StatusCode};
use jiff::Timestamp;
use mynah_net::HttpReply;
use percent_encoding::percent_decode_str;
use serde_json::json;
use tokio::time::timeout;

use super::reply::{TEXT, reply as answer};
use super::{Api, not_allowed};
use crate::Filter;
use crate::trace::Taken;
use crate::watch::{Seat, WatchOptions, Watchers};

/// Answers to `/events/`, with `query` behind a `?`.
pub(super) fn reply(api: &Api, method: &Method, query: &str) -> HttpReply {
    if *method != Method::GET {
        return not_allowed("GET");
    }
    let options = match asked(query, api.has_digests) {
        Ok(options) => options,
        Err(problem) => return answer(StatusCode::BAD_REQUEST, TEXT, format!("{problem}\n")),
    };
    let Some(seat) = api.watchers.watch(options) else {
        let most = Watchers::MOST;
        let text = format!("{most} clients watch already: close one of them, and try again\n");
        return answer(StatusCode::SERVICE_UNAVAILABLE, TEXT, text);
    };
    // After the seat is taken, so that no connection is missing.
    let first = json!({
        "time": format!("{:.6}", Timestamp::now()),
        "event": "connections",
        "connection": 0,
        "connections": api.open(),
    });
    let first = format!("data: {first}\n\n");
    let (sender, body) = Channel::new(1);
    tokio::spawn(send(seat, first.into(), sender));
    let mut reply = Response::new(body.boxed_unsync());
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// Sends until the client leaves.
async fn send(seat: Seat, first: Bytes, mut to: Sender<Bytes>) {
    let mut next = first;
    while to.send_data(next).await.is_ok() {
        next = match timeout(ALIVE, seat.next()).await {
            Ok(taken) => as_events(&taken, &seat).into(),
            // A client that has left is noticed by this.
            Err(_late) => Bytes::from_static(b": nothing new\n\n"),
        };
    }
}

fn as_events(taken: &Taken, seat: &Seat) -> Vec<u8> {
    let mut events = Vec::with_capacity(taken.lines.len() + taken.lines.len() / 16);
    let lines = taken.lines.split(|&byte| byte == b'\n');
    for line in lines.filter(|line| !line.is_empty()) {
        events.extend_from_slice(b"data: ");
        events.extend_from_slice(line);
        events.extend_from_slice(b"\n\n");
    }
    if taken.dropped > 0 {
        let line = seat.lost_line(taken.dropped);
        events.extend_from_slice(format!("data: {line}\n").as_bytes());
    }
    events
}

/// What a query asks for.
fn asked(query: &str, has_digests: bool) -> Result<WatchOptions, String> {
    let mut options = WatchOptions {
        level: 1,
        filter: None,
        connection: None,
    };
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.replace('+', " ");
        let value = percent_decode_str(&value)
            .decode_utf8()
            .map_err(|_| format!("{} isn't UTF-8", name.escape_debug()))?;
        match name {
            "level" => {
                let level = number(&value).filter(|level| *level <= MOST_LEVEL);
                options.level = level
                    .and_then(|level| u8::try_from(level).ok())
                    .ok_or_else(|| format!("'{}' is no level: use 0 to 4", value.escape_debug()))?;
            }
            "connection" => {
                let id = number(&value).ok_or_else(|| {
                    format!("'{}' is no connection: use its id", value.escape_debug())
                })?;
                options.connection = Some(id);
            }
            "filter" => options.filter = filter(&value, has_digests)?,
            _ => {
                let name = name.escape_debug();
                let known = "level, filter and connection";
                return Err(format!("'{name}' is unknown: there are {known}"));
            }
        }
    }
    Ok(options)
}

fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// A condition; none if the text is empty.
fn filter(text: &str, has_digests: bool) -> Result<Option<Filter>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let filter: Filter = text.parse().map_err(|error| format!("filter, {error}"))?;
    if filter.wants().digests && !has_digests {
        return Err(
            "filter: statements have no digests: start the proxy without --digests 0".to_owned(),
        );
    }
    Ok(Some(filter))
}

const MOST_LEVEL: u32 = 4;

/// How often a client gets something, whatever happens.
const ALIVE: Duration = Duration::from_secs(10);
