//! A client of our own, on a blocking socket.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use mynah_auth::client::{Credentials, ServerKey};
use mynah_auth::{Channel, LongNonce};
use mynah_classic::command::{ComQuery, ComStatistics, Command};
use mynah_session::classic::Part;
use mynah_session::classic::client::{Action, Client as Session, ClientError, Event};
use mynah_session::classic::client::{Options, TlsMode};
use mynah_wire::PacketCodec;
use openssl::ssl::{Ssl, SslContext, SslContextBuilder, SslMethod, SslStream, SslVersion};
use tokio_util::codec::Decoder;

use super::authority::Identity;

pub(crate) type Error = Box<dyn std::error::Error>;

pub(crate) trait Socket: Read + Write + Send + std::fmt::Debug {}
impl<T: Read + Write + Send + std::fmt::Debug> Socket for T {}

enum Stream {
    Plain(Box<dyn Socket>),
    Tls(SslStream<Box<dyn Socket>>),
    Gone,
}

impl Stream {
    fn socket(&mut self) -> &mut dyn Socket {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(socket) => socket,
            Self::Gone => panic!("TLS failed"),
        }
    }
}

/// A client that has logged in.
pub(crate) struct Client {
    stream: Stream,
    session: Session,
    input: BytesMut,
}

/// The user and the way of a login.
pub(crate) struct LogIn<'a> {
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) channel: Channel,
    pub(crate) schema: &'static str,
    pub(crate) tls: Option<&'a SslContext>,
}

impl Default for LogIn<'_> {
    fn default() -> Self {
        Self {
            user: "ada",
            password: "secret",
            channel: Channel::Insecure,
            schema: "zoo",
            tls: None,
        }
    }
}

pub(crate) fn tcp(address: SocketAddr) -> Box<dyn Socket> {
    Box::new(TcpStream::connect(address).unwrap())
}

pub(crate) fn unix(path: &Path) -> Box<dyn Socket> {
    Box::new(UnixStream::connect(path).unwrap())
}

impl LogIn<'_> {
    pub(crate) fn over(self, socket: Box<dyn Socket>) -> Result<Client, Error> {
        let nonce = LongNonce::random()?;
        let mut passwords = Credentials::new(self.password, self.channel, nonce);
        passwords.server_key = ServerKey::Ask;
        let mut options = Options::new(self.user, passwords);
        options.database = self.schema.into();
        if self.tls.is_some() {
            options.tls = TlsMode::Required;
        }
        let mut client = Client {
            stream: Stream::Plain(socket),
            session: Session::new(options),
            input: BytesMut::new(),
        };
        loop {
            match client.next()? {
                Action::LoggedIn(_) => return Ok(client),
                Action::StartTls => client.start_tls(self.tls.unwrap())?,
                other => return Err(format!("{other:?} during the login").into()),
            }
        }
    }
}

impl Client {
    fn start_tls(&mut self, context: &SslContext) -> Result<(), Error> {
        self.send()?;
        let Stream::Plain(socket) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            return Err("TLS twice".into());
        };
        let stream = Ssl::new(context)?
            .connect(socket)
            .map_err(|error| format!("{error:?}"))?;
        self.stream = Stream::Tls(stream);
        self.session.handle(Event::TlsEstablished)?;
        Ok(())
    }

    /// Runs a statement; returns the number of rows.
    pub(crate) fn query(&mut self, text: &str) -> Result<usize, Error> {
        let text = Bytes::copy_from_slice(text.as_bytes());
        let query = Command::Query(ComQuery::new(text));
        self.session.handle(Event::Command(query))?;
        let mut rows = 0;
        loop {
            match self.next()? {
                Action::Received(Part::TextRow, _) => rows += 1,
                Action::Received(Part::Err, error) => return Err(format!("{error:?}").into()),
                Action::Received(..) => {}
                Action::Answered => return Ok(rows),
                other => return Err(format!("{other:?} while a command runs").into()),
            }
        }
    }

    /// The numbers that the server reports for COM_STATISTICS.
    pub(crate) fn statistics(&mut self) -> Result<String, Error> {
        let command = Command::Statistics(ComStatistics {});
        self.session.handle(Event::Command(command))?;
        let mut text = String::new();
        loop {
            match self.next()? {
                Action::Received(_, payload) => text += str::from_utf8(&payload)?,
                Action::Answered => return Ok(text),
                other => return Err(format!("{other:?} while a command runs").into()),
            }
        }
    }

    /// Sends a statement without waiting for the answer.
    pub(crate) fn start_query(&mut self, text: &str) {
        let text = Bytes::copy_from_slice(text.as_bytes());
        let query = Command::Query(ComQuery::new(text));
        self.session.handle(Event::Command(query)).unwrap();
        self.send().unwrap();
    }

    /// Reads until the server has closed the connection; returns the bytes received.
    pub(crate) fn read_to_end(&mut self) -> Vec<u8> {
        let mut received = Vec::new();
        let _reset = self.stream.socket().read_to_end(&mut received);
        received
    }

    fn next(&mut self) -> Result<Action, Error> {
        loop {
            if let Some(action) = self.session.poll_action() {
                return Ok(action);
            }
            if let Some(packet) = PacketCodec.decode(&mut self.input)? {
                self.session.handle(Event::Packet(packet))?;
                continue;
            }
            self.send()?;
            let mut chunk = [0; 4096];
            let len = self.stream.socket().read(&mut chunk)?;
            if len == 0 {
                return Err("the server closed the connection".into());
            }
            self.input.extend_from_slice(&chunk[..len]);
        }
    }

    fn send(&mut self) -> io::Result<()> {
        let output = self.session.output().split();
        self.stream.socket().write_all(&output)
    }
}

/// A client's TLS, with a fixed version and a certificate if they are given. It accepts any
/// certificate of the server.
pub(crate) fn tls(version: Option<SslVersion>, identity: Option<&Identity>) -> SslContext {
    tls_with(version, identity, |_| {})
}

pub(crate) fn tls_with(
    version: Option<SslVersion>,
    identity: Option<&Identity>,
    configure: impl FnOnce(&mut SslContextBuilder),
) -> SslContext {
    let mut context = SslContext::builder(SslMethod::tls_client()).unwrap();
    // At the default level OpenSSL has no ciphers for old versions.
    context.set_security_level(0);
    context.set_cipher_list("ALL:@SECLEVEL=0").unwrap();
    context.set_min_proto_version(version).unwrap();
    context.set_max_proto_version(version).unwrap();
    if let Some(identity) = identity {
        context.set_certificate(&identity.certificate).unwrap();
        context.set_private_key(&identity.key).unwrap();
    }
    configure(&mut context);
    context.build()
}

/// The code and message of the error with which the server refused the client.
pub(crate) fn refusal(result: Result<Client, Error>) -> (u16, String) {
    let error = result.err().expect("the login is refused");
    match error.downcast_ref() {
        Some(ClientError::Refused(refused)) => (
            refused.error_code,
            String::from_utf8_lossy(&refused.error_message).into_owned(),
        ),
        _ => panic!("{error}"),
    }
}
