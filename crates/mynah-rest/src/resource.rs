use hyper::Method;
use percent_encoding::percent_decode_str;

/// The resource of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// All globals.
    Globals,
    /// The global with this key.
    Global(String),
    /// What a number is added to.
    Increment(String),
    /// What an element is added to.
    Push(String),
    /// The part of a recording with this name.
    Part(String),
    /// All connections.
    Connections,
    /// The connection with this id, which may be any text.
    Connection(String),
    /// The journal.
    Statements,
    /// How many statements of the journal a filter holds for.
    StatementCount,
    /// Whether statements came as often as they should have.
    Verify,
    /// The moment at which statements have come.
    Wait,
    /// The unexpected statements: nothing answered them, or an expectation forbids them.
    Unexpected,
    /// What a statement is closest to.
    NearMisses,
    /// What happens.
    Events,
    /// All expectations.
    Expectations,
    /// The expectation with this id, which may be any text.
    Expectation(String),
    /// All that can be set back.
    Reset,
    /// The script.
    Script,
    /// All tests.
    Tests,
    /// The test with this id.
    Test(String),
    /// Whether the mock answers.
    Health,
    /// Whether clients can be served.
    Ready,
    /// The state of the mock, for Prometheus.
    Metrics,
}

/// Why a path has no resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nowhere {
    /// The path is unknown.
    Unknown,
    /// Its percent-encoded bytes aren't UTF-8.
    NotUtf8,
}

impl Resource {
    /// Finds the resource of a path.
    pub(crate) fn at(path: &str) -> Result<Self, Nowhere> {
        match path {
            "/health" => return Ok(Self::Health),
            "/ready" => return Ok(Self::Ready),
            "/metrics" => return Ok(Self::Metrics),
            _ => {}
        }
        if let Some(name) = path.strip_prefix(PARTS).filter(|name| !name.contains('/')) {
            return Ok(Self::Part(decoded(name)?));
        }
        let rest = path.strip_prefix(BASE).ok_or(Nowhere::Unknown)?;
        // Cut before it is decoded: a key may have a slash, written `%2F`.
        let mut parts = rest.split('/');
        let parts = (parts.next(), parts.next(), parts.next(), parts.next());
        Ok(match parts {
            (Some("verify"), None, ..) => Self::Verify,
            (Some("wait"), None, ..) => Self::Wait,
            (Some("near-misses"), None, ..) => Self::NearMisses,
            (Some("events"), None, ..) => Self::Events,
            (Some("reset"), None, ..) => Self::Reset,
            (Some("script"), None, ..) => Self::Script,
            (Some("globals"), Some(""), None, _) => Self::Globals,
            (Some("globals"), Some(key), None, _) => Self::Global(decoded(key)?),
            (Some("globals"), Some(key), Some("increment"), None) => Self::Increment(decoded(key)?),
            (Some("globals"), Some(key), Some("push"), None) => Self::Push(decoded(key)?),
            (Some("connections"), Some(""), None, _) => Self::Connections,
            (Some("connections"), Some(id), None, _) => Self::Connection(decoded(id)?),
            (Some("statements"), Some(""), None, _) => Self::Statements,
            (Some("statements"), Some("count"), None, _) => Self::StatementCount,
            (Some("unexpected"), Some(""), None, _) => Self::Unexpected,
            (Some("expectations"), Some(""), None, _) => Self::Expectations,
            (Some("expectations"), Some(id), None, _) => Self::Expectation(decoded(id)?),
            (Some("tests"), Some(""), None, _) => Self::Tests,
            (Some("tests"), Some(id), None, _) => Self::Test(decoded(id)?),
            _ => return Err(Nowhere::Unknown),
        })
    }

    /// Whether the original mock has it, whose errors are kept.
    pub(crate) fn is_original(&self) -> bool {
        matches!(self, Self::Globals | Self::Connections)
    }

