//! The answers to requests that aren't done.

use hyper::header::{HeaderName, HeaderValue};
use serde_json::json;

use crate::refusal::Refusal;
use crate::reply::{self, Reply};

impl Refusal {
    /// As the original mock answers: the sentence as it is.
    pub(crate) fn into_text(self) -> Reply {
        let reply = match self.why {
            Some(why) => reply::text(self.status, why),
            None => reply::empty(self.status),
        };
        with_header(reply, self.header)
    }

    /// As a problem document, RFC 9457.
    pub(crate) fn into_problem(self) -> Reply {
        let title = self.status.canonical_reason();
        let mut problem = json!({"title": title, "status": self.status.as_u16()});
        if let (Some(why), Some(members)) = (self.why, problem.as_object_mut()) {
            members.insert("detail".to_owned(), why.into());
        }
        let reply = reply::problem(self.status, problem.to_string());
        with_header(reply, self.header)
    }
}

fn with_header(mut reply: Reply, header: Option<(HeaderName, &'static str)>) -> Reply {
    if let Some((name, value)) = header {
        reply
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    reply
}
