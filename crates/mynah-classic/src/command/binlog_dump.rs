use bitflags::bitflags;
use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

/// A replica requests binary logs from a position on. The server answers with one event after another, until
/// EOF or an error.
///
/// Documentation page: COM_BINLOG_DUMP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComBinlogDump {
    /// The position in the file to start at, unless the replica has set a GTID position by a statement before
    /// (MariaDB); the first event is at 4.
    pub binlog_pos: u32,
    /// Options of the stream of events, such as whether it ends at the last event.
    pub flags: BinlogDumpFlags,
    /// The server id of the replica that sends the command.
    pub server_id: u32,
    /// Name of the file to start in, up to the end of the packet. Empty for the first file, or with MariaDB if the
    /// replica has set a GTID position by a statement before.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub binlog_filename: Bytes,
}

bitflags! {
    /// Options for sending binary logs. Bits that have no constant are kept.
    ///
    /// Documentation page: COM_BINLOG_DUMP, COM_BINLOG_DUMP_GTID.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct BinlogDumpFlags: u16 {
        /// At the end of the last file the server sends EOF, instead of waiting for more events.
        const NON_BLOCK = 0x01;
        /// With MySQL: from the given position. With MariaDB: including the statements that caused row events.
        const THROUGH_POSITION = 0x02;
        /// Without the transactions that the command names.
        const THROUGH_GTID = 0x04;
    }
}

impl Message for ComBinlogDump {
    type Context = ();
    const NAME: &'static str = "COM_BINLOG_DUMP";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::BINLOG_DUMP.0)?;
        Ok(Self {
            binlog_pos: r.u32("binlog-pos")?,
            flags: BinlogDumpFlags::from_bits_retain(r.u16("flags")?),
            server_id: r.u32("server-id")?,
            binlog_filename: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::BINLOG_DUMP.0);
        w.put_u32_le(self.binlog_pos);
        w.put_u16_le(self.flags.bits());
        w.put_u32_le(self.server_id);
        w.put_slice(&self.binlog_filename);
        Ok(())
    }
}
