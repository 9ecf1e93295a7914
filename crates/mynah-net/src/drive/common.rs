use std::sync::Arc;

use bytes::Bytes;
use mynah_auth::server::PasswordCache;
use tokio::runtime::RuntimeMetrics;

use super::InputMemory;
use crate::ServerOptions;
use crate::buffers::Buffers;
use crate::rsa_key::RsaKey;

/// The password hashes that clients' full authentications have left; one cache per protocol, as in
/// servers.
#[derive(Clone, Default)]
pub(crate) struct Passwords {
    pub(crate) classic: PasswordCache,
    pub(crate) x: PasswordCache,
}

/// State that the sessions of a thread share.
pub(crate) struct Common<W> {
    pub(crate) worker: W,
    pub(crate) options: Arc<ServerOptions>,
    pub(crate) server_version: Bytes,
    pub(crate) rsa_key: RsaKey,
    pub(crate) passwords: Passwords,
    /// Memory that the messages of all threads' clients share.
    pub(crate) input: InputMemory,
    pub(crate) buffers: Buffers,
    /// The runtime of the thread.
    pub(crate) runtime: RuntimeMetrics,
}

impl<W> Common<W> {
    /// Whether the calling session has its thread to itself, so that nothing waits when it holds the thread up.
    pub(super) fn has_own_thread(&self) -> bool {
        self.options.thread_per_connection && self.runtime.num_alive_tasks() <= 1
    }
}
