use std::io;

use bytes::BytesMut;
use mynah_auth::Channel;
use mynah_net::{ListenAddress, Stream, TlsClient};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::Error;
use crate::traffic::{Tap, Traffic};

/// A connection to a server, plain or under TLS, with the bytes that were received and not read yet.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: Stream,
    pub(crate) received: BytesMut,
    tap: Tap,
}

impl Socket {
    pub(crate) async fn connect(address: &ListenAddress) -> Result<Self, Error> {
        let stream = Stream::connect(address).await?;
        Ok(Self::new(stream, BytesMut::new()))
    }

    pub(crate) fn new(stream: Stream, received: BytesMut) -> Self {
        Self {
            stream,
            received,
            tap: Tap::default(),
        }
    }

    /// Gives what passes from here on, and what was received already, to this function.
    pub(crate) fn set_tap(&mut self, tap: Tap) {
        if !self.received.is_empty() {
            tap.pass(Traffic::Received(&self.received));
        }
        self.tap = tap;
    }

    /// Whether a password may be sent in clear.
    pub(crate) fn channel(&self) -> Channel {
        match (self.stream.tls(), self.stream.is_secure()) {
            (Some(_), _) => Channel::Tls,
            (None, true) => Channel::Local,
            (None, false) => Channel::Insecure,
        }
    }

    /// Changes to TLS.
    pub(crate) async fn start_tls(&mut self, tls: &TlsClient) -> Result<(), Error> {
        // Bytes that arrived before the handshake weren't protected; an attacker could have inserted them.
        self.received.clear();
        self.stream.connect_tls(tls, None, None).await?;
        self.tap.pass(Traffic::TlsStarted);
        Ok(())
    }

    /// Sends bytes.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        // Before the bytes are on their way, so that the answer can't come first.
        self.tap.pass(Traffic::Sent(bytes));
        self.stream.write_all(bytes).await?;
        self.stream.flush().await?;
        Ok(())
    }

    /// Reads more bytes; `false` at the end of the stream.
    pub(crate) async fn read(&mut self) -> Result<bool, Error> {
        let before = self.received.len();
        match self.stream.read_buf(&mut self.received).await {
            Ok(len) => {
                if let Some(bytes) = self.received.get(before..).filter(|_| len > 0) {
                    self.tap.pass(Traffic::Received(bytes));
                }
                Ok(len > 0)
            }
            // Some servers reset the connection instead of closing it.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends the client's side of the connection.
    pub(crate) async fn shut_down(&mut self) -> Result<(), Error> {
        self.stream.shutdown().await?;
        Ok(())
    }
}
