//! Decides which requests are answered: those that name a host that is known, and don't come from a
//! web page of another site.

use std::net::IpAddr;

use hyper::header::{AUTHORIZATION, HOST, HeaderValue, ORIGIN, WWW_AUTHENTICATE};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{Method, StatusCode, Version};

use super::reply::HttpReply;

/// Why a request isn't answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) why: &'static str,
}

impl Refusal {
    /// Adds the headers that belong to the status.
    pub(super) fn complete(self, mut reply: HttpReply) -> HttpReply {
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            reply.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        reply
    }
}

/// What a listener demands from its clients.
#[derive(Clone, Default)]
pub(super) struct Guard {
    /// The host name that the listener was given.
    pub(super) host: String,
    /// The token that clients have to send.
    pub(super) token: Option<String>,
}

impl Guard {
    /// `None` if the request may be answered, or else the refusal to answer it with.
    /// Reads of what needs no token are answered where others need one.
    pub(super) fn refusal_of(&self, head: &Parts, needs_token: bool) -> Option<Refusal> {
        let hosts: Vec<_> = head.headers.get_all(HOST).iter().collect();
        let host = match &hosts[..] {
            // HTTP/1.0 has no header `Host`.
            [] if head.version == Version::HTTP_10 => None,
            [host] => match authority(host) {
                Some(host) => Some(host),
                None => {
                    return refusal(
                        StatusCode::BAD_REQUEST,
                        "the header Host isn't a valid host",
                    );
                }
            },
            [] => return refusal(StatusCode::BAD_REQUEST, "the header Host is missing"),
            _ => {
                return refusal(
                    StatusCode::BAD_REQUEST,
                    "there is more than one header Host",
                );
            }
        };
        let changes_nothing = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&head.method);
        if let Some(token) = &self.token {
            if changes_nothing && !needs_token {
                return None;
            }
            // A web page of another site doesn't know the token, so no other check is needed.
            return (!is_bearer(head.headers.get(AUTHORIZATION), token)).then(unauthorized);
        }
        // Probes name the service in whatever way, and learn nothing that clients have sent.
        if changes_nothing && PROBES.contains(&head.uri.path()) {
            return None;
        }
        if host
            .as_ref()
            .is_some_and(|host| !self.is_known(host.host()))
        {
            let why = "the Host has to be localhost, an address, or the name that is listened on, unless the \
                       request has a token";
            return refusal(StatusCode::FORBIDDEN, why);
        }
        if changes_nothing {
            return None;
        }
        // Browsers send `Origin` with requests of web pages; other clients send none.
        let mut origins = head.headers.get_all(ORIGIN).iter();
        let is_own = |origin: &HeaderValue| {
            let origin = origin.to_str().ok()?.strip_prefix("http://")?;
            let host = host.as_ref()?;
            Some(origin.eq_ignore_ascii_case(host.as_str()))
        };
        if origins.any(|origin| is_own(origin) != Some(true)) {
            let why = "the request comes from a web page of another site";
            return refusal(StatusCode::FORBIDDEN, why);
        }
        None
    }

    /// Whether an attacker's DNS can't have pointed this name here (DNS rebinding): true for
    /// `localhost`, addresses, and the listener's own name.
    fn is_known(&self, host: &str) -> bool {
        let literal = host.trim_start_matches('[').trim_end_matches(']');
        literal.parse::<IpAddr>().is_ok()
            || host.eq_ignore_ascii_case("localhost")
            || host.eq_ignore_ascii_case(&self.host)
    }
}

/// Routes that show neither statements nor what tests have stored.
const PROBES: [&str; 3] = ["/health", "/ready", "/metrics"];

fn authority(host: &HeaderValue) -> Option<Authority> {
    let host: Authority = host.to_str().ok()?.parse().ok()?;
    let is_alone = host.as_str() == host.host();
    let fits = is_alone || host.port_u16().is_some();
    (fits && !host.as_str().contains('@')).then_some(host)
}

