use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use mynah_net::Stream;
use mynah_session::observe::Direction;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Follow, Gating, Watch};
use crate::gate::{Admitted, LoginGate};

/// One direction.
#[derive(Debug)]
pub(super) struct Half {
    from: Direction,
    /// What was read and not yet looked at.
    pub(super) ahead: BytesMut,
    /// What was read and can't be sent yet. Nothing more is read until it is.
    pub(super) unsent: BytesMut,
    pub(super) state: HalfState,
    /// What the sender is told in place of an answer to what was dropped.
    pub(super) answer: BytesMut,
    /// What stops it, if anything does. What it lets not pass stays in `ahead`.
    pub(super) stops_at: Option<LoginGate>,
    /// Whether anything has moved since this was looked at.
    pub(super) moved: bool,
    /// Whether its end was told of.
    told: bool,
}

/// How far a direction has come.
///
/// ```text
/// Open --its sender closes--> Ended --all is sent, and its receiver is told--> Done
/// Open, Ended --the server can't be written to--> Done: what it has said before still passes
/// ```
/// The connection ends when both directions are done, when a side is lost, or, once the server's is done, a second
/// later. An open direction reads when all it has read is sent; behind a gate it reads as far as a command that
/// can't be decided yet, and not while one is delayed or held back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HalfState {
    Open,
    /// The sender has closed its side; the other isn't told yet.
    Ended,
    Done,
}

/// Why a half can't go on: reading fails on its own side, writing on the other.
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
            moved: false,
            told: false,
        }
    }

    /// Says once that nothing more comes.
    pub(super) fn tell(&mut self, lost: Option<&io::Error>, watch: &mut impl Watch) {
        if !std::mem::replace(&mut self.told, true) {
            watch.ended(self.from, lost);
        }
    }

    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut Stream,
        to: &mut Stream,
        scratch: &mut [u8],
        watch: &mut impl Follow,
        mut gating: Option<&mut Gating>,
    ) -> Poll<Result<(), Broken>> {
        if self.state == HalfState::Done {
            return Poll::Ready(Ok(()));
        }
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
                match self.admit(cx, to, watch, gating) {
                    Ok(Admission::GoOn) => continue,
                    Ok(Admission::Read) => {}
                    Ok(Admission::Wait) => return Poll::Pending,
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
            if self.state == HalfState::Ended {
                match Pin::new(&mut *to).poll_shutdown(cx) {
                    // One that has closed already needs not be told.
                    Poll::Ready(_) => self.state = HalfState::Done,
                    Poll::Pending => return Poll::Pending,
                }
                return Poll::Ready(Ok(()));
            }
            if gating.is_none() && !self.ahead.is_empty() {
                let ahead = std::mem::take(&mut self.ahead);
                if let Err(error) = self.pass(cx, to, &ahead, watch) {
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
            if let Err(error) = self.pass(cx, to, read, watch) {
                return Poll::Ready(Err(error));
            }
            if !self.ahead.is_empty() {
                return Poll::Pending;
            }
        }
        // Others have their turn.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Does what a gate decides on what was read and has not passed.
    fn admit(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut Stream,
        watch: &mut impl Follow,
        gating: &mut Gating,
    ) -> Result<Admission, Broken> {
        match gating.admit(cx, &self.ahead, watch.standing()) {
            Admitted::More if self.state == HalfState::Open => return Ok(Admission::Read),
            Admitted::Wait(_) => return Ok(Admission::Wait),
            // What never becomes a command passes as it is.
            Admitted::More => {
                let rest = self.ahead.split();
                self.pass(cx, to, &rest, watch)?;
            }
            Admitted::Pass(len) => {
                let passing = self.ahead.split_to(len);
                self.pass(cx, to, &passing, watch)?;
            }
            Admitted::Drop(len, answer) => {
                let dropped = self.ahead.split_to(len);
                watch.arrived();
                watch.passed(self.from, &dropped);
                self.moved = true;
                if !answer.is_empty() {
                    self.answer.extend_from_slice(&answer);
                    // It is told before the next command is decided.
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

    /// Sends as much of these bytes as can be, of those that may pass.
    #[inline]
    fn pass(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut Stream,
        read: &[u8],
        watch: &mut impl Watch,
    ) -> Result<(), Broken> {
        watch.arrived();
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
        if let Some(rest) = passing.get(sent..) {
            self.unsent.extend_from_slice(rest);
        }
        self.moved = true;
        watch.passed(self.from, passing);
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
        // It is not needed again soon.
        self.unsent = BytesMut::new();
        Poll::Ready(Ok(()))
    }
}

/// How it goes on behind a gate.
enum Admission {
    GoOn,
    /// More has to be read.
    Read,
    Wait,
}

/// How often a direction is read before others have their turn.
const READS_AT_ONCE: usize = 16;
