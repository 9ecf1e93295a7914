//! The route of a test's events, sent as server-sent events.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use hyper::Response;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use mynah_expect::{Event, EventKind, Test};
use mynah_script::Answer;
use serde_json::json;
use tokio::time::timeout;

use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::wait::{Place, Waiters};

/// The parameters of [`get`].
pub(crate) const GET: &[&str] = &["test"];

/// Sends what happens from now on, or since the event that the header `Last-Event-ID` names. A client that
/// doesn't read is sent nothing more; when it reads again it learns how many events it has missed.
pub(crate) fn get(
    test: Arc<Test<Answer>>,
    headers: &HeaderMap,
    waiters: &Waiters,
) -> Result<Reply, Refusal> {
    let place = waiters.enter()?;
    let since = headers.get(LAST_EVENT_ID);
    let since = since.map(|id| {
        let id = id.to_str().ok().and_then(|id| id.parse().ok());
        id.ok_or_else(|| Refusal::bad_request("Last-Event-ID has to be a number"))
    });
    let since = since.transpose()?.unwrap_or_else(|| test.last_event());
    let (sender, body) = Channel::new(1);
    tokio::spawn(send(test, since, sender, place));
    let mut reply = Response::new(body.boxed_unsync());
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(reply)
}

/// Sends until the client leaves or the test ends.
async fn send(test: Arc<Test<Answer>>, mut since: u64, mut to: Sender<Bytes>, _place: Place) {
    // So that the client knows that it is connected.
    let mut text = ": connected\n\n".to_owned();
    loop {
        if to.send_data(text.into()).await.is_err() {
            return;
        }
        let changed = test.changed();
        let found = test.events_since(since, MOST_AT_ONCE);
        text = String::new();
        if found.dropped > 0 {
            let data = json!({"count": found.dropped});
            let _written = write!(text, "event: dropped\ndata: {data}\n\n");
        }
        let mut has_ended = false;
        for event in &found.events {
            since = event.number;
            has_ended |= event.kind == EventKind::Ended;
            show(event, &mut text);
        }
        if has_ended {
            let _left = to.send_data(text.into()).await;
            return;
        }
        if found.events.is_empty() && timeout(ALIVE, changed).await.is_err() {
            // A client that has left is noticed by this.
            text = ": nothing new\n\n".to_owned();
        }
    }
}

fn show(event: &Event, text: &mut String) {
    let name = match event.kind {
        EventKind::Began(_) => "began",
        EventKind::Answered(_) => "answered",
        EventKind::Unexpected(_) => "unexpected",
        EventKind::Done(_) => "done",
        EventKind::Expectations => "expectations",
        EventKind::Scenarios => "scenarios",
        EventKind::Reset => "reset",
        EventKind::Ended => "ended",
        _ => "other",
    };
    let data = match (&event.statement, event.kind.statement()) {
        (Some(statement), _) => json!(statement),
        // It has left the journal.
        (None, Some(number)) => json!({"number": number.0}),
        (None, None) => json!({}),
    };
    let number = event.number;
    let _written = write!(text, "id: {number}\nevent: {name}\ndata: {data}\n\n");
}

const LAST_EVENT_ID: &str = "last-event-id";
/// How many events are sent in one piece.
const MOST_AT_ONCE: usize = 100;
/// How often a client gets something, whatever happens.
const ALIVE: Duration = Duration::from_secs(10);
