use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

/// Makes another schema the default one. The server answers OK or an error.
///
/// Documentation page: COM_INIT_DB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComInitDb {
    /// The schema's name; as long as the packet.
    pub schema_name: Bytes,
}

impl Message for ComInitDb {
    type Context = ();
    const NAME: &'static str = "COM_INIT_DB";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::INIT_DB.0)?;
        Ok(Self {
            schema_name: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::INIT_DB.0);
        w.put_slice(&self.schema_name);
        Ok(())
    }
}
