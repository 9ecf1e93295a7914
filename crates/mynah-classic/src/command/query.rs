use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader};

use super::{CommandCode, Parameters};
use crate::Capabilities;

/// One or, under MULTI_STATEMENTS, several statements to run. The server answers with one or more
/// results: each is OK, an error (then it is the last), a text result set, or a request for a client's
/// file.
///
/// Documentation page: COM_QUERY.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComQuery {
    /// Query attributes; none unless QUERY_ATTRIBUTES is shared.
    pub attributes: Parameters,
    /// The text of the statements, in the client's character set, up to the end of the packet.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub query: Bytes,
}

impl ComQuery {
    /// A COM_QUERY of this statement, without query attributes.
    #[must_use]
    pub fn new(query: impl Into<Bytes>) -> Self {
        Self {
            attributes: Parameters::default(),
            query: query.into(),
        }
    }
}

impl Message for ComQuery {
    type Context = Capabilities;
    const NAME: &'static str = "COM_QUERY";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::QUERY.0)?;
        let attributes = if shared.contains(Capabilities::QUERY_ATTRIBUTES) {
            Parameters::decode_attributes(r)?
        } else {
            Parameters::default()
        };
        Ok(Self {
            attributes,
            query: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::QUERY.0);
        if shared.contains(Capabilities::QUERY_ATTRIBUTES) {
            self.attributes.encode_attributes(w)?;
        } else if !self.attributes.is_empty() {
            return Err(EncodeError {
                field: "parameter_count",
                kind: EncodeErrorKind::NoPlace,
            });
        }
        w.put_slice(&self.query);
        Ok(())
    }
}
