//! A small client with a timeout.

#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// The answer of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Ok,
    /// The number of an ERR packet, and its message.
    Error(u16, String),
    /// The first packet of a result.
    Other,
}

/// A connection that has logged in.
pub(crate) struct RawClient(Box<dyn Socket>);

/// A socket with a read timeout.
trait Socket: Read + Write + Send {}

impl Socket for TcpStream {}
impl Socket for UnixStream {}

impl RawClient {
    /// Logs in. Each packet must arrive within `timeout`.
    pub(crate) fn connect(address: SocketAddr, timeout: Duration) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(timeout))?;
        Self::log_in(stream)
    }

    /// The same over a Unix socket.
    pub(crate) fn connect_unix(path: &Path, timeout: Duration) -> io::Result<Self> {
        let stream = UnixStream::connect(path)?;
        stream.set_read_timeout(Some(timeout))?;
        Self::log_in(stream)
    }

    fn log_in(mut stream: impl Socket + 'static) -> io::Result<Self> {
        let (_, greeting) = read_packet(&mut stream)?;
        if greeting.first() != Some(&10) {
            let text = String::from_utf8_lossy(&greeting).into_owned();
            return Err(io::Error::other(text));
        }
        let mut response = vec![0x00, 0x82, 0x88, 0x00, 0, 0, 0, 1, 45];
        response.extend([0; 23]);
        response.extend(b"ada\0\0caching_sha2_password\0");
        let mut client = Self(Box::new(stream));
        client.send(1, &response)?;
        match client.answer()? {
            Answer::Ok => Ok(client),
            other => Err(io::Error::other(format!("{other:?}"))),
        }
    }

    pub(crate) fn query(&mut self, text: &str) -> io::Result<Answer> {
        self.send_query(text)?;
        self.answer()
    }

    pub(crate) fn send_query(&mut self, text: &str) -> io::Result<()> {
        self.send(0, &[b"\x03", text.as_bytes()].concat())
    }

    /// The next packet, which must be an answer.
    pub(crate) fn answer(&mut self) -> io::Result<Answer> {
        let (_, packet) = read_packet(&mut self.0)?;
        Ok(match &packet[..] {
            [0, ..] => Answer::Ok,
            [0xff, a, b, message @ ..] => {
                let message = String::from_utf8_lossy(message).into_owned();
                Answer::Error(u16::from_le_bytes([*a, *b]), message)
            }
            _ => Answer::Other,
        })
    }

    /// Disconnects, and waits until the server has closed the connection.
    pub(crate) fn quit(mut self) -> io::Result<()> {
        self.send(0, b"\x01")?;
        self.0.read_to_end(&mut Vec::new()).map(drop)
    }

    fn send(&mut self, sequence_id: u8, payload: &[u8]) -> io::Result<()> {
        let len = u32::try_from(payload.len()).expect("it is short");
        let [a, b, c, _] = len.to_le_bytes();
        self.0
            .write_all(&[&[a, b, c, sequence_id], payload].concat())
    }
}

fn read_packet(stream: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let len = u32::from_le_bytes([header[0], header[1], header[2], 0]);
    let mut payload = vec![0; len as usize];
    stream.read_exact(&mut payload)?;
    Ok((header[3], payload))
}
