//! Runs a session of the X Protocol on its socket.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{Error, Result};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use mynah_auth::Nonce;
use mynah_session::x::Notice;
use mynah_session::x::server::{Action, BadFrame, Event, Options, Server};
use mynah_session::{Handler, Question};
use mynah_x::connection::Compression;
use mynah_x::{ClientMessageType, Frame, FrameCodec, FrameError};
use tokio::time::Instant;
use tokio_util::codec::Decoder;

use super::io::Wait;
use super::{Common, Drive, channel, input};
use crate::{Admitted, Stream, TlsMode, TlsServer, Worker};

/// Serves one client of the X Protocol until its session ends.
pub(crate) async fn serve_x<W: Worker>(
    stream: Stream,
    connection: &Admitted,
    common: &Common<W>,
) -> Result<()> {
    let options = &common.options;
    let mode = options
        .tls
        .as_ref()
        .map_or(TlsMode::Disabled, TlsServer::mode);
    let session = Server::new(Options {
        connection_id: connection.id(),
        peer: connection.address(),
        nonce: Nonce::random().map_err(Error::other)?,
        max_allowed_packet: options.max_allowed_packet,
        channel: channel(connection),
        offer_tls: mode != TlsMode::Disabled,
        require_secure_transport: mode == TlsMode::Required,
        passwords: common.passwords.x.clone(),
    });
    let drive = Drive::new(stream, connection, common, session);
    let x = XDrive {
        drive,
        due: VecDeque::new(),
    };
    x.run().await
}

struct XDrive<'a, W: Worker> {
    drive: Drive<'a, W, Server>,
    /// What the client is told unasked, and when, the next first.
    due: VecDeque<(Instant, Notice)>,
}

impl<W: Worker> XDrive<'_, W> {
    async fn run(mut self) -> Result<()> {
        loop {
            while let Some(action) = self.drive.session.poll_action() {
                match action {
                    Action::Close => {
                        self.drive.log_refusal();
                        self.drive.flush().await?;
                        self.drive.close().await;
                        return Ok(());
                    }
                    Action::Flush => {
                        self.drive.flush().await?;
                        self.tell(if self.drive.connection.connections().is_ending() {
                            Event::ShutDown
                        } else {
                            Event::Flushed
                        });
                    }
                    Action::DropRows(source) => self.drive.handler.drop_rows(source),
                    Action::Reset => self.drive.handler.reset(),
                    Action::StartNotices => self.start_notices(),
                    Action::StartTls => {
                        self.drive.note_farewell();
                        let tls = Box::pin(self.drive.start_tls()).await?;
                        self.tell(Event::TlsStarted(tls));
                    }
                    Action::Ask(question) => {
                        self.drive.note_farewell();
                        match self.ask(question).await? {
                            Some(event) => self.tell(event),
                            // It left meanwhile.
                            None => return Ok(()),
                        }
                    }
                }
            }
            self.tell_what_is_due();
            if self.drive.session.output().len() >= super::OUTPUT_LIMIT {
                self.drive.flush().await?;
            }
            let limit = self.drive.session.frame_limit();
            match FrameCodec::new(limit).decode(&mut self.drive.input) {
                Ok(Some(frame)) => {
                    self.take_memory_to_inflate(&frame).await?;
                    self.tell(Event::Frame(frame));
                    self.drive.give_way().await;
                }
                Ok(None) => {
                    self.drive.flush().await?;
                    let announced = input::announced_by_x(&self.drive.input, limit);
                    self.drive.take_memory(announced).await?;
                    self.drive.note_farewell();
                    self.wait().await?;
                }
                Err(FrameError::Empty) => self.tell(Event::BadFrame(BadFrame::Empty)),
                Err(FrameError::Io(error)) => return Err(error),
                Err(_) => self.tell(Event::BadFrame(BadFrame::TooLarge)),
            }
        }
    }

    /// A compressed message says how much it takes.
    async fn take_memory_to_inflate(&mut self, frame: &Frame) -> Result<()> {
        if self.drive.memory.is_some() || frame.message_type != ClientMessageType::COMPRESSION.0 {
            return Ok(());
        }
        let Ok(message) = Compression::from_payload_to_end(&frame.payload) else {
            return Ok(());
        };
        let size = message.uncompressed_size.unwrap_or_default();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let limit = self.drive.session.frame_limit();
        self.drive.memory = self.drive.common.input.take(size.min(limit)).await?;
        Ok(())
    }

    /// Waits for more of the client, or until there is something to tell it.
    async fn wait(&mut self) -> Result<()> {
        let read = match self.due.front() {
            None => self.drive.read().await?,
            Some((due, _)) => {
                let mut timer = Box::pin(tokio::time::sleep_until(*due));
                let mut reading = pin!(self.drive.read());
                poll_fn(|cx| {
                    if let Poll::Ready(read) = reading.as_mut().poll(cx) {
                        return Poll::Ready(read);
                    }
                    timer.as_mut().poll(cx).map(|()| Ok(Wait::Done))
                })
                .await?
            }
        };
        match read {
            Wait::Done | Wait::Interrupted => {}
            Wait::Left => self.tell(Event::Eof),
            Wait::ShutDown => self.tell(Event::ShutDown),
            Wait::Idle => self.tell(Event::IdleTooLong),
        }
        Ok(())
    }

    fn start_notices(&mut self) {
        let now = Instant::now();
        match self.drive.handler.notices() {
            Ok(mut notices) => {
                // Those of the same time keep their order.
                notices.sort_by_key(|notice| notice.send_offset);
                let due = |notice: Notice| Some((now.checked_add(notice.send_offset)?, notice));
                self.due = notices.into_iter().filter_map(due).collect();
            }
            Err(failure) => self.drive.log_notices(&failure),
        }
    }

    /// Tells the client what it is time for.
    fn tell_what_is_due(&mut self) {
        let now = Instant::now();
        while self.due.front().is_some_and(|(due, _)| *due <= now) {
            if let Some((_, notice)) = self.due.pop_front() {
                self.tell(Event::Notice(notice));
            }
        }
    }

    /// Waits as long as an answer takes, unless the client leaves, and tells what is due meanwhile.
    async fn outlasts(&mut self, exec_time: Duration) -> Result<Wait> {
        let end = Instant::now() + exec_time;
        loop {
            let next = self.due.front().map_or(end, |(due, _)| end.min(*due));
            let wait = next.saturating_duration_since(Instant::now());
            let waited = self.drive.outlasts(wait).await?;
            if waited != Wait::Done {
                return Ok(waited);
            }
            self.tell_what_is_due();
            self.drive.flush().await?;
            if Instant::now() >= end {
                return Ok(Wait::Done);
            }
        }
    }

    /// Gives an event to the session, which says itself what follows from an error.
    fn tell(&mut self, event: Event) {
        if let Err(error) = self.drive.session.handle(event) {
            self.drive.log_error(&error);
        }
        self.drive.logged_in();
    }

    /// Asks, and waits for as long as the answer takes; nothing if the client left meanwhile.
    async fn ask(&mut self, question: Question) -> Result<Option<Event>> {
        let (wait, answer) = self.drive.answer(question).await?;
        if wait.is_zero() {
            return Ok(Some(Event::from(answer)));
        }
        self.drive.flush().await?;
        Ok(match self.outlasts(wait).await? {
            Wait::Done | Wait::Idle => Some(Event::from(answer)),
            Wait::Interrupted => Some(Event::from(self.drive.interrupted(answer))),
            Wait::ShutDown => Some(Event::ShutDown),
            Wait::Left => None,
        })
    }
}
