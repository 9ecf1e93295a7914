use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use socket2::Socket;
use tokio::net::{TcpListener, UnixListener};

use super::ListenAddress;

/// A listener with the runtime that waits for its clients.
pub(crate) struct Incoming {
    socket: Listening,
    address: Arc<ListenAddress>,
}

enum Listening {
    Tcp(TcpListener),
    Unix(UnixListener),
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
        let socket = match &*address {
            ListenAddress::Tcp(_) => Listening::Tcp(TcpListener::from_std(socket.into())?),
            ListenAddress::Unix(_) => Listening::Unix(UnixListener::from_std(socket.into())?),
        };
        Ok(Self { socket, address })
    }

    pub(crate) fn address(&self) -> &Arc<ListenAddress> {
        &self.address
    }

    /// Waits for the next client. Its socket doesn't block.
    pub(crate) async fn accept(&self) -> io::Result<Accepted> {
        match &self.socket {
            Listening::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                Ok(Accepted {
                    socket: stream.into_std()?.into(),
                    peer: Peer::Tcp(peer),
                })
            }
            Listening::Unix(listener) => {
                let (stream, _unnamed) = listener.accept().await?;
                Ok(Accepted {
                    socket: stream.into_std()?.into(),
                    peer: Peer::Local,
                })
            }
        }
    }
}
