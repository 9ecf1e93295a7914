use bitflags::bitflags;
use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

/// Flushes or resets caches, logs and other state. The server answers OK or an error.
///
/// Documentation page: COM_REFRESH.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComRefresh {
    /// What the server flushes or resets.
    pub sub_command: RefreshFlags,
}

bitflags! {
    /// What COM_REFRESH flushes or resets. Bits that have no constant are kept.
    ///
    /// Documentation page: COM_REFRESH.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct RefreshFlags: u8 {
        /// The privilege tables.
        const GRANT = 0x01;
        /// The server's logs.
        const LOG = 0x02;
        /// Open tables.
        const TABLES = 0x04;
        /// The host cache.
        const HOSTS = 0x08;
        /// Status variables, which are reset.
        const STATUS = 0x10;
        /// The thread cache.
        const THREADS = 0x20;
        /// A replica's state with regard to its source, which is reset.
        const SLAVE = 0x40;
        /// The binary logs, which are deleted.
        const MASTER = 0x80;
    }
}

impl Message for ComRefresh {
    type Context = ();
    const NAME: &'static str = "COM_REFRESH";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::REFRESH.0)?;
        Ok(Self {
            sub_command: RefreshFlags::from_bits_retain(r.u8("sub_command")?),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::REFRESH.0);
        w.put_u8(self.sub_command.bits());
        Ok(())
    }
}
