use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// The load balancers that send a PROXY protocol header at the start of their connections: a list of addresses and
/// networks, in which `localhost` stands for Unix sockets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxySenders {
    networks: Vec<IpNet>,
    /// Whether connections by Unix sockets are among them.
    local: bool,
}

/// The error for a text that isn't a list of addresses and networks; it contains the wrong part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is neither an address, a network like 10.0.0.0/8, localhost for Unix sockets, nor *"
)]
pub struct NotSenders(pub String);

impl ProxySenders {
    /// Whether a client from there is one; without an address it has come by a Unix socket.
    pub(crate) fn include(&self, address: Option<IpAddr>) -> bool {
        match address.map(|address| address.to_canonical()) {
            None => self.local,
            Some(address) => self.networks.iter().any(|net| net.contains(&address)),
        }
    }

    /// A list with the senders of both lists.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.networks.extend(others.networks);
        self.local |= others.local;
        self
    }
}

impl FromStr for ProxySenders {
    type Err = NotSenders;

    /// Parses addresses and networks separated by commas, as MariaDB's `proxy_protocol_networks` has them:
    /// `192.0.2.7, 10.0.0.0/8`. `localhost` stands for Unix sockets, and `*` for all senders.
    fn from_str(text: &str) -> Result<Self, NotSenders> {
        let mut senders = Self::default();
        for one in text.split(',').map(str::trim) {
            match one {
                "*" => {
                    senders.local = true;
                    senders
                        .networks
                        .extend([IpNet::V4(Default::default()), IpNet::V6(Default::default())]);
                }
                "localhost" => senders.local = true,
                _ => {
                    let address = one.parse::<IpAddr>().map(IpNet::from);
                    let network = address.or_else(|_| one.parse::<IpNet>());
                    senders
                        .networks
                        .push(network.map_err(|_| NotSenders(one.to_owned()))?);
                }
            }
        }
        Ok(senders)
    }
}

impl fmt::Display for ProxySenders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.networks.iter().map(ToString::to_string).collect();
        if self.local {
            parts.push("localhost".to_owned());
        }
        f.write_str(&parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_recognised_by_their_addresses() {
        let local = None;
        let ip = |text: &str| Some(text.parse().unwrap());
        for (senders, client, included) in [
            ("10.0.0.0/8", ip("10.255.0.1"), true),
            ("10.0.0.0/8", ip("11.0.0.1"), false),
            ("10.0.0.0/8", ip("::ffff:10.0.0.1"), true),
            ("127.0.0.1, ::1", ip("::1"), true),
            ("127.0.0.1, ::1", ip("127.0.0.2"), false),
            ("2001:db8::/32", ip("2001:db8:1::1"), true),
            ("2001:db8::/32", ip("10.0.0.1"), false),
            ("*", ip("8.8.8.8"), true),
            ("*", ip("2001:db8::1"), true),
            ("*", local, true),
            ("localhost", local, true),
            ("localhost", ip("127.0.0.1"), false),
            ("127.0.0.1", local, false),
        ] {
            let senders: ProxySenders = senders.parse().unwrap();
            assert_eq!(senders.include(client), included, "{senders} {client:?}");
        }
        for text in ["", "10.0.0.0/33", "10.0.0", "lb.example.com", "10.0.0.1,"] {
            assert!(text.parse::<ProxySenders>().is_err(), "{text}");
        }
    }
}
