use std::fmt;

use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

/// Shuts the server down. The server answers EOF or OK before it ends, or an error. MySQL 8.0 and later has the
/// statement SHUTDOWN instead of this command.
///
/// Documentation page: COM_SHUTDOWN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComShutdown {
    /// What the server waits for before it shuts down. `None` if the packet ends before this field, which
    /// means [`ShutdownLevel::DEFAULT`].
    pub shutdown_level: Option<ShutdownLevel>,
}

/// What a server waits for before it shuts down. Codes that have no constant are kept.
///
/// Documentation page: COM_SHUTDOWN, mysql_enum_shutdown_level.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShutdownLevel(pub u8);

impl ShutdownLevel {
    /// The server's default, which is [`WAIT_ALL_BUFFERS`](Self::WAIT_ALL_BUFFERS).
    pub const DEFAULT: Self = Self(0x00);
    /// Wait until clients have disconnected.
    pub const WAIT_CONNECTIONS: Self = Self(0x01);
    /// Wait until transactions have ended.
    pub const WAIT_TRANSACTIONS: Self = Self(0x02);
    /// Wait until updates have ended.
    pub const WAIT_UPDATES: Self = Self(0x08);
    /// Wait until all buffers are flushed.
    pub const WAIT_ALL_BUFFERS: Self = Self(0x10);
    /// Wait until the buffers of storage engines that need it are flushed.
    pub const WAIT_CRITICAL_BUFFERS: Self = Self(0x11);
    /// End running statements before the shutdown.
    pub const KILL_QUERY: Self = Self(0xfe);
    /// Close connections before the shutdown.
    pub const KILL_CONNECTION: Self = Self(0xff);

    /// The level's name, as MySQL's documentation spells it without `SHUTDOWN_`; `None` for a code without a
    /// constant.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::DEFAULT => "DEFAULT",
            Self::WAIT_CONNECTIONS => "WAIT_CONNECTIONS",
            Self::WAIT_TRANSACTIONS => "WAIT_TRANSACTIONS",
            Self::WAIT_UPDATES => "WAIT_UPDATES",
            Self::WAIT_ALL_BUFFERS => "WAIT_ALL_BUFFERS",
            Self::WAIT_CRITICAL_BUFFERS => "WAIT_CRITICAL_BUFFERS",
            Self::KILL_QUERY => "KILL_QUERY",
            Self::KILL_CONNECTION => "KILL_CONNECTION",
            _ => return None,
        })
    }
}

impl fmt::Debug for ShutdownLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#04x}", self.0),
        }
    }
}

impl Message for ComShutdown {
    type Context = ();
    const NAME: &'static str = "COM_SHUTDOWN";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::SHUTDOWN.0)?;
        let shutdown_level = if r.remaining() > 0 {
            Some(ShutdownLevel(r.u8("shutdown_level")?))
        } else {
            None
        };
        Ok(Self { shutdown_level })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::SHUTDOWN.0);
        if let Some(ShutdownLevel(level)) = self.shutdown_level {
            w.put_u8(level);
        }
        Ok(())
    }
}
