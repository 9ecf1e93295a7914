//! `Mysqlx.Connection`: what both sides can do, the end of a connection, compression.

use bytes::Bytes;
use prost::Message;

use crate::datatypes::{Any, ScalarValue};

/// One thing that a server can do, or that a client sets.
///
/// Documentation page: Mysqlx::Connection::Capability.
#[derive(Clone, PartialEq, Message)]
pub struct Capability {
    /// Its name: `tls`, `compression` and the like.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// Its value, whose kind depends on the name.
    #[prost(message, required, tag = "2")]
    pub value: Any,
}

/// What a server can do, in answer to [`CapabilitiesGet`].
///
/// Documentation page: Mysqlx::Connection::Capabilities.
#[derive(Clone, PartialEq, Message)]
pub struct Capabilities {
    /// The capabilities, in the server's order.
    #[prost(message, repeated, tag = "1")]
    pub capabilities: Vec<Capability>,
}

/// A client asks what the server can do.
///
/// Documentation page: Mysqlx::Connection::CapabilitiesGet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct CapabilitiesGet {}

/// A client sets capabilities, all of them or, if one is refused, none.
///
/// Documentation page: Mysqlx::Connection::CapabilitiesSet.
#[derive(Clone, PartialEq, Message)]
pub struct CapabilitiesSet {
    /// What it sets.
    #[prost(message, required, tag = "1")]
    pub capabilities: Capabilities,
}

/// A client closes the connection; the server says Ok first.
///
/// Documentation page: Mysqlx::Connection::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Close {}

/// Messages in one compressed piece, from either side: see [`compress`](crate::compress).
///
/// Documentation page: Mysqlx::Connection::Compression.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Compression {
    /// How many bytes the payload has once it is inflated.
    #[prost(uint64, optional, tag = "1")]
    pub uncompressed_size: Option<u64>,
    /// The type of all messages inside, if a server sends it and they are of one type.
    #[prost(int32, optional, tag = "2")]
    pub server_messages: Option<i32>,
    /// The type of all messages inside, if a client sends it and they are of one type.
    #[prost(int32, optional, tag = "3")]
    pub client_messages: Option<i32>,
    /// Frames, headers and all, compressed.
    #[prost(bytes = "bytes", required, tag = "4")]
    pub payload: Bytes,
}

impl Capabilities {
    /// The first value of this name, in whatever case it is written.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Any> {
        self.capabilities
            .iter()
            .find(|capability| capability.name.eq_ignore_ascii_case(name))
            .map(|capability| &capability.value)
    }
}

impl CapabilitiesSet {
    /// Whether TLS begins when the server has agreed: `tls` is set, and true.
    #[must_use]
    pub fn switches_to_tls(&self) -> bool {
        let tls = self.capabilities.get("tls");
        tls.and_then(Any::scalar_value)
            .and_then(ScalarValue::truth)
            .unwrap_or(false)
    }
}

impl<N: Into<String>, V: Into<Any>> FromIterator<(N, V)> for Capabilities {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(capabilities: T) -> Self {
        let capability = |(name, value): (N, V)| Capability {
            name: name.into(),
            value: value.into(),
        };
        Self {
            capabilities: capabilities.into_iter().map(capability).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datatypes::{Object, Scalar};

    #[test]
    fn clients_say_in_several_ways_that_they_want_tls() {
        let wants = |name: &str, value: Any| {
            let capabilities = [(name, value)].into_iter().collect();
            CapabilitiesSet { capabilities }.switches_to_tls()
        };
        for yes in [
            Scalar::bool(true),
            Scalar::uint(1),
            Scalar::sint(-1),
            Scalar::double(1.0),
            Scalar::string("1"),
            Scalar::string("On"),
        ] {
            assert!(wants("tls", yes.clone().into()), "{yes:?}");
            assert!(wants("TLS", yes.clone().into()), "{yes:?}");
            assert!(!wants("tls2", yes.clone().into()), "{yes:?}");
        }
        for no in [
            Scalar::bool(false),
            Scalar::uint(0),
            Scalar::string("off"),
            Scalar::string("certainly"),
            Scalar::null(),
        ] {
            assert!(!wants("tls", no.clone().into()), "{no:?}");
        }
        assert!(!wants("tls", Object::default().into()));
    }
}
