//! A client's socket, plain or encrypted.

mod plain;
mod replay;
mod waiting;

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use mynah_guard::Lent;
use openssl::ssl::{NameType, SslRef};
use openssl::x509::X509VerifyResult;
use socket2::Socket;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_openssl::SslStream;

use crate::listener::Peer;
use crate::tls::cipher_name;
use crate::{ConnectionTls, HandshakeError, ListenAddress, TlsClient, TlsMirror, TlsServer};
use plain::Plain;
use replay::Replay;

/// A byte stream to a peer, plain or under TLS.
#[derive(Debug)]
pub struct Stream(Kind);

#[derive(Debug)]
enum Kind {
    Plain(Plain),
    /// Boxed, as it is large and few connections have it.
    Tls(Box<SslStream<Replay<Plain>>>),
    /// The handshake failed, and the client got an alert. What it still sends isn't decrypted.
    Failed(Box<SslStream<Replay<Plain>>>),
    /// Only while a handshake runs.
    Upgrading,
}

impl Stream {
    /// Must be called on the runtime that serves the client.
    pub(crate) fn new(socket: Socket, peer: Peer, lent: Option<Lent>) -> io::Result<Self> {
        Plain::new(socket, peer, lent).map(|plain| Self(Kind::Plain(plain)))
    }

