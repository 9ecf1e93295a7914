use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use crate::{Capabilities, StatusFlags};

/// The end of column definitions, rows or binlog events, and an answer without rows to commands such as
/// COM_SET_OPTION. If DEPRECATE_EOF is shared, servers send it only at the end of binlog events: elsewhere an
/// [`OkPacket`](super::OkPacket) replaces it, except after column definitions, where nothing does.
///
/// Documentation page: EOF_Packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EofPacket {
    /// The number of warnings of the statement. 0 if PROTOCOL_41 isn't shared.
    pub warnings: u16,
    /// The status flags of the session. Empty if PROTOCOL_41 isn't shared.
    pub status_flags: StatusFlags,
}

impl Message for EofPacket {
    type Context = Capabilities;
    const NAME: &'static str = "EOF_Packet";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        r.expect("header", HEADER)?;
        if !shared.contains(Capabilities::PROTOCOL_41) {
            return Ok(Self::default());
        }
        Ok(Self {
            warnings: r.u16("warnings")?,
            status_flags: StatusFlags::from_bits_retain(r.u16("status_flags")?),
        })
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        w.put_u8(HEADER);
        if shared.contains(Capabilities::PROTOCOL_41) {
            w.put_u16_le(self.warnings);
            w.put_u16_le(self.status_flags.bits());
        }
        Ok(())
    }
}

const HEADER: u8 = 0xfe;