    /// The methods of the resource, as in the header `Allow`.
    pub(crate) fn allow(&self) -> &'static str {
        match self {
            Self::Globals => "GET, PUT, PATCH",
            Self::Global(_) => "GET, PUT, DELETE",
            Self::Connections => "DELETE, GET",
            Self::Connection(_) => "DELETE",
            Self::Statements => "GET, DELETE",
            Self::Expectations => "GET, POST, DELETE",
            Self::Expectation(_) => "GET, DELETE",
            Self::Test(_) => "GET, POST, DELETE",
            Self::Script => "PUT",
            Self::Increment(_)
            | Self::Push(_)
            | Self::Verify
            | Self::NearMisses
            | Self::Reset
            | Self::Part(_) => "POST",
            Self::StatementCount
            | Self::Wait
            | Self::Unexpected
            | Self::Events
            | Self::Tests
            | Self::Health
            | Self::Ready
            | Self::Metrics => "GET",
        }
    }

    /// Whether it has this method.
    pub(crate) fn has(&self, method: &Method) -> bool {
        let mut allowed = self.allow().split(", ");
        allowed.any(|known| known == method.as_str())
    }
}

fn decoded(part: &str) -> Result<String, Nowhere> {
    let text = percent_decode_str(part).decode_utf8();
    Ok(text.map_err(|_| Nowhere::NotUtf8)?.into_owned())
}

const BASE: &str = "/api/v1/mock_server/";
/// The same path as with a proxy that records.
const PARTS: &str = "/recording/parts/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_to_their_last_character() {
        let key = |key: &str| Ok(Resource::Global(key.to_owned()));
        let table = [
            ("globals/", Ok(Resource::Globals)),
            ("globals", Err(Nowhere::Unknown)),
            ("globals//", Err(Nowhere::Unknown)),
            ("globals/a", key("a")),
            ("globals/a/", Err(Nowhere::Unknown)),
            ("globals/a/b", Err(Nowhere::Unknown)),
            (
                "globals/a/increment",
                Ok(Resource::Increment("a".to_owned())),
            ),
            ("globals/%2f/push", Ok(Resource::Push("/".to_owned()))),
            ("globals/a/push/", Err(Nowhere::Unknown)),
            ("globals/a%2Fb%20%C3%A9", key("a/b é")),
            ("globals/a+b%zz", key("a+b%zz")),
            ("globals/%ff", Err(Nowhere::NotUtf8)),
            ("connections/", Ok(Resource::Connections)),
            ("connections/7", Ok(Resource::Connection("7".to_owned()))),
            ("statements/", Ok(Resource::Statements)),
            ("statements/count", Ok(Resource::StatementCount)),
            ("statements/1", Err(Nowhere::Unknown)),
            ("verify", Ok(Resource::Verify)),
            ("verify/", Err(Nowhere::Unknown)),
            ("tests/a%2Bb", Ok(Resource::Test("a+b".to_owned()))),
            ("", Err(Nowhere::Unknown)),
            ("GLOBALS/", Err(Nowhere::Unknown)),
        ];
        for (path, expected) in table {
            assert_eq!(Resource::at(&format!("{BASE}{path}")), expected, "{path}");
        }
        let table = [
            (
                "/recording/parts/t%207",
                Ok(Resource::Part("t 7".to_owned())),
            ),
            ("/recording/parts/t/7", Err(Nowhere::Unknown)),
            ("/health", Ok(Resource::Health)),
            ("/ready", Ok(Resource::Ready)),
            ("/metrics", Ok(Resource::Metrics)),
            ("/health/", Err(Nowhere::Unknown)),
            ("/", Err(Nowhere::Unknown)),
            ("*", Err(Nowhere::Unknown)),
            ("", Err(Nowhere::Unknown)),
        ];
        for (path, expected) in table {
            assert_eq!(Resource::at(path), expected, "{path}");
        }
    }
}
