//! `Mysqlx.Notice`: what a server says unasked, or beside an answer.

use bytes::Bytes;
use prost::{Enumeration, Message};

use crate::datatypes::Scalar;

/// A notice, whose payload is a message of its own.
///
/// Documentation page: Mysqlx::Notice::Frame.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Frame {
    /// Which message the payload is: [`FrameType`], and others unknown here.
    #[prost(uint32, required, tag = "1")]
    pub r#type: u32,
    /// Whether it is about this session; absent means that it isn't.
    #[prost(enumeration = "Scope", optional, tag = "2")]
    pub scope: Option<i32>,
    /// The message.
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub payload: Option<Bytes>,
}

/// Whom a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum Scope {
    /// The server, or its cluster.
    Global = 1,
    /// This session.
    Local = 2,
}

/// Which message a notice carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum FrameType {
    /// [`Warning`].
    Warning = 1,
    /// [`SessionVariableChanged`].
    SessionVariableChanged = 2,
    /// [`SessionStateChanged`].
    SessionStateChanged = 3,
    /// [`GroupReplicationStateChanged`].
    GroupReplicationStateChanged = 4,
    /// [`ServerHello`].
    ServerHello = 5,
}

/// A warning of the statement that is being answered.
///
/// Documentation page: Mysqlx::Notice::Warning.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Warning {
    /// How grave it is; absent for a warning.
    #[prost(enumeration = "Level", optional, tag = "1")]
    pub level: Option<i32>,
    /// The server's error number.
    #[prost(uint32, required, tag = "2")]
    pub code: u32,
    /// What there is to say, for people.
    #[prost(string, required, tag = "3")]
    pub msg: String,
}

/// How grave a [`Warning`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum Level {
    /// Good to know.
    Note = 1,
    /// A warning.
    Warning = 2,
    /// An error that didn't end the statement.
    Error = 3,
}

/// A variable of the session has changed.
///
/// Documentation page: Mysqlx::Notice::SessionVariableChanged.
#[derive(Clone, PartialEq, Message)]
pub struct SessionVariableChanged {
    /// The variable.
    #[prost(string, required, tag = "1")]
    pub param: String,
    /// Its new value.
    #[prost(message, optional, tag = "2")]
    pub value: Option<Scalar>,
}

/// The state of the session has changed, or there is a number to tell of a statement.
///
/// Documentation page: Mysqlx::Notice::SessionStateChanged.
#[derive(Clone, PartialEq, Message)]
pub struct SessionStateChanged {
    /// What it is.
    #[prost(enumeration = "Parameter", required, tag = "1")]
    pub param: i32,
    /// Its value; the ids of documents are several.
    #[prost(message, repeated, tag = "2")]
    pub value: Vec<Scalar>,
}

/// What a [`SessionStateChanged`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum Parameter {
    /// The schema in use.
    CurrentSchema = 1,
    /// The password has expired.
    AccountExpired = 2,
    /// The first number AUTO_INCREMENT gave.
    GeneratedInsertId = 3,
    /// How many rows were changed.
    RowsAffected = 4,
    /// How many rows there would be without a limit.
    RowsFound = 5,
    /// How many rows matched.
    RowsMatched = 6,
    /// A transaction was committed.
    TrxCommitted = 7,
    /// A transaction was rolled back.
    TrxRolledback = 9,
    /// What there is to say of a statement, for people.
    ProducedMessage = 10,
    /// The connection's number.
    ClientIdAssigned = 11,
    /// The ids of documents that came without.
    GeneratedDocumentIds = 12,
}

/// Something has changed in the group of servers.
///
/// Documentation page: Mysqlx::Notice::GroupReplicationStateChanged.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct GroupReplicationStateChanged {
    /// What: [`GroupReplicationStateChangedType`].
    #[prost(uint32, required, tag = "1")]
    pub r#type: u32,
    /// The view that the change is seen in.
    #[prost(string, optional, tag = "2")]
    pub view_id: Option<String>,
}

/// What has changed in the group of servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum GroupReplicationStateChangedType {
    /// Too few members are left.
    MembershipQuorumLoss = 1,
    /// Members came or went.
    MembershipViewChange = 2,
    /// A member is primary or secondary now.
    MemberRoleChange = 3,
    /// A member is in another state now.
    MemberStateChange = 4,
}

/// The first thing a server says on a connection.
///
/// Documentation page: Mysqlx::Notice::ServerHello.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct ServerHello {}

impl Frame {
    /// A notice about this session.
    #[must_use]
    pub fn local(r#type: FrameType, message: &impl Message) -> Self {
        Self {
            r#type: r#type as u32,
            scope: Some(Scope::Local.into()),
            payload: Some(message.encode_to_vec().into()),
        }
    }
}
