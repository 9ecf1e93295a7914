use clap::Args;
use mynah_program::values;
use mynah_relay::{Address, Protocol, ProxySenders, ProxyVersion, Route, UpstreamPolicy};

use super::ArgsError;

#[derive(Debug, Args)]
#[command(next_help_heading = "Routes")]
pub(super) struct RouteArgs {
    /// address on which clients connect: HOST:PORT, PORT, or the path of a Unix socket; port 0 for any free port; may
    /// be repeated, each with an --upstream
    #[arg(short, long, value_name = "ADDRESS")]
    listen: Vec<String>,

    /// address of the server to forward to: HOST:PORT, PORT, or the path of a Unix socket; or several, separated by
    /// commas, of which each connection gets one; once for each --listen
    #[arg(short, long, value_name = "ADDRESS")]
    upstream: Vec<String>,

    /// the protocol of the server: auto (found out by its greeting), classic or x; once, or for each --listen (default
    /// auto)
    #[arg(long, value_name = "PROTOCOL")]
    protocol: Vec<String>,

    /// permissions of the proxy's Unix sockets, in octal as for chmod (default 0777)
    #[arg(long, value_name = "MODE")]
    socket_mode: Option<String>,

    /// addresses and networks, separated by commas, whose connections begin with a header of the PROXY protocol with
    /// the client's address: 10.0.0.0/8,::1; localhost for Unix sockets, * for all; may be repeated (default: none)
    #[arg(long, value_name = "FROM")]
    accept_proxy_protocol: Vec<String>,

    /// send servers a header of the PROXY protocol at the start of each connection: v1 or v2 (default: none)
    #[arg(long, value_name = "VERSION")]
    send_proxy_protocol: Option<String>,
}

impl RouteArgs {
    /// The routes. The policies are for those with several upstreams.
    pub(super) fn routes(&self, policies: &[UpstreamPolicy]) -> Result<Vec<Route>, ArgsError> {
        let (listen, upstream) = (self.listen.len(), self.upstream.len());
        if listen != upstream || listen == 0 {
            return Err(ArgsError::Routes { listen, upstream });
        }
        let protocols = self.protocols()?;
        if policies.len() > 1 && policies.len() != listen {
            return Err(ArgsError::Policies {
                routes: listen,
                policies: policies.len(),
            });
        }
        let only = protocols.first().copied().unwrap_or_default();
        let only_policy = policies.first().copied().unwrap_or_default();
        let pairs = self.listen.iter().zip(&self.upstream).enumerate();
        pairs
            .map(|(index, (listen, upstream))| {
                let upstreams = upstream.split(',');
                let upstreams = upstreams.map(|one| values::parsed("--upstream", one.trim()));
                Ok(Route {
                    listen: values::parsed("--listen", listen)?,
                    upstreams: upstreams.collect::<Result<_, _>>()?,
                    policy: policies.get(index).copied().unwrap_or(only_policy),
                    protocol: protocols.get(index).copied().unwrap_or(only),
                })
            })
            .collect()
    }

    /// The number of routes.
    pub(super) fn count(&self) -> usize {
        self.listen.len()
    }

    /// The addresses to listen on, where no server is asked.
    pub(super) fn listeners(&self) -> Result<Vec<(Address, Protocol)>, ArgsError> {
        if self.listen.is_empty() {
            return Err(ArgsError::Routes {
                listen: 0,
                upstream: self.upstream.len(),
            });
        }
        let protocols = self.protocols()?;
        Ok(super::mode::listen(&self.listen, &protocols)?)
    }

    fn protocols(&self) -> Result<Vec<Protocol>, ArgsError> {
        let protocols = self.protocol.iter().map(|text| protocol(text));
        let protocols: Vec<Protocol> = protocols.collect::<Result<_, _>>()?;
        if protocols.len() > 1 && protocols.len() != self.listen.len() {
            return Err(ArgsError::Protocols {
                routes: self.listen.len(),
                protocols: protocols.len(),
            });
        }
        Ok(protocols)
    }

    pub(super) fn socket_mode(&self) -> Result<Option<u32>, ArgsError> {
        let mode = self.socket_mode.as_deref();
        let mode = mode.map(|mode| values::permissions("--socket-mode", mode));
        Ok(mode.transpose()?)
    }

    pub(super) fn accept_proxy_protocol(&self) -> Result<ProxySenders, ArgsError> {
        let none = ProxySenders::default();
        self.accept_proxy_protocol
            .iter()
            .try_fold(none, |all, text| {
                let more = values::parsed("--accept-proxy-protocol", text)?;
                Ok(all.and(more))
            })
    }

    pub(super) fn send_proxy_protocol(&self) -> Result<Option<ProxyVersion>, ArgsError> {
        let versions = [("v1", ProxyVersion::V1), ("v2", ProxyVersion::V2)];
        let version = self.send_proxy_protocol.as_deref();
        let version = version.map(|text| values::choice("--send-proxy-protocol", text, &versions));
        Ok(version.transpose()?)
    }
}

fn protocol(text: &str) -> Result<Protocol, ArgsError> {
    let protocols = [
        ("auto", Protocol::Auto),
        ("classic", Protocol::Classic),
        ("x", Protocol::X),
    ];
    Ok(values::choice("--protocol", text, &protocols)?)
}
