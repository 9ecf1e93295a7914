use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use mynah_guard::Lent;
use socket2::{SockRef, Socket, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, Interest, ReadBuf};
use tokio::net::{TcpStream, UnixStream};

use crate::listener::Peer;

/// A socket, or its substitute in tests.
#[derive(Debug)]
pub(crate) struct Plain {
    /// Lets other threads close the socket if its thread is lost. Declared before the socket, so
    /// that it is dropped first.
    _lent: Option<Lent>,
    socket: Kind,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpStream),
    Unix(UnixStream),
    /// The other end is in this process. `is_local` makes it count as a Unix socket.
    Memory {
        stream: DuplexStream,
        is_local: bool,
    },
}

impl Plain {
    pub(super) fn new(socket: Socket, peer: Peer, lent: Option<Lent>) -> io::Result<Self> {
        let socket = match peer {
            Peer::Tcp(_) => TcpStream::from_std(socket.into()).map(Kind::Tcp),
            Peer::Local => UnixStream::from_std(socket.into()).map(Kind::Unix),
        };
        socket.map(|socket| Self {
            _lent: lent,
            socket,
        })
    }

    pub(super) fn in_memory(stream: DuplexStream, is_local: bool) -> Self {
        Self {
            _lent: None,
            socket: Kind::Memory { stream, is_local },
        }
    }

    /// Makes the peer of a TCP connection see a reset when this is dropped.
    pub(super) fn reset_when_dropped(&self) -> io::Result<()> {
        match &self.socket {
            Kind::Tcp(stream) => SockRef::from(stream).set_linger(Some(Duration::ZERO)),
            Kind::Unix(_) | Kind::Memory { .. } => Ok(()),
        }
    }

    /// Has the operating system ask a silent peer whether it is there, over TCP.
    pub(super) fn keep_alive(&self, interval: Duration) -> io::Result<()> {
        let keepalive = TcpKeepalive::new().with_time(interval);
        match &self.socket {
            Kind::Tcp(stream) => SockRef::from(stream)
                .set_tcp_keepalive(&keepalive.with_interval(interval).with_retries(3)),
            Kind::Unix(_) | Kind::Memory { .. } => Ok(()),
        }
    }

    /// Waits until the peer has closed its side, and reads nothing.
    pub(super) async fn closed_by_peer(&self) {
        // Ready means bytes, the end, or both. As nothing is read, the bytes stay; the error makes the runtime wait
        // for more of them, or for the end.
        let unread = || Err::<(), _>(io::ErrorKind::WouldBlock.into());
        loop {
            let ready = match &self.socket {
                Kind::Tcp(stream) => stream.ready(Interest::READABLE).await,
                Kind::Unix(stream) => stream.ready(Interest::READABLE).await,
                Kind::Memory { .. } => std::future::pending().await,
            };
            if ready.is_ok_and(|ready| !ready.is_read_closed()) {
                let _unread = match &self.socket {
                    Kind::Tcp(stream) => stream.try_io(Interest::READABLE, unread),
                    Kind::Unix(stream) => stream.try_io(Interest::READABLE, unread),
                    Kind::Memory { .. } => Ok(()),
                };
            } else {
                return;
            }
        }
    }

    /// The peer's address, and the local one.
    pub(super) fn tcp_addresses(&self) -> Option<(SocketAddr, SocketAddr)> {
        match &self.socket {
            Kind::Tcp(stream) => stream.peer_addr().ok().zip(stream.local_addr().ok()),
            Kind::Unix(_) | Kind::Memory { .. } => None,
        }
    }

    /// Whether the connection doesn't leave the machine.
    pub(super) fn is_local(&self) -> bool {
        matches!(
            self.socket,
            Kind::Unix(_) | Kind::Memory { is_local: true, .. }
        )
    }
}

impl From<TcpStream> for Plain {
    fn from(stream: TcpStream) -> Self {
        Self {
            _lent: None,
            socket: Kind::Tcp(stream),
        }
    }
}

impl From<UnixStream> for Plain {
    fn from(stream: UnixStream) -> Self {
        Self {
            _lent: None,
            socket: Kind::Unix(stream),
        }
    }
}

impl AsyncRead for Plain {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().socket {
            Kind::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Kind::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
            Kind::Memory { stream, .. } => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Plain {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().socket {
            Kind::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Kind::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
            Kind::Memory { stream, .. } => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A socket has no buffer of ours to flush.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().socket {
            Kind::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Kind::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
            Kind::Memory { stream, .. } => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
