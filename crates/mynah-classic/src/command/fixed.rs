//! The commands that consist of their code and integers.

use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

macro_rules! fixed_commands {
    ($(
        $(#[$doc:meta])*
        $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $read:ident, $put:ident;)*
        } = $text:literal, $code:ident;
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $read,)*
        }

        impl Message for $name {
            type Context = ();
            const NAME: &'static str = $text;

            fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
                r.expect("command", CommandCode::$code.0)?;
                Ok(Self {
                    $($field: r.$read(stringify!($field))?,)*
                })
            }

            fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
                w.put_u8(CommandCode::$code.0);
                $(w.$put(self.$field);)*
                Ok(())
            }
        }
    )*};
}

fixed_commands! {
    /// Closes a connection, by its id. The server answers OK or an error.
    ///
    /// Documentation page: COM_PROCESS_KILL.
    ComProcessKill {
        /// The id of the connection to close, its `thread_id` in the greeting.
        connection_id: u32, put_u32_le;
    } = "COM_PROCESS_KILL", PROCESS_KILL;

    /// Sets an option of the session. The server answers OK or EOF, or an error.
    ///
    /// Documentation page: COM_SET_OPTION.
    ComSetOption {
        /// 0 allows several statements in one COM_QUERY, 1 forbids it; there are no other values.
        option_operation: u16, put_u16_le;
    } = "COM_SET_OPTION", SET_OPTION;

    /// Reads rows from a statement's cursor. The server answers with rows without column
    /// definitions and the end of the rows, or an error.
    ///
    /// Documentation page: COM_STMT_FETCH.
    ComStmtFetch {
        /// The id of the prepared statement.
        statement_id: u32, put_u32_le;
        /// The greatest number of rows to send.
        num_rows: u32, put_u32_le;
    } = "COM_STMT_FETCH", STMT_FETCH;

    /// Frees a prepared statement. The server doesn't answer.
    ///
    /// Documentation page: COM_STMT_CLOSE.
    ComStmtClose {
        /// The id of the prepared statement.
        statement_id: u32, put_u32_le;
    } = "COM_STMT_CLOSE", STMT_CLOSE;

    /// Discards a statement's long data and closes its cursor. The server answers OK or an error.
    ///
    /// Documentation page: COM_STMT_RESET.
    ComStmtReset {
        /// The id of the prepared statement.
        statement_id: u32, put_u32_le;
    } = "COM_STMT_RESET", STMT_RESET;
}
