//! A deadline that moves with each sign of life, without a timer being set each time.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Runs out when it was last started a given time ago.
///
/// The timer below it is set once and, when it fires, set again to what is left: a start costs a look at
/// the clock.
#[derive(Debug)]
pub(super) struct IdleTimer {
    limit: Duration,
    since: Option<Instant>,
    /// Made when it is first waited for, and boxed: few clients are waited for.
    timer: Option<Pin<Box<Sleep>>>,
}

impl IdleTimer {
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            limit,
            since: None,
            timer: None,
        }
    }

    /// There was a sign of life: time counts from the next look on.
    pub(super) fn stop(&mut self) {
        self.since = None;
    }

    /// Whether it has run out; if not, the task is woken when it may have.
    pub(super) fn poll_run_out(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(Instant::now);
        let Some(end) = since.checked_add(self.limit) else {
            return Poll::Pending;
        };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        while timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= end {
                return Poll::Ready(());
            }
            timer.as_mut().reset(end);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::timeout;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);
    const SOON: Duration = Duration::from_millis(9_990);

    #[tokio::test(start_paused = true)]
    async fn it_runs_out_when_the_limit_has_passed_since_its_last_start() {
        let mut timer = IdleTimer::new(LIMIT);
        for _ in 0..3 {
            let early = timeout(SOON, poll_fn(|cx| timer.poll_run_out(cx))).await;
            assert!(early.is_err());
            timer.stop();
        }
        let start = Instant::now();
        poll_fn(|cx| timer.poll_run_out(cx)).await;
        assert_eq!(start.elapsed().as_secs(), LIMIT.as_secs());
    }
}
