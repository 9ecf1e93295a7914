//! Plays faults on answers: everything a session sends passes [`Drive::flush`], and while a fault is played, its
//! steps decide what of that leaves, and when.

use std::future::poll_fn;
use std::io::Result;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use mynah_fault::{End, Fault, Step};
use mynah_session::Handler;

use super::Drive;
use super::io::Wait;
use super::session::Session;
use crate::Worker;
use crate::connections::WakeReason;

impl<W: Worker, S: Session> Drive<'_, W, S> {
    /// Begins the fault of an answer, if it is played this time; returns how long to wait before
    /// the answer is sent.
    pub(super) async fn begin_fault(
        &mut self,
        handler: &mut W::Handler,
        fault: &Arc<Fault>,
    ) -> Result<Duration> {
        let Some(drawn) = handler.draw(fault) else {
            return Ok(Duration::ZERO);
        };
        self.log_fault(fault);
        // What was answered before has no part in it.
        self.flush().await?;
        let mut playing = drawn.play(S::FRAMING);
        // Until these waits are over, nothing of the answer is sent, and another client can cancel it.
        let latency = playing.take_latency();
        let wait = latency.saturating_add(playing.take_wait_in_place());
        self.fault = Some(Box::new(playing));
        Ok(wait)
    }

    /// Sends the rest of the answer, which is complete.
    pub(super) async fn finish_fault(&mut self) -> Result<()> {
        self.flush().await?;
        if let Some(playing) = &mut self.fault {
            playing.finish();
        }
        self.play().await?;
        self.fault = None;
        Ok(())
    }

    /// Gives a part of an answer to its fault.
    pub(super) async fn flush_to_fault(&mut self) -> Result<()> {
        let output = self.session.output();
        if let Some(playing) = &mut self.fault {
            playing.push(output);
        }
        output.clear();
        self.play().await
    }

    async fn play(&mut self) -> Result<()> {
        while self.end.is_none()
            && let Some(step) = self.fault.as_mut().and_then(|playing| playing.next())
        {
            match step {
                Step::Wait(time) => match self.delay(time).await? {
                    Wait::Left => self.end = Some(End::Close),
                    // The server shuts down. The answer that has begun is sent without delay.
                    Wait::ShutDown
                    | Wait::Done
                    | Wait::Idle
                    | Wait::Interrupted
                    | Wait::Released => {}
                },
                Step::Send(bytes) => self.write(&bytes).await?,
                Step::End(end) => self.end = Some(end),
            }
        }
        Ok(())
    }

    /// Sends the last of the session, and closes the connection.
    pub(super) async fn send_last(&mut self) -> Result<()> {
        if self.fault.is_none() && self.end.is_none() {
            // Before the client sees the end, so that it can connect again at once.
            self.connection.stop_counting();
        }
        self.finish_fault().await?;
        self.end_by_fault(self.end.unwrap_or(End::Close)).await
    }

    /// Ends the connection in the way that a fault demands.
    pub(super) async fn end_by_fault(&mut self, end: End) -> Result<()> {
        match end {
            End::Close => self.close().await,
            End::Reset => self.stream.reset_when_dropped()?,
            End::Timeout => {
                self.delay(FOR_EVER).await?;
            }
            End::StopReading => self.wait_for_end().await,
        }
        Ok(())
    }

    /// Waits until the client has closed the connection, without reading, or the server wants to end.
    async fn wait_for_end(&mut self) {
        let mut closed = pin!(self.stream.closed_by_peer());
        poll_fn(|cx| {
            let is_woken = matches!(
                self.connection.poll_wake_reason(cx),
                Poll::Ready(WakeReason::Ending | WakeReason::Released)
            );
            match is_woken {
                true => Poll::Ready(()),
                false => closed.as_mut().poll(cx),
            }
        })
        .await;
    }
}

/// Longer than any client waits.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);
