use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::moment::timestamp;
use super::{Entry, PartName};
use crate::{PseudonymRules, RowsLimit, Rules};

/// The version of the file format that this crate writes, and the latest that it reads.
pub const VERSION: u32 = 1;

/// The recorded answers of a server, by test. `E` is the type of entries: [`Entry`], or [`serde_json::Value`]
/// for callers that read entries themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording<E = Entry> {
    /// How and when the recording was made.
    #[serde(rename = "recording")]
    pub about: About,
    /// The server that was recorded; `None` if there was no connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
    /// The successful logins, each only once.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub logins: Vec<Login>,
    /// The statements by part: `setup` first, then the tests by name.
    #[serde(default = "BTreeMap::new")]
    pub parts: BTreeMap<PartName, Part<E>>,
}

/// How a recording was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The version of the recording's file format.
    pub version: u32,
    /// The version of the digests by which statements are compared.
    pub digest: u32,
    /// The name and version of the program that recorded.
    pub made_by: String,
    /// When the recording began.
    #[serde(with = "timestamp")]
    pub recorded_at: Timestamp,
    /// The rules for values that differ from run to run. The recording has stable values in their place.
    #[serde(default, skip_serializing_if = "Rules::is_empty")]
    pub volatile: Rules,
    /// The rules for values that are pseudonyms; `None` if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pseudonyms: Option<PseudonymRules>,
    /// The number of rows above which the rows of a result are in a side file.
    #[serde(default, skip_serializing_if = "RowsLimit::is_none")]
    pub rows_limit: RowsLimit,
}

/// The server that was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The server's version, from its greeting; `None` if no greeting was seen, as with the X Protocol alone, which has
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The id of the collation in the server's greeting; `None` if no greeting was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<u16>,
    /// The status flags in the server's greeting; `None` if no greeting was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The protocols that clients of the recorded connections used.
    pub protocols: Vec<super::Protocol>,
}

/// A successful login, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The name of the user.
    pub user: String,
    /// The name of the schema to use; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub schema: String,
    /// The name of the authentication method, or in the X Protocol of the mechanism.
    pub method: String,
    /// The protocol of the connection: classic or X.
    #[serde(default)]
    pub protocol: super::Protocol,
}

/// The statements of a test, or those that belong to no test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part<E = Entry> {
    /// When the part began, at the latest with its first recorded statement.
    #[serde(with = "timestamp")]
    pub recorded_at: Timestamp,
    /// The statements, in the order in which each was first sent; one that came again with the same values has no
    /// further entry. The preparation of a statement is an entry of its own, copied from another test's part if
    /// neither this part nor `setup` has it.
    pub expectations: Vec<E>,
}