fn is_bearer(header: Option<&HeaderValue>, token: &str) -> bool {
    let said = header.and_then(|header| header.as_bytes().split_first_chunk::<7>());
    let Some((scheme, said)) = said else {
        return false;
    };
    let same = said.len() == token.len() && openssl::memcmp::eq(said, token.as_bytes());
    same && scheme.eq_ignore_ascii_case(b"Bearer ")
}

fn unauthorized() -> Refusal {
    Refusal {
        status: StatusCode::UNAUTHORIZED,
        why: "the header Authorization has to be Bearer and the token",
    }
}

fn refusal(status: StatusCode, why: &'static str) -> Option<Refusal> {
    Some(Refusal { status, why })
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    fn status(guard: &Guard, method: &str, headers: &[(&str, &str)]) -> u16 {
        status_of(guard, method, "/", headers)
    }

    fn status_of(guard: &Guard, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let refusal = guard.refusal_of(&head, path != FILE);
        refusal.map_or(200, |refusal| refusal.status.as_u16())
    }

    /// What needs no token.
    const FILE: &str = "/page";

    #[test]
    fn a_request_has_exactly_one_host() {
        let guard = Guard::default();
        assert_eq!(status(&guard, "GET", &[]), 400);
        let two = [("Host", "localhost"), ("Host", "localhost")];
        assert_eq!(status(&guard, "GET", &two), 400);
        for host in ["", "a b", "user@localhost", "localhost:x"] {
            assert_eq!(status(&guard, "GET", &[("Host", host)]), 400, "{host}");
        }
    }

    #[test]
    fn a_request_needs_a_known_host_unless_it_is_a_probe() {
        let guard = Guard {
            host: "mock".to_owned(),
            token: None,
        };
        for (host, expected) in [
            ("localhost", 200),
            ("LOCALHOST:8080", 200),
            ("127.0.0.1:8080", 200),
            ("[::1]:8080", 200),
            ("192.0.2.1", 200),
            ("mock:8080", 200),
            ("rebound.example", 403),
            ("localhost.example", 403),
        ] {
            for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST"] {
                let found = status(&guard, method, &[("Host", host)]);
                assert_eq!(found, expected, "{method} {host}");
            }
            for path in PROBES {
                let found = status_of(&guard, "GET", path, &[("Host", host)]);
                assert_eq!(found, 200, "{path} {host}");
                let found = status_of(&guard, "DELETE", path, &[("Host", host)]);
                assert_eq!(found, expected, "{path} {host}");
            }
        }
    }

    #[test]
    fn a_request_that_changes_something_may_not_come_from_another_site() {
        let guard = Guard::default();
        for (origin, expected) in [
            ("http://localhost:8080", 200),
            ("http://localhost", 403),
            ("https://localhost:8080", 403),
            ("http://site.example", 403),
            ("null", 403),
        ] {
            let headers = [("Host", "localhost:8080"), ("Origin", origin)];
            assert_eq!(status(&guard, "DELETE", &headers), expected, "{origin}");
            assert_eq!(status(&guard, "GET", &headers), 200, "{origin}");
        }
    }

    #[test]
    fn a_token_is_required_and_replaces_the_other_checks() {
        let guard = Guard {
            token: Some("secret".to_owned()),
            ..Guard::default()
        };
        for (value, expected) in [
            ("Bearer secret", 200),
            ("bearer secret", 200),
            ("Bearer secre", 401),
            ("Bearer secretx", 401),
            ("Basic secret", 401),
            ("secret", 401),
            ("", 401),
        ] {
            let headers = [("Host", "any.example"), ("Authorization", value)];
            for method in ["GET", "PUT"] {
                assert_eq!(
                    status(&guard, method, &headers),
                    expected,
                    "{method} {value}"
                );
            }
        }
        assert_eq!(status(&guard, "GET", &[("Host", "localhost")]), 401);
        let host = [("Host", "any.example")];
        assert_eq!(status_of(&guard, "GET", FILE, &host), 200);
        assert_eq!(status_of(&guard, "DELETE", FILE, &host), 401);
    }
}
