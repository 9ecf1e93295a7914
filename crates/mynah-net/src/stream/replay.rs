use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream that first returns bytes that were read before: a client may send the beginning of its
/// TLS handshake together with the request for TLS.
#[derive(Debug)]
pub(crate) struct Replay<S> {
    first: Bytes,
    rest: S,
}

impl<S> Replay<S> {
    pub(super) fn new(first: Bytes, rest: S) -> Self {
        Self { first, rest }
    }

    pub(super) fn rest(&self) -> &S {
        &self.rest
    }

    pub(super) fn rest_mut(&mut self) -> &mut S {
        &mut self.rest
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Replay<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.rest).poll_read(cx, buf);
        }
        let len = self.first.len().min(buf.remaining());
        if let Some(part) = self.first.get(..len) {
            buf.put_slice(part);
        }
        self.first.advance(len);
        if self.first.is_empty() {
            // Frees the bytes, as the connection may last long.
            self.first = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Replay<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.rest).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.rest).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.rest).poll_shutdown(cx)
    }
}
