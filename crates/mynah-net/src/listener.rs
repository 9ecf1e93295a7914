use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};

use socket2::{Domain, Protocol, Socket, Type};

use crate::NetError;

/// A TCP address that is listened on. Clients may connect from now on; they are served once a
/// [`Server`](crate::Server) has it.
#[derive(Debug)]
pub struct Listener {
    pub(crate) socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Listens on `port` of `host`, a name or an address; port 0 is one that is free. A name
    /// with several addresses stands for the first that can be listened on.
    ///
    /// # Errors
    /// [`NetError::Resolve`] and [`NetError::Bind`].
    pub fn bind(host: &str, port: u16) -> Result<Self, NetError> {
        let resolve_error = |source| NetError::Resolve {
            host: host.to_owned(),
            source,
        };
        let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in (host, port).to_socket_addrs().map_err(resolve_error)? {
            match listen(address) {
                Ok((socket, address)) => return Ok(Self { socket, address }),
                Err(error) => failed = error,
            }
        }
        Err(NetError::Bind {
            host: host.to_owned(),
            port,
            source: failed,
        })
    }

    /// The address that is listened on, with the port that was found free.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // A port whose last server has just ended is free; one with a server isn't.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    let socket = TcpListener::from(socket);
    let address = socket.local_addr()?;
    Ok((socket, address))
}

/// How many connections may wait to be accepted: test suites open hundreds at once.
const BACKLOG: i32 = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named() {
        let first = Listener::bind("127.0.0.1", 0).unwrap();
        let port = first.address().port();
        let error = Listener::bind("127.0.0.1", port).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("binding to 127.0.0.1:{port} failed")
        );
    }

    #[test]
    fn a_host_that_does_not_exist_is_named() {
        let error = Listener::bind("no such host", 0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "can't find the address of 'no such host'"
        );
    }
}
