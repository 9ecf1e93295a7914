//! Finds upstreams that are listeners of the proxy itself.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs, UdpSocket};

use mynah_net::ListenAddress;

use crate::{Address, RelayError};

/// Fails if clients of a listener could be carried round for ever, from a listener of the proxy to the next. Each is
/// given with where it leads, over any of its upstreams.
pub(crate) fn check(routes: &[(ListenAddress, Vec<Address>)]) -> Result<(), RelayError> {
    // The routes that an upstream leads to.
    let next = |upstream: &Address| -> Vec<usize> {
        let routes = routes.iter().enumerate();
        let led = routes.filter(|(_, (listen, _))| leads(upstream, listen));
        led.map(|(number, _)| number).collect()
    };
    let all: Vec<Vec<Vec<usize>>> = routes
        .iter()
        .map(|(_, upstreams)| upstreams.iter().map(next).collect())
        .collect();
    for (start, (listen, upstreams)) in routes.iter().enumerate() {
        let of_start = all.get(start).into_iter().flatten();
        for (upstream, first) in upstreams.iter().zip(of_start) {
            if reaches(first, start, &all) {
                return Err(RelayError::Itself {
                    listen: listen.clone(),
                    upstream: upstream.clone(),
                });
            }
        }
    }
    Ok(())
}

/// Whether a route is reached from others, over any number of routes.
fn reaches(from: &[usize], wanted: usize, all: &[Vec<Vec<usize>>]) -> bool {
    let (mut seen, mut waiting) = (Vec::new(), from.to_vec());
    while let Some(at) = waiting.pop() {
        if at == wanted {
            return true;
        }
        if !seen.contains(&at) {
            seen.push(at);
            waiting.extend(all.get(at).into_iter().flatten().flatten());
        }
    }
    false
}

/// Whether a connection to `upstream` would arrive at `listen`. A name that can't be resolved leads nowhere.
fn leads(upstream: &Address, listen: &ListenAddress) -> bool {
    match (upstream, listen) {
        (Address::Unix(path), ListenAddress::Unix(own)) => {
            let same = path.canonicalize().ok().zip(own.canonicalize().ok());
            same.is_some_and(|(path, own)| path == own)
        }
        (Address::Tcp { host, port }, ListenAddress::Tcp(own)) if *port == own.port() => {
            let found = (host.as_str(), *port).to_socket_addrs();
            found.is_ok_and(|mut found| found.any(|address| comes_in(address, own.ip())))
        }
        _ => false,
    }
}

fn comes_in(address: SocketAddr, own: IpAddr) -> bool {
    let ip = address.ip();
    let any = own.is_unspecified() && (own.is_ipv6() || ip.is_ipv4());
    ip == own || (any && is_of_this_machine(ip))
}

fn is_of_this_machine(ip: IpAddr) -> bool {
    UdpSocket::bind((ip, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(routes: &[(&str, &str)]) -> Result<(), String> {
        let routes: Vec<_> = routes
            .iter()
            .map(|(listen, upstream)| {
                let listen = ListenAddress::Tcp(listen.parse().unwrap());
                let upstreams = upstream.split(',').map(|one| one.parse().unwrap());
                (listen, upstreams.collect())
            })
            .collect();
        check(&routes).map_err(|error| error.to_string())
    }

    #[test]
    fn a_proxy_in_front_of_itself_is_refused() {
        for (listen, upstream) in [
            ("127.0.0.1:3307", "127.0.0.1:3307"),
            ("127.0.0.1:3307", "localhost:3307"),
            ("0.0.0.0:3307", "127.0.0.1:3307"),
            ("0.0.0.0:3307", "127.0.0.9:3307"),
            ("[::]:3307", "127.0.0.1:3307"),
        ] {
            let error = result(&[(listen, upstream)]).unwrap_err();
            let expected = format!("the upstream {upstream} of {listen} is this proxy itself");
            assert_eq!(error, expected);
        }
        let round = [
            ("127.0.0.1:3307", "127.0.0.1:3308"),
            ("127.0.0.1:3308", "127.0.0.1:3307"),
        ];
        assert!(result(&round).is_err());
        let over_one_of_several = [
            ("127.0.0.1:3307", "127.0.0.1:3305,127.0.0.1:3308"),
            ("127.0.0.1:3308", "127.0.0.1:3306,127.0.0.1:3307"),
        ];
        let error = result(&over_one_of_several).unwrap_err();
        let expected = "the upstream 127.0.0.1:3308 of 127.0.0.1:3307 is this proxy itself";
        assert_eq!(error, expected);
    }

    #[test]
    fn another_server_is_not_taken_for_the_proxy() {
        for routes in [
            &[("127.0.0.1:3307", "127.0.0.1:3306")][..],
            &[("127.0.0.1:3307", "127.0.0.2:3307")],
            &[("0.0.0.0:3307", "192.0.2.1:3307")],
            &[
                ("127.0.0.1:3307", "127.0.0.1:3308"),
                ("127.0.0.1:3308", "127.0.0.1:3306"),
            ],
            &[
                ("127.0.0.1:3307", "127.0.0.1:3308,127.0.0.1:3309"),
                ("127.0.0.1:3308", "127.0.0.1:3306"),
                ("127.0.0.1:3309", "127.0.0.1:3308,127.0.0.1:3306"),
            ],
        ] {
            assert_eq!(result(routes), Ok(()), "{routes:?}");
        }
    }
}
