//! The routes that report whether the mock works.

use hyper::StatusCode;

use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::served::Served;

/// Shows that the mock answers, and how many workers scripts have cost.
pub(crate) fn health(served: &Served) -> Reply {
    let connections = &served.connections;
    let (open, lost) = (connections.count(), connections.lost_workers().count());
    reply::json(format!(
        r#"{{"status":"ok","connections":{open},"lost_workers":{lost}}}"#
    ))
}

/// Shows whether clients are served.
pub(crate) fn ready(served: &Served) -> Result<Reply, Refusal> {
    let unavailable = |why: String| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why);
    if served.connections.is_ending() {
        return Err(unavailable("the mock is ending".to_owned()));
    }
    let problem = served.script.as_ref().and_then(|script| script.problem());
    match problem {
        Some(problem) => Err(unavailable(problem)),
        None => Ok(reply::json(r#"{"status":"ready"}"#.to_owned())),
    }
}
