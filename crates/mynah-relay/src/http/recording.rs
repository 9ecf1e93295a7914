//! The recording that is made: how far it is, and the part that is open.

use hyper::{Method, StatusCode};
use mynah_net::HttpReply;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::not_allowed;
use super::reply::{JSON, TEXT, reply as answer};
use crate::record::{RecordStatus, Recorder};

/// The recording, as the route `/recording/` has it.
#[derive(Serialize)]
struct Shown {
    file: String,
    entries: u64,
    incomplete: u64,
    bytes: u64,
    failures: u64,
    lost_connections: u64,
    part: String,
    parts: Vec<String>,
}

/// Answers to `/recording`, with `rest` behind it.
pub(super) fn reply(recorder: Option<&Recorder>, method: &Method, rest: &str) -> HttpReply {
    let Some(recorder) = recorder else {
        let text = "nothing is recorded: start the proxy with --record FILE\n";
        return answer(StatusCode::NOT_FOUND, TEXT, text);
    };
    match (rest, rest.strip_prefix("/parts/")) {
        ("" | "/", _) if method != Method::GET && method != Method::HEAD => {
            not_allowed("GET, HEAD")
        }
        ("" | "/", _) => status(recorder.status()),
        (_, Some(_)) if method != Method::POST => not_allowed("POST"),
        (_, Some(name)) => begin_part(recorder, name),
        _ => {
            let text = "there are /recording/ and /recording/parts/NAME\n";
            answer(StatusCode::NOT_FOUND, TEXT, text)
        }
    }
}

fn status(status: RecordStatus) -> HttpReply {
    let shown = Shown {
        file: status.path.display().to_string(),
        entries: status.entries,
        incomplete: status.incomplete,
        bytes: status.bytes,
        failures: status.failures,
        lost_connections: status.lost_connections,
        part: status.part,
        parts: status.parts,
    };
    match serde_json::to_string(&shown) {
        Ok(text) => answer(StatusCode::OK, JSON, text),
        Err(error) => answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
    }
}

fn begin_part(recorder: &Recorder, name: &str) -> HttpReply {
    let Ok(name) = percent_decode_str(name).decode_utf8() else {
        return answer(
            StatusCode::BAD_REQUEST,
            TEXT,
            "the name of the part isn't UTF-8\n",
        );
    };
    match recorder.begin_part(&name) {
        Ok(()) => answer(StatusCode::NO_CONTENT, TEXT, ""),
        Err(error) => answer(StatusCode::BAD_REQUEST, TEXT, format!("{error}\n")),
    }
}
