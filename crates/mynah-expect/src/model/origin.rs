use std::collections::BTreeMap;

use super::{Command, Protocol};
use crate::value::Matcher;

/// The conditions on a statement besides its text and values: user, schema, attributes, protocol and command. A field
/// that is `None` or empty accepts anything, except that without a `command`, only commands that run a statement are
/// accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The condition on the name of the user that is logged in; `None` accepts any.
    pub user: Option<Matcher>,
    /// The condition on the schema in use; without a schema, NULL is compared. `None` accepts any.
    pub schema: Option<Matcher>,
    /// The conditions on connection attributes, by their names. For an attribute that the client didn't send,
    /// NULL is compared.
    pub connection_attributes: BTreeMap<String, Matcher>,
    /// The conditions on query attributes, by their names. For an attribute that the client didn't send, NULL
    /// is compared.
    pub query_attributes: BTreeMap<String, Matcher>,
    /// The protocol that the client must use; `None` accepts any.
    pub protocol: Option<Protocol>,
    /// The command that the client must send; `None` accepts each command that runs a statement.
    pub command: Option<Command>,
}
