use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Message, Reader};

use super::{BinlogDumpFlags, CommandCode};

/// A replica requests binary logs without the transactions it already has. The server answers with one event
/// after another, until EOF or an error.
///
/// Documentation page: COM_BINLOG_DUMP_GTID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComBinlogDumpGtid {
    /// Options of the stream of events, such as whether it ends at the last event.
    pub flags: BinlogDumpFlags,
    /// The server id of the replica that sends the command.
    pub server_id: u32,
    /// The name of the file to start in; empty for the first.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub binlog_filename: Bytes,
    /// The position in the file to start at; the first event is at 4.
    pub binlog_pos: u64,
    /// The transactions the replica has, as an encoded set of their global ids. The documentation
    /// has the field only under THROUGH_GTID, but clients send it without that flag, too, and
    /// servers always read it (seen: libmysqlclient 9.7 to MySQL 5.6). Absent if the packet ends
    /// before it.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub data: Option<Bytes>,
}

impl Message for ComBinlogDumpGtid {
    type Context = ();
    const NAME: &'static str = "COM_BINLOG_DUMP_GTID";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::BINLOG_DUMP_GTID.0)?;
        Ok(Self {
            flags: BinlogDumpFlags::from_bits_retain(r.u16("flags")?),
            server_id: r.u32("server-id")?,
            binlog_filename: read_string(r, "binlog-filename")?,
            binlog_pos: r.u64("binlog-pos")?,
            data: if r.remaining() > 0 {
                Some(read_string(r, "data")?)
            } else {
                None
            },
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::BINLOG_DUMP_GTID.0);
        w.put_u16_le(self.flags.bits());
        w.put_u32_le(self.server_id);
        put_string(w, "binlog-filename", &self.binlog_filename)?;
        w.put_u64_le(self.binlog_pos);
        match &self.data {
            Some(data) => put_string(w, "data", data),
            None => Ok(()),
        }
    }
}

/// A string behind a length of four bytes.
fn read_string(r: &mut Reader<'_>, field: &'static str) -> Result<Bytes, DecodeError> {
    let len = r.u32(field)?;
    r.string(field, usize::try_from(len).unwrap_or(usize::MAX))
}

fn put_string(w: &mut BytesMut, field: &'static str, string: &[u8]) -> Result<(), EncodeError> {
    let len = u32::try_from(string.len()).map_err(|_| EncodeError {
        field,
        kind: EncodeErrorKind::TooLong {
            len: string.len(),
            max: usize::try_from(u32::MAX).unwrap_or(usize::MAX),
        },
    })?;
    w.put_u32_le(len);
    w.put_slice(string);
    Ok(())
}
