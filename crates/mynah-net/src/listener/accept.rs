use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use socket2::Socket;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::ListenAddress;

/// A listener with the runtime that waits for its clients.
pub(crate) struct Incoming {
    // The runtime's own listeners would wait for the clients' sockets, too, which belong to the workers.
    socket: AsyncFd<Socket>,
    address: Arc<ListenAddress>,
}

/// A client that has connected.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) socket: Socket,
    pub(crate) peer: Peer,
}

/// A client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Tcp(SocketAddr),
    Local,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Local => f.write_str("localhost"),
        }
    }
}

impl Incoming {
    /// Must be called on the runtime that waits for the clients.
    pub(crate) fn new(socket: Socket, address: Arc<ListenAddress>) -> io::Result<Self> {
        let socket = AsyncFd::with_interest(socket, Interest::READABLE)?;
        Ok(Self { socket, address })
    }

    pub(crate) fn address(&self) -> &Arc<ListenAddress> {
        &self.address
    }

    /// Waits for the next client. Its socket doesn't block.
    pub(crate) async fn accept(&self) -> io::Result<Accepted> {
        let accept = |listener: &Socket| listener.accept();
        let (socket, peer) = self.socket.async_io(Interest::READABLE, accept).await?;
        socket.set_nonblocking(true)?;
        let peer = peer.as_socket().map_or(Peer::Local, Peer::Tcp);
        Ok(Accepted { socket, peer })
    }
}
