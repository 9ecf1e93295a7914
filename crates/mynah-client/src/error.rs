use std::io;

use mynah_classic::response::ErrPacket;
use mynah_classic::value::ValueError;
use mynah_session::classic::client::ClientError;
use mynah_wire::compress::CompressError;
use mynah_wire::{DecodeError, EncodeError};
use thiserror::Error;

/// Why a login, a command or a connection has failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered a command with an error packet. The connection can be used further, unless the server
    /// closes it.
    #[error("error {}: {}", .0.error_code, String::from_utf8_lossy(&.0.error_message))]
    Server(ErrPacket),
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
    /// There is no random number for the login.
    #[error("the system provides no random bytes")]
    Random(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The number of the server's error packet, in answer to a command, the login or the connection; `None` for
    /// other errors.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Server(error) | Self::Session(ClientError::Refused(error)) => {
                Some(error.error_code)
            }
            _ => None,
        }
    }
}
