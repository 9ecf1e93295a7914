use bytes::Bytes;
use mynah_classic::command::{ComChangeUser, Command};
use mynah_classic::response::OkPacket;
use mynah_wire::Packet;

use crate::classic::Part;

/// Something that happened on the connection, for [`Client::handle`](super::Client::handle).
#[derive(Debug)]
pub enum Event {
    /// A packet of the server was received.
    Packet(Packet),
    /// The TLS handshake that [`Action::StartTls`] asked for is done.
    TlsEstablished,
    /// The caller wants this command to be sent; the session must be logged in and have no open command.
    Command(Command),
    /// The caller logs in again as another user, by COM_CHANGE_USER with these passwords. The method and the response
    /// in the command are sent as they are; if the server answers with a method and a fresh nonce, the session responds
    /// to that.
    ChangeUser(ComChangeUser, mynah_auth::client::Credentials),
    /// A piece of the file that [`Part::LocalInfile`] asks for; an empty piece ends the file.
    File(Bytes),
    /// The server closed the connection.
    Eof,
}

/// Something that the caller has to do, besides sending the bytes of [`Client::output`](super::Client::output).
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Send the whole output, then start the TLS handshake. Discard bytes that were received before it: they
    /// weren't protected.
    StartTls,
    /// The login, or a COM_CHANGE_USER, succeeded; commands can be sent. If the capability flags agree on
    /// compression, both sides compress from the next byte after the first login on.
    LoggedIn(OkPacket),
    /// A message of the answer was received: its part in the answer, and its payload.
    Received(Part, Bytes),
    /// The answer is complete; the next command can be sent.
    Answered,
    /// Send the whole output and close the connection.
    Close,
}

impl Event {
    /// Its name in errors.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Packet(_) => "Packet",
            Self::TlsEstablished => "TlsEstablished",
            Self::Command(_) => "Command",
            Self::ChangeUser(..) => "ChangeUser",
            Self::File(_) => "File",
            Self::Eof => "Eof",
        }
    }
}
