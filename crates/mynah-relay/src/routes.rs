//! Opens the routes of a relay: listens on their addresses, and loads TLS for their upstreams.

use std::collections::HashMap;
use std::sync::Arc;

use mynah_net::{ListenAddress, Listener, NetError, TlsClient, TlsClientOptions, TlsVerify};

use crate::itself;
use crate::mirror::MirrorTarget;
use crate::shared::{OpenRoute, OpenUpstream, Target};
use crate::upstreams::{Members, TwoProtocols, Upstreams};
use crate::{Address, RelayError, RelayOptions, Route};

/// The routes that are listened on.
pub(crate) struct Opened {
    pub(crate) listeners: Vec<Listener>,
    pub(crate) routes: HashMap<ListenAddress, Arc<OpenRoute>>,
    /// The upstreams of the routes that have several.
    pub(crate) upstreams: Option<Upstreams>,
    /// TLS with each of them, by their numbers.
    pub(crate) check_tls: Vec<Option<TlsClient>>,
}

/// A route that is listened on, before its upstreams are complete.
struct Begun<'a> {
    route: &'a Route,
    address: ListenAddress,
    listener: Arc<str>,
    upstreams: Vec<OpenUpstream>,
    /// The number of the route, and those of its upstreams, if they are several.
    several: Option<(usize, Vec<usize>)>,
}

pub(crate) fn open_routes(options: &RelayOptions) -> Result<Opened, RelayError> {
    let mut members = Members::new(&options.upstreams);
    let (mut listeners, mut begun, mut check_tls) = (Vec::new(), Vec::new(), Vec::new());
    let mirrors = mirrors(options)?;
    for route in &options.routes {
        let listener = listen(&route.listen, options.socket_mode)?;
        let address = listener.address().clone();
        listeners.push(listener);
        let opened = begin(options, route, address, &mut members)?;
        for (number, upstream) in opened
            .several
            .iter()
            .flat_map(|(_, numbers)| numbers)
            .zip(&opened.upstreams)
        {
            if *number == check_tls.len() {
                check_tls.push(upstream.tls.clone());
            }
        }
        begun.push(opened);
    }
    let led = begun.iter().zip(&mirrors).map(|(begun, mirror)| {
        let mirror = mirror.as_ref().map(|mirror| mirror.address.clone());
        let led = begun.route.upstreams.iter().cloned().chain(mirror);
        (begun.address.clone(), led.collect())
    });
    itself::check(&led.collect::<Vec<_>>())?;
    let upstreams = members.upstreams();
    let routes = begun
        .into_iter()
        .zip(mirrors)
        .filter_map(|(begun, mirror)| {
            let address = begun.address.clone();
            Some((address, Arc::new(begun.open(upstreams.as_ref(), mirror)?)))
        });
    Ok(Opened {
        listeners,
        routes: routes.collect(),
        upstreams,
        check_tls,
    })
}

fn begin<'a>(
    options: &RelayOptions,
    route: &'a Route,
    address: ListenAddress,
    members: &mut Members,
) -> Result<Begun<'a>, RelayError> {
    let listener: Arc<str> = address.to_string().into();
    if route.upstreams.is_empty() {
        return Err(RelayError::NoUpstream { listen: address });
    }
    let mut upstreams: Vec<OpenUpstream> = Vec::new();
    for upstream in &route.upstreams {
        if upstreams.iter().any(|other| other.address == *upstream) {
            return Err(RelayError::SameUpstream {
                listen: address,
                upstream: upstream.clone(),
            });
        }
        upstreams.push(open(options, upstream)?);
    }
    let several = match upstreams.len() {
        1 => None,
        _ => {
            let add = |upstream: &Address| {
                let added = members.add(upstream, route.protocol, &listener);
                added.map_err(|TwoProtocols| RelayError::TwoProtocols {
                    listen: address.clone(),
                    upstream: upstream.clone(),
                })
            };
            let numbers = route.upstreams.iter().map(add);
            let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
            Some((members.add_route(route.policy, numbers.clone()), numbers))
        }
    };
    Ok(Begun {
        route,
        address,
        listener,
        upstreams,
        several,
    })
}

