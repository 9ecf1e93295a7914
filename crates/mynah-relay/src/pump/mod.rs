//! Copies bytes between client and server in both directions at once. A gate may decide which commands pass.

mod byte_observer;
mod gating;
mod half;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::BytesMut;
use mynah_net::Stream;
use mynah_session::observe::Direction;

use crate::LoginFailure;
use crate::fault::DueFault;
use crate::gate::{Gatekeeper, LoginGate};
pub(crate) use byte_observer::{ByteObserver, Follow};
pub(crate) use gating::Gating;
use half::{Broken, Half, HalfState};

/// The buffer that a thread reads into. Its connections use it in turn: what they read they write at once,
/// so that one that waits has no buffer at all.
#[derive(Debug)]
pub(crate) struct Scratch(RefCell<Vec<u8>>);

impl Default for Scratch {
    fn default() -> Self {
        Self(RefCell::new(vec![0; SCRATCH]))
    }
}

/// How a connection ended.
#[derive(Debug)]
pub(crate) enum Ending {
    /// Both sides have closed; or the server has, and the client's time to do so is over.
    Closed,
    /// Reading from or writing to the client failed.
    ClientLost(io::Error),
    /// Reading from or writing to the server failed.
    ServerLost(io::Error),
    /// A repeated login of the client failed.
    LoginFailed(LoginFailure),
    /// Neither side has sent anything for the idle timeout.
    Idle,
    /// The proxy shuts down.
    ShutDown,
    /// The upstream is drained, and the time for its connections is over.
    Drained,
    /// The client logs in again, and the proxy takes part in that login; or a fault is to be played at the client's
    /// next command.
    Stopped,
    /// A fault has ended it, for this reason.
    Fault {
        why: String,
        /// Whether the client sees a reset.
        resets: bool,
    },
}

/// Both directions of a connection.
#[derive(Debug)]
pub(crate) struct Pump {
    up: Half,
    down: Half,
    /// Whether bytes have passed since the idle clock looked last.
    active: bool,
    /// Whether nothing more is read, and what was read is sent.
    stopping: bool,
    /// Why the server can't be written to any more. What it has sent before still passes.
    deaf: Option<io::Error>,
    /// The gate that decides which commands of the client pass. Without one all do.
    gating: Option<Box<Gating>>,
}

impl Pump {
    /// What was read of either side and not been passed on yet comes first.
    pub(crate) fn new(of_client: BytesMut, of_server: BytesMut) -> Self {
        Self {
            up: Half::new(Direction::Client, of_client),
            down: Half::new(Direction::Server, of_server),
            active: true,
            stopping: false,
            deaf: None,
            gating: None,
        }
    }

    /// Adds a gate that decides which commands of the client pass.
    pub(crate) fn gated(self, gating: Option<Box<Gating>>) -> Self {
        Self { gating, ..self }
    }

    /// Stops where the client asks for another login.
    pub(crate) fn stopped_by(mut self, gate: LoginGate) -> Self {
        self.up.stops_at = Some(gate);
        self
    }

    /// The gate, for the pump that follows.
    pub(crate) fn take_gating(&mut self) -> Option<Box<Gating>> {
        self.gating.take()
    }

    /// The fault that it has stopped for.
    pub(crate) fn take_fault(&mut self) -> Option<Box<DueFault>> {
        self.up.due.take()
    }

    /// Whether all that the server has sent has reached the client.
    pub(crate) fn is_drained(&self) -> bool {
        self.down.unsent.is_empty()
    }

    /// What was read of the client and of the server, and not passed before it stopped.
    pub(crate) fn take_rest(&mut self) -> (BytesMut, BytesMut) {
        (
            std::mem::take(&mut self.up.ahead),
            std::mem::take(&mut self.down.ahead),
        )
    }

    /// Copies bytes both ways until the connection ends.
    pub(crate) async fn run<W: Follow>(
        &mut self,
        client: &mut Stream,
        server: &mut Stream,
        scratch: &Scratch,
        observer: &mut W,
        idle: Option<Duration>,
    ) -> Ending {
        // One clock serves three timeouts: the idle timeout, if there is one; the silence that a half-closed
        // connection may keep; and the time that a client has to close after its server.
        let timeout = idle.unwrap_or(LINGER);
        let look = timeout / LOOKS;
        // The clock is boxed: it is large, and most connections have none.
        let mut clock = idle.map(|_| Box::pin(tokio::time::sleep(look)));
        let mut quiet_looks = 0;
        let mut leaves = false;
        poll_fn(|cx| {
            if let Poll::Ready(ending) = self.poll(cx, client, server, scratch, observer) {
                self.report_lost(&ending, observer);
                return Poll::Ready(ending);
            }
            if self.down.state == HalfState::Done && !std::mem::replace(&mut leaves, true) {
                // A server closes both ways at once: there is no use in waiting longer.
                clock = Some(Box::pin(tokio::time::sleep(AFTER_THE_SERVER)));
            }
            if clock.is_none() && self.is_half_closed() {
                clock = Some(Box::pin(tokio::time::sleep(look)));
            }
            let Some(clock) = &mut clock else {
                return Poll::Pending;
            };
            // Not for each byte: it is idle after so many looks without any.
            while clock.as_mut().poll(cx).is_ready() {
                if leaves {
                    return Poll::Ready(Ending::Closed);
                }
                quiet_looks += 1;
                if std::mem::take(&mut self.active) {
                    quiet_looks = 0;
                }
                if quiet_looks == LOOKS {
                    return Poll::Ready(Ending::Idle);
                }
                clock.as_mut().reset(tokio::time::Instant::now() + look);
            }
            Poll::Pending
        })
        .await
    }

