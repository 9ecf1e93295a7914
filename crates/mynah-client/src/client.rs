use bytes::{Bytes, BytesMut};
use mynah_auth::client::{Credentials, ServerKey};
use mynah_auth::{Channel, LongNonce};
use mynah_classic::Capabilities;
use mynah_classic::command::{
    ComChangeUser, ComInitDb, ComPing, ComQuery, ComQuit, ComResetConnection, Command,
};
use mynah_classic::response::{ErrPacket, LocalInfileRequest};
use mynah_net::{ListenAddress, Stream};
use mynah_session::classic::Part;
use mynah_session::classic::client::{self, Action, Event};
use mynah_wire::Message;
use mynah_wire::compress::Algorithm;

use crate::kept_columns::KeptColumns;
use crate::socket::Socket;
use crate::wire::Wire;
use crate::{Answer, Error, Options};

/// A client that has logged in to a MySQL server, over the classic protocol.
#[derive(Debug)]
pub struct Client {
    wire: Wire,
    session: client::Client,
    pub(crate) shared: Capabilities,
    pub(crate) kept_columns: KeptColumns,
    options: Options,
    /// Whether the answer to the last command isn't complete.
    is_answering: bool,
}

impl Client {
    /// Connects to a server and logs in.
    ///
    /// # Errors
    /// If the server can't be reached, TLS fails, or the server refuses the login or breaks the protocol.
    pub async fn connect(address: &ListenAddress, options: Options) -> Result<Self, Error> {
        Self::log_in_over(Socket::connect(address).await?, options).await
    }

    /// Logs in to a server on a connection that the caller has made, without TLS. `received` is what the caller has read
    /// of the server, the beginning of its greeting.
    ///
    /// # Errors
    /// If TLS fails, or the server refuses the login or breaks the protocol.
    pub async fn log_in_on(
        stream: Stream,
        received: BytesMut,
        options: Options,
    ) -> Result<Self, Error> {
        Self::log_in_over(Socket::new(stream, received), options).await
    }

    async fn log_in_over(mut socket: Socket, options: Options) -> Result<Self, Error> {
        socket.set_tap(options.tap.clone());
        let mut login = client::Options::new(
            options.login.user.clone(),
            credentials(&options, socket.channel(), &options.login.password)?,
        );
        login.database = options.login.schema.clone().into();
        if options.has_only_these {
            login.capabilities = options.capabilities;
        } else {
            login.capabilities |= options.capabilities;
        }
        if let Some(character_set) = options.character_set {
            login.character_set = character_set;
        }
        login.tls = options.login.tls_mode;
        let mut client = Self {
            wire: Wire::new(socket),
            session: client::Client::new(login),
            shared: Capabilities::empty(),
            kept_columns: KeptColumns::default(),
            options,
            is_answering: false,
        };
        client.log_in().await?;
        Ok(client)
    }

    async fn log_in(&mut self) -> Result<(), Error> {
        loop {
            match self.action().await? {
                Action::StartTls => {
                    if let Some(tls) = &self.options.login.tls {
                        self.wire.socket.start_tls(tls).await?;
                    }
                    self.session.handle(Event::TlsEstablished)?;
                }
                Action::LoggedIn(_) => break,
                Action::Close => return Err(Error::Closed),
                Action::Received(..) | Action::Answered => {}
            }
        }
        self.shared = self.session.shared().unwrap_or_default();
        self.kept_columns = KeptColumns::new(self.shared);
        if self.shared.contains(Capabilities::COMPRESS) {
            self.wire.compress(Algorithm::Zlib);
        } else if self
            .shared
            .contains(Capabilities::ZSTD_COMPRESSION_ALGORITHM)
        {
            self.wire.compress(Algorithm::Zstd(3));
        }
        Ok(())
    }

