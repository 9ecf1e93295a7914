//! `Mysqlx.Expect`: what has to hold for a client's next messages to be carried out.

use bytes::Bytes;
use prost::{Enumeration, Message};

/// A client opens a block of messages that fail as soon as a condition doesn't hold.
///
/// Documentation page: Mysqlx::Expect::Open.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Open {
    /// Which conditions of the block around it hold on; absent means that all do.
    #[prost(enumeration = "CtxOperation", optional, tag = "1")]
    pub op: Option<i32>,
    /// The conditions.
    #[prost(message, repeated, tag = "2")]
    pub cond: Vec<Condition>,
}

/// Which conditions of the block around it hold on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum CtxOperation {
    /// All.
    ExpectCtxCopyPrev = 0,
    /// None.
    ExpectCtxEmpty = 1,
}

/// One condition.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Condition {
    /// Which one: [`ConditionKey`].
    #[prost(uint32, required, tag = "1")]
    pub condition_key: u32,
    /// What it is about.
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub condition_value: Option<Bytes>,
    /// Whether it is set, which is what absent means, or given up.
    #[prost(enumeration = "ConditionOperation", optional, tag = "3")]
    pub op: Option<i32>,
}

/// What a [`Condition`] asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ConditionKey {
    /// No message of the block has failed.
    ExpectNoError = 1,
    /// The server knows a message or a field, named as `6.1`: type of the message, number of the
    /// field.
    ExpectFieldExist = 2,
    /// The server makes ids for documents that have none.
    ExpectDocidGenerated = 3,
}

/// Whether a [`Condition`] is set or given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[repr(i32)]
pub enum ConditionOperation {
    /// Set.
    ExpectOpSet = 0,
    /// Given up.
    ExpectOpUnset = 1,
}

/// A client closes the block it opened last.
///
/// Documentation page: Mysqlx::Expect::Close.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Message)]
pub struct Close {}
