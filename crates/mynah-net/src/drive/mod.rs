//! Runs a session on its socket.

mod ask;
mod common;
mod compression;
mod faults;
mod input;
mod io;
mod log;
mod session;
mod statement;
mod x;

use std::io::Result;
use std::pin::{Pin, pin};

use bytes::BytesMut;
use mynah_auth::{Channel, LongNonce, Nonce};
use mynah_fault::{End, Playing};
use mynah_session::classic::server::{self, Action, Event};
use mynah_session::{Connection, Handler, Question};
use mynah_wire::{Header, PacketCodec, PacketHeader};
use tokio::time::Sleep;
use tokio_util::codec::Decoder;

pub(crate) use self::common::{Common, Passwords};
pub(crate) use self::input::InputMemory;
pub(crate) use self::x::serve_x;

use self::ask::{Asked, Interruptible};
use self::compression::Compression;
use self::input::Taken;
use self::io::Wait;
use self::session::Session;
use crate::{Admitted, Stream, TlsMode, TlsServer, Worker};

/// Serves one client until its session ends.
pub(crate) async fn serve<W: Worker>(
    stream: Stream,
    connection: &Admitted,
    common: &Common<W>,
) -> Result<()> {
    let session = server::Server::new(session_options(connection, common)?);
    let handler = open_handler(connection, common);
    let drive = Drive::new(stream, connection, common, session);
    drive.run(handler).await
}

fn session_options<W: Worker>(
    connection: &Admitted,
    common: &Common<W>,
) -> Result<server::Options> {
    let options = &common.options;
    let mode = options
        .tls
        .as_ref()
        .map_or(TlsMode::Disabled, TlsServer::mode);
    Ok(server::Options {
        server_version: common.server_version.clone(),
        connection_id: connection.id(),
        peer: connection.address(),
        nonce: Nonce::random().map_err(std::io::Error::other)?,
        switch_nonce: LongNonce::random().map_err(std::io::Error::other)?,
        max_allowed_packet: options.max_allowed_packet,
        channel: channel(connection),
        capabilities: options.capabilities,
        offer_tls: mode != TlsMode::Disabled,
        require_secure_transport: mode == TlsMode::Required,
        asks_administration: <W::Handler as Handler>::ASKED_ADMINISTRATION,
        asks_bulk: <W::Handler as Handler>::ASKED_BULK,
        rsa_key: options.rsa_key.clone(),
        passwords: common.passwords.classic.clone(),
    })
}

fn open_handler<W: Worker>(connection: &Admitted, common: &Common<W>) -> W::Handler {
    common.worker.open(Connection {
        id: connection.id(),
        port: connection.listener().port(),
    })
}

/// How safe the connection is from eavesdroppers before TLS.
fn channel(connection: &Admitted) -> Channel {
    if connection.is_local() {
        Channel::Local
    } else {
        Channel::Insecure
    }
}

/// A session on its socket. Feeds received bytes to the session as events, and carries out its
/// actions. The handler isn't a part of it, so that the socket is watched while the handler answers.
struct Drive<'a, W: Worker, S> {
    connection: &'a Admitted,
    common: &'a Common<W>,
    stream: Stream,
    session: S,
    input: BytesMut,
    /// Boxed, as few connections are compressed.
    compression: Option<Box<Compression>>,
    /// Whether the session's buffers are with [`Common::buffers`], for others to use.
    is_idle: bool,
    /// How many packets were handled since other sessions, and the rest of the thread, last ran.
    packets_in_turn: u16,
    /// The session's login version at the last [`note_login`](Self::note_login).
    login_version: u32,
    /// The connect timeout. Absent before the first wait, and after the login.
    login_timer: Option<Pin<Box<Sleep>>>,
    /// Whether the next packet continues a message.
    is_continued: bool,
    /// The memory that is reserved for the message being read or answered, if it is large.
    memory: Option<Taken>,
    /// The fault that is played on the answer. Boxed, as few answers have one.
    fault: Option<Box<Playing>>,
    /// How a fault ends the connection: nothing more is sent.
    end: Option<End>,
}

