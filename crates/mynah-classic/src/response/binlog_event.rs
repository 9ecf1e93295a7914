use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

/// One event of a binary log. The server sends events in answer to COM_BINLOG_DUMP and
/// COM_BINLOG_DUMP_GTID, until an EOF (if the client requested one) or an error ends the stream.
///
/// Documentation page: Binlog Network Stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BinlogEvent {
    /// The event with its header, as in the log. Under semi-synchronous replication 0xef and a byte
    /// precede it.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    pub event: Bytes,
}

impl Message for BinlogEvent {
    type Context = ();
    const NAME: &'static str = "Binlog Network Stream";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("packet_header", HEADER)?;
        Ok(Self {
            event: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(HEADER);
        w.put_slice(&self.event);
        Ok(())
    }
}

const HEADER: u8 = 0x00;
