//! What a client speaks through: a socket that blocks, under TLS or not.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use bytes::BytesMut;
use openssl::ssl::{SslConnector, SslMethod, SslStream, SslVerifyMode};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(crate) enum Transport {
    Plain(TcpStream),
    Tls(Box<SslStream<TcpStream>>),
    Upgrading,
}

impl Transport {
    pub(crate) fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        // Small writes must not wait for each other.
        stream.set_nodelay(true)?;
        Ok(Self::Plain(stream))
    }

    pub(crate) fn local_port(&self) -> u16 {
        let stream = match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref(),
            Self::Upgrading => unreachable!("it failed"),
        };
        stream.local_addr().unwrap().port()
    }

    /// Begins TLS, with whomever.
    pub(crate) fn upgrade(&mut self) -> Result<()> {
        let Self::Plain(stream) = std::mem::replace(self, Self::Upgrading) else {
            return Err("TLS twice".into());
        };
        let mut connector = SslConnector::builder(SslMethod::tls_client())?;
        connector.set_verify(SslVerifyMode::NONE);
        let stream = connector.build().connect("localhost", stream)?;
        *self = Self::Tls(Box::new(stream));
        Ok(())
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Plain(stream) => stream.write_all(bytes)?,
            Self::Tls(stream) => stream.write_all(bytes)?,
            Self::Upgrading => return Err("TLS failed".into()),
        }
        Ok(())
    }

    /// Appends what comes next, something at least.
    pub(crate) fn receive(&mut self, input: &mut BytesMut) -> Result<()> {
        let mut chunk = [0; 4096];
        let len = match self {
            Self::Plain(stream) => stream.read(&mut chunk)?,
            Self::Tls(stream) => stream.read(&mut chunk)?,
            Self::Upgrading => return Err("TLS failed".into()),
        };
        if len == 0 {
            return Err("the server closed the connection".into());
        }
        input.extend_from_slice(&chunk[..len]);
        Ok(())
    }
}
