use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader};

use crate::Capabilities;
use crate::resultset::MetadataFollows;

/// A prepared statement, in answer to COM_STMT_PREPARE. A column definition for each parameter follows, then one
/// for each column; unless DEPRECATE_EOF is shared, an EOF ends each of the two lists that isn't empty. If
/// `metadata_follows` is NONE, nothing follows.
///
/// Documentation page: COM_STMT_PREPARE Response, COM_STMT_PREPARE_OK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StmtPrepareOk {
    /// The id of the statement, for COM_STMT_EXECUTE and the related commands.
    pub statement_id: u32,
    /// How many columns the result has; 0 if it has none, or if they aren't known yet.
    pub num_columns: u16,
    /// How many placeholders the statement has.
    pub num_params: u16,
    /// How many warnings preparing caused. 0 from servers before 5.0, which omit it.
    pub warning_count: u16,
    /// Whether column definitions follow. [`FULL`](MetadataFollows::FULL) if
    /// OPTIONAL_RESULTSET_METADATA isn't shared; the packet then has no such field.
    pub metadata_follows: MetadataFollows,
}

impl Message for StmtPrepareOk {
    type Context = Capabilities;
    const NAME: &'static str = "COM_STMT_PREPARE_OK";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        r.expect("status", STATUS)?;
        let statement_id = r.u32("statement_id")?;
        let (num_columns, num_params) = (r.u16("num_columns")?, r.u16("num_params")?);
        r.skip("reserved", 1)?;
        // Servers before 5.0 end the packet here.
        let warning_count = match r.remaining() {
            0 => 0,
            _ => r.u16("warning_count")?,
        };
        let metadata_follows = if shared.contains(Capabilities::OPTIONAL_RESULTSET_METADATA) {
            MetadataFollows(r.u8("metadata_follows")?)
        } else {
            MetadataFollows::FULL
        };
        Ok(Self {
            statement_id,
            num_columns,
            num_params,
            warning_count,
            metadata_follows,
        })
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        w.put_u8(STATUS);
        w.put_u32_le(self.statement_id);
        w.put_u16_le(self.num_columns);
        w.put_u16_le(self.num_params);
        w.put_u8(0);
        w.put_u16_le(self.warning_count);
        if shared.contains(Capabilities::OPTIONAL_RESULTSET_METADATA) {
            w.put_u8(self.metadata_follows.0);
        } else if self.metadata_follows != MetadataFollows::FULL {
            return Err(EncodeError {
                field: "metadata_follows",
                kind: EncodeErrorKind::NoPlace,
            });
        }
        Ok(())
    }
}

const STATUS: u8 = 0x00;
