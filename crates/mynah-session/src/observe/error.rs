use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{ErrPacket, SqlState};
use mynah_wire::DecodeError;
use mynah_x::status;
use thiserror::Error;

/// An error that a server sent, of either protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// The error number, such as 1064.
    pub code: u32,
    /// The SQL state; `None` if the packet has none.
    pub sql_state: Option<SqlState>,
    /// The error's message, for people.
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

/// Why an observer can't follow a connection any more. The connection itself may be fine.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Loss {
    /// The connection has changed to TLS, and the observer doesn't get its bytes decrypted.
    #[error("it is encrypted end to end")]
    Encrypted,
    /// The server's first packet isn't a greeting.
    #[error("the server's greeting makes no sense: {0}")]
    NoGreeting(DecodeError),
    /// The client's answer to the greeting is no handshake response.
    #[error("the client's answer to the greeting makes no sense: {0}")]
    NoHandshakeResponse(DecodeError),
    /// The OK packet that ends a login can't be decoded.
    #[error("the end of the login makes no sense: {0}")]
    NoLoginEnd(DecodeError),
    /// A compressed packet can't be decompressed to the length in its header, for this reason.
    #[error("a compressed frame makes no sense: {0}")]
    CompressedFrame(String),
    /// A compressed message of the X Protocol can't be decompressed, for this reason.
    #[error("a compressed message makes no sense: {0}")]
    CompressedMessage(String),
    /// A frame of the X Protocol is empty: it has no message type.
    #[error("a frame has no type")]
    NoType,
    /// After this command the connection uses another protocol.
    #[error("another protocol follows {0:?}")]
    OtherProtocol(CommandCode),
    /// More commands wait for their answers than the observer keeps.
    #[error("too many commands wait for their answers")]
    TooManyCommands,
}