impl Begun<'_> {
    /// `None` if there are no upstreams, which doesn't happen.
    fn open(self, all: Option<&Upstreams>, mirror: Option<MirrorTarget>) -> Option<OpenRoute> {
        let names: Vec<_> = self.upstreams.iter().map(|one| &*one.name).collect();
        let server = names.join(",").into();
        let target = match self.several {
            None => Target::One(self.upstreams.into_iter().next()?),
            Some((route, numbers)) => Target::Several {
                upstreams: all?.clone(),
                route,
                members: numbers.into_iter().zip(self.upstreams).collect(),
            },
        };
        Some(OpenRoute {
            route: self.route.clone(),
            listener: self.listener,
            server,
            target,
            mirror,
        })
    }
}

/// The second server of each route.
fn mirrors(options: &RelayOptions) -> Result<Vec<Option<MirrorTarget>>, RelayError> {
    let routes = options.routes.len();
    let Some(mirror) = &options.mirror else {
        return Ok(vec![None; routes]);
    };
    let servers = mirror.servers.len();
    if servers != 1 && servers != routes {
        return Err(RelayError::Mirrors { routes, servers });
    }
    let of_routes = mirror.servers.iter().cycle().take(routes);
    let targets = of_routes.map(|address| {
        let tls = open(options, address)?.tls;
        Ok(Some(MirrorTarget::new(address, tls, options.tls.server)))
    });
    targets.collect()
}

fn open(options: &RelayOptions, upstream: &Address) -> Result<OpenUpstream, RelayError> {
    let tls = match options.tls.passthrough {
        true => None,
        false => {
            let client = TlsClient::new(servers(options, upstream));
            Some(client.map_err(|error| error.with_names(of_servers))?)
        }
    };
    Ok(OpenUpstream {
        address: upstream.clone(),
        name: upstream.to_string().into(),
        tls,
    })
}

fn listen(address: &Address, mode: u32) -> Result<Listener, NetError> {
    match address {
        Address::Tcp { host, port } => Listener::bind(host, *port),
        Address::Unix(path) => Listener::bind_unix_with(path, mode),
    }
}

/// The proxy's name of an option, for errors about TLS that have another name for it.
fn of_servers(option: &'static str) -> &'static str {
    match option {
        "ssl_cert" => "--server-tls-cert",
        "ssl_key" => "--server-tls-key",
        "ssl_ca" => "--server-tls-ca",
        other => other,
    }
}

fn servers(options: &RelayOptions, upstream: &Address) -> TlsClientOptions {
    let tls = &options.tls;
    let name = tls.servers.server_name.as_deref();
    let name = name.or_else(|| match (upstream, tls.servers.verify) {
        // As MySQL's clients do; without a name, any certificate of an authority would be accepted.
        (Address::Unix(_), TlsVerify::Identity) => Some("localhost"),
        _ => upstream.server_name(),
    });
    TlsClientOptions {
        server_name: name.map(ToOwned::to_owned),
        key_log: tls.key_log.clone(),
        ..tls.servers.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_has_a_name_also_behind_a_unix_socket() {
        let name = |upstream: &str, verify, wanted: Option<&str>| {
            let mut options = RelayOptions::default();
            options.tls.servers.verify = verify;
            options.tls.servers.server_name = wanted.map(ToOwned::to_owned);
            servers(&options, &upstream.parse().unwrap()).server_name
        };
        for (upstream, verify, wanted, expected) in [
            (
                "/run/mysqld.sock",
                TlsVerify::Identity,
                None,
                Some("localhost"),
            ),
            (
                "/run/mysqld.sock",
                TlsVerify::Identity,
                Some("db"),
                Some("db"),
            ),
            ("/run/mysqld.sock", TlsVerify::Authority, None, None),
            (
                "db.example:3306",
                TlsVerify::Identity,
                None,
                Some("db.example"),
            ),
        ] {
            let found = name(upstream, verify, wanted);
            assert_eq!(found.as_deref(), expected, "{upstream} {verify:?}");
        }
    }
}
