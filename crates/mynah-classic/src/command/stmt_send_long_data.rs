use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

/// A piece of a parameter's value, sent before the execution. The pieces of one parameter are
/// appended to each other. The server doesn't answer, and reports an error at the execution.
///
/// Documentation page: COM_STMT_SEND_LONG_DATA.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComStmtSendLongData {
    /// The id of the prepared statement.
    pub statement_id: u32,
    /// The index of the parameter, from 0.
    pub param_id: u16,
    /// The piece of the value: the rest of the packet.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub data: Bytes,
}

impl Message for ComStmtSendLongData {
    type Context = ();
    const NAME: &'static str = "COM_STMT_SEND_LONG_DATA";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::STMT_SEND_LONG_DATA.0)?;
        Ok(Self {
            statement_id: r.u32("statement_id")?,
            param_id: r.u16("param_id")?,
            data: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::STMT_SEND_LONG_DATA.0);
        w.put_u32_le(self.statement_id);
        w.put_u16_le(self.param_id);
        w.put_slice(&self.data);
        Ok(())
    }
}
