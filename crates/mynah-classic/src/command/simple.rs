//! The commands that consist of their code only.

use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

macro_rules! simple_commands {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $code:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub struct $name;

        impl Message for $name {
            type Context = ();
            const NAME: &'static str = $text;

            fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
                r.expect("command", CommandCode::$code.0)?;
                Ok(Self)
            }

            fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
                w.put_u8(CommandCode::$code.0);
                Ok(())
            }
        }
    )*};
}

simple_commands! {
    /// Ends the connection. The server closes it without an answer.
    ///
    /// Documentation page: COM_QUIT.
    ComQuit = "COM_QUIT", QUIT;

    /// Checks that the server is alive. The server answers OK.
    ///
    /// Documentation page: COM_PING.
    ComPing = "COM_PING", PING;

    /// Requests statistics. The server answers with a text in a packet of its own kind, without an
    /// OK.
    ///
    /// Documentation page: COM_STATISTICS.
    ComStatistics = "COM_STATISTICS", STATISTICS;

    /// Requests the list of connections. The server answers a text result set or an error.
    ///
    /// Documentation page: COM_PROCESS_INFO.
    ComProcessInfo = "COM_PROCESS_INFO", PROCESS_INFO;

    /// Makes the server write its state to its log. The server answers EOF, OK or an error.
    ///
    /// Documentation page: COM_DEBUG.
    ComDebug = "COM_DEBUG", DEBUG;

    /// Changes the connection to the clone protocol, which copies the server's data and has
    /// commands of its own. The server answers as the clone plugin does, or an error.
    ///
    /// Documentation page: COM_CLONE.
    ComClone = "COM_CLONE", CLONE;

    /// Passes the connection to group replication. The server answers OK or an error.
    ///
    /// Documentation page: enum_server_command, COM_SUBSCRIBE_GROUP_REPLICATION_STREAM.
    ComSubscribeGroupReplicationStream = "COM_SUBSCRIBE_GROUP_REPLICATION_STREAM",
        SUBSCRIBE_GROUP_REPLICATION_STREAM;

    /// Resets the session: its variables, its transaction, its prepared statements; user and schema stay. The
    /// server answers OK or an error.
    ///
    /// Documentation page: COM_RESET_CONNECTION.
    ComResetConnection = "COM_RESET_CONNECTION", RESET_CONNECTION;
}
