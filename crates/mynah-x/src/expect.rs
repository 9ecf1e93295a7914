//! `Mysqlx.Expect`: conditions for running a client's next messages.

use bytes::Bytes;
use prost::{Enumeration, Message};

/// Opens a block of messages with conditions. If a condition doesn't hold, the rest of the block's messages fail
/// without being run, except those that open or close blocks or close the connection. Sent by a client.
///
/// Documentation page: Mysqlx::Expect::Open.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Open {
    /// A [`CtxOperation`]: whether the conditions of the surrounding block hold in this one, too. If it is absent,
    /// they hold.
    #[prost(enumeration = "CtxOperation", optional, tag = "1")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<CtxOperation>", default)
    )]
    pub op: Option<i32>,
    /// The conditions that hold for the messages of the block.
    #[prost(message, repeated, tag = "2")]
    pub cond: Vec<Condition>,
}

/// Whether the conditions of the surrounding block hold in an inner one, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum CtxOperation {
    /// The conditions of the surrounding block hold in the inner one, too.
    ExpectCtxCopyPrev = 0,
    /// The conditions of the surrounding block don't hold in the inner one.
    ExpectCtxEmpty = 1,
}

/// A condition of a block of messages.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Condition {
    /// The kind of condition: a [`ConditionKey`].
    #[prost(uint32, required, tag = "1")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ConditionKey>")
    )]
    pub condition_key: u32,
    /// The argument of the condition, if its kind has one.
    #[prost(bytes = "bytes", optional, tag = "2")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text", default))]
    pub condition_value: Option<Bytes>,
    /// A [`ConditionOperation`]: whether the condition is set or removed. If it is absent, the condition is set.
    #[prost(enumeration = "ConditionOperation", optional, tag = "3")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ConditionOperation>", default)
    )]
    pub op: Option<i32>,
}

/// The kind of a [`Condition`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum ConditionKey {
    /// No earlier message of the block has failed.
    ExpectNoError = 1,
    /// The server knows a message or a field of one. The argument is the message's type, or type and field
    /// number: `6.1`.
    ExpectFieldExist = 2,
    /// The server generates an `_id` for documents without one.
    ExpectDocidGenerated = 3,
}

/// Whether a [`Condition`] is set or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum ConditionOperation {
    /// The condition is set.
    ExpectOpSet = 0,
    /// The condition is removed.
    ExpectOpUnset = 1,
}

/// Closes the block that was opened last. Sent by a client.
///
/// Documentation page: Mysqlx::Expect::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Close {}