impl<'a, W: Worker, S: Session> Drive<'a, W, S> {
    fn new(stream: Stream, connection: &'a Admitted, common: &'a Common<W>, session: S) -> Self {
        connection.set_closing_error(session.closing_error());
        Self {
            connection,
            common,
            stream,
            session,
            input: BytesMut::new(),
            compression: None,
            is_idle: true,
            packets_in_turn: 0,
            login_version: 0,
            login_timer: None,
            is_continued: false,
            memory: None,
            fault: None,
            end: None,
        }
    }

    /// Lets the worker's other sessions run from time to time. Reading from a socket does so, too,
    /// but a compressed frame of a few bytes can hold a million packets.
    async fn give_way(&mut self, packets: u16) {
        self.packets_in_turn = self.packets_in_turn.saturating_add(packets);
        if self.packets_in_turn >= PACKETS_PER_TURN {
            self.packets_in_turn = 0;
            tokio::task::yield_now().await;
        }
    }

    /// Lets another thread send the client an error if this worker is lost, until something else is
    /// sent.
    fn note_closing_error(&self) {
        // Only with containment can a worker be lost, so only then another thread may have to send an error.
        if self.common.options.containment.is_none() {
            return;
        }
        // Under TLS and compression only this thread has the state that sending needs.
        let is_clear = self.stream.is_plain() && self.compression.is_none();
        let closing_error = is_clear.then(|| self.session.closing_error()).flatten();
        self.connection.set_closing_error(closing_error);
    }

    /// Reserves memory for the message that has begun to arrive, by the length that it announces;
    /// the memory of the message before is freed.
    async fn take_memory(&mut self, announced: usize) -> Result<()> {
        if let Some(needed) = self.memory_needed(announced) {
            self.memory = Some(self.common.input.take(needed).await?);
        }
        Ok(())
    }

    /// How much memory must be reserved before more is read; `None` for a small message, and if it
    /// is reserved already.
    fn memory_needed(&mut self, announced: usize) -> Option<usize> {
        let received = self.compression.as_ref().map(|c| &c.received[..]);
        let received = received.unwrap_or_default();
        // Between two messages.
        if self.input.is_empty() && received.is_empty() && !self.is_continued {
            self.memory = None;
        }
        let needed = announced.max(input::announced_by_frame(received));
        (self.memory.is_none() && input::is_counted(needed)).then_some(needed)
    }

    /// Publishes the user and the schema, if they have changed.
    fn note_login(&mut self) {
        if self.session.login_version() == self.login_version {
            return;
        }
        // Later versions are changes of user or schema.
        let first = self.login_version == 0;
        self.login_version = self.session.login_version();
        self.login_timer = None;
        if let (Some(login), Some(state)) = (self.session.login(), self.session.session()) {
            let schema = state.schema.as_deref();
            self.connection.set_login(login);
            self.connection.set_schema(schema);
            self.log_login(first, login, schema);
        }
    }
}

