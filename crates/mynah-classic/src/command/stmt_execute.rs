use bitflags::bitflags;
use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::{CommandCode, Parameters, ParametersContext};
use crate::Capabilities;

/// Runs a prepared statement. The server answers with one or more results: each is OK, an error (then it is the
/// last), or a binary result set.
///
/// The layout of the parameters depends on the statement, which is known only after its id is read.
/// So the parameters are a message of their own, [`Parameters`].
///
/// Documentation page: COM_STMT_EXECUTE.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComStmtExecute {
    /// The statement's id; with MariaDB, 0xffffffff is the statement prepared last.
    pub statement_id: u32,
    /// Whether to open a cursor, and of which kind.
    pub flags: CursorFlags,
    /// How often to run the statement; clients send 1, and servers run the statement once.
    pub iteration_count: u32,
    /// The encoded parameters of the execution; [`read_parameters`](Self::read_parameters) decodes them.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub parameters: Bytes,
}

bitflags! {
    /// Options of an execution. Bits that have no constant are kept.
    ///
    /// Documentation page: COM_STMT_EXECUTE, enum_cursor_type.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct CursorFlags: u8 {
        /// Open a cursor to read rows with COM_STMT_FETCH.
        const READ_ONLY = 0x01;
        /// Open a cursor that can update rows; no server supports it.
        const FOR_UPDATE = 0x02;
        /// Open a cursor that can move back; no server supports it.
        const SCROLLABLE = 0x04;
        /// The number of parameters is sent even if the statement has none, provided that QUERY_ATTRIBUTES is
        /// shared.
        const PARAMETER_COUNT_AVAILABLE = 0x08;

        const _ = !0;
    }
}

impl ComStmtExecute {
    /// An execution of a statement that was prepared with `num_params` parameters.
    ///
    /// # Errors
    /// If there are more or fewer parameters, or a parameter has a name, and the packet has no place for query
    /// attributes.
    pub fn new(
        statement_id: u32,
        flags: CursorFlags,
        parameters: &Parameters,
        shared: Capabilities,
        num_params: u16,
    ) -> Result<Self, EncodeError> {
        let cx = ParametersContext {
            shared,
            flags,
            num_params,
        };
        Ok(Self {
            statement_id,
            flags,
            iteration_count: 1,
            parameters: parameters.to_payload(cx)?,
        })
    }

    /// Splits the parameters of a statement that was prepared with `num_params` of them into NULL bitmap, types and values. The
    /// values are decoded by [`Parameters::iter`], which also finds values cut short and bytes left over.
    ///
    /// # Errors
    /// Number of parameters, NULL bitmap or types cut short, an invalid flag for types, or bytes left over where there
    /// are no parameters.
    pub fn read_parameters(
        &self,
        shared: Capabilities,
        num_params: u16,
    ) -> Result<Parameters, DecodeError> {
        Parameters::from_payload(&self.parameters, self.context(shared, num_params))
    }

    /// As [`read_parameters`](Self::read_parameters), but extra bytes are no error, because servers ignore them (seen: MariaDB's
    /// Connector/Node.js sends the flag for types even if there are no parameters). If there are no parameters, the second
    /// value has these bytes. Otherwise it is empty, and [`Parameters::read_lenient`] returns them.
    ///
    /// # Errors
    /// Number of parameters, NULL bitmap or types cut short, or an invalid flag for types.
    pub fn read_parameters_lenient(
        &self,
        shared: Capabilities,
        num_params: u16,
    ) -> Result<(Parameters, Bytes), DecodeError> {
        Parameters::from_payload_lenient(&self.parameters, self.context(shared, num_params))
    }

    fn context(&self, shared: Capabilities, num_params: u16) -> ParametersContext {
        ParametersContext {
            shared,
            flags: self.flags,
            num_params,
        }
    }
}

impl Message for ComStmtExecute {
    type Context = ();
    const NAME: &'static str = "COM_STMT_EXECUTE";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::STMT_EXECUTE.0)?;
        Ok(Self {
            statement_id: r.u32("statement_id")?,
            flags: CursorFlags::from_bits_retain(r.u8("flags")?),
            iteration_count: r.u32("iteration_count")?,
            parameters: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::STMT_EXECUTE.0);
        w.put_u32_le(self.statement_id);
        w.put_u8(self.flags.bits());
        w.put_u32_le(self.iteration_count);
        w.put_slice(&self.parameters);
        Ok(())
    }
}
