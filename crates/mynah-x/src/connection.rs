//! `Mysqlx.Connection`: capabilities, the end of a connection, compression.

use bytes::Bytes;
use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint};

use crate::datatypes::{Any, ScalarValue};
use crate::{MessageError, MessageErrorKind};

/// One capability of a server, or one that a client sets.
///
/// Documentation page: Mysqlx::Connection::Capability.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Capability {
    /// The capability's name: `tls`, `compression`, `authentication.mechanisms` and the like.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// The capability's value; its type depends on the name.
    #[prost(message, required, tag = "2")]
    pub value: Any,
}

/// The server's capabilities, in answer to [`CapabilitiesGet`], or those that a [`CapabilitiesSet`] sets.
///
/// Documentation page: Mysqlx::Connection::Capabilities.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Capabilities {
    /// The capabilities, in the order in which they are sent.
    #[prost(message, repeated, tag = "1")]
    pub capabilities: Vec<Capability>,
}

/// Asks for the server's capabilities. Sent by a client, before it logs in.
///
/// Documentation page: Mysqlx::Connection::CapabilitiesGet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CapabilitiesGet {}

/// Sets capabilities of the connection, such as TLS or compression. Sent by a client, before it logs in. If
/// the server refuses one, it sets none.
///
/// Documentation page: Mysqlx::Connection::CapabilitiesSet.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CapabilitiesSet {
    /// The capabilities to set.
    #[prost(message, required, tag = "1")]
    pub capabilities: Capabilities,
}

/// Closes the connection. Sent by a client; the server answers Ok and closes.
///
/// Documentation page: Mysqlx::Connection::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Close {}

/// One or more messages compressed into one, from a client or a server: see [`compress`](crate::compress).
///
/// Documentation page: Mysqlx::Connection::Compression.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Compression {
    /// The size of the payload in bytes after decompression. A message without it can't be decompressed.
    #[prost(uint64, optional, tag = "1")]
    pub uncompressed_size: Option<u64>,
    /// The [type](crate::ServerMessageType) of the messages inside; only in a message of a server, and only if they
    /// all have the same type.
    #[prost(int32, optional, tag = "2")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<crate::ServerMessageType>", default)
    )]
    pub server_messages: Option<i32>,
    /// The [type](crate::ClientMessageType) of the messages inside; only in a message of a client, and only if they
    /// all have the same type.
    #[prost(int32, optional, tag = "3")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<crate::ClientMessageType>", default)
    )]
    pub client_messages: Option<i32>,
    /// The messages, each as a frame with its header, compressed together.
    #[prost(bytes = "bytes", required, tag = "4")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub payload: Bytes,
}

impl Compression {
    /// Reads a client's message in the lenient way of MySQL's server: everything after the payload's header
    /// is the payload, whatever length the header states. [`from_payload`](crate::Message::from_payload) is
    /// strict.
    ///
    /// # Errors
    /// When there is no payload, or a field before it can't be read.
    pub fn from_payload_to_end(frame: &Bytes) -> Result<Self, MessageError> {
        let error = |kind| MessageError {
            message: <Self as crate::Message>::NAME,
            kind,
        };
        let value = |source| error(MessageErrorKind::Value(source));
        let (mut message, mut rest) = (Self::default(), frame.clone());
        while !rest.is_empty() {
            let (number, wire_type) = decode_key(&mut rest).map_err(value)?;
            if (number, wire_type) == (PAYLOAD, WireType::LengthDelimited) {
                decode_varint(&mut rest).map_err(value)?;
                message.payload = rest;
                return Ok(message);
            }
            message
                .merge_field(number, wire_type, &mut rest, DecodeContext::default())
                .map_err(value)?;
        }
        Err(error(MessageErrorKind::Missing {
            number: PAYLOAD,
            offset: frame.len(),
        }))
    }
}

impl Capabilities {
    /// The value of the first capability of this name, in upper or lower case; `None` if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Any> {
        self.capabilities
            .iter()
            .find(|capability| capability.name.eq_ignore_ascii_case(name))
            .map(|capability| &capability.value)
    }
}

impl CapabilitiesSet {
    /// Whether the client asks for TLS (`tls` is true): the handshake starts after the server's Ok.
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

/// The number of the field [`Compression::payload`].
const PAYLOAD: u32 = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datatypes::{Object, Scalar};

    #[test]
    fn a_compressed_payload_is_the_rest_of_the_frame_whatever_its_length_says() {
        let read = |frame: &'static [u8]| {
            Compression::from_payload_to_end(&Bytes::from_static(frame))
                .map(|message| (message.uncompressed_size, message.payload))
        };
        for (frame, size, payload) in [
            (&b"\x08\x05\x22\x02ab"[..], Some(5), &b"ab"[..]),
            (b"\x08\x05\x22\x02ab\x01", Some(5), b"ab\x01"),
            (b"\x08\x05\x22\x09ab", Some(5), b"ab"),
            (b"\x22\x00\x08\x05", None, b"\x08\x05"),
            (b"\xfa\x7f\x01a\x18\x0c\x22\x00", None, b""),
        ] {
            let payload = Bytes::from_static(payload);
            assert_eq!(read(frame), Ok((size, payload)), "{frame:x?}");
        }
        for frame in [
            &b""[..],
            b"\x08\x05",
            b"\x07",
            b"\x08",
            b"\x22",
            b"\x0a\x01a\x22\x00",
        ] {
            assert!(read(frame).is_err(), "{frame:x?}");
        }
    }

    #[test]
    fn clients_request_tls_in_several_forms() {
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