impl<W: Worker> Drive<'_, W, server::Server> {
    /// Alternates until the session closes: carries out all actions of the session, then hands it one
    /// received packet. Only when no complete packet is left, output is flushed and the socket read.
    async fn run(mut self, mut handler: W::Handler) -> Result<()> {
        // Actions first, then output, then input: an action may change how the next bytes are read (TLS,
        // compression), and output is only sent when no complete packet is waiting, so that answers to
        // pipelined commands share a write.
        loop {
            while self.end.is_none()
                && let Some(action) = self.session.poll_action()
            {
                match action {
                    Action::Close => {
                        self.log_closing_failure();
                        return Box::pin(self.send_last()).await;
                    }
                    Action::Flush => {
                        self.flush().await?;
                        self.handle(if self.connection.connections().is_ending() {
                            Event::ShutDown
                        } else {
                            Event::Flushed
                        });
                    }
                    Action::Compress(algorithm) => {
                        // The OK of the login is the last packet that isn't compressed.
                        self.flush().await?;
                        self.compression = Some(Box::new(Compression::new(algorithm)));
                    }
                    Action::Reset => {
                        let reset = pin!(handler.reset_async());
                        match self.wait_for(reset, Interruptible::No).await? {
                            Ok(()) => {}
                            Err(Wait::ShutDown) => self.handle(Event::ShutDown),
                            // The client has disconnected meanwhile.
                            Err(_) => return Ok(()),
                        }
                    }
                    Action::DropRows(source) => handler.drop_rows(source),
                    Action::CloseStatement(id) => {
                        let close = pin!(handler.close_statement_async(id));
                        match self.wait_for(close, Interruptible::No).await? {
                            Ok(()) => {}
                            Err(Wait::ShutDown) => self.handle(Event::ShutDown),
                            // The client has disconnected meanwhile.
                            Err(_) => return Ok(()),
                        }
                    }
                    Action::StartTls => {
                        self.note_closing_error();
                        let tls = Box::pin(self.start_tls()).await?;
                        self.handle(Event::TlsStarted(tls));
                    }
                    Action::Ask(question) => {
                        self.note_closing_error();
                        match self.ask(&mut handler, &question).await? {
                            Some(event) => self.handle(event),
                            // The client has disconnected meanwhile.
                            None => return Ok(()),
                        }
                    }
                }
            }
            if self.fault.is_some() {
                Box::pin(self.finish_fault()).await?;
            }
            if let Some(end) = self.end {
                return Box::pin(self.end_by_fault(end)).await;
            }
            // Answers to pipelined commands are sent together.
            if self.session.output().len() >= OUTPUT_LIMIT {
                self.flush().await?;
            }
            match PacketCodec.decode(&mut self.input)? {
                Some(packet) => {
                    self.connection.begin_interruptible();
                    self.is_continued = packet.is_continued();
                    self.handle(Event::Packet(packet));
                    self.give_way(1).await;
                }
                None => {
                    if self.is_refused_by_header() {
                        continue;
                    }
                    self.flush().await?;
                    let limit = self.common.options.max_allowed_packet;
                    self.take_memory(input::announced(&self.input, limit))
                        .await?;
                    self.note_closing_error();
                    match self.read().await? {
                        Wait::Done | Wait::Released | Wait::Interrupted => {}
                        Wait::Left => self.handle(Event::Eof),
                        Wait::ShutDown => self.handle_unsolicited(Event::ShutDown),
                        Wait::Idle => self.handle_unsolicited(Event::IdleTooLong),
                    }
                }
            }
        }
    }

    /// Answers a question, after the time that the answer is to take; `None` if the client has
    /// disconnected meanwhile.
    async fn ask(
        &mut self,
        handler: &mut W::Handler,
        question: &Question,
    ) -> Result<Option<Event>> {
        let (wait, answer) = match self.answer(handler, question).await? {
            Asked::Answered(wait, answer) => (wait, answer),
            Asked::Interrupted(answer) => return Ok(Some(Event::from(answer))),
            Asked::ShutDown => return Ok(Some(Event::ShutDown)),
            Asked::Left => return Ok(None),
        };
        if wait.is_zero() {
            handler.on_answer(None);
            return Ok(Some(Event::from(answer)));
        }
        // The delay is part of the answer, not of what was answered before.
        self.flush().await?;
        Ok(match self.delay(wait).await? {
            Wait::Done | Wait::Released | Wait::Idle => {
                handler.on_answer(None);
                Some(Event::from(answer))
            }
            Wait::Interrupted => Some(Event::from(self.interrupted(handler, answer))),
            Wait::ShutDown => Some(Event::ShutDown),
            Wait::Left => None,
        })
    }

    /// Passes the header of an incomplete packet to the session; returns whether the session has
    /// reacted, by refusing it.
    fn is_refused_by_header(&mut self) -> bool {
        let Some((PacketHeader { sequence_id, len }, _)) = PacketHeader::split(&self.input) else {
            return false;
        };
        self.handle(Event::Header { sequence_id, len });
        self.session.has_actions()
    }

    /// Passes an event to the session that the client hasn't caused.
    fn handle_unsolicited(&mut self, event: Event) {
        if let Some(compression) = &mut self.compression {
            compression.begin_unsolicited();
        }
        self.handle(event);
    }

    /// Passes an event to the session. After an error the session's actions close the connection,
    /// so the error is only logged.
    fn handle(&mut self, event: Event) {
        if let Err(error) = self.session.handle(event) {
            self.log_error(&error);
        }
        self.note_login();
    }
}

/// How many bytes of output are gathered before they are sent.
const OUTPUT_LIMIT: usize = 64 * 1024;
/// How many packets of one client are handled before other sessions run.
const PACKETS_PER_TURN: u16 = 1000;
