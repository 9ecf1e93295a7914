use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

use super::CommandCode;

/// Requests the columns of a table. The server answers with column definitions that have default
/// values, or an error.
///
/// Documentation page: COM_FIELD_LIST.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComFieldList {
    /// The name of the table whose columns are requested.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub table: Bytes,
    /// A pattern for the columns' names, with `%` and `_`, up to the end of the packet. Empty for all.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub wildcard: Bytes,
}

impl Message for ComFieldList {
    type Context = ();
    const NAME: &'static str = "COM_FIELD_LIST";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::FIELD_LIST.0)?;
        Ok(Self {
            table: r.nul_string("table")?,
            wildcard: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::FIELD_LIST.0);
        w.put_nul_string("table", &self.table)?;
        w.put_slice(&self.wildcard);
        Ok(())
    }
}
