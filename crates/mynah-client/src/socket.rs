use std::io;

use bytes::BytesMut;
use mynah_auth::Channel;
use mynah_net::{ListenAddress, Stream, TlsClient};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::Error;

/// A connection to a server, plain or under TLS, with the bytes that were received and not read yet.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: Stream,
    pub(crate) received: BytesMut,
}

impl Socket {
    pub(crate) async fn connect(address: &ListenAddress) -> Result<Self, Error> {
        let stream = Stream::connect(address).await?;
        Ok(Self::new(stream, BytesMut::new()))
    }

    pub(crate) fn new(stream: Stream, received: BytesMut) -> Self {
        Self { stream, received }
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
        Ok(())
    }

    /// Sends bytes.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await?;
        Ok(())
    }

    /// Reads more bytes; `false` at the end of the stream.
    pub(crate) async fn read(&mut self) -> Result<bool, Error> {
        match self.stream.read_buf(&mut self.received).await {
            Ok(len) => Ok(len > 0),
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
