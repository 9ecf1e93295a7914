use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};

use crate::limit::Limiter;
use crate::malform::Malformer;
use crate::pace::Pace;
use crate::{Draws, Ending, Fault, Framing, Limit};

/// The next thing to do with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Wait for this time before the next step.
    Wait(Duration),
    /// Send these bytes to the client, in one piece.
    Send(Bytes),
    /// End the connection in this way. It is the last step.
    End(End),
}

/// How a connection ends: closed, reset, or silent until the client closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// Close the connection.
    Close,
    /// Reset the connection (TCP RST).
    Reset,
    /// Send nothing more, until the client closes the connection.
    Timeout,
    /// Read and send nothing more, until the client closes the connection.
    StopReading,
}

/// A fault that is being played on an answer: takes the answer's bytes, cut anywhere, and returns the steps
/// to do instead of sending them.
///
/// Call [`next`](Self::next) until it returns `None`, after each [`push`](Self::push) and after
/// [`finish`](Self::finish). It keeps only bytes that were pushed and not yet returned.
#[derive(Debug)]
pub struct Playing {
    draws: Draws,
    latency: Duration,
    limiter: Limiter,
    malformer: Option<Malformer>,
    pace: Pace,
    /// What may be sent.
    ready: BytesMut,
    /// The length of the next piece, once its wait is over.
    piece: Option<usize>,
    ending: Option<Ending>,
    end: Ended,
}

/// How far the end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    No,
    /// When everything that is ready is sent: after a time, in this way.
    Due(Duration, End),
    Done,
}

impl Playing {
    pub(crate) fn new(fault: &Fault, mut draws: Draws, framing: Framing) -> Self {
        let latency = fault.latency.map(|latency| latency.draw(&mut draws));
        let in_place = fault.ending.is_some_and(Ending::replaces_answer);
        let limit = fault
            .limit_data
            .or_else(|| in_place.then_some(Limit::Bytes(0)));
        let malformed = fault.malformed;
        let mut playing = Self {
            draws,
            latency: latency.unwrap_or_default(),
            limiter: Limiter::new(limit, framing),
            malformer: malformed.map(|malformed| Malformer::new(malformed, framing)),
            pace: Pace::new(fault),
            ready: BytesMut::new(),
            piece: None,
            ending: fault.ending,
            end: Ended::No,
        };
        playing.end_at_limit();
        playing
    }

    /// Takes the delay of the whole answer, for a caller that waits by itself; the steps then don't contain
    /// it.
    pub fn take_latency(&mut self) -> Duration {
        std::mem::take(&mut self.latency)
    }

    /// Takes the time before the connection ends, if the connection ends in place of the answer, for a caller that
    /// waits by itself and may send another answer until then; the steps then don't contain it. Zero if the
    /// connection doesn't end in place of the answer; a year if only the client decides when it ends.
    pub fn take_wait_in_place(&mut self) -> Duration {
        let Ended::Due(wait, end) = self.end else {
            return Duration::ZERO;
        };
        if !self.ending.is_some_and(Ending::replaces_answer) {
            return Duration::ZERO;
        }
        let (wait, end) = match end {
            End::Timeout => (FOR_EVER, End::Close),
            end => (wait, end),
        };
        self.end = Ended::Due(Duration::ZERO, end);
        wait
    }

    /// Adds bytes of the answer, which the next steps then send, change or leave out.
    pub fn push(&mut self, bytes: &[u8]) {
        let passed = self.limiter.pass(bytes);
        match &mut self.malformer {
            Some(malformer) => malformer.pass(passed, &mut self.ready),
            None => self.ready.extend_from_slice(passed),
        }
        self.end_at_limit();
    }

    /// Ends the answer. Call it after the last byte of the answer was pushed.
    pub fn finish(&mut self) {
        if self.ending.is_some() {
            self.set_end();
        }
    }

    /// What to do next; `None` if more of the answer is needed, if the answer is complete, or after the end of the
    /// connection.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator would be over, and this goes on after the next push"
    )]
    pub fn next(&mut self) -> Option<Step> {
        if !self.latency.is_zero() {
            return Some(Step::Wait(self.take_latency()));
        }
        if self.ready.is_empty() {
            return self.next_end();
        }
        if self.piece.is_none() {
            let (len, wait) = self.pace.next(self.ready.len(), &mut self.draws);
            self.piece = Some(len);
            if !wait.is_zero() {
                return Some(Step::Wait(wait));
            }
        }
        let len = self.piece.take().unwrap_or(self.ready.len());
        Some(Step::Send(
            self.ready.copy_to_bytes(len.min(self.ready.len())),
        ))
    }

    /// Whether the connection's end is among the steps that were returned or are due. Bytes that are pushed
    /// then aren't sent.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.end != Ended::No
    }

    fn end_at_limit(&mut self) {
        if self.limiter.is_reached() {
            self.set_end();
        }
    }

    fn set_end(&mut self) {
        if self.end != Ended::No {
            return;
        }
        let (wait, end) = match self.ending {
            None => (Duration::ZERO, End::Close),
            Some(Ending::SlowClose(delay)) => (delay, End::Close),
            Some(Ending::Timeout(None)) => (Duration::ZERO, End::Timeout),
            Some(Ending::Timeout(Some(time))) => (time, End::Close),
            Some(Ending::ResetPeer(time)) => (time, End::Reset),
            Some(Ending::StopReading) => (Duration::ZERO, End::StopReading),
        };
        self.end = Ended::Due(wait, end);
    }

    fn next_end(&mut self) -> Option<Step> {
        let Ended::Due(wait, end) = self.end else {
            return None;
        };
        if wait.is_zero() {
            self.end = Ended::Done;
            return Some(Step::End(end));
        }
        self.end = Ended::Due(Duration::ZERO, end);
        Some(Step::Wait(wait))
    }
}

/// Longer than any client waits.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);