    /// The capability flags that client and server share on this connection.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.shared
    }

    /// Sends SQL as text (COM_QUERY), and reads the beginning of its answer, up to the first row if there are rows.
    ///
    /// # Errors
    /// If the server answers with an error or breaks the protocol, or the connection fails.
    pub async fn query(&mut self, text: impl Into<Bytes>) -> Result<Answer<'_>, Error> {
        self.send(Command::Query(ComQuery::new(text))).await?;
        Answer::begin(self, None).await
    }

    /// Sends COM_PING and waits for the server's OK.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn ping(&mut self) -> Result<(), Error> {
        self.run(Command::Ping(ComPing)).await
    }

    /// Switches to another schema (COM_INIT_DB), for the statements that follow.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn use_schema(&mut self, schema: impl Into<Bytes>) -> Result<(), Error> {
        let schema_name = schema.into();
        self.run(Command::InitDb(ComInitDb { schema_name })).await
    }

    /// Resets the session's state, such as variables and prepared statements, without a new login
    /// (COM_RESET_CONNECTION). The schema stays in use.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn reset(&mut self) -> Result<(), Error> {
        self.run(Command::ResetConnection(ComResetConnection))
            .await?;
        self.kept_columns = KeptColumns::new(self.shared);
        Ok(())
    }

    /// Logs in as another user on the same connection (COM_CHANGE_USER). With an empty `schema`, no schema is in
    /// use.
    ///
    /// # Errors
    /// If the server refuses the login or breaks the protocol, or the connection fails.
    pub async fn change_user(
        &mut self,
        user: impl Into<Bytes>,
        password: &str,
        schema: impl Into<Bytes>,
    ) -> Result<(), Error> {
        self.drain().await?;
        self.wire.start_command();
        let change = ComChangeUser {
            user: user.into(),
            schema_name: schema.into(),
            character_set: self.options.character_set.unwrap_or_default().into(),
            ..ComChangeUser::default()
        };
        let channel = self.wire.socket.channel();
        let credentials = credentials(&self.options, channel, password)?;
        self.session
            .handle(Event::ChangeUser(change, credentials))?;
        loop {
            match self.action().await? {
                Action::LoggedIn(_) | Action::Answered => {
                    self.kept_columns = KeptColumns::new(self.shared);
                    return Ok(());
                }
                Action::Close => return Err(Error::Closed),
                _ => {}
            }
        }
    }

    /// Reads the rest of the previous answer, sends COM_QUIT and closes the connection.
    ///
    /// # Errors
    /// If the connection fails.
    pub async fn close(mut self) -> Result<(), Error> {
        self.send(Command::Quit(ComQuit)).await?;
        self.wire.socket.shut_down().await
    }

    /// Sends a command. The rest of the previous answer is read first. For COM_CHANGE_USER, use
    /// [`change_user`](Self::change_user), which also carries out the authentication.
    ///
    /// # Errors
    /// If the command can't be encoded, or the connection fails.
    pub async fn send(&mut self, command: Command) -> Result<(), Error> {
        self.drain().await?;
        self.wire.start_command();
        self.session.handle(Event::Command(command))?;
        self.is_answering = true;
        self.wire.send(self.session.output()).await
    }

    /// Reads the next message of the server's answer to the last command: its kind and its payload; `None` at the end
    /// of the answer. If the message is a request for a file, the client sends the file, and then the message is
    /// returned.
    ///
    /// # Errors
    /// If the connection fails or the server breaks the protocol. An error packet of the server is a message
    /// ([`Part::Err`]).
    pub async fn next(&mut self) -> Result<Option<(Part, Bytes)>, Error> {
        if !self.is_answering {
            return Ok(None);
        }
        match self.action().await? {
            Action::Received(part, payload) => {
                if part == Part::LocalInfile {
                    self.send_file(&payload).await?;
                }
                Ok(Some((part, payload)))
            }
            Action::Answered => {
                self.is_answering = false;
                Ok(None)
            }
            Action::Close => {
                self.is_answering = false;
                Err(Error::Closed)
            }
            Action::StartTls | Action::LoggedIn(_) => Ok(None),
        }
    }

    /// Sends a command whose answer is OK.
    pub(crate) async fn run(&mut self, command: Command) -> Result<(), Error> {
        self.send(command).await?;
        let mut failure = None;
        while let Some((part, payload)) = self.next().await? {
            if part == Part::Err {
                failure = Some(self.error(&payload)?);
            }
        }
        failure.map_or(Ok(()), Err)
    }

    pub(crate) fn error(&self, payload: &Bytes) -> Result<Error, Error> {
        Ok(Error::Server(ErrPacket::from_payload(
            payload,
            self.shared,
        )?))
    }

    async fn drain(&mut self) -> Result<(), Error> {
        while self.next().await?.is_some() {}
        Ok(())
    }

    async fn send_file(&mut self, request: &Bytes) -> Result<(), Error> {
        let request = LocalInfileRequest::from_payload(request, ())?;
        let name = String::from_utf8_lossy(&request.filename);
        let files = self.options.files.as_ref();
        let content = files.map(|files| files(&name)).unwrap_or_default();
        // An empty piece is the end of the file, so an empty file is the end alone.
        if !content.is_empty() {
            self.session.handle(Event::File(content))?;
        }
        self.session.handle(Event::File(Bytes::new()))?;
        Ok(())
    }

    async fn action(&mut self) -> Result<Action, Error> {
        loop {
            // Output first: the server may wait for it before it sends the packet that is read below.
            self.wire.send(self.session.output()).await?;
            if let Some(action) = self.session.poll_action() {
                return Ok(action);
            }
            let event = self.wire.packet().await?.map_or(Event::Eof, Event::Packet);
            self.session.handle(event)?;
        }
    }
}

fn credentials(options: &Options, channel: Channel, password: &str) -> Result<Credentials, Error> {
    let nonce = LongNonce::random().map_err(|error| Error::Random(error.into()))?;
    let mut credentials = Credentials::new(password, channel, nonce);
    if options.asks_for_key {
        credentials.server_key = ServerKey::Ask;
    }
    Ok(credentials)
}
