use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use mynah_net::Stream;
use mynah_session::observe::Direction;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{ByteObserver, Follow, Gating};
use crate::fault::DueFault;
use crate::gate::{Admitted, LoginGate};

/// One direction.
#[derive(Debug)]
pub(super) struct Half {
    from: Direction,
    /// Bytes that were read, and that gate or stop have not decided on.
    pub(super) ahead: BytesMut,
    /// Bytes that may pass, and that the receiver doesn't take yet. Nothing more is read until it has: back-pressure.
    pub(super) unsent: BytesMut,
    pub(super) state: HalfState,
    /// The proxy's own answers to commands that were dropped, on their way back to the sender.
    pub(super) answer: BytesMut,
    /// What stops it, if anything does. What it lets not pass stays in `ahead`.
    pub(super) stops_at: Option<LoginGate>,
    /// The fault to play at the command that `ahead` begins with: nothing more passes here.
    pub(super) due: Option<Box<DueFault>>,
    /// Whether bytes have passed since the idle clock looked last.
    pub(super) moved: bool,
    /// Whether its end was reported.
    end_is_reported: bool,
}

/// How far a direction has come.
///
/// ```text
/// Open --its sender closes--> Ended --all is sent, and its receiver's stream is closed--> Done
/// Open, Ended --the server can't be written to--> Done: what it has said before still passes
/// ```
/// The connection ends when both directions are done, when a side is lost, or, once the server's is done, a second
/// later. An open direction reads when all it has read is sent; behind a gate it reads as far as a command that
/// can't be decided yet, and not while one is delayed or held back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HalfState {
    Open,
    /// The sender has closed its side, but the receiver's stream isn't closed yet.
    Ended,
    Done,
}

/// Why a half can't continue: reading fails on its own side, writing on the other.
pub(super) enum Broken {
    Reading(io::Error),
    Writing(io::Error),
}

impl Half {
    /// What was read already comes first.
    pub(super) fn new(from: Direction, ahead: BytesMut) -> Self {
        Self {
            from,
            ahead,
            unsent: BytesMut::new(),
            state: HalfState::Open,
            answer: BytesMut::new(),
            stops_at: None,
            due: None,
            moved: false,
            end_is_reported: false,
        }
    }

