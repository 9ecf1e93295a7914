use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;
use crate::Capabilities;

/// A statement to run. The server answers OK, an error, or a text result set.
///
/// Documentation page: COM_QUERY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComQuery {
    /// The statement, in the client's character set; as long as the packet.
    pub query: Bytes,
}

impl Message for ComQuery {
    type Context = Capabilities;
    const NAME: &'static str = "COM_QUERY";

    fn decode(r: &mut Reader<'_>, _shared: Capabilities) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::QUERY.0)?;
        Ok(Self {
            query: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, _shared: Capabilities) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::QUERY.0);
        w.put_slice(&self.query);
        Ok(())
    }
}
