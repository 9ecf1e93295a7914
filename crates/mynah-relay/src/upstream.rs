use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

use mynah_net::{ListenAddress, Stream};

/// The address of a server, or one to listen on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A host and a TCP port.
    Tcp {
        /// A host name or an IP address.
        host: String,
        /// The TCP port.
        port: u16,
    },
    /// The path of a Unix socket.
    Unix(PathBuf),
}

/// The error for a text that isn't an address; it contains the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is neither HOST:PORT, [IPv6]:PORT, nor the path of a Unix socket")]
pub struct NoAddress(pub String);

impl Address {
    /// Its name, as a certificate may have it.
    pub(crate) fn server_name(&self) -> Option<&str> {
        match self {
            Self::Tcp { host, .. } => Some(host),
            Self::Unix(_) => None,
        }
    }

    /// Connects to the server: of a name with several addresses, to the first that accepts it.
    pub(crate) async fn connect(&self) -> io::Result<Stream> {
        let (host, port) = match self {
            Self::Unix(path) => return Stream::connect(&ListenAddress::Unix(path.clone())).await,
            Self::Tcp { host, port } => (host, *port),
        };
        if let Ok(address) = host.parse::<IpAddr>() {
            return Stream::connect(&ListenAddress::Tcp((address, port).into())).await;
        }
        let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in tokio::net::lookup_host((host.as_str(), port)).await? {
            match Stream::connect(&ListenAddress::Tcp(address)).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }
}

impl std::str::FromStr for Address {
    type Err = NoAddress;

    /// Parses `HOST:PORT`, `[IPv6]:PORT`, a port alone (of this machine), or the path of a Unix socket, which
    /// must contain a `/`.
    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let none = || NoAddress(text.to_owned());
        if text.contains('/') {
            return Ok(Self::Unix(text.into()));
        }
        let (host, port) = text.rsplit_once(':').unwrap_or(("127.0.0.1", text));
        let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let port = port.parse().ok().filter(|_| digits).ok_or_else(none)?;
        let bracketed = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let host = match bracketed {
            Some(host) => host,
            None if host.contains([':', '[', ']']) || host.is_empty() => return Err(none()),
            None => host,
        };
        Ok(Self::Tcp {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_they_are_shown() {
        for (text, shown) in [
            ("127.0.0.1:3306", "127.0.0.1:3306"),
            ("3306", "127.0.0.1:3306"),
            ("db.example.com:1", "db.example.com:1"),
            ("[::1]:3306", "[::1]:3306"),
            ("/run/mysqld.sock", "/run/mysqld.sock"),
            ("./sock", "./sock"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(shown.parse(), Ok(address));
        }
        for text in [
            "",
            ":",
            "host:",
            ":3306",
            "::1:3306",
            "host:70000",
            "host:+1",
            "[::1]",
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert!(error.to_string().contains(&format!("'{text}'")), "{error}");
        }
    }
}