    /// Connects to a server: by TCP, without delay of written data, or by a Unix socket.
    ///
    /// # Errors
    /// When no server accepts the connection.
    pub async fn connect(address: &ListenAddress) -> io::Result<Self> {
        let plain = match address {
            ListenAddress::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                stream.into()
            }
            ListenAddress::Unix(path) => UnixStream::connect(path).await?.into(),
        };
        Ok(Self(Kind::Plain(plain)))
    }

    /// A stream without a socket, for tests, and its other end. Each direction buffers at most
    /// `room` bytes; `is_local` makes it count as a Unix socket.
    #[must_use]
    pub fn in_memory(room: usize, is_local: bool) -> (Self, DuplexStream) {
        let (stream, other) = tokio::io::duplex(room);
        (Self(Kind::Plain(Plain::in_memory(stream, is_local))), other)
    }

    /// Takes the stream, and leaves one that can't be used in its place.
    pub(crate) fn take(&mut self) -> Self {
        Self(std::mem::replace(&mut self.0, Kind::Upgrading))
    }

    /// Changes to TLS, in the role of the server. `read_already` is the beginning of the client's handshake.
    ///
    /// # Errors
    /// When the handshake fails, or when the stream isn't plain. OpenSSL has sent the client an alert for the failure
    /// if the client hasn't closed the connection.
    pub async fn accept_tls(&mut self, tls: &TlsServer, read_already: Bytes) -> io::Result<()> {
        let ssl = tls.connection()?;
        // While the handshake lasts, the stream is owned by it; if that is cancelled, `Upgrading` stays
        // behind and refuses all use.
        let Kind::Plain(plain) = std::mem::replace(&mut self.0, Kind::Upgrading) else {
            return Err(io::ErrorKind::AlreadyExists.into());
        };
        let stream = SslStream::new(ssl, Replay::new(read_already, plain))?;
        let mut stream = Box::new(stream);
        let accepted = Pin::new(&mut *stream).accept().await;
        self.0 = match &accepted {
            Ok(()) => Kind::Tls(stream),
            Err(_) => Kind::Failed(stream),
        };
        let failed = |error| HandshakeError::new(&error, X509VerifyResult::OK);
        accepted.map_err(|error| io::Error::other(failed(error)))
    }

    /// Changes to TLS, in the role of the client. `asked_for` is the name to ask the server for (SNI), if it isn't
    /// the one of the options; `mirror` has the latest version and the ciphers to use.
    ///
    /// # Errors
    /// When the handshake fails, the server's certificate doesn't pass the verification of the settings, or the
    /// stream isn't plain.
    pub async fn connect_tls(
        &mut self,
        tls: &TlsClient,
        asked_for: Option<&str>,
        mirror: Option<&TlsMirror>,
    ) -> io::Result<()> {
        let ssl = tls.connection(asked_for, mirror)?;
        let Kind::Plain(plain) = std::mem::replace(&mut self.0, Kind::Upgrading) else {
            return Err(io::ErrorKind::AlreadyExists.into());
        };
        let stream = SslStream::new(ssl, Replay::new(Bytes::new(), plain))?;
        let mut stream = Box::new(stream);
        let connected = Pin::new(&mut *stream).connect().await;
        self.0 = match &connected {
            Ok(()) => Kind::Tls(stream),
            Err(_) => Kind::Failed(stream),
        };
        connected.map_err(|error| {
            let verified = match &self.0 {
                Kind::Failed(stream) => stream.ssl().verify_result(),
                _ => X509VerifyResult::OK,
            };
            io::Error::other(HandshakeError::new(&error, verified))
        })
    }

    /// How the stream is encrypted; `None` without TLS.
    #[must_use]
    pub fn tls(&self) -> Option<ConnectionTls> {
        let ssl = self.ssl()?;
        Some(ConnectionTls {
            version: ssl.version_str(),
            cipher: cipher_name(ssl),
        })
    }

    /// The version and ciphers of the TLS that a client uses on this stream; `None` without TLS.
    #[must_use]
    pub fn tls_mirror(&self) -> Option<TlsMirror> {
        self.ssl().map(TlsMirror::of)
    }

    /// The server name (SNI) in the client's TLS handshake; `None` if there is none.
    #[must_use]
    pub fn server_name(&self) -> Option<String> {
        let name = self.ssl()?.servername(NameType::HOST_NAME)?;
        Some(name.to_owned())
    }

    /// Whether the stream is under TLS or a Unix socket, so that passwords may be sent in clear. TCP without TLS
    /// isn't secure, even to the same machine.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        match &self.0 {
            Kind::Tls(_) => true,
            Kind::Plain(plain) => plain.is_local(),
            Kind::Failed(_) | Kind::Upgrading => false,
        }
    }

    /// The TCP addresses of both ends, the peer's first; `None` for a Unix socket, or a stream in memory.
    #[must_use]
    pub fn tcp_addresses(&self) -> Option<(SocketAddr, SocketAddr)> {
        match &self.0 {
            Kind::Plain(stream) => stream.tcp_addresses(),
            Kind::Tls(stream) | Kind::Failed(stream) => stream.get_ref().rest().tcp_addresses(),
            Kind::Upgrading => None,
        }
    }

    /// Sets whether the next read may wait in the system call for a moment, which holds up the thread.
    pub(crate) fn set_may_block(&mut self, may_block: bool) {
        match &mut self.0 {
            Kind::Plain(stream) => stream.set_may_block(may_block),
            Kind::Tls(stream) => stream.get_mut().rest_mut().set_may_block(may_block),
            Kind::Failed(_) | Kind::Upgrading => {}
        }
    }

    /// Whether the stream is plain.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.0, Kind::Plain(_))
    }

    /// Makes the peer see a reset instead of an end when this is dropped, as from a process that
    /// was killed. Only TCP sockets can do that.
    ///
    /// # Errors
    /// When the operating system refuses it.
    pub fn reset_when_dropped(&self) -> io::Result<()> {
        match &self.0 {
            Kind::Plain(stream) => stream.reset_when_dropped(),
            Kind::Tls(stream) | Kind::Failed(stream) => {
                stream.get_ref().rest().reset_when_dropped()
            }
            Kind::Upgrading => Ok(()),
        }
    }

    /// Has the operating system ask a peer that is silent for this time whether its machine is still there (TCP
    /// keepalive), and fail the stream after three questions without an answer, asked with this time in between. On Linux,
    /// the stream also fails if the peer's machine doesn't confirm sent bytes within four times this time
    /// (`TCP_USER_TIMEOUT`); while there are such bytes, TCP doesn't ask. Only TCP sockets need that.
    ///
    /// # Errors
    /// When the operating system refuses it.
    pub fn keep_alive(&self, interval: Duration) -> io::Result<()> {
        match &self.0 {
            Kind::Plain(stream) => stream.keep_alive(interval),
            Kind::Tls(stream) | Kind::Failed(stream) => {
                stream.get_ref().rest().keep_alive(interval)
            }
            Kind::Upgrading => Ok(()),
        }
    }

    /// Whether the peer has closed its side, or was lost, and has sent nothing that isn't read yet. Doesn't wait, and reads
    /// nothing. `false` for a stream [in memory](Self::in_memory).
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        match &self.0 {
            Kind::Plain(stream) => stream.is_at_end(),
            Kind::Tls(stream) | Kind::Failed(stream) => stream.get_ref().rest().is_at_end(),
            Kind::Upgrading => false,
        }
    }

    /// Waits until the peer has closed its side, and reads nothing. On a stream [in memory](Self::in_memory), waits for
    /// ever. A read afterwards may miss what the peer has sent meanwhile: use it where nothing more is read.
    pub async fn closed_by_peer(&self) {
        match &self.0 {
            Kind::Plain(stream) => stream.closed_by_peer().await,
            Kind::Tls(stream) | Kind::Failed(stream) => {
                stream.get_ref().rest().closed_by_peer().await;
            }
            Kind::Upgrading => {}
        }
    }

    /// The state of TLS, once it has started.
    pub(crate) fn ssl(&self) -> Option<&SslRef> {
        match &self.0 {
            Kind::Tls(stream) => Some(stream.ssl()),
            Kind::Plain(_) | Kind::Failed(_) | Kind::Upgrading => None,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().0 {
            Kind::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Kind::Tls(stream) => Pin::new(&mut **stream).poll_read(cx, buf),
            Kind::Failed(stream) => Pin::new(stream.get_mut()).poll_read(cx, buf),
            Kind::Upgrading => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().0 {
            Kind::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Kind::Tls(stream) => Pin::new(&mut **stream).poll_write(cx, buf),
            Kind::Failed(stream) => Pin::new(stream.get_mut()).poll_write(cx, buf),
            Kind::Upgrading => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().0 {
            Kind::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Kind::Tls(stream) => Pin::new(&mut **stream).poll_flush(cx),
            Kind::Failed(stream) => Pin::new(stream.get_mut()).poll_flush(cx),
            Kind::Upgrading => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().0 {
            Kind::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Kind::Tls(stream) => Pin::new(&mut **stream).poll_shutdown(cx),
            Kind::Failed(stream) => Pin::new(stream.get_mut()).poll_shutdown(cx),
            Kind::Upgrading => Poll::Ready(Ok(())),
        }
    }
}