    /// Whether exactly one side has closed its stream.
    fn is_half_closed(&self) -> bool {
        (self.up.state == HalfState::Open) != (self.down.state == HalfState::Open)
    }

    /// Reports the side that was lost.
    fn report_lost(&mut self, ending: &Ending, observer: &mut impl ByteObserver) {
        match ending {
            Ending::ClientLost(error) => self.up.report_end(Some(error), observer),
            Ending::ServerLost(error) => self.down.report_end(Some(error), observer),
            _ => {}
        }
    }

    fn poll<W: Follow>(
        &mut self,
        cx: &mut Context<'_>,
        client: &mut Stream,
        server: &mut Stream,
        scratch: &Scratch,
        observer: &mut W,
    ) -> Poll<Ending> {
        // A stop is final: bytes that were read and observed are still sent, and nothing more is read.
        if self.stopping {
            return self.stop(cx, client, server);
        }
        // Rules for faults may have been added or removed since the last poll.
        self.follow_rules(observer);
        let mut scratch = scratch.0.borrow_mut();
        let gating = self.gating.as_deref_mut();
        let up = self
            .up
            .poll(cx, client, server, &mut scratch, observer, gating);
        // Before the server's bytes are copied, so that the gate's answer keeps its place among the server's
        // answers.
        self.answer_for_server(observer);
        self.active |= std::mem::take(&mut self.up.moved);
        let stops_at = self.up.stops_at.as_ref();
        let logs_in = stops_at.is_some_and(|gate| gate.is_closed(observer.change_users()));
        if logs_in || self.up.due.is_some() {
            self.stopping = true;
            return self.stop(cx, client, server);
        }
        // Also when the server can't be written to: what it said before is not lost with it.
        let down = self
            .down
            .poll(cx, server, client, &mut scratch, observer, None);
        let has_moved = std::mem::take(&mut self.down.moved);
        self.active |= has_moved;
        if has_moved && self.gating.is_some() && !self.up.ahead.is_empty() {
            // An answer that the next command waits for may have come.
            cx.waker().wake_by_ref();
        }
        for half in [&mut self.up, &mut self.down] {
            if half.state != HalfState::Open && self.deaf.is_none() {
                half.report_end(None, observer);
            }
        }
        match (up, down) {
            (Poll::Ready(Err(Broken::Reading(error))), _)
            | (_, Poll::Ready(Err(Broken::Writing(error)))) => {
                Poll::Ready(Ending::ClientLost(error))
            }
            (_, Poll::Ready(Err(Broken::Reading(error)))) => {
                Poll::Ready(Ending::ServerLost(self.deaf.take().unwrap_or(error)))
            }
            // A server often sends an error and closes without reading the command. What it has sent still passes.
            (Poll::Ready(Err(Broken::Writing(error))), down) => {
                if down.is_ready() {
                    return Poll::Ready(Ending::ServerLost(error));
                }
                self.deaf = Some(error);
                self.up.state = HalfState::Done;
                Poll::Pending
            }
            (Poll::Ready(Ok(())), Poll::Ready(Ok(()))) => Poll::Ready(match self.deaf.take() {
                Some(error) => Ending::ServerLost(error),
                None => Ending::Closed,
            }),
            _ => Poll::Pending,
        }
    }

    /// Cuts the client's bytes into commands while there are rules for faults.
    fn follow_rules(&mut self, observer: &mut impl Follow) {
        if observer.has_faults() {
            observer.note_unseen();
        }
        match &self.gating {
            // Commands can be cut only from the beginning of one, which `wants_commands` checks.
            None if observer.wants_commands() => {
                let keeper = Gatekeeper::without_gate(observer.is_x());
                self.gating = Some(Box::new(Gating::new(keeper)));
            }
            // Bytes in `ahead` belong to a command that isn't decided yet, so the keeper stays until they have
            // passed.
            Some(gating)
                if gating.is_dispensable()
                    && self.up.ahead.is_empty()
                    && !observer.has_faults() =>
            {
                self.gating = None;
            }
            _ => {}
        }
    }

    /// Sends the client the gate's answer in place of the server's.
    fn answer_for_server(&mut self, observer: &mut impl ByteObserver) {
        let answer = std::mem::take(&mut self.up.answer);
        if !answer.is_empty() {
            self.down.unsent.extend_from_slice(&answer);
            self.down.moved = true;
            // To the observer, and so in the trace, this is the answer to the dropped command.
            observer.answered(&answer);
        }
    }

    /// Stops copying, after sending what was already read and shown to the observer.
    fn stop(
        &mut self,
        cx: &mut Context<'_>,
        client: &mut Stream,
        server: &mut Stream,
    ) -> Poll<Ending> {
        // The login or the fault that follows writes to the sockets itself, and must not overtake these bytes.
        match (self.up.flush(cx, server), self.down.flush(cx, client)) {
            (Poll::Ready(Err(error)), _) => Poll::Ready(Ending::ServerLost(error)),
            (_, Poll::Ready(Err(error))) => Poll::Ready(Ending::ClientLost(error)),
            (Poll::Ready(Ok(())), Poll::Ready(Ok(()))) => Poll::Ready(Ending::Stopped),
            _ => Poll::Pending,
        }
    }
}

/// How much is read at once, and so how much of a direction waits at most to be sent. A little less
/// than the longest segment of the loopback interface, so that none is followed by a few bytes.
const SCRATCH: usize = 60 * 1024;

/// How often it is looked, in the time after which a connection is idle, whether it is.
const LOOKS: u32 = 16;

/// How long a half-closed connection may be silent.
const LINGER: Duration = Duration::from_secs(60);

/// How long a client has to close, once it has seen that its server has.
const AFTER_THE_SERVER: Duration = Duration::from_secs(1);
