//! The messages of the command phase: what a client asks, each starting with the byte that
//! says which command it is.

mod code;
mod init_db;
mod query;
mod simple;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

pub use code::CommandCode;
pub use init_db::ComInitDb;
pub use query::ComQuery;
pub use simple::{ComPing, ComQuit, ComResetConnection};

use crate::Capabilities;

/// Any command.
///
/// Documentation page: Command Phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// COM_QUIT.
    Quit(ComQuit),
    /// COM_INIT_DB.
    InitDb(ComInitDb),
    /// COM_QUERY.
    Query(ComQuery),
    /// COM_PING.
    Ping(ComPing),
    /// COM_RESET_CONNECTION.
    ResetConnection(ComResetConnection),
    /// A command that has no message here.
    Other {
        /// Which command it is.
        code: CommandCode,
        /// What follows the code.
        payload: Bytes,
    },
}

impl Message for Command {
    type Context = Capabilities;
    const NAME: &'static str = "command";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        let Some(code) = r.peek().map(CommandCode) else {
            return r.u8("command").map(|code| Self::Other {
                code: CommandCode(code),
                payload: Bytes::new(),
            });
        };
        Ok(match code {
            CommandCode::QUIT => Self::Quit(ComQuit::decode(r, ())?),
            CommandCode::INIT_DB => Self::InitDb(ComInitDb::decode(r, ())?),
            CommandCode::QUERY => Self::Query(ComQuery::decode(r, shared)?),
            CommandCode::PING => Self::Ping(ComPing::decode(r, ())?),
            CommandCode::RESET_CONNECTION => {
                Self::ResetConnection(ComResetConnection::decode(r, ())?)
            }
            code => {
                r.skip("command", 1)?;
                let payload = r.rest_string();
                Self::Other { code, payload }
            }
        })
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        match self {
            Self::Quit(command) => command.encode(w, ()),
            Self::InitDb(command) => command.encode(w, ()),
            Self::Query(command) => command.encode(w, shared),
            Self::Ping(command) => command.encode(w, ()),
            Self::ResetConnection(command) => command.encode(w, ()),
            Self::Other { code, payload } => {
                w.put_u8(code.0);
                w.put_slice(payload);
                Ok(())
            }
        }
    }
}
