use percent_encoding::percent_decode_str;

/// The resource of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// All globals.
    Globals,
    /// The global with this key.
    Global(String),
    /// All connections.
    Connections,
    /// The connection with this id, which may be any text.
    Connection(String),
    /// The state of the mock.
    Health,
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
            "/metrics" => return Ok(Self::Metrics),
            _ => {}
        }
        let rest = path.strip_prefix(BASE).ok_or(Nowhere::Unknown)?;
        let (collection, name) = rest.split_once('/').ok_or(Nowhere::Unknown)?;
        if name.contains('/') {
            return Err(Nowhere::Unknown);
        }
        let name = percent_decode_str(name)
            .decode_utf8()
            .map_err(|_| Nowhere::NotUtf8)?
            .into_owned();
        match collection {
            "globals" if name.is_empty() => Ok(Self::Globals),
            "globals" => Ok(Self::Global(name)),
            "connections" if name.is_empty() => Ok(Self::Connections),
            "connections" => Ok(Self::Connection(name)),
            _ => Err(Nowhere::Unknown),
        }
    }

    /// The methods of the resource, as in the header `Allow`.
    pub(crate) fn allow(&self) -> &'static str {
        match self {
            Self::Globals => "GET, PUT, PATCH",
            Self::Global(_) => "GET, PUT, DELETE",
            Self::Connections => "DELETE, GET",
            Self::Connection(_) => "DELETE",
            Self::Health | Self::Metrics => "GET",
        }
    }
}

const BASE: &str = "/api/v1/mock_server/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_to_their_last_character() {
        let key = |key: &str| Ok(Resource::Global(key.to_owned()));
        let table = [
            ("/api/v1/mock_server/globals/", Ok(Resource::Globals)),
            ("/api/v1/mock_server/globals", Err(Nowhere::Unknown)),
            ("/api/v1/mock_server/globals//", Err(Nowhere::Unknown)),
            ("/api/v1/mock_server/globals/a", key("a")),
            ("/api/v1/mock_server/globals/a/", Err(Nowhere::Unknown)),
            ("/api/v1/mock_server/globals/a%2Fb%20%C3%A9", key("a/b é")),
            ("/api/v1/mock_server/globals/a+b%zz", key("a+b%zz")),
            ("/api/v1/mock_server/globals/%ff", Err(Nowhere::NotUtf8)),
            (
                "/api/v1/mock_server/connections/",
                Ok(Resource::Connections),
            ),
            (
                "/api/v1/mock_server/connections/7",
                Ok(Resource::Connection("7".to_owned())),
            ),
            ("/api/v1/mock_server/", Err(Nowhere::Unknown)),
            ("/api/v1/mock_server/GLOBALS/", Err(Nowhere::Unknown)),
            ("/health", Ok(Resource::Health)),
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
