//! Drives a client's session on a socket that blocks.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;

use bytes::{Bytes, BytesMut};
use mynah_auth::client::{Credentials, ServerKey};
use mynah_auth::{Channel as Secrecy, LongNonce};
use mynah_classic::command::{ComQuery, Command};
use mynah_session::classic::Part;
use mynah_session::classic::client::{Action, Client, Event, Options, TlsMode};
use mynah_testkit::servers::Server;
use mynah_wire::PacketCodec;
use openssl::ssl::{SslConnector, SslMethod, SslStream, SslVerifyMode};
use tokio_util::codec::Decoder;

/// How the client reaches its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Plain,
    Tls,
    Socket,
}

enum Transport {
    Plain(TcpStream),
    Tls(Box<SslStream<TcpStream>>),
    Socket(UnixStream),
    Upgrading,
}

impl Transport {
    fn stream(&mut self) -> &mut dyn Stream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream,
            Self::Socket(stream) => stream,
            Self::Upgrading => panic!("TLS failed"),
        }
    }

    fn upgrade(&mut self) -> Result<(), Box<dyn Error>> {
        let Self::Plain(stream) = std::mem::replace(self, Self::Upgrading) else {
            return Err("TLS on something else than TCP".into());
        };
        let mut connector = SslConnector::builder(SslMethod::tls_client())?;
        connector.set_verify(SslVerifyMode::NONE);
        let stream = connector.build().connect("localhost", stream)?;
        *self = Self::Tls(Box::new(stream));
        Ok(())
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A client that has logged in.
pub(crate) struct Connection {
    transport: Transport,
    client: Client,
    input: BytesMut,
    /// What is sent when the server asks for a file.
    pub(crate) file: Vec<u8>,
}

impl Connection {
    pub(crate) fn log_in(
        server: &Server,
        channel: Channel,
        user: &str,
        password: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let secrecy = match channel {
            Channel::Socket => Secrecy::Local,
            Channel::Plain | Channel::Tls => Secrecy::Insecure,
        };
        let mut passwords = Credentials::new(password, secrecy, LongNonce::random()?);
        passwords.server_key = ServerKey::Ask;
        let mut options = Options::new(user.to_owned(), passwords);
        if channel == Channel::Tls {
            options.tls = TlsMode::Required;
        }
        let transport = match channel {
            Channel::Socket => {
                Transport::Socket(UnixStream::connect(server.folder().join("socket"))?)
            }
            Channel::Plain | Channel::Tls => {
                Transport::Plain(TcpStream::connect(server.address())?)
            }
        };
        let mut connection = Self {
            transport,
            client: Client::new(options),
            input: BytesMut::new(),
            file: Vec::new(),
        };
        loop {
            match connection.next()? {
                Some(Action::LoggedIn(_)) => return Ok(connection),
                Some(Action::StartTls) => {
                    connection.send()?;
                    connection.transport.upgrade()?;
                    connection.input.clear();
                    connection.client.handle(Event::TlsEstablished)?;
                }
                Some(other) => return Err(format!("{other:?} during the login").into()),
                None => {}
            }
        }
    }

    /// Runs a command; gives what its answer was made of, rows and columns together as one.
    pub(crate) fn parts(&mut self, command: Command) -> Vec<Part> {
        self.client.handle(Event::Command(command)).unwrap();
        let mut parts = Vec::new();
        loop {
            match self.next().unwrap() {
                Some(Action::Received(part, _)) => {
                    parts.push(part);
                    if part == Part::LocalInfile {
                        for piece in [std::mem::take(&mut self.file), Vec::new()] {
                            self.client.handle(Event::File(piece.into())).unwrap();
                        }
                    }
                }
                Some(Action::Answered | Action::Close) => return parts,
                Some(other) => panic!("{other:?} while a command runs"),
                None => {}
            }
        }
    }

    /// Runs statements that have to succeed; gives how many rows there were.
    pub(crate) fn query(&mut self, text: &str) -> usize {
        let parts = self.parts(Command::Query(ComQuery::new(Bytes::copy_from_slice(
            text.as_bytes(),
        ))));
        assert!(!parts.contains(&Part::Err), "{text}: {parts:?}");
        parts.iter().filter(|part| **part == Part::TextRow).count()
    }

    /// What is to be done next; nothing if the server has to be heard first, which it is.
    fn next(&mut self) -> Result<Option<Action>, Box<dyn Error>> {
        loop {
            if let Some(action) = self.client.poll_action() {
                return Ok(Some(action));
            }
            match PacketCodec.decode(&mut self.input)? {
                Some(packet) => self.client.handle(Event::Packet(packet))?,
                None => break,
            }
        }
        self.send()?;
        let mut chunk = [0; 4096];
        let len = self.transport.stream().read(&mut chunk)?;
        if len == 0 {
            return Err("the server closed the connection".into());
        }
        self.input.extend_from_slice(&chunk[..len]);
        Ok(None)
    }

    fn send(&mut self) -> Result<(), Box<dyn Error>> {
        let output = self.client.output().split();
        self.transport.stream().write_all(&output)?;
        Ok(())
    }
}
