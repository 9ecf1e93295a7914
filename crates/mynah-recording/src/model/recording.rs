use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::moment::timestamp;
use super::{Entry, PartName};

/// The version of the format that this crate writes, and the latest it reads.
pub const VERSION: u32 = 1;

/// What a server answered. Its entries are typed, or [`serde_json::Value`] for readers of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording<E = Entry> {
    /// How it was made.
    #[serde(rename = "recording")]
    pub about: About,
    /// The server; absent if none was connected to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
    /// The logins that succeeded, each once.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub logins: Vec<Login>,
    /// The statements by the part they are of: `setup` first, then by name.
    #[serde(default = "BTreeMap::new")]
    pub parts: BTreeMap<PartName, Part<E>>,
}

/// How a recording was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The version of the format.
    pub version: u32,
    /// The version of the digests that keys are made of.
    pub digest: u32,
    /// The program and its version.
    pub made_by: String,
    /// When recording began.
    #[serde(with = "timestamp")]
    pub recorded_at: Timestamp,
}

/// The server that was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its version; absent if it was spoken to by the X Protocol only, which has no greeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The collation of its greeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<u16>,
    /// The status flags of its greeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The protocols it was spoken to by.
    pub protocols: Vec<super::Protocol>,
}

/// A login that succeeded, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The schema to start in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub schema: String,
    /// The authentication method.
    pub method: String,
    /// The protocol.
    #[serde(default)]
    pub protocol: super::Protocol,
}

/// The statements of a test, or those before all tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part<E = Entry> {
    /// When its first statement was recorded.
    #[serde(with = "timestamp")]
    pub recorded_at: Timestamp,
    /// Its statements, in the order in which each was sent first.
    pub expectations: Vec<E>,
}
