//! A client's socket, plain or encrypted.

mod plain;
mod replay;

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use openssl::ssl::{Ssl, SslRef};
use socket2::Socket;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_openssl::SslStream;

use crate::listener::Peer;
use plain::Plain;
use replay::Replay;

/// The bytes between a client and its session.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(Plain),
    /// Boxed, as few connections have it and it is large.
    Tls(Box<SslStream<Replay<Plain>>>),
    /// The handshake failed, which the client was told. What it still sends isn't deciphered.
    Failed(Box<SslStream<Replay<Plain>>>),
    /// While it becomes another.
    Upgrading,
}

impl Stream {
    /// Has to be called on the runtime that serves the client.
    pub(crate) fn new(socket: Socket, peer: Peer) -> io::Result<Self> {
        Plain::new(socket, peer).map(Self::Plain)
    }

    /// Goes on under TLS. What was read already is the beginning of the client's handshake.
    ///
    /// # Errors
    /// When the handshake fails; the client has been told so then.
    pub(crate) async fn start_tls(&mut self, ssl: Ssl, read_already: Bytes) -> io::Result<()> {
        let Self::Plain(plain) = std::mem::replace(self, Self::Upgrading) else {
            return Err(io::ErrorKind::AlreadyExists.into());
        };
        let stream = SslStream::new(ssl, Replay::new(read_already, plain))?;
        let mut stream = Box::new(stream);
        let accepted = Pin::new(&mut *stream).accept().await;
        *self = match &accepted {
            Ok(()) => Self::Tls(stream),
            Err(_) => Self::Failed(stream),
        };
        accepted.map_err(io::Error::other)
    }

    /// The state of TLS, once it was started.
    pub(crate) fn ssl(&self) -> Option<&SslRef> {
        match self {
            Self::Tls(stream) => Some(stream.ssl()),
            Self::Plain(_) | Self::Failed(_) | Self::Upgrading => None,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(&mut **stream).poll_read(cx, buf),
            Self::Failed(stream) => Pin::new(stream.get_mut()).poll_read(cx, buf),
            Self::Upgrading => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(&mut **stream).poll_write(cx, buf),
            Self::Failed(stream) => Pin::new(stream.get_mut()).poll_write(cx, buf),
            Self::Upgrading => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(&mut **stream).poll_flush(cx),
            Self::Failed(stream) => Pin::new(stream.get_mut()).poll_flush(cx),
            Self::Upgrading => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(&mut **stream).poll_shutdown(cx),
            Self::Failed(stream) => Pin::new(stream.get_mut()).poll_shutdown(cx),
            Self::Upgrading => Poll::Ready(Ok(())),
        }
    }
}
