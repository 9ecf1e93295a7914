//! The commands that are nothing but their code.

use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

macro_rules! simple_commands {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $code:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The client is done. The server closes the connection and answers nothing.
    ///
    /// Documentation page: COM_QUIT.
    ComQuit = "COM_QUIT", QUIT;

    /// Is the server there? It answers OK.
    ///
    /// Documentation page: COM_PING.
    ComPing = "COM_PING", PING;

    /// Asks for a line of numbers. The server answers a text that is a packet of its own, no OK.
    ///
    /// Documentation page: COM_STATISTICS.
    ComStatistics = "COM_STATISTICS", STATISTICS;

    /// Asks who is connected. The server answers a text result set or an error.
    ///
    /// Documentation page: COM_PROCESS_INFO.
    ComProcessInfo = "COM_PROCESS_INFO", PROCESS_INFO;

    /// Has the server write what it is doing to its log. It answers EOF, OK or an error.
    ///
    /// Documentation page: COM_DEBUG.
    ComDebug = "COM_DEBUG", DEBUG;

    /// Turns the connection into one that copies the server's data, with commands of its own.
    /// The server answers as the clone plugin does, or an error.
    ///
    /// Documentation page: COM_CLONE.
    ComClone = "COM_CLONE", CLONE;

    /// Hands the connection to group replication. The server answers OK or an error.
    ///
    /// Documentation page: enum_server_command, COM_SUBSCRIBE_GROUP_REPLICATION_STREAM.
    ComSubscribeGroupReplicationStream = "COM_SUBSCRIBE_GROUP_REPLICATION_STREAM",
        SUBSCRIBE_GROUP_REPLICATION_STREAM;

    /// Makes the session as if it had just logged in. The server answers OK or an error.
    ///
    /// Documentation page: COM_RESET_CONNECTION.
    ComResetConnection = "COM_RESET_CONNECTION", RESET_CONNECTION;
}
