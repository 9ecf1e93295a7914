//! `Mysqlx.Notice`: messages that a server sends unsolicited, or in addition to an answer.

use bytes::Bytes;
use prost::{Enumeration, Message};

use crate::datatypes::Scalar;

/// A notice, whose payload is a message of its own.
///
/// Documentation page: Mysqlx::Notice::Frame.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Frame {
    /// The type of the payload: a [`FrameType`], or a number that this crate has no name for.
    #[prost(uint32, required, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "crate::readable::Named::<FrameType>"))]
    pub r#type: u32,
    /// A [`Scope`]: whether the notice is about this session or the whole server. If it is absent, the notice is
    /// about the server.
    #[prost(enumeration = "Scope", optional, tag = "2")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<Scope>", default)
    )]
    pub scope: Option<i32>,
    /// The notice's message, encoded as protobuf, whose type is in `type`; absent if there is none.
    #[prost(bytes = "bytes", optional, tag = "3")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex", default))]
    pub payload: Option<Bytes>,
}

/// Whether a notice concerns this session or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum Scope {
    /// The notice concerns the server, or its cluster.
    Global = 1,
    /// The notice concerns this session.
    Local = 2,
}

/// The type of the message in a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum FrameType {
    /// The payload is a message of the type [`Warning`].
    Warning = 1,
    /// The payload is a message of the type [`SessionVariableChanged`].
    SessionVariableChanged = 2,
    /// The payload is a message of the type [`SessionStateChanged`].
    SessionStateChanged = 3,
    /// The payload is a message of the type [`GroupReplicationStateChanged`].
    GroupReplicationStateChanged = 4,
    /// The payload is a message of the type [`ServerHello`].
    ServerHello = 5,
}

/// The payload of a notice of type [`FrameType::Warning`]: a warning of the statement that is being answered, or
/// the reason why the server closes the connection (then the level is [`Level::Error`], and the notice's scope is
/// absent).
///
/// Documentation page: Mysqlx::Notice::Warning.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Warning {
    /// The severity: a [`Level`]. If it is absent, the severity is that of a warning.
    #[prost(enumeration = "Level", optional, tag = "1")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<Level>", default)
    )]
    pub level: Option<i32>,
    /// The error number, such as 1265.
    #[prost(uint32, required, tag = "2")]
    pub code: u32,
    /// The warning's message, for people.
    #[prost(string, required, tag = "3")]
    pub msg: String,
}

/// The severity of a [`Warning`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum Level {
    /// The warning is only information.
    Note = 1,
    /// The warning is about something the client should know, such as a value that was cut.
    Warning = 2,
    /// The warning is an error that didn't end the statement, or the reason why the server closes the connection.
    Error = 3,
}

/// A session variable has changed.
///
/// Documentation page: Mysqlx::Notice::SessionVariableChanged.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SessionVariableChanged {
    /// The name of the variable that has changed.
    #[prost(string, required, tag = "1")]
    pub param: String,
    /// The variable's new value; absent if the server doesn't state it.
    #[prost(message, optional, tag = "2")]
    pub value: Option<Scalar>,
}

/// The state of the session has changed, or a statement reports a number, such as its affected rows.
///
/// Documentation page: Mysqlx::Notice::SessionStateChanged.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SessionStateChanged {
    /// What has changed or is reported: a [`Parameter`].
    #[prost(enumeration = "Parameter", required, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "crate::readable::Named::<Parameter>"))]
    pub param: i32,
    /// The new value of the parameter, or the reported number. Several values are possible only for ids of
    /// documents.
    #[prost(message, repeated, tag = "2")]
    pub value: Vec<Scalar>,
}

/// The kinds of [`SessionStateChanged`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum Parameter {
    /// The schema in use has changed.
    CurrentSchema = 1,
    /// The account's password has expired.
    AccountExpired = 2,
    /// The first AUTO_INCREMENT value that the statement generated.
    GeneratedInsertId = 3,
    /// The number of rows that the statement changed, inserted or deleted.
    RowsAffected = 4,
    /// The number of rows that the statement would find without its LIMIT.
    RowsFound = 5,
    /// The number of rows that matched the statement's condition, changed or not.
    RowsMatched = 6,
    /// A transaction was committed.
    TrxCommitted = 7,
    /// A transaction was rolled back.
    TrxRolledback = 9,
    /// A message about the statement, for people.
    ProducedMessage = 10,
    /// The id that the server gave the connection, sent at the login.
    ClientIdAssigned = 11,
    /// The ids that the server generated for documents inserted without one.
    GeneratedDocumentIds = 12,
}

/// The replication group that the server belongs to has changed.
///
/// Documentation page: Mysqlx::Notice::GroupReplicationStateChanged.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GroupReplicationStateChanged {
    /// The kind of change: a [`GroupReplicationStateChangedType`].
    #[prost(uint32, required, tag = "1")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<GroupReplicationStateChangedType>")
    )]
    pub r#type: u32,
    /// The id of the group's view (its set of members) after the change; absent if the server doesn't state it.
    #[prost(string, optional, tag = "2")]
    pub view_id: Option<String>,
}

/// The kinds of changes in a replication group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum GroupReplicationStateChangedType {
    /// So many members of the group were lost that it can't change data any more.
    MembershipQuorumLoss = 1,
    /// Members have joined or left.
    MembershipViewChange = 2,
    /// A member has become primary or secondary.
    MemberRoleChange = 3,
    /// A member has changed its state.
    MemberStateChange = 4,
}

/// The payload, always empty, of the notice that is the server's first message on a connection.
///
/// Documentation page: Mysqlx::Notice::ServerHello.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ServerHello {}

impl Frame {
    /// A notice with this message, about this session.
    #[must_use]
    pub fn local(r#type: FrameType, message: &impl Message) -> Self {
        Self {
            r#type: r#type as u32,
            scope: Some(Scope::Local.into()),
            payload: Some(message.encode_to_vec().into()),
        }
    }
}
