//! All messages, and their types.

use std::fmt;

use bytes::{Bytes, BytesMut};

use crate::beginning::completed;
use crate::shape::{Shape, check, shapes};
use crate::{Frame, MessageError, MessageErrorKind, put_frame};
use crate::{connection, crud, cursor, expect, notice, prepare, resultset, session, sql, status};

/// A message of the X Protocol, without its frame.
///
/// Reading also checks what protobuf's decoder doesn't: that required fields are present, that nested messages aren't
/// too deep, and that messages and strings inside aren't too many. Unknown fields are dropped.
pub trait Message: prost::Message + Default {
    /// The message's name, as MySQL's documentation spells it.
    const NAME: &'static str;

    #[doc(hidden)]
    const SHAPE: &'static Shape;

    /// Reads a message from the payload of a frame.
    ///
    /// # Errors
    /// All kinds of [`MessageErrorKind`] except [`UnknownType`](MessageErrorKind::UnknownType).
    fn from_payload(payload: &Bytes) -> Result<Self, MessageError> {
        let error = |kind| MessageError {
            message: Self::NAME,
            kind,
        };
        check(payload, Self::SHAPE).map_err(error)?;
        // The clone shares the payload, so that fields are slices of it.
        Self::decode(payload.clone()).map_err(|source| error(MessageErrorKind::Value(source)))
    }

    /// Reads a message from the beginning of a payload, at whatever byte that ends: with the fields that are whole, and of
    /// the field in which the payload is cut off what is there. What follows bytes that aren't a field is ignored.
    ///
    /// # Errors
    /// As [`from_payload`](Self::from_payload), if a required field hasn't begun.
    fn from_beginning(payload: &Bytes) -> Result<Self, MessageError> {
        match completed(payload, Self::SHAPE) {
            Some(completed) => Self::from_payload(&completed.into()),
            None => Self::from_payload(payload),
        }
    }

    /// Writes the message as the payload of a frame, without type and length.
    fn to_payload(&self) -> Bytes {
        self.encode_to_vec().into()
    }
}

macro_rules! names {
    ($($path:path, $spelled:literal, $shape:ident;)*) => {
        $(
            impl Message for $path {
                const NAME: &'static str = $spelled;
                const SHAPE: &'static Shape = &shapes::$shape;
            }
        )*
    };
}

