use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_wire::DecodeError;
use mynah_x::status;
use thiserror::Error;

/// An error that a server has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// Its number.
    pub code: u32,
    /// Its SQL state, if there is one.
    pub sql_state: Option<SqlState>,
    /// What it says.
    pub message: Bytes,
}

impl From<ErrPacket> for ServerError {
    fn from(error: ErrPacket) -> Self {
        Self {
            code: error.error_code.into(),
            sql_state: error.sql_state,
            message: error.error_message,
        }
    }
}

impl From<status::Error> for ServerError {
    fn from(error: status::Error) -> Self {
        Self {
            code: error.code,
            sql_state: error.sql_state.as_bytes().try_into().ok().map(SqlState),
            message: error.msg.into(),
        }
    }
}

/// Why an observer can't follow a connection any more.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Loss {
    /// They are encrypted.
    #[error("it is encrypted end to end")]
    Encrypted,
    /// The server's first packet is no greeting.
    #[error("the server's greeting makes no sense: {0}")]
    NoGreeting(DecodeError),
    /// The client's first packet is no answer to a greeting.
    #[error("the client's answer to the greeting makes no sense: {0}")]
    NoHandshakeResponse(DecodeError),
    /// The OK that ends a login can't be read.
    #[error("the end of the login makes no sense: {0}")]
    NoLoginEnd(DecodeError),
    /// A frame of compressed packets doesn't inflate to what its header says, for this reason.
    #[error("a compressed frame makes no sense: {0}")]
    CompressedFrame(String),
    /// A compressed message can't be inflated, for this reason.
    #[error("a compressed message makes no sense: {0}")]
    CompressedMessage(String),
    /// A message of the X Protocol has no type.
    #[error("a frame has no type")]
    NoType,
    /// Another protocol follows this command.
    #[error("another protocol follows {0:?}")]
    OtherProtocol(CommandCode),
    /// So many commands wait for answers that no more are held.
    #[error("too many commands wait for their answers")]
    TooManyCommands,
}
