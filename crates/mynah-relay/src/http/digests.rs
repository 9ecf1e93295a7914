//! The counts of statements by their digests: `/digests/`.

use hyper::{Method, StatusCode};
use mynah_net::HttpReply;

use super::not_allowed;
use super::reply::{JSON, TEXT, reply as answer};
use crate::digests::{Digests, Sort};

/// Answers to `/digests/`, with `query` behind a `?`.
pub(super) fn reply(digests: Option<&Digests>, method: &Method, query: &str) -> HttpReply {
    let Some(digests) = digests else {
        let text =
            "statements aren't counted by their digests: start the proxy without --digests 0\n";
        return answer(StatusCode::NOT_FOUND, TEXT, text);
    };
    match *method {
        Method::GET | Method::HEAD => match asked(query) {
            Ok((sort, limit)) => page(digests, sort, limit),
            Err(problem) => answer(StatusCode::BAD_REQUEST, TEXT, format!("{problem}\n")),
        },
        Method::DELETE => {
            digests.clear();
            answer(StatusCode::NO_CONTENT, TEXT, "")
        }
        _ => not_allowed("GET, HEAD, DELETE"),
    }
}

fn page(digests: &Digests, sort: Sort, limit: usize) -> HttpReply {
    match serde_json::to_string(&digests.page(sort, limit)) {
        Ok(text) => answer(StatusCode::OK, JSON, text),
        Err(error) => answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
    }
}

/// The order and the number of digests that a query asks for.
fn asked(query: &str) -> Result<(Sort, usize), String> {
    let (mut sort, mut limit) = (Sort::default(), DEFAULT_LIMIT);
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        match name {
            "sort" => {
                sort = value.parse().map_err(|_| {
                    let names = Sort::NAMES.map(|(name, _)| name).join(", ");
                    format!("'{}' is no order: use one of {names}", value.escape_debug())
                })?;
            }
            "limit" => {
                limit = value.parse().ok().filter(|_| digits).ok_or_else(|| {
                    format!("'{}' is no limit: use a number", value.escape_debug())
                })?;
            }
            _ => {
                let name = name.escape_debug();
                return Err(format!("'{name}' is unknown: there are sort and limit"));
            }
        }
    }
    Ok((sort, limit))
}

/// How many digests are returned by default.
const DEFAULT_LIMIT: usize = 100;
