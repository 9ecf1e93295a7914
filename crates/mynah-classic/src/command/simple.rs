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

    /// Makes the session as if it had just logged in. The server answers OK or an error.
    ///
    /// Documentation page: COM_RESET_CONNECTION.
    ComResetConnection = "COM_RESET_CONNECTION", RESET_CONNECTION;
}
