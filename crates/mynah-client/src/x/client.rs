use bytes::{Bytes, BytesMut};
use mynah_auth::x::Mechanism;
use mynah_net::{ListenAddress, Stream};
use mynah_x::compress::Algorithm;
use mynah_x::connection;
use mynah_x::notice::Parameter;
use mynah_x::session::Reset;
use mynah_x::sql::StmtExecute;
use mynah_x::status::{self, Severity};
use mynah_x::{ClientMessage, ServerMessage, ServerMessageType};

use super::notices::{closing, number, session_state};
use super::wire::Wire;
use super::{Answer, Options, Raw, argument};
use crate::socket::Socket;
use crate::{Error, Value};

/// A client that has logged in to a MySQL server, over the X Protocol.
#[derive(Debug)]
pub struct Client {
    pub(super) wire: Wire,
    pub(super) options: Options,
    /// The authentication mechanisms that the server offers.
    pub(super) mechanisms: Vec<Mechanism>,
    /// The id of the next prepared statement.
    pub(super) next_statement_id: u32,
    id: Option<u64>,
    /// How many messages of the client have no complete answer.
    unanswered: usize,
    /// Why the server closes the connection, if it has said so.
    closing: Option<status::Error>,
    /// Whether nothing more can be received.
    is_closed: bool,
}

impl Client {
    /// Connects to a server and logs in.
    ///
    /// # Errors
    /// If the server can't be reached, TLS fails, or the server refuses the login or breaks the protocol.
    pub async fn connect(address: &ListenAddress, options: Options) -> Result<Self, Error> {
        Self::log_in_over(Socket::connect(address).await?, options).await
    }

    /// Logs in to a server on a connection that the caller has made, without TLS.
    ///
    /// # Errors
    /// If TLS fails, or the server refuses the login or breaks the protocol.
    pub async fn log_in_on(stream: Stream, options: Options) -> Result<Self, Error> {
        Self::log_in_over(Socket::new(stream, BytesMut::new()), options).await
    }

    async fn log_in_over(mut socket: Socket, options: Options) -> Result<Self, Error> {
        socket.set_tap(options.tap.clone());
        let mut client = Self {
            wire: Wire::new(socket),
            options,
            mechanisms: Vec::new(),
            next_statement_id: 1,
            id: None,
            unanswered: 0,
            closing: None,
            is_closed: false,
        };
        client.agree_on_capabilities().await?;
        client.log_in().await?;
        Ok(client)
    }

    /// The id that the X Plugin gave the client, as its commands `list_clients` and `kill_client` have it; `None` if the
    /// server didn't send it. MySQL's KILL takes another id, that of `connection_id()`.
    #[must_use]
    pub fn id(&self) -> Option<u64> {
        self.id
    }

    /// The algorithm by which messages are compressed on this connection; `None` if they aren't.
    #[must_use]
    pub fn compression(&self) -> Option<Algorithm> {
        self.wire.algorithm()
    }

