//! `Mysqlx.Expect`: conditions for running a client's next messages.

use bytes::Bytes;
use prost::{Enumeration, Message};

/// A client opens a block of messages that fail once a condition isn't met.
///
/// Documentation page: Mysqlx::Expect::Open.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Open {
    /// Whether the conditions of the surrounding block also apply; absent means that they do.
    #[prost(enumeration = "CtxOperation", optional, tag = "1")]
    pub op: Option<i32>,
    /// The conditions.
    #[prost(message, repeated, tag = "2")]
    pub cond: Vec<Condition>,
}

/// Whether the conditions of the surrounding block also apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum CtxOperation {
    /// They do.
    ExpectCtxCopyPrev = 0,
    /// They don't.
    ExpectCtxEmpty = 1,
}

/// One condition.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Condition {
    /// The kind of condition: a [`ConditionKey`].
    #[prost(uint32, required, tag = "1")]
    pub condition_key: u32,
    /// The value of the condition.
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub condition_value: Option<Bytes>,
    /// Whether it is set or removed; absent means set.
    #[prost(enumeration = "ConditionOperation", optional, tag = "3")]
    pub op: Option<i32>,
}

/// The kind of a [`Condition`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ConditionKey {
    /// No message of the block has failed.
    ExpectNoError = 1,
    /// The server knows a message or a field, written as `6.1`: type of the message, number of the
    /// field.
    ExpectFieldExist = 2,
    /// The server generates ids for documents without one.
    ExpectDocidGenerated = 3,
}

/// Whether a [`Condition`] is set or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ConditionOperation {
    /// Set.
    ExpectOpSet = 0,
    /// Removed.
    ExpectOpUnset = 1,
}

/// A client closes the block it opened last.
///
/// Documentation page: Mysqlx::Expect::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Close {}
