use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use socket2::Socket;
use tokio::io::unix::AsyncFd;

use super::ListenAddress;

/// A listener whose clients are waited for.
pub(crate) struct Incoming {
    socket: AsyncFd<Socket>,
    address: Arc<ListenAddress>,
}

/// A client that has connected.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) socket: Socket,
    pub(crate) peer: Peer,
}

/// Where a client comes from.
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
    /// Has to be called on the runtime that waits.
    pub(crate) fn new(socket: Socket, address: Arc<ListenAddress>) -> io::Result<Self> {
        Ok(Self {
            socket: AsyncFd::new(socket)?,
            address,
        })
    }

    pub(crate) fn address(&self) -> &Arc<ListenAddress> {
        &self.address
    }

    /// The next client, whose socket doesn't block.
    pub(crate) async fn accept(&self) -> io::Result<Accepted> {
        let accepted = loop {
            let mut ready = self.socket.readable().await?;
            if let Ok(accepted) = ready.try_io(|socket| socket.get_ref().accept()) {
                break accepted;
            }
        };
        let (socket, peer) = accepted?;
        socket.set_nonblocking(true)?;
        let peer = peer.as_socket().map_or(Peer::Local, Peer::Tcp);
        Ok(Accepted { socket, peer })
    }
}
