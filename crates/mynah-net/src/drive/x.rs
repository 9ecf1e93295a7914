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

use super::ask::{Asked, Interruptible};
use super::io::Wait;
use super::{Common, Drive, channel, input, open_handler};
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
    let x = XDrive {
        handler: open_handler(connection, common),
        drive: Drive::new(stream, connection, common, session),
        due: VecDeque::new(),
    };
    x.run().await
}

struct XDrive<'a, W: Worker> {
    drive: Drive<'a, W, Server>,
    handler: W::Handler,
    /// The notices to send, each with its time, the next one first.
    due: VecDeque<(Instant, Notice)>,
}

impl<W: Worker> XDrive<'_, W> {
    /// As `Drive::run`, with frames in place of packets, and due notices before each frame.
    async fn run(mut self) -> Result<()> {
        loop {
            while self.drive.end.is_none()
                && let Some(action) = self.drive.session.poll_action()
            {
                match action {
                    Action::Close => {
                        self.drive.log_closing_failure();
                        return Box::pin(self.drive.send_last()).await;
                    }
                    Action::Flush => {
                        self.drive.flush().await?;
                        self.handle(if self.drive.connection.connections().is_ending() {
                            Event::ShutDown
                        } else {
                            Event::Flushed
                        });
                    }
                    Action::DropRows(source) => self.handler.drop_rows(source),
                    Action::CloseStatement(id) => {
                        let done = {
                            let close = pin!(self.handler.close_statement_async(id));
                            self.drive.wait_for(close, Interruptible::No).await?
                        };
                        match done {
                            Ok(()) => {}
                            Err(Wait::ShutDown) => self.handle(Event::ShutDown),
                            // The client has disconnected meanwhile.
                            Err(_) => return Ok(()),
                        }
                    }
                    Action::Reset => {
                        let done = {
                            let reset = pin!(self.handler.reset_async());
                            self.drive.wait_for(reset, Interruptible::No).await?
                        };
                        match done {
                            Ok(()) => {}
                            Err(Wait::ShutDown) => self.handle(Event::ShutDown),
                            // The client has disconnected meanwhile.
                            Err(_) => return Ok(()),
                        }
                    }
                    Action::StartNotices => self.start_notices(),
                    Action::StartTls => {
                        self.drive.note_closing_error();
                        let tls = Box::pin(self.drive.start_tls()).await?;
                        self.handle(Event::TlsStarted(tls));
                    }
                    Action::Ask(question) => {
                        self.drive.note_closing_error();
                        match self.ask(&question).await? {
                            Some(event) => self.handle(event),
                            // The client has disconnected meanwhile.
                            None => return Ok(()),
                        }
                    }
                }
            }
            if self.drive.fault.is_some() {
                Box::pin(self.drive.finish_fault()).await?;
            }
            if let Some(end) = self.drive.end {
                return Box::pin(self.drive.end_by_fault(end)).await;
            }
            self.send_due_notices();
            if self.drive.session.output().len() >= super::OUTPUT_LIMIT {
                self.drive.flush().await?;
            }
            let limit = self.drive.session.frame_limit();
            match FrameCodec::new(limit).decode(&mut self.drive.input) {
                Ok(Some(frame)) => {
                    // A compressed message takes memory for its inflated size, which its frame doesn't show.
                    self.take_memory_to_inflate(&frame).await?;
                    self.drive.connection.begin_interruptible();
                    self.handle(Event::Frame(frame));
                    self.drive.give_way(1).await;
                }
                Ok(None) => {
                    self.drive.flush().await?;
                    let announced = input::announced_by_x(&self.drive.input, limit);
                    self.drive.take_memory(announced).await?;
                    self.drive.note_closing_error();
                    self.wait().await?;
                }
                Err(FrameError::Empty) => self.handle(Event::BadFrame(BadFrame::Empty)),
                Err(FrameError::Io(error)) => return Err(error),
                Err(_) => self.handle(Event::BadFrame(BadFrame::TooLarge)),
            }
        }
    }

    /// Reserves memory for the content of a compressed message, by the length that it announces.
    async fn take_memory_to_inflate(&mut self, frame: &Frame) -> Result<()> {
        if self.drive.memory.is_some() || frame.message_type != ClientMessageType::COMPRESSION.0 {
            return Ok(());
        }
        let Ok(message) = Compression::from_payload_to_end(&frame.payload) else {
            return Ok(());
        };
        let size = message.uncompressed_size.unwrap_or_default();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let size = size.min(self.drive.session.frame_limit());
        if input::is_counted(size) {
            self.drive.memory = Some(self.drive.common.input.take(size).await?);
        }
        Ok(())
    }

    /// Waits for more from the client, or until the next notice is due.
    async fn wait(&mut self) -> Result<()> {
        let read = match self.due.front() {
            None => self.drive.read().await?,
            Some((due, _)) => {
                // Whatever comes first: input, or the time of the next notice.
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
            Wait::Done | Wait::Released | Wait::Interrupted => {}
            Wait::Left => self.handle(Event::Eof),
            Wait::ShutDown => self.handle(Event::ShutDown),
            Wait::Idle => self.handle(Event::IdleTooLong),
        }
        Ok(())
    }

    fn start_notices(&mut self) {
        let now = Instant::now();
        match self.handler.notices() {
            Ok(mut notices) => {
                // The sort is stable: notices of the same time keep their order.
                notices.sort_by_key(|notice| notice.send_offset);
                let due = |notice: Notice| Some((now.checked_add(notice.send_offset)?, notice));
                self.due = notices.into_iter().filter_map(due).collect();
            }
            Err(failure) => self.drive.log_notices(&failure),
        }
    }

    /// Sends the notices whose time has come.
    fn send_due_notices(&mut self) {
        let now = Instant::now();
        while self.due.front().is_some_and(|(due, _)| *due <= now) {
            if let Some((_, notice)) = self.due.pop_front() {
                self.handle(Event::Notice(notice));
            }
        }
    }

    /// Waits the time that an answer is to take, unless the client disconnects, and sends due
    /// notices meanwhile.
    async fn delay(&mut self, exec_time: Duration) -> Result<Wait> {
        let end = Instant::now() + exec_time;
        loop {
            // The delay is cut into parts, so that notices are sent while the answer waits.
            let next = self.due.front().map_or(end, |(due, _)| end.min(*due));
            let wait = next.saturating_duration_since(Instant::now());
            let waited = self.drive.delay(wait).await?;
            if waited != Wait::Done {
                return Ok(waited);
            }
            self.send_due_notices();
            self.drive.flush().await?;
            if Instant::now() >= end {
                return Ok(Wait::Done);
            }
        }
    }

    /// Passes an event to the session. After an error the session's actions close the connection,
    /// so the error is only logged.
    fn handle(&mut self, event: Event) {
        if let Err(error) = self.drive.session.handle(event) {
            self.drive.log_error(&error);
        }
        self.drive.note_login();
    }

    /// Answers a question, after the time that the answer is to take; `None` if the client has
    /// disconnected meanwhile.
    async fn ask(&mut self, question: &Question) -> Result<Option<Event>> {
        let (wait, answer) = match self.drive.answer(&mut self.handler, question).await? {
            Asked::Answered(wait, answer) => (wait, answer),
            Asked::Interrupted(answer) => return Ok(Some(Event::from(answer))),
            Asked::ShutDown => return Ok(Some(Event::ShutDown)),
            Asked::Left => return Ok(None),
        };
        if wait.is_zero() {
            self.handler.on_answer(None);
            return Ok(Some(Event::from(answer)));
        }
        self.drive.flush().await?;
        Ok(match self.delay(wait).await? {
            Wait::Done | Wait::Released | Wait::Idle => {
                self.handler.on_answer(None);
                Some(Event::from(answer))
            }
            Wait::Interrupted => {
                let answer = self.drive.interrupted(&mut self.handler, answer);
                Some(Event::from(answer))
            }
            Wait::ShutDown => Some(Event::ShutDown),
            Wait::Left => None,
        })
    }
}