    /// Reports the end of this direction, once.
    pub(super) fn report_end(
        &mut self,
        lost: Option<&io::Error>,
        observer: &mut impl ByteObserver,
    ) {
        if !std::mem::replace(&mut self.end_is_reported, true) {
            observer.ended(self.from, lost);
        }
    }

    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut Stream,
        to: &mut Stream,
        scratch: &mut [u8],
        observer: &mut impl Follow,
        mut gating: Option<&mut Gating>,
    ) -> Poll<Result<(), Broken>> {
        if self.state == HalfState::Done {
            return Poll::Ready(Ok(()));
        }
        // The copy loop of one direction. Each round goes on from what is left of the last one, in this order: send what
        // was held up, have the gate decide what was read ahead, close the receiver if the sender has ended, and only
        // then read more. So at most one read is held, and no byte overtakes another. Whatever can't go on returns
        // Pending, after it has registered the task to be woken.
        for _ in 0..READS_AT_ONCE {
            if !self.unsent.is_empty() {
                match self.flush(cx, to) {
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(Broken::Writing(error))),
                    Poll::Pending => return Poll::Pending,
                }
            }
            if let Some(gating) = gating.as_deref_mut()
                && !self.ahead.is_empty()
            {
                match self.admit(cx, to, observer, gating) {
                    Ok(Admission::GoOn) => continue,
                    Ok(Admission::Read) => {}
                    Ok(Admission::Wait) => return Poll::Pending,
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
            if self.state == HalfState::Ended {
                match Pin::new(&mut *to).poll_shutdown(cx) {
                    // The receiver may have closed already, so errors don't matter here.
                    Poll::Ready(_) => self.state = HalfState::Done,
                    Poll::Pending => return Poll::Pending,
                }
                return Poll::Ready(Ok(()));
            }
            if gating.is_none() && !self.ahead.is_empty() {
                let ahead = std::mem::take(&mut self.ahead);
                if let Err(error) = self.pass(cx, to, &ahead, observer) {
                    return Poll::Ready(Err(error));
                }
                if self.ahead.is_empty() {
                    continue;
                }
                return Poll::Pending;
            }
            let mut buffer = ReadBuf::new(scratch);
            match Pin::new(&mut *from).poll_read(cx, &mut buffer) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(Broken::Reading(error))),
                Poll::Ready(Ok(())) => {}
            }
            let read = buffer.filled();
            if read.is_empty() {
                self.state = HalfState::Ended;
                continue;
            }
            if gating.is_some() {
                self.ahead.extend_from_slice(read);
                continue;
            }
            if let Err(error) = self.pass(cx, to, read, observer) {
                return Poll::Ready(Err(error));
            }
            if !self.ahead.is_empty() {
                return Poll::Pending;
            }
        }
        // A direction that never runs dry must not keep the other one, and the thread's other connections, waiting.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Asks the gate about the bytes in `ahead`, then passes or drops them.
    fn admit(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut Stream,
        observer: &mut impl Follow,
        gating: &mut Gating,
    ) -> Result<Admission, Broken> {
        let (standing, keeper) = (observer.standing(), gating.keeper());
        // Faults come first: a command with a fault isn't shown to the gate.
        self.due = keeper.due(&self.ahead, standing, |command| observer.due_fault(command));
        if self.due.is_some() {
            return Ok(Admission::Wait);
        }
        keeper.note_executed(&self.ahead, standing, |id| observer.prepared(id));
        match gating.admit(cx, &self.ahead, standing) {
            Admitted::More if self.state == HalfState::Open => return Ok(Admission::Read),
            Admitted::Wait(_) => return Ok(Admission::Wait),
            // The client has closed inside of a command: what never becomes one passes as it is.
            Admitted::More => {
                let rest = self.ahead.split();
                self.pass(cx, to, &rest, observer)?;
            }
            Admitted::Pass(len) => {
                let passing = self.ahead.split_to(len);
                self.pass(cx, to, &passing, observer)?;
            }
            Admitted::Drop(len, answer) => {
                let dropped = self.ahead.split_to(len);
                observer.arrived();
                // A dropped command is observed like any other: the trace shows it with the gate's answer.
                observer.passed(self.from, &dropped);
                self.moved = true;
                if !answer.is_empty() {
                    self.answer.extend_from_slice(&answer);
                    // The answer is sent before the next command is decided, so that answers keep their order.
                    cx.waker().wake_by_ref();
                    return Ok(Admission::Wait);
                }
            }
        }
        if self.ahead.is_empty() {
            // An idle connection keeps no buffer.
            self.ahead = BytesMut::new();
        }
        Ok(Admission::GoOn)
    }

    /// Sends as many of these bytes as may pass and as the socket takes.
    #[inline]
    fn pass(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut Stream,
        read: &[u8],
        observer: &mut impl ByteObserver,
    ) -> Result<(), Broken> {
        observer.arrived();
        // Bytes behind the message that begins another login stay in `ahead`, for the mediator of that login.
        let passing = match &mut self.stops_at {
            None => read,
            Some(gate) => {
                let (passing, held) = read.split_at(gate.may_pass(read).min(read.len()));
                self.ahead.extend_from_slice(held);
                passing
            }
        };
        if passing.is_empty() {
            return Ok(());
        }
        let sent = match Pin::new(&mut *to).poll_write(cx, passing) {
            Poll::Ready(Ok(sent)) => sent,
            Poll::Ready(Err(error)) => return Err(Broken::Writing(error)),
            Poll::Pending => 0,
        };
        // The socket may take only a part. The rest waits in `unsent`, and nothing more is read until it is sent.
        if let Some(rest) = passing.get(sent..) {
            self.unsent.extend_from_slice(rest);
        }
        self.moved = true;
        observer.passed(self.from, passing);
        Ok(())
    }

    pub(super) fn flush(&mut self, cx: &mut Context<'_>, to: &mut Stream) -> Poll<io::Result<()>> {
        while !self.unsent.is_empty() {
            match Pin::new(&mut *to).poll_write(cx, &self.unsent) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(sent)) => {
                    self.unsent.advance(sent);
                    self.moved = true;
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        // Back-pressure is rare, so the buffer isn't kept.
        self.unsent = BytesMut::new();
        Poll::Ready(Ok(()))
    }
}

/// How a direction continues behind a gate.
enum Admission {
    GoOn,
    /// More bytes have to be read.
    Read,
    Wait,
}

/// How often a direction is read before others have their turn.
const READS_AT_ONCE: usize = 16;