/// All messages of a side: the type on the wire, and, once for each message, its name and shape.
macro_rules! messages {
    (
        $(#[$type_doc:meta])* $type:ident,
        $(#[$doc:meta])* $name:ident {
            $($(#[$message_doc:meta])* $message:ident($path:path $(, $spelled:literal, $shape:ident)?) = $code:literal $constant:ident,)*
        }
    ) => {
        $(#[$type_doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $type(pub u8);

        impl $type {
            $(
                /// The type of this message:
                $(#[$message_doc])*
                pub const $constant: Self = Self($code);
            )*

            /// All types of messages that have a constant.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];

            /// The type's name, as MySQL's documentation spells it; `None` for a type without a constant.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$constant => Some(stringify!($constant)),)*
                    _ => None,
                }
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "{}", self.0),
                }
            }
        }

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum $name {
            $($(#[$message_doc])* $message($path),)*
        }

        impl $name {
            /// Reads the message of a frame, by the frame's type.
            ///
            /// # Errors
            /// When the type is unknown, or the payload isn't a message of this type.
            pub fn from_frame(frame: &Frame) -> Result<Self, MessageError> {
                match $type(frame.message_type) {
                    $($type::$constant => Message::from_payload(&frame.payload).map(Self::$message),)*
                    $type(message_type) => Err(MessageError {
                        message: stringify!($name),
                        kind: MessageErrorKind::UnknownType { message_type },
                    }),
                }
            }

            /// Reads a message of whose payload the frame has only the beginning, see
            /// [`Message::from_beginning`].
            ///
            /// # Errors
            /// When the type is unknown, and as [`Message::from_beginning`].
            pub fn from_beginning(frame: &Frame) -> Result<Self, MessageError> {
                match $type(frame.message_type) {
                    $($type::$constant => Message::from_beginning(&frame.payload).map(Self::$message),)*
                    $type(message_type) => Err(MessageError {
                        message: stringify!($name),
                        kind: MessageErrorKind::UnknownType { message_type },
                    }),
                }
            }

            /// Appends the message to `w`, as a frame.
            pub fn put(&self, w: &mut BytesMut) {
                let message_type = self.message_type().0;
                put_frame(w, message_type, |w| match self {
                    // Space is reserved for the message, so this can't fail.
                    $(Self::$message(message) => drop(prost::Message::encode(message, w)),)*
                });
            }

            /// The message's type in a frame.
            #[must_use]
            pub const fn message_type(&self) -> $type {
                match self {
                    $(Self::$message(_) => $type::$constant,)*
                }
            }

            /// The message's name, as MySQL's documentation spells it.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$message(_) => <$path as Message>::NAME,)*
                }
            }
        }

        $($(names!($path, $spelled, $shape;);)?)*

        $(
            impl From<$path> for $name {
                fn from(message: $path) -> Self {
                    Self::$message(message)
                }
            }
        )*
    };
}

messages! {
    /// The type of a client's message. Types that have no constant are kept.
    ///
    /// Documentation page: Mysqlx::ClientMessages.
    ClientMessageType,
    /// A message of a client.
    ClientMessage {
        /// [`connection::CapabilitiesGet`].
        CapabilitiesGet(connection::CapabilitiesGet, "Mysqlx.Connection.CapabilitiesGet", EMPTY) = 1 CON_CAPABILITIES_GET,
        /// [`connection::CapabilitiesSet`].
        CapabilitiesSet(connection::CapabilitiesSet, "Mysqlx.Connection.CapabilitiesSet", CAPABILITIES_SET) = 2 CON_CAPABILITIES_SET,
        /// [`connection::Close`].
        ConnectionClose(connection::Close, "Mysqlx.Connection.Close", EMPTY) = 3 CON_CLOSE,
        /// [`session::AuthenticateStart`].
        AuthenticateStart(session::AuthenticateStart, "Mysqlx.Session.AuthenticateStart", FIRST_REQUIRED) = 4 SESS_AUTHENTICATE_START,
        /// [`session::AuthenticateContinue`].
        AuthenticateContinue(session::AuthenticateContinue, "Mysqlx.Session.AuthenticateContinue", FIRST_REQUIRED) = 5 SESS_AUTHENTICATE_CONTINUE,
        /// [`session::Reset`].
        Reset(session::Reset, "Mysqlx.Session.Reset", EMPTY) = 6 SESS_RESET,
        /// [`session::Close`].
        SessionClose(session::Close, "Mysqlx.Session.Close", EMPTY) = 7 SESS_CLOSE,
        /// [`sql::StmtExecute`].
        StmtExecute(sql::StmtExecute, "Mysqlx.Sql.StmtExecute", STMT_EXECUTE) = 12 SQL_STMT_EXECUTE,
        /// [`crud::Find`].
        Find(crud::Find, "Mysqlx.Crud.Find", FIND) = 17 CRUD_FIND,
        /// [`crud::Insert`].
        Insert(crud::Insert, "Mysqlx.Crud.Insert", INSERT) = 18 CRUD_INSERT,
        /// [`crud::Update`].
        Update(crud::Update, "Mysqlx.Crud.Update", UPDATE) = 19 CRUD_UPDATE,
        /// [`crud::Delete`].
        Delete(crud::Delete, "Mysqlx.Crud.Delete", DELETE) = 20 CRUD_DELETE,
        /// [`expect::Open`].
        ExpectOpen(expect::Open, "Mysqlx.Expect.Open", EXPECT_OPEN) = 24 EXPECT_OPEN,
        /// [`expect::Close`].
        ExpectClose(expect::Close, "Mysqlx.Expect.Close", EMPTY) = 25 EXPECT_CLOSE,
        /// [`crud::CreateView`].
        CreateView(crud::CreateView, "Mysqlx.Crud.CreateView", CREATE_VIEW) = 30 CRUD_CREATE_VIEW,
        /// [`crud::ModifyView`].
        ModifyView(crud::ModifyView, "Mysqlx.Crud.ModifyView", MODIFY_VIEW) = 31 CRUD_MODIFY_VIEW,
        /// [`crud::DropView`].
        DropView(crud::DropView, "Mysqlx.Crud.DropView", DROP_VIEW) = 32 CRUD_DROP_VIEW,
        /// [`prepare::Prepare`].
        Prepare(prepare::Prepare, "Mysqlx.Prepare.Prepare", PREPARE) = 40 PREPARE_PREPARE,
        /// [`prepare::Execute`].
        Execute(prepare::Execute, "Mysqlx.Prepare.Execute", EXECUTE) = 41 PREPARE_EXECUTE,
        /// [`prepare::Deallocate`].
        Deallocate(prepare::Deallocate, "Mysqlx.Prepare.Deallocate", FIRST_REQUIRED) = 42 PREPARE_DEALLOCATE,
        /// [`cursor::Open`].
        CursorOpen(cursor::Open, "Mysqlx.Cursor.Open", CURSOR_OPEN) = 43 CURSOR_OPEN,
        /// [`cursor::Close`].
        CursorClose(cursor::Close, "Mysqlx.Cursor.Close", FIRST_REQUIRED) = 44 CURSOR_CLOSE,
        /// [`cursor::Fetch`].
        CursorFetch(cursor::Fetch, "Mysqlx.Cursor.Fetch", FIRST_REQUIRED) = 45 CURSOR_FETCH,
        /// [`connection::Compression`].
        Compression(connection::Compression, "Mysqlx.Connection.Compression", COMPRESSION) = 46 COMPRESSION,
    }
}

messages! {
    /// The type of a server's message. Types that have no constant are kept.
    ///
    /// Documentation page: Mysqlx::ServerMessages.
    ServerMessageType,
    /// A message of a server.
    ServerMessage {
        /// [`status::Ok`].
        Ok(status::Ok, "Mysqlx.Ok", EMPTY) = 0 OK,
        /// [`status::Error`].
        Error(status::Error, "Mysqlx.Error", ERROR) = 1 ERROR,
        /// [`connection::Capabilities`].
        Capabilities(connection::Capabilities, "Mysqlx.Connection.Capabilities", CAPABILITIES) = 2 CONN_CAPABILITIES,
        /// [`session::AuthenticateContinue`].
        AuthenticateContinue(session::AuthenticateContinue) = 3 SESS_AUTHENTICATE_CONTINUE,
        /// [`session::AuthenticateOk`].
        AuthenticateOk(session::AuthenticateOk, "Mysqlx.Session.AuthenticateOk", EMPTY) = 4 SESS_AUTHENTICATE_OK,
        /// [`notice::Frame`].
        Notice(notice::Frame, "Mysqlx.Notice.Frame", FIRST_REQUIRED) = 11 NOTICE,
        /// [`resultset::ColumnMetaData`].
        ColumnMetaData(resultset::ColumnMetaData, "Mysqlx.Resultset.ColumnMetaData", FIRST_REQUIRED) = 12 RESULTSET_COLUMN_META_DATA,
        /// [`resultset::Row`].
        Row(resultset::Row, "Mysqlx.Resultset.Row", EMPTY) = 13 RESULTSET_ROW,
        /// [`resultset::FetchDone`].
        FetchDone(resultset::FetchDone, "Mysqlx.Resultset.FetchDone", EMPTY) = 14 RESULTSET_FETCH_DONE,
        /// [`resultset::FetchSuspended`].
        FetchSuspended(resultset::FetchSuspended, "Mysqlx.Resultset.FetchSuspended", EMPTY) = 15 RESULTSET_FETCH_SUSPENDED,
        /// [`resultset::FetchDoneMoreResultsets`].
        FetchDoneMoreResultsets(resultset::FetchDoneMoreResultsets, "Mysqlx.Resultset.FetchDoneMoreResultsets", EMPTY) = 16 RESULTSET_FETCH_DONE_MORE_RESULTSETS,
        /// [`sql::StmtExecuteOk`].
        StmtExecuteOk(sql::StmtExecuteOk, "Mysqlx.Sql.StmtExecuteOk", EMPTY) = 17 SQL_STMT_EXECUTE_OK,
        /// [`resultset::FetchDoneMoreOutParams`].
        FetchDoneMoreOutParams(resultset::FetchDoneMoreOutParams, "Mysqlx.Resultset.FetchDoneMoreOutParams", EMPTY) = 18 RESULTSET_FETCH_DONE_MORE_OUT_PARAMS,
        /// [`connection::Compression`].
        Compression(connection::Compression) = 19 COMPRESSION,
    }
}

// What notices carry.
names! {
    notice::Warning, "Mysqlx.Notice.Warning", WARNING;
    notice::SessionVariableChanged, "Mysqlx.Notice.SessionVariableChanged", SESSION_VARIABLE_CHANGED;
    notice::SessionStateChanged, "Mysqlx.Notice.SessionStateChanged", SESSION_STATE_CHANGED;
    notice::GroupReplicationStateChanged, "Mysqlx.Notice.GroupReplicationStateChanged", FIRST_REQUIRED;
    notice::ServerHello, "Mysqlx.Notice.ServerHello", EMPTY;
}
