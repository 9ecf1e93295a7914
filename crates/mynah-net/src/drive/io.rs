//! Reading and writing, with buffers that an idle session gives to others.

use std::future::{Future, poll_fn};
use std::io::{Error, ErrorKind, Result};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, Sleep, sleep};
use tokio_util::io::poll_read_buf;

use super::Drive;
use super::compression::Compression;
use super::session::Session;
use crate::connections::WakeReason;
use crate::{Stream, Worker};

impl<W: Worker, S: Session> Drive<'_, W, S> {
    /// Reads the bytes that are there, or waits for some.
    pub(super) async fn read(&mut self) -> Result<Wait> {
        if self.login_version == 0 && self.login_timer.is_none() {
            // The clock runs from the first wait on, through all steps of the login.
            let timeout = sleep(self.common.options.connect_timeout);
            self.login_timer = Some(Box::pin(timeout));
        }
        let has_own_thread = self.login_version > 0 && self.common.has_own_thread();
        if has_own_thread {
            self.give_way(READ_IN_TURN).await;
        }
        // Of a session that waits in the system call, another thread can want something only afterwards.
        self.stream
            .set_may_block(has_own_thread && !self.connection.is_to_end());
        let read = self.read_or_wait().await;
        self.stream.set_may_block(false);
        if self.connection.is_closed() {
            // The task was aborted, and ends where it waits.
            tokio::task::yield_now().await;
        }
        read
    }

    async fn read_or_wait(&mut self) -> Result<Wait> {
        poll_fn(|cx| match self.poll_read(cx) {
            Poll::Ready(read) => {
                self.connection.set_waiting(false);
                Poll::Ready(read.map(|read| if read == 0 { Wait::Left } else { Wait::Done }))
            }
            Poll::Pending if self.is_late(cx) => Poll::Ready(Err(late())),
            Poll::Pending => {
                // Before the login, the connect timeout applies instead of the idle timeout.
                self.connection.set_waiting(self.login_version > 0);
                match self.connection.poll_wake_reason(cx) {
                    Poll::Ready(WakeReason::Ending) => Poll::Ready(Ok(Wait::ShutDown)),
                    Poll::Ready(WakeReason::Idle) => Poll::Ready(Ok(Wait::Idle)),
                    // There is no answer to cancel or to send while the session waits for its client.
                    Poll::Ready(WakeReason::Interrupted | WakeReason::Released) | Poll::Pending => {
                        Poll::Pending
                    }
                }
            }
        })
        .await
    }

    /// Whether the connect timeout has passed.
    pub(super) fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let timer = self.login_timer.as_mut();
        timer.is_some_and(|timer| timer.as_mut().poll(cx).is_ready())
    }

    /// Stops the clock of the connect timeout while the client waits for an answer: that time is the server's. Returns
    /// the timer and the time that is left, for [`resume_login_timer`](Self::resume_login_timer).
    pub(super) fn pause_login_timer(&mut self) -> Option<PausedTimer> {
        let timer = self.login_timer.take()?;
        let left = timer.deadline().saturating_duration_since(Instant::now());
        Some(PausedTimer { timer, left })
    }

    pub(super) fn resume_login_timer(&mut self, paused: Option<PausedTimer>) {
        self.login_timer = paused.map(|PausedTimer { mut timer, left }| {
            timer.as_mut().reset(Instant::now() + left);
            timer
        });
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize>> {
        self.take_buffers();
        let stream = Pin::new(&mut self.stream);
        let read = match &mut self.compression {
            None => {
                self.input.reserve(READ_SIZE);
                poll_read_buf(stream, cx, &mut self.input)
            }
            Some(compression) => poll_inflated(stream, compression, cx, &mut self.input),
        };
        // A session that waits needs no buffers.
        if read.is_pending() {
            self.lend_buffers();
        }
        read
    }

    pub(super) fn take_buffers(&mut self) {
        if !mem::take(&mut self.is_idle) {
            return;
        }
        if self.input.is_empty() {
            self.input = self.common.buffers.take();
        }
        let output = self.session.output();
        if output.is_empty() {
            *output = self.common.buffers.take();
        }
    }

    fn lend_buffers(&mut self) {
        self.is_idle = true;
        for buffer in [&mut self.input, self.session.output()] {
            if buffer.is_empty() {
                self.common
                    .buffers
                    .give(mem::replace(buffer, BytesMut::new()));
            }
        }
    }

    /// Waits so long, unless the client disconnects, another one cancels its answer, or the server
    /// shuts down. Keeps what the client sends meanwhile, up to a limit.
    pub(super) async fn delay(&mut self, wait: Duration) -> Result<Wait> {
        // Boxed, as it is large and few sessions wait.
        let mut wait = Box::pin(sleep(wait));
        self.connection.begin_interruptible();
        let paused = self.pause_login_timer();
        let waited = poll_fn(|cx| {
            if wait.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(Wait::Done));
            }
            self.poll_end_of_wait(cx)
        })
        .await;
        self.resume_login_timer(paused);
        waited
    }

    /// Why the client's answer need not be waited for any longer, if there is a reason. Keeps what the client sends
    /// meanwhile, up to a limit.
    pub(super) fn poll_end_of_wait(&mut self, cx: &mut Context<'_>) -> Poll<Result<Wait>> {
        // Reading notices a client that disconnects. Beyond the limit its data waits in the socket.
        while self.input.len() < INPUT_LIMIT {
            match self.poll_read(cx) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Ok(Wait::Left)),
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => break,
            }
        }
        match self.connection.poll_wake_reason(cx) {
            Poll::Ready(WakeReason::Ending) => Poll::Ready(Ok(Wait::ShutDown)),
            Poll::Ready(WakeReason::Interrupted) => Poll::Ready(Ok(Wait::Interrupted)),
            Poll::Ready(WakeReason::Released) => Poll::Ready(Ok(Wait::Released)),
            Poll::Ready(WakeReason::Idle) | Poll::Pending => Poll::Pending,
        }
    }

    pub(super) async fn flush(&mut self) -> Result<()> {
        let output = self.session.output();
        if output.is_empty() {
            return Ok(());
        }
        // From here on a packet may be sent in part, so another thread can't add an error.
        self.connection.set_closing_error(None);
        if self.fault.is_some() {
            return Box::pin(self.flush_to_fault()).await;
        }
        let limit = self.common.options.limits.write_timeout;
        let compression = self.compression.as_deref_mut();
        send(&mut self.stream, compression, output, limit).await?;
        output.clear();
        if output.capacity() > KEPT_CAPACITY {
            *output = BytesMut::new();
        }
        // Plain sockets are done; TLS may still hold bytes.
        self.stream.flush().await
    }

    /// Sends bytes at once.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let limit = self.common.options.limits.write_timeout;
        let compression = self.compression.as_deref_mut();
        send(&mut self.stream, compression, bytes, limit).await?;
        self.stream.flush().await
    }

    /// Closes the connection so that the client receives the last message: closing a socket with
    /// unread data would reset the connection and discard it.
    pub(super) async fn close(&mut self) {
        self.connection.stop_counting();
        // The client may have closed the connection already.
        let _closed = self.stream.shutdown().await;
        // What the client still sends is discarded without being inflated.
        self.compression = None;
        let timeout = if self.connection.connections().is_ending() {
            Duration::ZERO
        } else {
            CLOSE_TIMEOUT
        };
        let read_on = poll_fn(|cx| {
            loop {
                self.input.clear();
                match self.poll_read(cx) {
                    Poll::Ready(Ok(1..)) => {}
                    Poll::Ready(_) => return Poll::Ready(()),
                    Poll::Pending => return Poll::Pending,
                }
            }
        });
        // A client that doesn't close its side in time is disconnected.
        let _late = Box::pin(tokio::time::timeout(timeout, read_on)).await;
    }
}

