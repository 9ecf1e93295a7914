use bitflags::bitflags;
use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::{BulkContext, BulkParameters, CommandCode};

/// MariaDB: runs a prepared statement once for each row of parameters. The server answers with one
/// OK for all rows, an error, or a result set. Under [`BulkFlags::SEND_UNIT_RESULTS`] this has one row
/// per row of parameters, with the generated id and the number of affected rows.
///
/// The layout of the rows depends on the statement, which is known only after its id is read. So
/// the rows are a message of their own, [`BulkParameters`].
///
/// Documentation page: COM_STMT_BULK_EXECUTE, of MariaDB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComStmtBulkExecute {
    /// The statement's id; 0xffffffff is the statement prepared last.
    pub statement_id: u32,
    /// Options of the bulk execution: whether types precede the rows, and whether the answer is a result set
    /// with one row for each.
    pub flags: BulkFlags,
    /// The encoded rows of parameters; [`read_parameters`](Self::read_parameters) decodes them.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub parameters: Bytes,
}

bitflags! {
    /// Options of a bulk execution. Bits that have no constant are kept.
    ///
    /// Documentation page: COM_STMT_BULK_EXECUTE, of MariaDB.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct BulkFlags: u16 {
        /// Requests a result set with one row for each row of parameters, if MARIADB_BULK_UNIT_RESULTS is shared.
        const SEND_UNIT_RESULTS = 0x0040;
        /// The types of the parameters precede the rows.
        const SEND_TYPES_TO_SERVER = 0x0080;

        const _ = !0;
    }
}

impl ComStmtBulkExecute {
    /// An execution of a prepared statement for each row of `parameters`. SEND_TYPES_TO_SERVER is set if
    /// `parameters` has types, and unset if not.
    ///
    /// # Errors
    /// If a type has a name, for which this message has no place.
    pub fn new(
        statement_id: u32,
        flags: BulkFlags,
        parameters: &BulkParameters,
    ) -> Result<Self, EncodeError> {
        let mut flags = flags;
        flags.set(
            BulkFlags::SEND_TYPES_TO_SERVER,
            parameters.types().is_some(),
        );
        let num_params = parameters.types().map_or(0, |types| types.len());
        let cx = BulkContext { flags, num_params };
        Ok(Self {
            statement_id,
            flags,
            parameters: parameters.to_payload(cx)?,
        })
    }

    /// Decodes the rows, for a statement that was prepared with `num_params` parameters.
    ///
    /// # Errors
    /// If the packet ends within the types. [`BulkParameters::iter`] finds errors in the rows.
    pub fn read_parameters(&self, num_params: u16) -> Result<BulkParameters, DecodeError> {
        let cx = BulkContext {
            flags: self.flags,
            num_params: num_params.into(),
        };
        BulkParameters::from_payload(&self.parameters, cx)
    }
}

impl Message for ComStmtBulkExecute {
    type Context = ();
    const NAME: &'static str = "COM_STMT_BULK_EXECUTE";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::STMT_BULK_EXECUTE.0)?;
        Ok(Self {
            statement_id: r.u32("statement_id")?,
            flags: BulkFlags::from_bits_retain(r.u16("bulk_flags")?),
            parameters: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::STMT_BULK_EXECUTE.0);
        w.put_u32_le(self.statement_id);
        w.put_u16_le(self.flags.bits());
        w.put_slice(&self.parameters);
        Ok(())
    }
}
