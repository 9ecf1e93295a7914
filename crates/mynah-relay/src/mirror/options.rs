use std::path::PathBuf;

use super::MirrorAccounts;
use crate::{Address, Rule};

/// A second server that gets what clients send to the first one, and whose answers are compared with those of the first.
/// The second server gets everything that clients send, also statements that change data.
#[derive(Clone, Debug)]
pub struct MirrorOptions {
    /// The addresses of the second servers: one for all routes, or one for each route, in order.
    pub servers: Vec<Address>,
    /// The accounts by which the relay logs in to the second servers.
    pub accounts: MirrorAccounts,
    /// A folder for the recordings of the answers, from which they are compared. The caller removes it.
    pub folder: PathBuf,
    /// Rules for text that is hidden in the report besides passwords; each match of a rule is replaced.
    pub redact: Vec<Rule>,
}
