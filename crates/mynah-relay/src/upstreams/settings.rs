use std::sync::atomic::AtomicBool;

use mynah_net::{TlsClient, TlsMode};

use super::UpstreamOptions;
use crate::{ProxyVersion, RelayOptions};

/// What checks need besides the upstreams' addresses.
#[derive(Debug)]
pub(crate) struct CheckSettings {
    pub(crate) options: UpstreamOptions,
    /// The version of the PROXY protocol whose header the upstreams get.
    pub(crate) send_proxy_protocol: Option<ProxyVersion>,
    /// TLS with each upstream, by its number; `None` for checks without TLS.
    pub(crate) tls: Vec<Option<TlsClient>>,
    /// Whether a check fails without TLS.
    pub(crate) requires_tls: bool,
    /// Whether it was said of each upstream that checks can't log in.
    pub(crate) are_told: Vec<AtomicBool>,
}

impl CheckSettings {
    /// `tls` is for each upstream by its number. It is used for checks only where the proxy's own options say that it is
    /// used with servers, not where it is used if a client does.
    pub(crate) fn new(options: &RelayOptions, tls: Vec<Option<TlsClient>>) -> Self {
        let are_told = tls.iter().map(|_| AtomicBool::new(false)).collect();
        let uses_tls = matches!(
            options.tls.server,
            Some(TlsMode::Preferred | TlsMode::Required)
        );
        Self {
            options: options.upstreams.clone(),
            send_proxy_protocol: options.send_proxy_protocol,
            tls: if uses_tls { tls } else { Vec::new() },
            requires_tls: options.tls.server == Some(TlsMode::Required),
            are_told,
        }
    }
}
