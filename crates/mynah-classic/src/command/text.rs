//! The commands that consist of their code and one text, up to the end of the packet.

use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use super::CommandCode;

macro_rules! text_commands {
    ($(
        $(#[$doc:meta])*
        $name:ident { $(#[$field_doc:meta])* $field:ident } = $text:literal, $code:ident;
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub struct $name {
            $(#[$field_doc])*
            #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
            pub $field: Bytes,
        }

        impl Message for $name {
            type Context = ();
            const NAME: &'static str = $text;

            fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
                r.expect("command", CommandCode::$code.0)?;
                Ok(Self {
                    $field: r.rest_string(),
                })
            }

            fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
                w.put_u8(CommandCode::$code.0);
                w.put_slice(&self.$field);
                Ok(())
            }
        }
    )*};
}

text_commands! {
    /// Changes the default schema. The server answers OK or an error.
    ///
    /// Documentation page: COM_INIT_DB.
    ComInitDb {
        /// The name of the schema, up to the end of the packet.
        schema_name
    } = "COM_INIT_DB", INIT_DB;

    /// Creates a schema. Servers since MySQL 5.6 and MariaDB 10.11 answer that they don't know the command.
    ///
    /// Documentation page: COM_CREATE_DB.
    ComCreateDb {
        /// The name of the schema, up to the end of the packet.
        schema_name
    } = "COM_CREATE_DB", CREATE_DB;

    /// Drops a schema. Servers since MySQL 5.6 and MariaDB 10.11 answer that they don't know the command.
    ///
    /// Documentation page: COM_DROP_DB.
    ComDropDb {
        /// The name of the schema, up to the end of the packet.
        schema_name
    } = "COM_DROP_DB", DROP_DB;

    /// Prepares a statement. The server answers with its id and its numbers of parameters and
    /// columns, or an error.
    ///
    /// Documentation page: COM_STMT_PREPARE.
    ComStmtPrepare {
        /// The statement, with `?` for each parameter, up to the end of the packet.
        query
    } = "COM_STMT_PREPARE", STMT_PREPARE;
}
