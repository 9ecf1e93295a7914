use std::time::Duration;

use mynah_classic::Capabilities;
use tokio_util::sync::CancellationToken;

use super::job::Login;
use super::pairs::Pairs;
use super::{MirrorAccounts, MirrorTarget};

/// A connection to a second server that is to be made.
#[derive(Debug)]
pub(super) struct OpenLane {
    /// The id of the client's connection.
    pub(super) connection: u32,
    pub(super) target: MirrorTarget,
    pub(super) login: Login,
    pub(super) is_x: bool,
    pub(super) character_set: u8,
    /// The client's capability flags, as far as the first server has them.
    pub(super) capabilities: Capabilities,
}

/// What all connections to second servers share.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) pairs: Pairs,
    pub(super) accounts: MirrorAccounts,
    pub(super) connect_timeout: Duration,
    pub(super) login_timeout: Duration,
    /// Cancelled when the program doesn't wait any longer for the second servers.
    pub(super) stop: CancellationToken,
}
