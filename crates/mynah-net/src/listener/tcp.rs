use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use socket2::{Domain, Protocol, Socket, Type};

use super::BACKLOG;
use crate::NetError;

pub(super) fn bind(host: &str, port: u16) -> Result<(Socket, SocketAddr), NetError> {
    let resolve_error = |source| NetError::Resolve {
        host: host.to_owned(),
        source,
    };
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in (host, port).to_socket_addrs().map_err(resolve_error)? {
        match listen(address) {
            Ok(listening) => return Ok(listening),
            Err(error) => failed = error,
        }
    }
    Err(NetError::Bind {
        host: host.to_owned(),
        port,
        source: failed,
    })
}

fn listen(address: SocketAddr) -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // Allows a port whose last server has just ended; a port with a running server still fails.
    socket.set_reuse_address(true)?;
    // Accepted sockets inherit this.
    socket.set_tcp_nodelay(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    let address = socket
        .local_addr()?
        .as_socket()
        .ok_or(io::ErrorKind::AddrNotAvailable)?;
    Ok((socket, address))
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use crate::{ListenAddress, Listener};

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

    #[test]
    fn accepted_sockets_send_without_delay() {
        let listener = Listener::bind("127.0.0.1", 0).unwrap();
        let ListenAddress::Tcp(address) = listener.address() else {
            panic!("{}", listener.address());
        };
        let _client = TcpStream::connect(address).unwrap();
        let accepted = loop {
            match listener.socket.accept() {
                Ok((accepted, _)) => break accepted,
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
            }
        };
        assert!(accepted.tcp_nodelay().unwrap());
    }
}
