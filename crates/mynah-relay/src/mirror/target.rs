use std::sync::Arc;

use mynah_net::{TlsClient, TlsMode};

use crate::Address;

/// A second server, and how connections to it use TLS.
#[derive(Clone, Debug)]
pub(crate) struct MirrorTarget {
    pub(crate) address: Address,
    /// The address as text.
    pub(crate) name: Arc<str>,
    /// `None` for connections without TLS.
    pub(crate) tls: Option<TlsClient>,
    /// Whether a server without TLS is refused.
    pub(crate) requires_tls: bool,
}

impl MirrorTarget {
    /// TLS is used if the second server offers it, unless the options for servers say otherwise: the proxy doesn't know
    /// whether the client's password would be safe without.
    pub(crate) fn new(address: &Address, tls: Option<TlsClient>, mode: Option<TlsMode>) -> Self {
        Self {
            address: address.clone(),
            name: address.to_string().into(),
            tls: tls.filter(|_| mode != Some(TlsMode::Disabled)),
            requires_tls: mode == Some(TlsMode::Required),
        }
    }
}