/// The timer of the connect timeout while an answer is made or delayed.
pub(super) struct PausedTimer {
    timer: Pin<Box<Sleep>>,
    left: Duration,
}

/// How a wait has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// As expected: there are bytes, or the time has passed.
    Done,
    /// The client has disconnected.
    Left,
    /// The server shuts down.
    ShutDown,
    /// The client has sent nothing for the idle timeout.
    Idle,
    /// Another client has cancelled the answer that this one waits for.
    Interrupted,
    /// The answer that the client waits for is to go out now.
    Released,
}

/// Writes all bytes, compressed if the connection is.
async fn send(
    stream: &mut Stream,
    compression: Option<&mut Compression>,
    bytes: &[u8],
    limit: Duration,
) -> Result<()> {
    let Some(compression) = compression else {
        return write_all(stream, bytes, limit).await;
    };
    let sent = compression.deflate(bytes)?;
    write_all(stream, &sent, limit).await?;
    compression.keep(sent);
    Ok(())
}

/// Writes all bytes. The client must read some of them within `limit` each time.
async fn write_all(stream: &mut Stream, mut bytes: &[u8], limit: Duration) -> Result<()> {
    let mut timer: Option<Pin<Box<Sleep>>> = None;
    while !bytes.is_empty() {
        let written = poll_fn(|cx| {
            let written = Pin::new(&mut *stream).poll_write(cx, bytes);
            if written.is_pending() {
                // The timer starts when the client stops reading, and anew after each part that it takes: a
                // slow client isn't a stuck one.
                let timer = timer.get_or_insert_with(|| Box::pin(sleep(limit)));
                return timer.as_mut().poll(cx).map(|()| Err(not_taken(limit)));
            }
            written
        })
        .await?;
        if written == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        timer = None;
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}

fn not_taken(limit: Duration) -> Error {
    let message = format!("it read nothing of the output for {limit:?} (write timeout)");
    Error::new(ErrorKind::TimedOut, message)
}

/// Appends the content of the next frame to `input`; reads from the socket only if no complete
/// frame is there yet.
fn poll_inflated(
    mut stream: Pin<&mut Stream>,
    compression: &mut Compression,
    cx: &mut Context<'_>,
    input: &mut BytesMut,
) -> Poll<Result<usize>> {
    // A frame may hold no whole packet, and a packet several frames, so reading continues until one frame is
    // complete.
    loop {
        let before = input.len();
        if compression.inflate_frame(input)? {
            return Poll::Ready(Ok(input.len() - before));
        }
        compression.received.reserve(READ_SIZE);
        match poll_read_buf(stream.as_mut(), cx, &mut compression.received) {
            Poll::Ready(Ok(1..)) => {}
            other => return other,
        }
    }
}

/// The error for a client that didn't log in in time.
pub(super) fn late() -> Error {
    Error::new(ErrorKind::TimedOut, "it did not log in in time")
}

/// As how many packets a read counts that may hold up the thread.
const READ_IN_TURN: u16 = 64;
/// The least room for a read.
const READ_SIZE: usize = 4 * 1024;
/// How long a client has to read the last message and close its side.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// How many bytes of later commands are received while an answer is waited for.
const INPUT_LIMIT: usize = 64 * 1024;
/// How many bytes of output buffer a busy session keeps.
const KEPT_CAPACITY: usize = 128 * 1024;
