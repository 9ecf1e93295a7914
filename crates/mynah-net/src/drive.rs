use std::future::Future;
use std::io;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use mynah_auth::{LongNonce, Nonce};
use mynah_session::classic::server::{self, Action, Event};
use mynah_session::{Connection, Handler, Statement};
use mynah_wire::PacketCodec;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_util::codec::Decoder;

use crate::Worker;
use crate::connections::Registered;
use crate::stream::Stream;
use crate::workers::Common;

/// Serves one client until its session ends.
pub(crate) async fn serve<W: Worker>(
    stream: Stream,
    registered: &Registered,
    common: &Common<W>,
) -> io::Result<()> {
    let options = &common.options;
    let connection = Connection {
        id: registered.id,
        port: registered.listener.port(),
    };
    let session = server::Server::new(server::Options {
        server_version: options.server_version.clone().into(),
        connection_id: connection.id,
        nonce: Nonce::random().map_err(io::Error::other)?,
        switch_nonce: LongNonce::random().map_err(io::Error::other)?,
        max_allowed_packet: options.max_allowed_packet,
    });
    let drive = Drive {
        id: connection.id,
        stream,
        session,
        handler: common.worker.open(connection),
        input: BytesMut::new(),
    };
    drive.run().await
}

/// A session on its socket: bytes in, events to the session; actions and bytes out.
struct Drive<S, H> {
    id: u32,
    stream: S,
    session: server::Server,
    handler: H,
    input: BytesMut,
}

impl<S: AsyncRead + AsyncWrite + Unpin, H: Handler> Drive<S, H> {
    async fn run(mut self) -> io::Result<()> {
        loop {
            while let Some(action) = self.session.poll_action() {
                let event = match action {
                    Action::Close => {
                        self.flush().await?;
                        return self.close().await;
                    }
                    Action::Flush => {
                        self.flush().await?;
                        Event::Flushed
                    }
                    question => match self.answer(question).await? {
                        Some(answer) => answer,
                        None => return Ok(()),
                    },
                };
                self.tell(event);
            }
            // Answers to all the commands that have come are sent at once.
            if self.session.output().len() >= OUTPUT_LIMIT {
                self.flush().await?;
            }
            match PacketCodec.decode(&mut self.input)? {
                Some(packet) => self.tell(Event::Packet(packet)),
                None => {
                    self.flush().await?;
                    if self.read().await? == 0 {
                        self.tell(Event::Eof);
                    }
                }
            }
        }
    }

    /// Gives an event to the session, which says itself what follows from an error.
    fn tell(&mut self, event: Event) {
        if let Err(error) = self.session.handle(event) {
            let failure = error.failure();
            let message = String::from_utf8_lossy(&failure.message);
            log::warn!("connection {}: {error}: {message}", self.id);
        }
    }

    /// Asks the handler, and waits as long as it says; nothing if the client left meanwhile.
    async fn answer(&mut self, question: Action) -> io::Result<Option<Event>> {
        let (exec_time, event) = match question {
            Action::AskGreeting => {
                let greeting = self.handler.greeting();
                let exec_time = greeting.as_ref().map_or(Duration::ZERO, |g| g.exec_time);
                (exec_time, Event::Greeting(greeting))
            }
            Action::AskAccount(login) => {
                (Duration::ZERO, Event::Account(self.handler.login(&login)))
            }
            Action::AskReply(statement) => {
                let started = Instant::now();
                let reply = self.handler.statement(&statement);
                log_statement(self.id, &statement, started);
                (reply.exec_time, Event::Reply(reply))
            }
            Action::Flush | Action::Close => return Ok(None),
        };
        if !exec_time.is_zero() {
            self.flush().await?;
            if !self.outlasts(tokio::time::sleep(exec_time)).await? {
                return Ok(None);
            }
        }
        Ok(Some(event))
    }

    /// Waits, and says whether the client was still there at the end. What it sends meanwhile
    /// is kept, up to a limit.
    async fn outlasts(&mut self, wait: impl Future<Output = ()>) -> io::Result<bool> {
        tokio::pin!(wait);
        loop {
            self.input.reserve(READ_SIZE);
            tokio::select! {
                () = &mut wait => return Ok(true),
                read = self.stream.read_buf(&mut self.input), if self.input.len() < INPUT_LIMIT => {
                    if read? == 0 {
                        return Ok(false);
                    }
                }
            }
        }
    }

    async fn read(&mut self) -> io::Result<usize> {
        if self.input.is_empty() && self.input.capacity() > KEPT_CAPACITY {
            self.input = BytesMut::new();
        }
        self.input.reserve(READ_SIZE);
        self.stream.read_buf(&mut self.input).await
    }

    /// Closes the connection so that the client gets what was sent last: a socket closed with
    /// something unread takes that back.
    async fn close(&mut self) -> io::Result<()> {
        self.stream.shutdown().await?;
        let read_on = async {
            loop {
                self.input.clear();
                self.input.reserve(READ_SIZE);
                if !matches!(self.stream.read_buf(&mut self.input).await, Ok(1..)) {
                    break;
                }
            }
        };
        // A client that never leaves is left.
        let _late = tokio::time::timeout(LAST_WORDS, read_on).await;
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        let output = self.session.output();
        if output.is_empty() {
            return Ok(());
        }
        self.stream.write_all(output).await?;
        output.clear();
        if output.capacity() > KEPT_CAPACITY {
            *output = BytesMut::new();
        }
        self.stream.flush().await
    }
}

fn log_statement(id: u32, statement: &Statement, started: Instant) {
    if log::log_enabled!(log::Level::Debug) {
        let micros = started.elapsed().as_micros();
        let text = String::from_utf8_lossy(&statement.text);
        log::debug!(
            "connection {id}: answered in {micros} us: {}",
            text.escape_debug()
        );
    }
}

/// How much room a read has at least.
const READ_SIZE: usize = 4 * 1024;
/// How long a client has to read what it was told last.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How much of what a client sends ahead is taken while it waits for an answer.
const INPUT_LIMIT: usize = 64 * 1024;
/// How much output may gather before it is sent.
const OUTPUT_LIMIT: usize = 64 * 1024;
/// How much buffer an idle session keeps.
const KEPT_CAPACITY: usize = 16 * 1024;