    /// Sends SQL as text (StmtExecute), and reads the beginning of its answer, up to the first row if there are rows.
    ///
    /// # Errors
    /// If the server answers with an error or breaks the protocol, or the connection fails.
    pub async fn query(&mut self, text: impl Into<Bytes>) -> Result<Answer<'_>, Error> {
        self.query_with(text, &[]).await
    }

    /// As [`query`](Self::query), with values for the placeholders (`?`) of the text. Texts, and numbers and moments
    /// that the X Protocol has no type for, are sent as strings; bytes that aren't UTF-8 as octets.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn query_with(
        &mut self,
        text: impl Into<Bytes>,
        args: &[Value<'_>],
    ) -> Result<Answer<'_>, Error> {
        let execute = StmtExecute {
            stmt: text.into(),
            args: argument::arguments(args),
            ..StmtExecute::default()
        };
        self.answer(execute).await
    }

    /// Sends a message that is answered like a statement, such as a message of CRUD or of a cursor, and reads the
    /// beginning of its answer, as [`query`](Self::query).
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn answer(&mut self, message: impl Into<ClientMessage>) -> Result<Answer<'_>, Error> {
        self.send(message).await?;
        Answer::begin(self).await
    }

    /// Runs the X Plugin's command `ping`, and waits for the server's answer.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn ping(&mut self) -> Result<(), Error> {
        let ping = StmtExecute {
            stmt: Bytes::from_static(b"ping"),
            namespace: Some("mysqlx".to_owned()),
            ..StmtExecute::default()
        };
        self.answer(ping).await.map(drop)
    }

    /// Resets the session's state, such as variables and prepared statements, without a new login (Session.Reset, which
    /// MySQL has in this form from 8.0.16 on).
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn reset(&mut self) -> Result<(), Error> {
        let keep_open = Some(true);
        self.run(Reset { keep_open }).await
    }

    /// Logs in as another user on the same connection (Session.Reset, and a login). With an empty `schema`, no schema
    /// is in use.
    ///
    /// # Errors
    /// If the server refuses the login or breaks the protocol, or the connection fails.
    pub async fn change_user(
        &mut self,
        user: impl Into<String>,
        password: &str,
        schema: impl Into<String>,
    ) -> Result<(), Error> {
        self.run(Reset { keep_open: None }).await?;
        let login = &mut self.options.login;
        login.user = user.into();
        password.clone_into(&mut login.password);
        login.schema = schema.into();
        self.log_in().await
    }

    /// Reads the rest of the previous answer, closes the session (Connection.Close) and the connection.
    ///
    /// # Errors
    /// If the connection fails.
    pub async fn close(mut self) -> Result<(), Error> {
        self.run(connection::Close {}).await?;
        self.wire.socket.shut_down().await
    }

    /// Sends a message. The rest of the previous answer is read first.
    ///
    /// # Errors
    /// If the connection fails.
    pub async fn send(&mut self, message: impl Into<ClientMessage>) -> Result<(), Error> {
        while self.next().await?.is_some() {}
        self.send_ahead(&message.into()).await
    }

    /// Reads the next message of the server's answer to the last message, notices included; `None` at the end of the
    /// answer. A compressed message is returned as the messages in it.
    ///
    /// # Errors
    /// If the connection fails or the server breaks the protocol. An error of the server is a message
    /// ([`ServerMessage::Error`]).
    pub async fn next(&mut self) -> Result<Option<ServerMessage>, Error> {
        if self.unanswered == 0 {
            return Ok(None);
        }
        match self.receive().await? {
            Some(message) => Ok(Some(message)),
            None => Err(self.closed()),
        }
    }

    /// Access to the connection's messages without the order of [`send`](Self::send) and [`next`](Self::next): to send
    /// several messages before their answers are read, and to wait for notices that no message has asked for.
    pub fn raw(&mut self) -> Raw<'_> {
        Raw(self)
    }

    /// Sends a message and returns the answer, which is one message besides notices.
    pub(super) async fn request(
        &mut self,
        message: impl Into<ClientMessage>,
    ) -> Result<ServerMessage, Error> {
        self.send(message).await?;
        loop {
            match self.next().await? {
                Some(ServerMessage::Notice(_)) => {}
                Some(ServerMessage::Error(error)) => return Err(Error::X(error)),
                Some(message) => return Ok(message),
                None => return Err(self.closed()),
            }
        }
    }

    /// Sends a message whose answer is Ok.
    pub(super) async fn run(&mut self, message: impl Into<ClientMessage>) -> Result<(), Error> {
        match self.request(message).await? {
            ServerMessage::Ok(_) => Ok(()),
            other => Err(Error::unexpected(&other, "Mysqlx.Ok")),
        }
    }

    /// Sends a message, whatever hasn't been answered yet.
    pub(super) async fn send_ahead(&mut self, message: &ClientMessage) -> Result<(), Error> {
        if self.is_closed {
            return Err(self.closed());
        }
        self.wire.send(message).await?;
        // What a message compressed by the caller contains, and how many answers it gets, isn't known.
        if !matches!(message, ClientMessage::Compression(_)) {
            self.unanswered += 1;
        }
        Ok(())
    }

    /// The next message; `None` at the end of the stream.
    pub(super) async fn receive(&mut self) -> Result<Option<ServerMessage>, Error> {
        let received = self.wire.message().await;
        match &received {
            Ok(Some(message)) => self.note(message),
            // After bytes that aren't a message, where the next one begins isn't known.
            Ok(None) | Err(_) => {
                self.is_closed = true;
                self.unanswered = 0;
            }
        }
        received
    }

    /// The error of a connection that has no further messages.
    fn closed(&self) -> Error {
        match &self.closing {
            Some(error) => Error::X(error.clone()),
            None => Error::Closed,
        }
    }

    /// Takes from a message what concerns the connection.
    fn note(&mut self, message: &ServerMessage) {
        if ends_answer(message.message_type()) {
            self.unanswered = self.unanswered.saturating_sub(1);
        }
        match message {
            ServerMessage::Error(error) if error.severity == Some(Severity::Fatal.into()) => {
                self.closing = Some(error.clone());
                self.is_closed = true;
                self.unanswered = 0;
            }
            ServerMessage::Notice(notice) => {
                if let Some(error) = closing(notice) {
                    self.closing = Some(error);
                }
                if let Some((Parameter::ClientIdAssigned, values)) = session_state(notice) {
                    self.id = values.first().and_then(number);
                }
            }
            _ => {}
        }
    }
}

/// Whether a message of this type is the last one of the answer to a client's message.
fn ends_answer(message_type: ServerMessageType) -> bool {
    matches!(
        message_type,
        ServerMessageType::OK
            | ServerMessageType::ERROR
            | ServerMessageType::CONN_CAPABILITIES
            | ServerMessageType::SESS_AUTHENTICATE_CONTINUE
            | ServerMessageType::SESS_AUTHENTICATE_OK
            | ServerMessageType::SQL_STMT_EXECUTE_OK
    )
}
