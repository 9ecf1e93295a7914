use std::sync::Arc;

use bytes::Bytes;
use mynah_auth::server::PasswordCache;

use super::InputMemory;
use crate::ServerOptions;
use crate::buffers::Buffers;
use crate::rsa_key::RsaKey;

/// What clients have sent in full so far; each protocol remembers for itself, as in a server.
#[derive(Clone, Default)]
pub(crate) struct Passwords {
    pub(crate) classic: PasswordCache,
    pub(crate) x: PasswordCache,
}

/// What the sessions of a thread have in common.
pub(crate) struct Common<W> {
    pub(crate) worker: W,
    pub(crate) options: Arc<ServerOptions>,
    pub(crate) server_version: Bytes,
    pub(crate) rsa_key: RsaKey,
    pub(crate) passwords: Passwords,
    /// What the messages of all threads' clients share.
    pub(crate) input: InputMemory,
    pub(crate) buffers: Buffers,
}
