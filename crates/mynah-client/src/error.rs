use std::io;

use mynah_auth::AuthError;
use mynah_classic::response::ErrPacket;
use mynah_classic::value::ValueError;
use mynah_session::classic::client::ClientError;
use mynah_wire::compress::CompressError;
use mynah_wire::{DecodeError, EncodeError};
use mynah_x::compress::DecompressError;
use mynah_x::field::FieldError;
use mynah_x::{FrameError, MessageError, ServerMessage, status};
use thiserror::Error;

/// Why a login, a command or a connection has failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered a command with an error packet. The connection can be used further, unless the server
    /// closes it.
    #[error("error {}: {}", .0.error_code, String::from_utf8_lossy(&.0.error_message))]
    Server(ErrPacket),
    /// A server of the X Protocol answered a login or another message with an error, or said why it closes the
    /// connection. The connection can be used further, unless the error's severity is FATAL.
    #[error("error {}: {}", .0.code, .0.msg)]
    X(status::Error),
    /// The server can't be reached, TLS fails, or the connection is lost.
    #[error("the connection to the server failed")]
    Io(#[from] io::Error),
    /// The server has closed the connection, or reset it.
    #[error("the server closed the connection")]
    Closed,
    /// The session can't go on, for instance because the server refused the login or broke the protocol, or because
    /// a command can't be encoded.
    #[error("the session failed")]
    Session(#[from] ClientError),
    /// A message of the server can't be decoded.
    #[error("a message of the server can't be decoded")]
    Decode(#[from] DecodeError),
    /// The parameters of an execution can't be encoded.
    #[error("a message can't be encoded")]
    Encode(#[from] EncodeError),
    /// A parameter of a prepared statement can't be sent as its type.
    #[error("a parameter can't be encoded")]
    Value(#[from] ValueError),
    /// The server has sent a row of a prepared statement without the definitions of its columns, and hasn't sent them
    /// before, so that the row can't be read.
    #[error("a row of a prepared statement can't be read without the definitions of its columns")]
    NoColumns,
    /// A compressed frame of the server is invalid.
    #[error("the server's compression is wrong")]
    Compress(#[from] CompressError),
    /// What the server compressed in the X Protocol can't be read.
    #[error("the server's compression is wrong")]
    Decompress(#[from] DecompressError),
    /// A message can't be compressed for the X Protocol.
    #[error("a message can't be compressed")]
    XCompress(#[from] mynah_x::compress::CompressError),
    /// The server sent a frame of the X Protocol that is too long or has no type.
    #[error("the server sent an invalid frame")]
    Frame(#[from] FrameError),
    /// A message of the server in the X Protocol can't be read.
    #[error("the server sent an invalid message")]
    Message(#[from] MessageError),
    /// The server sent a message of the X Protocol that doesn't belong there.
    #[error("the server sent {found} in place of {expected}")]
    Unexpected {
        /// The name of the message that was received.
        found: &'static str,
        /// The name of the message that belongs there.
        expected: &'static str,
    },
    /// A row of the X Protocol doesn't have a cell for each column.
    #[error("the server sent a row of {cells} cells for {columns} columns")]
    CellCount {
        /// The number of cells in the row.
        cells: usize,
        /// The number of columns of the result.
        columns: usize,
    },
    /// A cell of the X Protocol isn't a value of its column's type.
    #[error("the cell in column {index} (from 0) of a row can't be read")]
    Cell {
        /// The index of the column, from 0.
        index: usize,
        /// What is wrong with the cell.
        source: FieldError,
    },
    /// A column of the X Protocol has a type that isn't known.
    #[error("column {index} (from 0) of a result has the unknown type {field_type}")]
    FieldType {
        /// The index of the column, from 0.
        index: usize,
        /// The number of the type.
        field_type: i32,
    },
    /// TLS is required, but the server of the X Protocol doesn't offer it.
    #[error("the server offers no TLS")]
    TlsNotOffered,
    /// The server of the X Protocol offers no authentication mechanism that can be used on this connection.
    #[error("the server offers no authentication mechanism that suits this connection")]
    NoMechanism,
    /// The server's challenge in the X Protocol can't be answered, or isn't safe to answer.
    #[error("the login failed")]
    Auth(#[from] AuthError),
    /// An option of the X Protocol's login contains a NUL, at which the server would split it.
    #[error("the {option} of the login contains a NUL")]
    Nul {
        /// The name of the option.
        option: &'static str,
    },
    /// A message is too long for a frame of the X Protocol.
    #[error("a message is longer than 4 GiB")]
    TooLong,
    /// The server at this address speaks the classic protocol.
    #[error("the server speaks the classic protocol here; the X Protocol has a port of its own")]
    ClassicServer,
    /// There is no random number for the login.
    #[error("the system provides no random bytes")]
    Random(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The number of the server's error, in answer to a command, the login or the connection; `None` for other
    /// errors.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Server(error) | Self::Session(ClientError::Refused(error)) => {
                Some(error.error_code)
            }
            Self::X(error) => u16::try_from(error.code).ok(),
            _ => None,
        }
    }

    pub(crate) fn unexpected(found: &ServerMessage, expected: &'static str) -> Self {
        let found = found.name();
        Self::Unexpected { found, expected }
    }
}
