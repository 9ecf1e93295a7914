//! The rules for faults: `/faults/`, and one of them, `/faults/ID`.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONNECTION, HeaderValue, LOCATION};
use hyper::{Method, Request, StatusCode};
use mynah_net::HttpReply;
use serde::Serialize;
use tokio::time::timeout;

use super::reply::{JSON, TEXT, problem, reply};
use crate::{FaultRule, FaultRuleError, FaultRules, InstalledFault};

/// Whether a path is about rules.
pub(super) fn is_about(path: &str) -> bool {
    let rest = path.strip_prefix("/faults");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(super) async fn answer(rules: &FaultRules, request: Request<Incoming>) -> HttpReply {
    let method = request.method();
    let id = request.uri().path().strip_prefix("/faults/");
    if let Some(id) = id.filter(|id| !id.is_empty()) {
        return one(rules, id, method);
    }
    match *method {
        Method::GET | Method::HEAD => all(StatusCode::OK, &rules.list()),
        Method::POST => match body(request.into_body()).await {
            Ok(text) => add(rules, &text),
            Err(refusal) => refusal,
        },
        Method::DELETE => {
            rules.clear();
            done()
        }
        _ => not_allowed("GET, HEAD, POST, DELETE"),
    }
}

fn one(rules: &FaultRules, id: &str, method: &Method) -> HttpReply {
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    let number: Option<u64> = id.parse().ok().filter(|_| digits);
    let absent = || {
        let detail = format!("there is no rule '{}'", id.escape_debug());
        problem(StatusCode::NOT_FOUND, detail)
    };
    match *method {
        Method::GET | Method::HEAD => {
            let list = rules.list();
            let found = list.iter().find(|rule| Some(rule.id()) == number);
            found.map_or_else(absent, |rule| value(StatusCode::OK, &**rule))
        }
        Method::DELETE => match number.is_some_and(|number| rules.remove(number)) {
            true => done(),
            false => absent(),
        },
        _ => not_allowed("GET, HEAD, DELETE"),
    }
}

/// Adds all rules of a text, or none.
fn add(rules: &FaultRules, text: &str) -> HttpReply {
    let added = match FaultRule::list(text) {
        Ok(list) if list.is_empty() => {
            return problem(
                StatusCode::UNPROCESSABLE_ENTITY,
                "there is no rule in the body",
            );
        }
        list => list.and_then(|list| rules.add(list)),
    };
    let added = match added {
        Ok(added) => added,
        Err(error @ FaultRuleError::TooMany(_)) => {
            return problem(StatusCode::INSUFFICIENT_STORAGE, error);
        }
        Err(error) => return problem(StatusCode::UNPROCESSABLE_ENTITY, error),
    };
    let mut reply = all(StatusCode::CREATED, &added);
    if let [rule] = &added[..]
        && let Ok(place) = HeaderValue::from_str(&format!("/faults/{}", rule.id()))
    {
        reply.headers_mut().insert(LOCATION, place);
    }
    reply
}

/// Reads a body to its end, or gives the refusal.
async fn body(body: Incoming) -> Result<String, HttpReply> {
    let read = Limited::new(body, MAX_BODY).collect();
    let (status, detail) = match timeout(BODY_TIMEOUT, read).await {
        Ok(Ok(body)) => match String::from_utf8(body.to_bytes().into()) {
            Ok(text) => return Ok(text),
            Err(_) => {
                let detail = "the body has to be in UTF-8";
                return Err(problem(StatusCode::BAD_REQUEST, detail));
            }
        },
        Ok(Err(error)) if error.is::<LengthLimitError>() => (
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("a body may have {MAX_BODY} bytes"),
        ),
        Ok(Err(error)) => (
            StatusCode::BAD_REQUEST,
            format!("the body can't be read: {error}"),
        ),
        Err(_late) => (
            StatusCode::REQUEST_TIMEOUT,
            format!("the body didn't arrive within {} s", BODY_TIMEOUT.as_secs()),
        ),
    };
    // The rest of the body stays unread, so the connection can't be used for another request.
    let mut refusal = problem(status, detail);
    let close = HeaderValue::from_static("close");
    refusal.headers_mut().insert(CONNECTION, close);
    Err(refusal)
}

fn all(status: StatusCode, rules: &[Arc<InstalledFault>]) -> HttpReply {
    let rules: Vec<&InstalledFault> = rules.iter().map(|rule| &**rule).collect();
    value(status, &rules)
}

fn value(status: StatusCode, value: &impl Serialize) -> HttpReply {
    match serde_json::to_string(value) {
        Ok(text) => reply(status, JSON, text),
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, error),
    }
}

fn done() -> HttpReply {
    reply(StatusCode::NO_CONTENT, TEXT, "")
}

fn not_allowed(allow: &'static str) -> HttpReply {
    let mut refusal = problem(StatusCode::METHOD_NOT_ALLOWED, format!("only {allow}"));
    let allow = HeaderValue::from_static(allow);
    refusal.headers_mut().insert(ALLOW, allow);
    refusal
}

/// The longest body in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// How long a client has to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
