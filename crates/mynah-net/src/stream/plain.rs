use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use mynah_guard::Lent;
use socket2::{SockRef, Socket, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, Interest, ReadBuf};
use tokio::net::{TcpStream, UnixStream};

use super::waiting::Waiting;
use crate::listener::Peer;

/// A socket, or its substitute in tests.
#[derive(Debug)]
pub(crate) struct Plain {
    /// Lets other threads close the socket if its thread is lost. Declared before the socket, so
    /// that it is dropped first.
    _lent: Option<Lent>,
    socket: Kind,
    waiting: Waiting,
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
            ..Self::of(socket)
        })
    }

    pub(super) fn in_memory(stream: DuplexStream, is_local: bool) -> Self {
        Self::of(Kind::Memory { stream, is_local })
    }

    fn of(socket: Kind) -> Self {
        Self {
            _lent: None,
            socket,
            waiting: Waiting::default(),
        }
    }

    /// Sets whether the next read may wait in the system call for a moment, which holds up the thread.
    pub(super) fn set_may_block(&mut self, may_block: bool) {
        self.waiting.set_may_block(may_block);
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
        let Kind::Tcp(stream) = &self.socket else {
            return Ok(());
        };
        let keepalive = TcpKeepalive::new().with_time(interval);
        let keepalive = keepalive.with_interval(interval).with_retries(QUESTIONS);
        let socket = SockRef::from(stream);
        socket.set_tcp_keepalive(&keepalive)?;
        #[cfg(any(target_os = "android", target_os = "linux"))]
        socket.set_tcp_user_timeout(Some(interval.saturating_mul(QUESTIONS + 1)))?;
        Ok(())
    }

    /// Whether the next read would be the end, or fail.
    pub(super) fn is_at_end(&self) -> bool {
        let socket = match &self.socket {
            Kind::Tcp(stream) => SockRef::from(stream),
            Kind::Unix(stream) => SockRef::from(stream),
            Kind::Memory { .. } => return false,
        };
        match socket.peek(&mut [MaybeUninit::uninit()]) {
            Ok(read) => read == 0,
            Err(error) => {
                let is_there = [io::ErrorKind::WouldBlock, io::ErrorKind::Interrupted];
                !is_there.contains(&error.kind())
            }
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

/// How often a silent peer is asked before its stream fails.
const QUESTIONS: u32 = 3;

impl From<TcpStream> for Plain {
    fn from(stream: TcpStream) -> Self {
        Self::of(Kind::Tcp(stream))
    }
}

impl From<UnixStream> for Plain {
    fn from(stream: UnixStream) -> Self {
        Self::of(Kind::Unix(stream))
    }
}

impl AsyncRead for Plain {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self {
            socket, waiting, ..
        } = self.get_mut();
        match socket {
            Kind::Tcp(stream) => match waiting.read(stream, buf) {
                Some(read) => Poll::Ready(read),
                None => Pin::new(stream).poll_read(cx, buf),
            },
            Kind::Unix(stream) => match waiting.read(stream, buf) {
                Some(read) => Poll::Ready(read),
                None => Pin::new(stream).poll_read(cx, buf),
            },
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
        let Self {
            socket, waiting, ..
        } = self.get_mut();
        match socket {
            Kind::Tcp(stream) => match waiting.write(stream, buf) {
                Some(written) => Poll::Ready(written),
                None => Pin::new(stream).poll_write(cx, buf),
            },
            Kind::Unix(stream) => match waiting.write(stream, buf) {
                Some(written) => Poll::Ready(written),
                None => Pin::new(stream).poll_write(cx, buf),
            },
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Both ends of a connection.
    async fn pair() -> (Plain, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stream, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        (stream.unwrap().into(), accepted.unwrap().0)
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_peer_that_confirms_nothing_is_waited_for_as_long_as_a_silent_one() {
        let (stream, _peer) = pair().await;
        stream.keep_alive(Duration::from_secs(5)).unwrap();
        let Kind::Tcp(socket) = &stream.socket else {
            panic!("it is TCP");
        };
        let limit = SockRef::from(socket).tcp_user_timeout().unwrap();
        assert_eq!(limit, Some(Duration::from_secs(20)));
    }

    #[tokio::test]
    async fn a_stream_is_at_its_end_when_all_is_read_and_what_is_there_can_still_be_read() {
        let (mut stream, mut peer) = pair().await;
        assert!(!stream.is_at_end());
        peer.write_all(b"ab").await.unwrap();
        drop(peer);
        let mut byte = [0];
        for expected in b"ab" {
            assert!(!stream.is_at_end());
            stream.read_exact(&mut byte).await.unwrap();
            assert_eq!(byte[0], *expected);
        }
        // The end comes behind the bytes, in its own time.
        assert_eq!(stream.read(&mut byte).await.unwrap(), 0);
        assert!(stream.is_at_end());
    }

    #[tokio::test]
    async fn a_stream_that_was_reset_is_at_its_end() {
        let (mut stream, peer) = pair().await;
        SockRef::from(&peer)
            .set_linger(Some(Duration::ZERO))
            .unwrap();
        drop(peer);
        assert!(stream.read(&mut [0]).await.is_err());
        assert!(stream.is_at_end());
    }
}
