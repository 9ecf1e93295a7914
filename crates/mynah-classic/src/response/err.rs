use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use crate::Capabilities;

/// The failure of a command, or of the connection as a whole.
///
/// Documentation page: ERR_Packet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ErrPacket {
    /// The error number, such as 1064.
    pub error_code: u16,
    /// The SQLSTATE. `None` if the packet has none, as without PROTOCOL_41 and in a server's error in place of its
    /// greeting.
    pub sql_state: Option<SqlState>,
    /// The message for people, up to the end of the packet.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub error_message: Bytes,
}

impl Message for ErrPacket {
    type Context = Capabilities;
    const NAME: &'static str = "ERR_Packet";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        r.expect("header", HEADER)?;
        let error_code = r.u16("error_code")?;
        // A server out of connections answers before the protocol's version is agreed on, and
        // without a state. So the marker decides.
        let has_state = shared.contains(Capabilities::PROTOCOL_41)
            && r.peek() == Some(SQL_STATE_MARKER)
            && r.remaining() > SqlState::LEN;
        let sql_state = if has_state {
            r.expect("sql_state_marker", SQL_STATE_MARKER)?;
            Some(SqlState(r.array("sql_state")?))
        } else {
            None
        };
        Ok(Self {
            error_code,
            sql_state,
            error_message: r.rest_string(),
        })
    }

    /// The state is omitted before protocol 4.1, which can't carry it.
    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        w.put_u8(HEADER);
        w.put_u16_le(self.error_code);
        if let Some(SqlState(state)) = self.sql_state
            && shared.contains(Capabilities::PROTOCOL_41)
        {
            w.put_u8(SQL_STATE_MARKER);
            w.put_slice(&state);
        }
        w.put_slice(&self.error_message);
        Ok(())
    }
}

/// An SQLSTATE: five characters, the first two of them the class.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SqlState(pub [u8; Self::LEN]);

impl SqlState {
    /// The number of characters of an SQL state.
    pub const LEN: usize = 5;
    /// HY000, for errors that have no SQLSTATE of their own.
    pub const GENERAL_ERROR: Self = Self(*b"HY000");
}

impl fmt::Display for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

impl fmt::Debug for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const HEADER: u8 = 0xff;
const SQL_STATE_MARKER: u8 = b'#';
