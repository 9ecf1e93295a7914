use std::collections::BTreeMap;

use super::{Command, Protocol};
use crate::value::Matcher;

/// The user, schema, attributes, protocol and command that a statement has to come with. An absent or empty field matches any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The user that is logged in.
    pub user: Option<Matcher>,
    /// The schema in use; NULL if there is none.
    pub schema: Option<Matcher>,
    /// Connection attributes, by their names. An attribute that isn't there is NULL.
    pub connection_attributes: BTreeMap<String, Matcher>,
    /// Query attributes, by their names. An attribute that isn't there is NULL.
    pub query_attributes: BTreeMap<String, Matcher>,
    /// The protocol.
    pub protocol: Option<Protocol>,
    /// The command.
    pub command: Option<Command>,
}
